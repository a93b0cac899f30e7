"""Measure confidence: how often each class of evidence is right on reports whose truth is known.

`python -m corpora.fit` renders invented reports in every medium at hand, reads them, compares every
cell with the truth and writes patterns/confidence/cells.json. What that is not: see docs/confidence.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from corpora.invent import invent
from corpora.making import media_here, write
from corpora.score import Tally
from extractor.api import extract_content
from extractor.pipeline import classes_of
from extractor.report import Report

OUT = Path(__file__).resolve().parent.parent / "patterns" / "confidence" / "cells.json"
# Reports a medium: as many as its rarest class of evidence (numbers in a failed sum) needs to be judged.
MEDIA = {
    "tab": 600,
    "layout": 150,
    "pdftotext": 150,
    "pdftotext-plain": 200,
    "pdftotext-raw": 200,
    "reportlab": 700,
    "fpdf2": 150,
}
MEDIA |= {"html": 100, "site": 400, "docx": 200, "xlsx": 100, "xls": 100, "doc": 10, "rtf": 10}
MEDIA |= {
    "pipes": 250,
    "pipes-bare": 250,
    "pipe-lines": 250,
    "markdown": 100,
    "lines": 250,
    "spaces": 250,
    "glued": 500,
}
FIRST_SEED = 100_000  # the tests use small seeds: what is fitted here is not what they read


def _one(job: tuple[int, str]) -> tuple[Counter[str], Counter[str], int]:
    seed, medium = job
    with tempfile.TemporaryDirectory() as folder:
        invented = invent(seed)
        path = write(invented, medium, Path(folder))
        content = path.read_bytes()
    report = extract_content(content, path.name, figures=False)
    total: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    if not isinstance(report, Report):
        return total, wrong, 1
    classes = classes_of(content, path.name)
    tally = Tally()
    tally.add(report, invented.gold, path.name)
    for cell_path, evidence in classes.items():
        total[evidence] += 1
        wrong[evidence] += cell_path in tally.wrong
    return total, wrong, 0


def _measure(jobs: list[tuple[int, str]]) -> tuple[Counter[str], Counter[str], int]:
    """Cells and wrong cells of each class over all jobs, and documents that could not be read."""
    total: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    unread = 0
    with ProcessPoolExecutor(2) as pool:
        for done, (t, w, lost) in enumerate(pool.map(_one, jobs, chunksize=4), 1):
            total.update(t)
            wrong.update(w)
            unread += lost
            if done % 50 == 0:
                print(f"{done}/{len(jobs)} documents, {wrong.total()} wrong of {total.total()}", file=sys.stderr)
    return total, wrong, unread


def _kept(classes: dict[str, Any], measured: Counter[str]) -> dict[str, Any]:
    """The classes of readers that were not measured now."""
    readers = {name.split("/")[0] for name in measured}
    return {name: c for name, c in classes.items() if name.split("/")[0] not in readers}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    known = [f"{m}:{n}" for m, n in MEDIA.items() if m in media_here()]
    parser.add_argument("--media", default=",".join(known), help="MEDIUM:REPORTS,… (default %(default)s)")
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--update", action="store_true", help="keep the shipped classes of readers not measured now")
    parser.add_argument("--dry-run", action="store_true", help="measure and print, write nothing")
    return parser.parse_args()


def main() -> None:
    """Render, read, count, write."""
    args = _arguments()
    counts = {m: int(n) for m, n in (item.split(":") for item in args.media.split(","))}
    total, wrong, unread = _measure([(args.seed + i, m) for m, n in counts.items() for i in range(n)])
    shipped = json.loads(OUT.read_text("utf-8")) if args.update else {"media": {}, "classes": {}}
    classes = _kept(shipped["classes"], total) | {k: {"n": total[k], "wrong": wrong[k]} for k in total}
    media = shipped["media"] | counts
    data = {
        "note": "How often cells of each class of evidence were right on invented reports rendered to these media.",
        "measured": date.today().isoformat(),
        "media": media,
        "documents": sum(media.values()),
        "first_seed": args.seed,
        "unread_documents": unread,
        "classes": dict(sorted(classes.items())),
    }
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    if not args.dry_run:
        OUT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
