"""`--max-error`: the threshold that it chooses keeps its word."""

from __future__ import annotations

from random import Random

import pytest

from corpora.making import text_or_web_bytes
from extractor import risk
from extractor.api import extract_content
from extractor.confidence import class_probability
from extractor.report import Report

RATES = {"a": 0.0, "b": 0.0002, "c": 0.0008, "d": 0.003, "e": 0.02, "f": 0.2}  # true shares wrong of invented classes
SIZE = {"a": 20_000, "b": 9_000, "c": 4_000, "d": 2_000, "e": 1_500, "f": 300}


def _measured(rng):
    out = {}
    for name, rate in RATES.items():
        n = SIZE[name]
        wrong = sum(rng.random() < rate for _ in range(n))
        out[f"pdf/{name}"] = {"n": n, "wrong": wrong, "documents": 200, "documents_wrong": wrong, "worst": (n, wrong)}
    return out


@pytest.mark.parametrize("allowed", [0.0005, 0.001, 0.005])
def test_the_bound_holds_in_95_of_100_measurements(allowed, monkeypatch):
    held, rng = 0, Random(5)
    for _ in range(100):
        classes = _measured(rng)
        monkeypatch.setattr(risk, "measured_classes", lambda c=classes: c)
        monkeypatch.setattr(risk, "confidence", lambda name, c=classes: class_probability(c[name]))
        risk.threshold.cache_clear()
        level = risk.threshold("pdf", allowed)
        taken = [n for n in RATES if class_probability(classes[f"pdf/{n}"]) >= level]
        total = sum(SIZE[n] for n in taken)
        held += sum(SIZE[n] * RATES[n] for n in taken) <= allowed * total
    risk.threshold.cache_clear()
    assert held >= 95


def test_asking_for_less_error_never_accepts_more():
    for reader in ("pdf", "html", "docx", "text-flow", "text-layout", "scan"):
        levels = [risk.threshold(reader, e) for e in (0.1, 0.01, 0.001, 0.0001, 1e-9)]
        assert levels == sorted(levels)
        assert levels[-1] == risk.NEVER


def test_the_threshold_is_told_and_used():
    data = text_or_web_bytes(4, "tab")
    strict = extract_content(data, "a.txt", figures=False, max_error=1e-9)
    usual = extract_content(data, "a.txt", figures=False)
    assert isinstance(strict, Report) and isinstance(usual, Report)
    assert strict.extraction.accept == risk.NEVER and "low_confidence" in strict.review_reasons
    assert usual.extraction.accept == 0.99
