"""Passages in our own words, modelled on real reports and keyed by a reader who did not know the patterns.

``tests/gold/modelled`` holds them: NAME.txt, and a CSV a series with one line a figure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from extractor.evaluate.gold import Gold, GoldFigure
from extractor.figures import find_figures
from extractor.report import Figure, Section, SectionEvidence

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "gold" / "modelled"


@dataclass(frozen=True)
class Passage:
    """A passage with its keyed figures and its report year."""

    name: str
    text: str
    year: int
    gold: Gold

    def read(self) -> list[Figure]:
        """What the tool finds in it."""
        section = Section(id="overview", title="", text=self.text, evidence=SectionEvidence())
        return find_figures([section], self.year)


def _figure(row: dict[str, str]) -> GoldFigure:
    return GoldFigure.model_validate(
        {
            "id": row["figure"],
            "value": Decimal(row["value"]),
            "unit": row["unit"] or None,
            "text": row["quote"],
            "part_of": row["part_of"] or None,
            "part_role": row["part_role"] or None,
            "approximate": row["approximate"] == "1",
            "kind": row["kind"],
            "year": int(row["figure_year"]),
            "indicator": row["indicator"] or None,
            "measure": row["measure"],
        }
    )


def passages(series: str) -> Iterator[Passage]:
    """The passages of one series (M, N), in order."""
    rows = list(csv.DictReader((FOLDER / f"{series}.csv").open(encoding="utf-8")))
    for name in dict.fromkeys(r["passage"] for r in rows):
        own = [r for r in rows if r["passage"] == name]
        text = (FOLDER / f"{name}.txt").read_text("utf-8").rstrip("\n")
        yield Passage(name, text, int(own[0]["year"]), Gold(figures=[_figure(r) for r in own]))


def series_here() -> list[str]:
    """The series that are keyed."""
    return sorted(p.stem for p in FOLDER.glob("*.csv"))
