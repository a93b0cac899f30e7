"""One cell: numbers, blanks, dashes, and what must not be guessed at."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.document import Cell
from extractor.tables.values import as_whole, parse_cell


@pytest.mark.parametrize(
    ("text", "status", "value", "unit"),
    [
        ("0", "reported", 0, None),
        ("3985758", "reported", 3985758, None),
        ("3985\n758", "reported", 3985758, None),
        ("1,234,567", "reported", 1234567, None),
        ("1，234", "reported", 1234, None),
        ("９６", "reported", 96, None),
        ("96171.6", "reported", Decimal("96171.6"), None),
        ("96171.60", "reported", Decimal("96171.60"), None),
        ("-8", "reported", -8, None),
        ("－8", "reported", -8, None),
        ("+1036", "reported", 1036, None),
        ("251000元", "reported", 251000, "元"),
        ("22（其中修订16件）", "reported", 22, None),
        (" 5 \n", "reported", 5, None),
        ("3 1 1 9", "reported", 3119, None),
        ("", "blank", None, None),
        ("\u3000\n ", "blank", None, None),
        ("\xa0", "blank", None, None),
        ("/", "dash", None, None),
        ("／", "dash", None, None),
        ("—", "dash", None, None),
        ("∕", "dash", None, None),  # as fonts without a map of their own give a slash
        ("⁄", "dash", None, None),
        ("╱", "dash", None, None),
        ("─", "dash", None, None),
        ("一", "unreadable", None, None),  # may be a one
        ("——", "dash", None, None),
        ("-", "dash", None, None),
        ("无", "dash", None, None),
        ("12 34", "unreadable", None, None),
        ("0 0 21", "unreadable", None, None),
        ("约5", "unreadable", None, None),
        ("1,23", "unreadable", None, None),
        ("(cid:12)", "unreadable", None, None),
        ("1.属于", "unreadable", None, None),
        ("5�", "unreadable", None, None),
        ("1.2.3", "unreadable", None, None),
    ],
)
def test_cell(text, status, value, unit):
    parsed = parse_cell(text)
    assert (parsed.status, parsed.value, parsed.unit) == (status, value, unit)
    assert type(parsed.value) is type(value)
    if isinstance(value, Decimal):
        assert str(parsed.value) == str(value)  # exactly the printed digits


@given(st.integers(min_value=0, max_value=99_999_999), st.data())
def test_any_line_breaks_leave_the_number(number, data):
    digits = str(number)
    cuts = data.draw(st.sets(st.integers(1, len(digits)), max_size=2))
    text = "".join(("\n" if i in cuts else "") + d for i, d in enumerate(digits))
    assert parse_cell(text).value == number


@given(st.integers(min_value=0, max_value=10**12))
def test_thousands_separators_change_nothing(number):
    assert parse_cell(f"{number:,}").value == number


@given(st.text(max_size=12))
def test_any_text_is_read_without_guessing(text):
    parsed = parse_cell(text)
    assert (parsed.value is None) == (parsed.status != "reported")
    if parsed.value is not None:
        assert any(c.isdigit() for c in text)


def test_a_recognised_count_is_whole():
    point = Cell("5.384", 0, 0, sure=0.6, others=(("5384", 0.1), ("5,384", 0.3)))
    assert as_whole(point)[:1] == ("5,384",)
    assert as_whole(point).others == (("5.384", 0.6), ("5384", 0.1)) and as_whole(point).sure == 0.3
    other = Cell("5.38", 0, 0, sure=0.6, others=(("5,38", 0.3),))
    assert as_whole(other) is other
