"""`--max-error`: the threshold that it chooses keeps its word."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from benchmarks.resample import bound_rows
from corpora.making import text_or_web_bytes
from extractor import risk
from extractor.api import extract_content
from extractor.confidence import class_probability
from extractor.evaluate.compare import CellKey, DocumentResult
from extractor.evaluate.gold import Made
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


def _document(right: int, wrong: int) -> DocumentResult:
    cells = Counter({CellKey("t", "2021", "zero", True, 1.0, True): right})
    cells[CellKey("t", "2021", "zero", True, 1.0, False)] = wrong
    return DocumentResult("a.html", Made(), "html", "ok", cells=cells, reader="html")


def test_a_bound_that_documents_break_is_seen_not_to_hold():
    good = bound_rows([_document(100, 0)] * 20)
    bad = bound_rows([_document(100, 0)] * 19 + [_document(50, 50)])
    assert {row[-1] for row in good} == {"100 of 100"} and good[1][1:3] == ["2000", "0"]
    held = int(bad[1][-1].split()[0])
    assert bad[1][2] == "50" and 25 < held < 48  # it is not drawn at all in (19/20)^20 = 36 % of the sets
