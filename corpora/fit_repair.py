"""Measure the prices of repair: how often a reading of a scan is wrong, and how often the truth is among the others.

`python -m corpora.fit_repair FOLDER` takes the scans that corpora.kept keeps there, compares every number with the
truth before any repair, and writes patterns/confidence/repair.json. What cannot be measured on invented reports (how
often a real report misprints a cell, how surely the prose states a cell) is chosen from the operating curve in
docs/accuracy.md.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from corpora.invent import invent
from corpora.kept import kept
from corpora.score import gold_cells
from extractor.assembly import SCORES, score_grade
from extractor.data import load_json
from extractor.document import Document
from extractor.pipeline import tables_in
from extractor.tables.values import parse_cell

OUT = Path(__file__).resolve().parent.parent / "patterns" / "confidence" / "repair.json"
CHOSEN = ("any", "misprint", "total", "blank", "figure", "accept")  # not measured here


class Seen(NamedTuple):
    """One number of a scan: its medium, what is printed, what was read, the score, the other readings."""

    medium: str
    truth: int | Decimal
    value: int | Decimal
    sure: float
    likely: tuple[tuple[str, float], ...]

    @property
    def among(self) -> bool:
        """Whether the truth is one of the other readings."""
        return any(parse_cell(text).value == self.truth for text, _ in self.likely)


def seen_in(seed: int, medium: str, document: Document) -> list[Seen]:
    """The numbers of a document as read, beside those that it prints."""
    truth = {p: v for p, v, status in gold_cells(invent(seed).gold) if status == "reported" and v is not None}
    readings, _ = tables_in(document, "x")
    out = []
    for table, cells in readings.items():
        for (row, column), r in cells.items():
            printed = truth.get(f"{table}.{row}.{column}")
            if printed is not None and r.status == "reported" and r.value is not None and r.sure is not None:
                out.append(Seen(medium, printed, r.value, r.sure, r.likely))
    return out


def grades(seen: Iterable[Seen]) -> dict[str, dict[str, float]]:
    """For each grade of score: numbers, errors, the share wrong, and how often the truth is then another reading."""
    n, wrong, among = Counter[str](), Counter[str](), Counter[str]()
    for s in seen:
        grade = score_grade(s.sure)
        n[grade] += 1
        if s.value != s.truth:
            wrong[grade] += 1
            among[grade] += s.among
    return {
        g: {
            "n": n[g],
            "errors": wrong[g],
            "wrong": round((wrong[g] + 1) / (n[g] + 2), 6),
            "among": round((among[g] + 1) / (wrong[g] + 2), 4),
        }
        for g, _ in SCORES
    }


def main() -> None:
    """Count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="scans kept by corpora.kept")
    parser.add_argument("--keep", type=Path, help="keep the numbers as read there (a pickle, for benchmarks.repair)")
    args = parser.parse_args()
    seen = [
        s
        for seed, medium, document in kept(args.folder)
        if isinstance(document, Document)
        for s in seen_in(seed, medium, document)
    ]
    if args.keep:
        args.keep.write_bytes(pickle.dumps(seen))
    save(seen)


def save(seen: list[Seen]) -> None:
    """Write the measured prices beside the chosen ones."""
    chosen = {k: v for k, v in load_json("confidence/repair.json").items() if k in CHOSEN}
    card = {
        "note": "Prices of repair: grades measured on scans of the training part; the rest chosen (docs/accuracy.md).",
        "measured": date.today().isoformat(),
        "media": dict(Counter(s.medium for s in seen)),
        "grades": grades(seen),
    }
    OUT.write_text(json.dumps(card | chosen, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
