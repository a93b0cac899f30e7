"""Confidence is a measured frequency: what has not earned 0.99 does not get it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly import FEW_SUMS, features_of
from extractor.confidence import (
    CAP,
    FEW,
    RULED,
    SURE,
    class_probability,
    confidence,
    equation_grades,
    lower_bound,
    probability,
    unlike,
)
from extractor.data import load_json
from extractor.report import Check
from extractor.tables.read import TablesReading

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
    reader, _, rest = name.partition("/")
    like = [CLASSES[f"{r}/{rest}"] for r in RULED if reader in RULED and wrong == 0 and f"{r}/{rest}" in CLASSES]
    most = max(map(class_probability, [CLASSES[name], *like]))
    assert confidence(name) <= most
    assert class_probability(CLASSES[name]) <= probability(n, wrong)
    assert confidence(name) <= CAP or max(c["documents"] for c in (CLASSES[name], *like)) >= FEW
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


def _counts(n: int, wrong: int, documents: int = 100, worst: tuple[int, int] | None = None) -> dict[str, object]:
    return {"n": n, "wrong": wrong, "documents": documents, "worst": worst or (n, wrong)}


def test_a_class_is_no_surer_than_in_its_worst_family():
    assert class_probability(_counts(50_000, 3)) > SURE
    assert class_probability(_counts(50_000, 3, worst=(300, 3))) <= CAP


def test_many_cells_of_few_documents_are_capped():
    assert class_probability(_counts(5000, 0, documents=FEW)) > SURE
    assert class_probability(_counts(5000, 0, documents=FEW - 1)) == CAP


def test_weaker_evidence_is_never_surer():
    for name in CLASSES:
        reader, group, *rest = name.split("/")
        if rest and not rest[0].startswith("level-"):  # levels: tests/test_levels.py
            assert confidence(name) <= confidence(f"{reader}/{group}/exact/confirmed") or group == "empty"


def test_a_document_beyond_the_fitted_ones_is_unlike_them():
    fitted = load_json("confidence/cells.json")["furthest"]
    furthest = dict(fitted["pdf"])
    furthest.pop("n")
    furthest["failed"] = max(fitted[r]["failed"] for r in (*RULED, "scan"))  # a trait of the report
    assert "failed" not in unlike("scan", {**fitted["scan"], "failed": furthest["failed"]})
    assert unlike("pdf", furthest) == []
    assert unlike("pdf", {**furthest, "failed": furthest["failed"] + 0.01}) == ["failed"]
    assert unlike("never-fitted", furthest) == ["reader"]


def _checks(failed: int, held: int) -> list[Check]:
    cells = ["requests.new_received.total", "requests.carried_in.total"]
    return [
        Check(id=f"e{n}", kind="identity", severity="error", passed=n >= failed, cells=cells)
        for n in range(failed + held)
    ]


def test_one_failed_sum_of_few_is_no_large_share_where_cells_are_kept_apart():
    found = TablesReading()
    share = {r: features_of({}, found, _checks(1, 1), r)["failed"] for r in ("html", "scan", "text-flow")}
    assert share == {"html": round(1 / FEW_SUMS, 4), "scan": round(1 / FEW_SUMS, 4), "text-flow": 0.5}
    assert features_of({}, found, _checks(20, 20), "html")["failed"] == 0.5
