"""Levels of evidence of cells in scans: the model, how its levels are cut, what they are worth."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.assembly import LEVELLED
from extractor.confidence import LEVELS, confidence, measured_classes
from extractor.data import load_json
from extractor.levels import SUMS, features_of, level, model_of, uncleanness, weighed
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


def test_every_level_of_every_model_was_counted():
    for name, model in CARD["models"].items():
        assert model["edges"] == sorted(model["edges"]) and len(model["edges"]) < LEVELS
        counted = {
            c.rpartition("-")[2] for c in measured_classes() if "/level-" in c and model_of(c.split("/")[1]) == name
        }
        assert counted == {str(k) for k in range(len(model["edges"]) + 1)}


@pytest.mark.parametrize("group", LEVELLED)
def test_a_higher_level_is_worth_no_less(group):
    worth = [confidence(f"scan/{group}/level-{k}") for k in range(len(CARD["models"][model_of(group)]["edges"]) + 1)]
    assert worth == sorted(worth)


def test_the_sums_weigh_as_they_should():
    weights = CARD["models"]["number"]["weights"]
    assert weights["confirmed"] > weights["doubted"] and weights["confirmed"] > weights["contested"]


def _cells(n, wrong_below):
    fit = pytest.importorskip("corpora.fit_scans", reason="needs scipy")
    out = []
    for i in range(n):
        sure = 0.2 + 0.79 * ((i * 37) % n) / n
        features = features_of(_reading(sure), "untested", 0.0)
        out.append(fit.Weighed(i % 20, str(i), "nonzero", features, sure > wrong_below or i % 3 == 0))
    return fit, out


def test_a_model_is_learned_and_cut_where_errors_begin():
    fit, cells = _cells(2000, 0.5)
    scores = fit.foretold(cells)
    edges = fit.edges_of(scores, [c.right for c in cells])
    assert edges == sorted(edges) and edges
    above = [c.right for c, s in zip(cells, scores, strict=True) if s >= edges[-1]]
    below = [c.right for c, s in zip(cells, scores, strict=True) if s < edges[0]]
    assert sum(above) / len(above) > 0.99 and sum(below) / len(below) < 0.6
    model = fit.fitted(cells)
    assert weighed(cells[0].features, model) == pytest.approx(scores[0], abs=0.7)


def test_a_kind_without_errors_still_gets_a_model():
    fit, cells = _cells(600, 0.0)
    assert all(c.right for c in cells)
    assert fit.edges_of(fit.foretold(cells), [c.right for c in cells]) == []


@given(seed=st.integers(0, 10_000), n=st.integers(600, 1500), bend=st.floats(-2, 2))
def test_levels_hold_enough_and_err_less_and_less(seed, n, bend):
    fit = pytest.importorskip("corpora.fit_scans", reason="needs scipy")
    rng = Random(seed)
    scores = [rng.uniform(-5, 5) for _ in range(n)]
    right = [rng.random() < 1 / (1 + 2.718 ** -(bend * s)) for s in scores]
    edges = fit.edges_of(scores, right)
    assert edges == sorted(edges)
    rates = []
    for low, high in pairwise([-6.0, *edges, 6.0]):
        own = [r for s, r in zip(scores, right, strict=True) if low <= s < high]
        assert len(own) >= fit.BIN - 2
        rates.append(1 - sum(own) / len(own))
    assert all(a > b - 0.02 for a, b in pairwise(rates))
