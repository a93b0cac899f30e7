"""``nianbao batch``: what the command line does, apart from its options."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractor.batch.export import FORMATS, export
from extractor.batch.inputs import Found, Input, expand
from extractor.batch.manifest import Facts, read_manifest
from extractor.batch.progress import Progress, ending
from extractor.batch.run import BatchOptions, run_batch
from extractor.errors import BatchError

DEFAULT = ("parquet", "csv")
COUNTED = 20_000  # inputs are counted beforehand up to this many; more would delay the start


@dataclass(frozen=True)
class Wanted:
    """What a run is asked for beside how to read."""

    arguments: tuple[str, ...]
    folder: Path
    lists: tuple[str, ...] = ()
    manifest: str | None = None
    formats: tuple[str, ...] = ()
    compression: str | None = None
    quiet: bool = False


def _listed(path: str) -> Iterator[str]:
    """The names in a file or, for -, on standard input: one a line."""
    try:
        lines = sys.stdin if path == "-" else open(path, encoding="utf-8-sig")  # noqa: SIM115  # closed below
        with lines:
            yield from (line.rstrip("\r\n") for line in lines if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(f"the list {path} cannot be read ({error})", hint="One name a line, in UTF-8.") from error


def _arguments(wanted: Wanted, facts: dict[str, Facts]) -> Iterator[str]:
    named = bool(wanted.arguments or wanted.lists)
    for argument in wanted.arguments:
        yield from _listed("-") if argument == "-" else [argument]
    for path in wanted.lists:
        yield from _listed(path)
    if not named:
        yield from facts  # a manifest alone names its files


def inputs_of(wanted: Wanted, found: Found) -> Iterator[Input]:
    """The inputs of a run, with what a manifest says of them; the folder of the results is never an input."""
    facts = read_manifest(wanted.manifest) if wanted.manifest else {}
    own = wanted.folder.resolve()
    for item in expand(_arguments(wanted, facts), found):
        if not item.is_address and own in Path(item.path).resolve().parents:
            continue
        known = facts.get(item.path) or facts.get(os.path.normpath(item.path))
        yield Input(item.name, item.path, item.member, known)


def _total(wanted: Wanted) -> int | None:
    """How many inputs there are, where that is quickly told."""
    if "-" in (*wanted.arguments, *wanted.lists):
        return None
    count = 0
    for _ in inputs_of(wanted, Found()):
        count += 1
        if count > COUNTED:
            return None
    return count


def _formats(wanted: Wanted, say: Callable[[str], None]) -> Iterable[str]:
    """The formats asked for; by default Parquet and CSV, or CSV alone where pyarrow is not installed."""
    if wanted.formats:
        return wanted.formats
    from importlib.util import find_spec

    if find_spec("pyarrow") is not None:
        return DEFAULT
    say("pyarrow is not installed, so no Parquet is written (pip install 'nianbao[data]').")
    return ("csv",)


def run_command(wanted: Wanted, options: BatchOptions, say: Callable[[str], None], *, live: bool) -> int:
    """Run a batch and write its tables; the exit code. ``say`` writes to standard error."""
    began = time.perf_counter()
    found = Found()
    progress = None if wanted.quiet else Progress(say, live=live, total=_total(wanted))
    try:
        summary = run_batch(inputs_of(wanted, found), wanted.folder, options, progress)
    finally:
        if progress is not None:
            progress.close()
    summary.passed_over = found.passed_over
    written: list[Path] = []
    if not summary.interrupted:
        written = export(wanted.folder, _formats(wanted, say), wanted.compression)
    if not wanted.quiet or summary.interrupted:
        say(ending(summary, wanted.folder, written, time.perf_counter() - began))
    if summary.interrupted:
        return 130
    return 1 if summary.failed else 0


__all__ = ["FORMATS", "Wanted", "run_command"]
