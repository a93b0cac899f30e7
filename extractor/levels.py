"""What is known of a cell in a scan → a level of evidence.

A logistic model weighs how sure the recogniser was, what the sums say, how well the labels were read and how clean the
table is (patterns/confidence/scans.json, made by corpora.fit_scans). Its score is not given out as a probability: it
sorts cells into a few levels, and the frequency of each level is measured like that of any other class of evidence
(extractor/confidence.py). Here the model is only applied.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from extractor.data import load_json
from extractor.tables import CellReading

Features = dict[str, float]
UNSURE = 0.8  # a reading below this makes a table unclean
MANY = 6.0  # digits
SUMS = ("confirmed", "cleared", "repaired", "doubted", "contested")  # what the equations say; else nothing


def uncleanness(readings: Iterable[CellReading]) -> float:
    """The share of a table's recognised cells that are unsure, 0 to 1."""
    sure = [r.sure for r in readings if r.sure is not None]
    return sum(s < UNSURE for s in sure) / len(sure) if sure else 0.0


def features_of(reading: CellReading, equations: str, unclean: float) -> Features:
    """What the model weighs of one cell; ``unclean`` is that of its table."""
    sure = min(max(reading.sure or 0.0, 1e-3), 1 - 1e-4)
    second = max((p for _, p in reading.likely), default=0.0)
    raw = reading.raw or ""
    return {
        "score": math.log(sure / (1 - sure)),
        "lead": math.log(sure / max(second, 1e-3)),
        "near": float(min(reading.row_score, reading.column_score) < 1),
        "digits": min(sum(c.isdigit() for c in raw), MANY),
        "broken": float("\n" in raw.strip()),
        "unclean": unclean,
        "slight": float(reading.value == 0 or reading.status == "dash"),
        **{name: float(equations == name) for name in SUMS},
    }


def weighed(features: Mapping[str, float], model: Mapping[str, Any]) -> float:
    """The log-odds that a model gives to features."""
    weights: Mapping[str, float] = model["weights"]
    return float(model["intercept"]) + sum(weights[name] * value for name, value in features.items())


def model_of(group: str) -> str:
    """The model that sorts a group of cells: zeros are too seldom wrong to have one of their own."""
    return "empty" if group == "empty" else "number"


@cache
def _models() -> dict[str, Any]:
    return dict(load_json("confidence/scans.json"))["models"]  # type: ignore[no-any-return]


def level(group: str, features: Mapping[str, float]) -> int:
    """The level of evidence of a cell, 0 the lowest; ``group`` is nonzero, zero or empty."""
    model = _models()[model_of(group)]
    return bisect_right(model["edges"], weighed(features, model))


__all__ = ["Features", "features_of", "level", "model_of", "uncleanness", "weighed"]
