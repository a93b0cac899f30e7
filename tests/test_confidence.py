"""Confidence is a measured frequency: what has not earned 0.99 does not get it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.confidence import CAP, SURE, confidence, equation_grades, lower_bound, probability
from extractor.data import load_json
from extractor.report import Check

CLASSES = load_json("confidence/cells.json")["classes"]


@given(st.integers(0, 100_000), st.data())
def test_probability_is_bounded_and_capped(n, data):
    wrong = data.draw(st.integers(0, n))
    p = probability(n, wrong)
    assert 0 <= p < 1
    if lower_bound(n, wrong) < SURE:
        assert p <= CAP


@given(st.integers(1, 10_000), st.integers(0, 50))
def test_more_errors_never_raise_it(n, wrong):
    wrong = min(wrong, n - 1)
    assert probability(n, wrong + 1) <= probability(n, wrong)


def test_nothing_unmeasured_is_sure():
    assert confidence("pdf/nonzero/none/such") <= CAP
    assert confidence("never/seen") == 0.5


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_shipped_classes_say_what_was_measured(name):
    n, wrong = CLASSES[name]["n"], CLASSES[name]["wrong"]
    assert 0 <= wrong <= n and n > 0
    assert confidence(name) == probability(n, wrong)
    if name.split("/")[1] == "unreadable":
        assert confidence(name) < 0.5


def _check(passed: bool | None, *cells: str, severity: str = "error") -> Check:
    return Check(id="x", kind="sum", severity=severity, passed=passed, cells=list(cells))


def test_equation_grades():
    grades = equation_grades(
        [
            _check(True, "t.r.a", "t.r.b"),
            _check(False, "t.r.b", "t.r.c"),
            _check(None, "t.r.d"),
            _check(True, "t.r.e", severity="warning"),
        ]
    )
    assert grades == {"t.r.a": "confirmed", "t.r.b": "contested", "t.r.c": "contested"}
