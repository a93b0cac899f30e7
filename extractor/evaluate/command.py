"""What `nianbao evaluate` does: run, write the files that were asked for, give the text and the exit code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import simplejson

from extractor.evaluate.change import compare_runs, load_evaluation
from extractor.evaluate.gold import GoldError
from extractor.evaluate.run import Tick, evaluate
from extractor.evaluate.terminal import write_evaluation

INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller asks for; ``as_json`` is a file, ``-`` for the output itself, or None."""

    accept: float
    jobs: int
    as_json: str | None = None
    html: str | None = None
    compare: str | None = None
    to_terminal: bool = False


@contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GoldError(
            f"cannot write {path} ({error.strerror or error})", hint="Name a file that can be written."
        ) from error


def run_evaluation(folder: str, wanted: Wanted, tick: Tick | None = None) -> tuple[str, int]:
    """The text for standard output and the exit code. Raises a NianbaoError for what cannot be used."""
    if wanted.html:
        from extractor.evaluate import plots

        plots.ready()  # a missing library is said before the work, not after it
    old = load_evaluation(wanted.compare) if wanted.compare else None
    outcome = evaluate(folder, accept=wanted.accept, jobs=wanted.jobs, tick=tick)
    data = outcome.as_dict()
    change = compare_runs(old, data) if old else None
    if change:
        data["change"] = change.as_dict()
    text = str(simplejson.dumps(data, use_decimal=True, ensure_ascii=False, indent=1))
    if wanted.as_json and wanted.as_json != "-":
        with _writing(wanted.as_json):
            Path(wanted.as_json).write_text(text, "utf-8")
    if wanted.html:
        from extractor.evaluate.page import write_page

        with _writing(wanted.html):
            write_page(data, Path(wanted.html), change)
    if wanted.as_json != "-":
        width = shutil.get_terminal_size((100, 40)).columns if wanted.to_terminal else 100
        color = wanted.to_terminal and "NO_COLOR" not in os.environ
        text = write_evaluation(data, change, width=width, color=color)
    code = 1 if data["not_read"] else 0
    return text, code if outcome.complete else INTERRUPTED
