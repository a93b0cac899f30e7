"""Levels of evidence of cells in scans: the model, how its levels are cut, what they are worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly import LEVELLED, TROUBLED, tables_of
from extractor.confidence import CAP, LEVELS, measured_classes
from extractor.data import load_json
from extractor.levels import SUMS, features_of, level, model_of, uncleanness
from extractor.tables import CellReading

CARD = load_json("confidence/scans.json")


def _reading(sure, raw="12", likely=(), row_score=1.0):
    return CellReading("reported", value=12, raw=raw, sure=sure, likely=likely, row_score=row_score, column_score=1.0)


def test_features_of_a_reading():
    found = features_of(_reading(0.5, "1\n2345678", (("13", 0.25),), 0.8), "confirmed", 0.1)
    assert found["score"] == pytest.approx(0.0)
    assert found["lead"] == pytest.approx(0.693, abs=0.001)
    assert (found["near"], found["digits"], found["broken"], found["unclean"]) == (1.0, 6.0, 1.0, 0.1)
    assert found["slight"] == 0.0
    assert {name: found[name] for name in SUMS} == {s: float(s == "confirmed") for s in SUMS}


def test_uncleanness_counts_what_was_recognised():
    readings = [_reading(0.99), _reading(0.3), CellReading("absent"), _reading(None)]
    assert uncleanness(readings) == 0.5
    assert uncleanness([]) == 0.0


@pytest.mark.parametrize("group", LEVELLED)
@given(low=st.floats(0.01, 0.98), more=st.floats(0.001, 0.9), equations=st.sampled_from(["untested", *SUMS]))
def test_a_surer_reading_is_never_on_a_lower_level(group, low, more, equations):
    high = min(low + more, 0.999)
    levels = [level(group, features_of(_reading(sure), equations, 0.0)) for sure in (low, high)]
    assert levels[0] <= levels[1]


@pytest.mark.parametrize("group", LEVELLED)
def test_every_level_of_every_model_was_counted(group):
    edges = CARD["models"][model_of(group)]["edges"]
    assert edges == sorted(edges) and len(edges) < LEVELS
    counted = {c.rpartition("-")[2] for c in measured_classes() if c.startswith(f"scan/{group}/level-")}
    # where two edges fell together the model has a level less: those above count as the ones below them
    assert counted >= {str(k) for k in range(len(edges) + 1)}


@pytest.mark.parametrize("group", ["nonzero", "empty"])
def test_low_levels_err_more_than_high_ones(group):
    """As counted, before any rule brings levels into order. Zeros are wrong too seldom to ask it of them."""
    counted = [c for name, c in sorted(measured_classes().items()) if name.startswith(f"scan/{group}/level-")]
    half = len(counted) // 2
    low, high = (sum(c["wrong"] for c in p) / sum(c["n"] for c in p) for p in (counted[:half], counted[half:]))
    assert low > 10 * high


@pytest.mark.parametrize("grade", TROUBLED)
@pytest.mark.parametrize("status", ["reported", "blank", "dash"])
def test_cells_of_failed_sums_and_repaired_ones_never_reach_the_threshold(grade, status):
    value = 12 if status == "reported" else None
    reading = CellReading(status, value=value, raw="12", sure=0.9999, row_score=1.0, column_score=1.0)
    grades = ({"requests.granted.total": grade}, {})
    tables = tables_of({"requests": {("granted", "total"): reading}}, "scan", grades, 1.0)
    assert tables["requests"]["granted"]["total"].confidence <= CAP
    free = tables_of({"requests": {("granted", "total"): reading}}, "scan", ({}, {}), 1.0)
    assert free["requests"]["granted"]["total"].confidence >= 0.99


def _cells(n, wrong_below):
    fit = pytest.importorskip("corpora.fit_scans", reason="needs scipy")
    out = []
    for i in range(n):
        sure = 0.2 + 0.79 * ((i * 37) % n) / n
        features = features_of(_reading(sure), "untested", 0.0)
        out.append(fit.Weighed(i % 20, i % 20, str(i), "nonzero", features, sure > wrong_below or i % 3 == 0))
    return fit, out


def test_a_model_learns_where_errors_are():
    fit, cells = _cells(2000, 0.4)
    levels = fit.foretold(cells)
    assert set(levels) == set(range(len(fit.SHARES) + 1))
    above = [c.right for c, k in zip(cells, levels, strict=True) if k == len(fit.SHARES)]
    below = [c.right for c, k in zip(cells, levels, strict=True) if k == 0]
    assert sum(above) / len(above) > 0.95 and sum(below) / len(below) < 0.6


def test_a_kind_without_errors_is_sorted_by_what_is_known_beforehand():
    """A few errors of one document must not be all that tells its cells from others: other models never saw them."""
    fit, cells = _cells(600, 0.0)
    assert all(c.right for c in cells)
    levels = fit.foretold(cells)
    by_score = sorted(zip((c.features["score"] for c in cells), levels, strict=True))
    assert {k for _, k in by_score[:6]} == {0} and {k for _, k in by_score[-300:]} == {len(fit.SHARES)}


def test_the_scans_of_one_report_are_in_one_fold():
    """Else a report would be foretold by its own other scans: here right is told by the report alone."""
    fit, cells = _cells(2000, 0.0)
    cells = [c._replace(document=i % 100, seed=i % 5, right=i % 5 != 3) for i, c in enumerate(cells)]
    levels = fit.foretold(cells)
    means = [sum(k for c, k in zip(cells, levels, strict=True) if c.seed == seed) / 400 for seed in range(5)]
    assert max(means) - min(means) < 0.2  # reports 0, 1, 2 and 4 hold no error, so nothing warns of report 3


def test_levels_are_cut_by_shares_whatever_is_right():
    fit = pytest.importorskip("corpora.fit_scans", reason="needs scipy")
    edges = fit.edges_of([i / 1000 for i in range(1001)])
    assert edges == pytest.approx(list(fit.SHARES))
    assert fit.edges_of([1.0] * 50) == [1.0]
