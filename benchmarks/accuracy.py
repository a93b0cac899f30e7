"""Accuracy on a whole part of the corpus, by medium: families that were not used to fit or to tune.

`python -m benchmarks.accuracy --part dev --count 20` (or `make accuracy`) makes the documents, evaluates them, prints
Markdown tables. `--part test --log` is for milestones: it also appends the result to corpora/test-log.csv.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.resample import bound_rows
from corpora.__main__ import media_of
from corpora.making import make_document
from corpora.parts import PARTS, load_part
from extractor.confidence import SURE
from extractor.evaluate import Evaluation, evaluate
from extractor.evaluate.plots import save_pictures
from extractor.evaluate.terminal import per_ten_thousand, percent

LOG = Path(__file__).resolve().parent.parent / "corpora" / "test-log.csv"
GROUPS = ("nonzero", "zero", "empty", "absent")
# Media that print no cell borders in some or all places: what is lost there is not in the file.
LOSSY = ("layout", "pdftotext", "pdftotext-plain", "pdftotext-raw", "lines", "spaces", "glued", "glued-on")


def _make(job: tuple[int, str, Path]) -> None:
    make_document(*job)


def measure(part: str, media: list[str], first: int, count: int) -> Evaluation:
    """The evaluation of ``count`` documents a medium."""
    start = load_part(part).first_seed + first
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(2) as pool:
        list(pool.map(_make, [(s, m, Path(folder)) for m in media for s in range(start, start + count)], chunksize=4))
        return evaluate(folder, jobs=2)


def _share(row: dict[str, Any], group: str) -> str:
    found = row["groups"].get(group)
    return f"{percent(found['share'])} of {found['n']}" if found else "–"


def rows(summary: dict[str, Any]) -> list[list[str]]:
    """A line for each medium: documents, right by group, silent errors with their bound, coverage."""
    out = []
    media = summary["cells"]["by_medium"]
    for name in sorted(media, key=lambda m: (m in LOSSY, m)):
        row = media[name]
        shares = [_share(row, g) for g in GROUPS]
        out.append([name, str(row["documents"]), *shares, per_ten_thousand(row["silent"]), percent(row["coverage"])])
    return out


def headline(summary: dict[str, Any]) -> dict[str, str]:
    """The numbers of a run that the log keeps."""
    cells, figures, checks, head = (summary[k] for k in ("cells", "figures", "checks", "metadata"))
    ratio = cells["confidence"]["observed_over_expected"]
    return {
        "documents": str(summary["documents"]),
        "cells": str(cells["all"]["n"]),
        "reported": str(cells["silent_reported"]["n"]),
        "silent": str(cells["silent_reported"]["errors"]),
        "silent_upper_per_10000": f"{cells['silent_reported']['upper'] * 1e4:.2f}",
        "silent_any_status": str(cells["all"]["silent"]["errors"]),
        "observed_over_expected": "–" if ratio is None else f"{ratio:.2f}",
        "quantities_f1": percent(figures["quantities"]["f1"]) if figures else "–",  # workbooks have no prose
        "distractors_taken": f"{figures['distractors']['taken']}/{figures['distractors']['n']}" if figures else "–",
        "findings_precision": percent(checks["precision"]),
        "findings_recall": percent(checks["recall"]),
        "table_forms": percent(head["table_forms"]["share"]),
        "year": percent(head["year"]["share"]),
        "body": percent(head["agency.name"]["share"]),
    }


def in_figures(found: Evaluation, summary: dict[str, Any]) -> dict[str, str]:
    """What is said of figures: precision and recall, shares right, and how many are wrong at ≥ 0.99."""
    own = summary["figures"]
    if own is None:
        return {}
    out = {
        name: f"{percent(own[name]['precision'])}, {percent(own[name]['recall'])}"
        for name in ("quantities", "zeros", "part_of", "indicators")
    }
    out |= {
        name: percent(own["parts"][name]["share"]) for name in ("approximate", "kind", "year") if name in own["parts"]
    }
    sure = [(right, n) for d in found.documents if d.figures for (c, right), n in d.figures.judged.items() if c >= SURE]
    wrong, n = sum(n for right, n in sure if not right), sum(n for _, n in sure)
    return {f"figures: {k}": v for k, v in out.items()} | {"figures wrong at ≥ 0.99": f"{wrong}/{n}"}


def log(part: str, summary: dict[str, Any], said: dict[str, str], note: str) -> None:
    """Append the result to the committed log."""
    new = not LOG.exists()
    entry = {
        "date": date.today().isoformat(),
        "version": summary["version"],
        "patterns": summary["patterns"],
        "part": part,
    }
    with LOG.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow([*entry, *said, "note"])
        writer.writerow([*entry.values(), *said.values(), note])


def _groups(found: Evaluation) -> dict[str, Evaluation]:
    """The whole run; and where it has both, the media that keep cells apart and those that do not, and scans."""
    kinds: dict[str, Callable[[str], bool]] = {
        "all": lambda m: True,
        "cells kept apart": lambda m: m not in LOSSY and not m.startswith("scan-"),
        "flattened": lambda m: m in LOSSY,
        "scans": lambda m: m.startswith("scan-"),
    }
    out = {k: replace(found, documents=[d for d in found.documents if of(d.medium)]) for k, of in kinds.items()}
    return {k: e for k, e in out.items() if e.documents and (k == "all" or len(e.documents) < len(found.documents))}


def _print_table(head: list[str], lines: list[list[str]]) -> None:
    print(f"\n| {' | '.join(head)} |\n{'|---' * len(head)}|")
    for line in lines:
        print(f"| {' | '.join(line)} |")


def report(found: Evaluation) -> dict[str, Any]:
    """Print the tables of a run; gives its summary."""
    groups = _groups(found)
    summaries = {name: e.summary() for name, e in groups.items()}
    head = ["medium", "documents", *GROUPS, "wrong at ≥ 0.99 (95 % bound per 10,000)", "covered"]
    _print_table(head, rows(summaries["all"]))
    said = {name: headline(summaries[name]) | in_figures(e, summaries[name]) for name, e in groups.items()}
    lines = [[k.replace("_", " "), *(h.get(k, "–") for h in said.values())] for k in said["all"]]
    _print_table(["", *groups], lines)
    for name, e in groups.items():
        print(f"\n`--max-error`, {name}:")
        columns = ["bound", "cells accepted", "wrong", "covered", "bound held in resampled sets"]
        _print_table(columns, bound_rows(e.documents))
    return summaries["all"]


def main() -> None:
    """Make, evaluate, print, and log where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, default="dev")
    parser.add_argument("--count", type=int, default=20, help="documents a medium (default %(default)s)")
    parser.add_argument("--first", type=int, default=1000, help="number of the first in its part (default %(default)s)")
    parser.add_argument("--media", help="which (default: all that can be made here)")
    parser.add_argument("--log", metavar="NOTE", help="append the result to corpora/test-log.csv")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw reliability and risk there")
    args = parser.parse_args()
    media = args.media.split(",") if args.media else media_of(args.part)
    summary = report(measure(args.part, media, args.first, args.count))
    if args.pictures:
        save_pictures(summary, args.pictures)
    if args.log:
        log(args.part, summary, headline(summary), args.log)


if __name__ == "__main__":
    main()
