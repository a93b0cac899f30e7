"""The keyed figures of real pages: every fact is short, points somewhere, and agrees with its own quote."""

from __future__ import annotations

import csv
from decimal import Decimal

from extractor.figures import find_figures
from extractor.normalize import fold
from extractor.numerals import find_ascii
from extractor.report import Section, SectionEvidence
from tests.conftest import ROOT

ROWS = list(csv.DictReader((ROOT / "tests" / "gold" / "real_figures.csv").open(encoding="utf-8")))
FIGURES = [r for r in ROWS if r["figure"]]


def test_at_least_thirty_pages_and_quotes_of_25_characters_at_most():
    assert len({r["address"] for r in ROWS}) >= 30
    assert len(FIGURES) > 200 and all(len(r["quote"]) <= 25 for r in FIGURES)


def test_each_part_has_its_total():
    known = {(r["passage"], r["figure"]) for r in FIGURES}
    assert all((r["passage"], r["part_of"]) in known for r in FIGURES if r["part_of"])


def test_each_value_stands_in_its_quote():
    for row in FIGURES:
        if row["value"] == "0":
            continue  # zeros are mostly put in words
        printed = {q.value for q in find_ascii(fold(row["quote"]).text)}
        chinese = "".join(c for c in row["quote"] if c in "一二三四五六七八九十")
        assert Decimal(row["value"]) in printed or chinese, row


QUOTES = list(csv.DictReader((ROOT / "tests" / "gold" / "real_quotes.csv").open(encoding="utf-8")))


def _read(quote: str):
    return find_figures([Section(id="overview", title="", text=quote, evidence=SectionEvidence())], 2023)


def test_figures_of_short_quotes_from_pages_that_a_fresh_reader_keyed():
    """262 facts of 22 pages: number, unit, approximation and kind are right in the quote alone."""
    assert len(QUOTES) > 250 and all(len(q["quote"]) <= 25 for q in QUOTES)
    assert len({q["address"] for q in QUOTES}) == 22
    found = []
    for q in QUOTES:
        value, unit = Decimal(q["value"]), q["unit"] or None
        found += [(q, f) for f in _read(q["quote"])[::-1] if Decimal(str(f.value)) == value and f.unit == unit][:1] or [
            (q, f) for f in _read(q["quote"]) if f.value == value == 0
        ][:1]
    assert len(found) / len(QUOTES) >= 0.97
    wrong = [q["quote"] for q, f in found if (f.approximate, f.kind) != (q["approximate"] == "1", q["kind"])]
    assert not wrong
