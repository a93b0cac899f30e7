"""The keyed figures of real pages: every fact is short, points somewhere, and agrees with its own quote."""

from __future__ import annotations

import csv
from decimal import Decimal

from extractor.normalize import fold
from extractor.numerals import find_ascii
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
