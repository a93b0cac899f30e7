"""Fit the confidence of scans: a logistic model a kind of cell, cut into levels whose frequency is then measured.

`python -m corpora.fit_scans FOLDER` takes the scans that corpora.kept keeps there. A cell is scored by a model fitted
on other reports (five folds), the levels are cut at fixed shares of the scores, whatever was right there, and the
cells of each level are counted; the model that is shipped is fitted on all. Writes patterns/confidence/scans.json (the
model) and the scan classes of cells.json (what its levels are worth), leaving the other classes there as they are.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from corpora.fit import OUT as CELLS
from corpora.fit import furthest, judged
from corpora.invent import invent
from corpora.kept import kept
from corpora.left_out import Read, count, left_out
from corpora.score import gold_cells
from extractor.assembly import LEVELLED
from extractor.confidence import SURE, class_probability, evidence_class, status_group
from extractor.document import Document
from extractor.errors import ReadError
from extractor.evaluate.statistics import upper_bound
from extractor.levels import Features, features_of, model_of, uncleanness, weighed
from extractor.pipeline import SettledTables, settled_tables

OUT = CELLS.with_name("scans.json")
FOLDS = 5
SHARES = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32)  # of the cells below each edge: errors are at the bottom
RIDGE = 1.0  # of the weights of features brought to one scale
SIGNS = {
    "score": 1, "lead": 1, "near": -1, "digits": -1, "broken": -1, "unclean": -1, "slight": 0,
    "confirmed": 1, "cleared": 1, "repaired": 1, "doubted": -1, "contested": -1,
}  # fmt: skip
# What the weights are where there are too few errors to tell: ridge draws them there, not to nothing. The recogniser's
# odds are worth their square root; a slip in a label or a failed sum costs as much as some digits misread.
PRIOR = {"score": 0.5, "lead": 0.1, "near": -1.0, "unclean": -5.0, "confirmed": 1.0, "cleared": 0.5,
         "doubted": -2.0, "contested": -2.0}  # fmt: skip
RANGES = {1: (0.0, None), 0: (None, None), -1: (None, 0.0)}
Model = dict[str, Any]


class Weighed(NamedTuple):
    """One cell: its document (by number), its report, its path, kind, features, and whether it is right."""

    document: int
    seed: int
    path: str
    group: str
    features: Features
    right: bool


class Scan(NamedTuple):
    """One scan that was read: where it comes from, and its tables."""

    seed: int
    medium: str
    tables: SettledTables


def scans_in(folder: Path) -> tuple[list[Scan], list[str]]:
    """The scans kept in a folder, and the media of those that could not be read."""
    out, lost = [], []
    for seed, medium, document in kept(folder):
        try:
            if not isinstance(document, Document):
                raise document
            out.append(Scan(seed, medium, settled_tables(document, medium)))
        except ReadError:
            lost.append(medium)
    return out, lost


def weighed_cells(number: int, scan: Scan) -> list[Weighed]:
    """The cells of a scan that a model sorts."""
    truth = {p: (value, status) for p, value, status in gold_cells(invent(scan.seed).gold)}
    out = []
    for table, cells in scan.tables.readings.items():
        unclean = uncleanness(cells.values())
        for (row, column), reading in cells.items():
            path, group = f"{table}.{row}.{column}", status_group(reading.status, reading.value)
            if path in truth and group in LEVELLED and reading.sure is not None:
                equations = scan.tables.grades[reading.told == "split"].get(path, "untested")
                right = truth[path] == (reading.value, reading.status)
                out.append(Weighed(number, scan.seed, path, group, features_of(reading, equations, unclean), right))
    return out


def fitted(cells: Sequence[Weighed]) -> Model:
    """The logistic model of cells of one kind, by penalised maximum likelihood.

    Errors are few, so what a feature can only mean is laid down: its weight has no other sign (``SIGNS``; 0 is free).
    """
    names = list(SIGNS)
    x = np.array([[c.features[n] for n in names] for c in cells])
    scale = x.std(axis=0) + 1e-6
    x, y = x / scale, np.array([1.0 if c.right else -1.0 for c in cells])
    prior = np.array([PRIOR.get(n, 0.0) for n in names]) * scale

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = y * (x @ w[1:] + w[0])
        slope = -y * expit(-margin)
        off = w[1:] - prior
        gradient = np.concatenate([[slope.sum()], x.T @ slope + RIDGE * off])
        return float(np.logaddexp(0, -margin).sum() + RIDGE / 2 * (off**2).sum()), gradient

    bounds = [(None, None), *(RANGES[SIGNS[n]] for n in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = {n: round(float(w), 5) for n, w in zip(names, found[1:] / scale, strict=True)}
    return {"weights": weights, "intercept": round(float(found[0]), 5)}


def foretold(cells: Sequence[Weighed]) -> list[int]:
    """The level of each cell by a model fitted on other reports: one report is scanned in several grades.

    Each model has edges of its own: scores of two models are not on one scale.
    """
    out = [0] * len(cells)
    for fold in range(FOLDS):
        model = fitted([c for c in cells if c.seed % FOLDS != fold])
        scores = [weighed(c.features, model) for c in cells]
        edges = edges_of(scores)
        for index, c in enumerate(cells):
            if c.seed % FOLDS == fold:
                out[index] = bisect_right(edges, scores[index])
    return out


def edges_of(scores: Sequence[float]) -> list[float]:
    """Scores between levels: fixed shares of all cells. Cut where errors are, a level would seem better than it is."""
    return sorted({round(float(e), 5) for e in np.quantile(scores, SHARES)})


def models_of(cells: Sequence[Weighed]) -> tuple[dict[str, Model], dict[tuple[int, str], str]]:
    """The models to ship, and the class of evidence of each cell (document, path) by models of other documents."""
    models: dict[str, Model] = {}
    classes: dict[tuple[int, str], str] = {}
    for name in sorted({model_of(g) for g in LEVELLED}):
        own = [c for c in cells if model_of(c.group) == name]
        model = fitted(own)
        models[name] = {**model, "edges": edges_of([weighed(c.features, model) for c in own])}
        for c, number in zip(own, foretold(own), strict=True):
            classes[c.document, c.path] = f"scan/{c.group}/level-{number}"
    return models, classes


def read_of(number: int, scan: Scan, known: dict[tuple[int, str], str]) -> Read:
    """One scan counted by the levels that models of other documents give its cells; what no model sorts, as ever."""
    classes = {}
    for path, (value, status) in scan.tables.said.items():
        group = status_group(status, value)
        if group not in LEVELLED:
            classes[path] = evidence_class("scan", group, "", "")
        elif (number, path) in known:
            classes[path] = known[number, path]
    return judged(invent(scan.seed), scan.medium, scan.tables, classes)


def without_damage(scans: Sequence[Scan], cells: Sequence[Weighed], medium: str) -> dict[str, Any]:
    """How often cells of one kind of damage are wrong at 0.99 by models, levels and counts of all others."""
    others = [c for c in cells if scans[c.document].medium != medium]
    models, classes = models_of(others)
    reads = [read_of(i, scan, classes) for i, scan in enumerate(scans) if scan.medium != medium]
    counts = count(reads)
    taken = wrong = 0
    for c in cells:
        if scans[c.document].medium == medium:
            model = models[model_of(c.group)]
            number = bisect_right(model["edges"], weighed(c.features, model))
            above = [f"scan/{c.group}/level-{k}" for k in range(number, len(model["edges"]) + 1)]
            if min((class_probability(counts[name]) for name in above if name in counts), default=0.0) >= SURE:
                taken, wrong = taken + 1, wrong + (not c.right)
    return {"cells": len(cells) - len(others), "accepted": taken, "wrong": wrong, "upper": upper_bound(wrong, taken)}


def merged(reads: list[Read], lost: list[str], damage: dict[str, Any]) -> dict[str, Any]:
    """cells.json with the scan classes counted anew."""
    card: dict[str, Any] = json.loads(CELLS.read_text("utf-8"))
    others = {k: v for k, v in card["classes"].items() if not k.startswith("scan")}
    card["classes"] = dict(sorted({**others, **count(reads)}.items()))
    card["furthest"] = {k: v for k, v in card["furthest"].items() if k != "scan"} | furthest(reads)
    media = {k: v for k, v in card["media"].items() if not k.startswith("scan-")}
    card["media"] = media | dict(Counter([r.medium for r in reads] + lost))
    card["scans"] = {
        "measured": date.today().isoformat(),
        "documents": len(reads),
        "unread_documents": len(lost),
        "left_out": left_out(reads),
        "left_out_damage": damage,
    }
    return card


def main() -> None:
    """Fit, count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="scans kept by corpora.kept")
    args = parser.parse_args()
    scans, lost = scans_in(args.folder)
    cells = [c for number, scan in enumerate(scans) for c in weighed_cells(number, scan)]
    models, classes = models_of(cells)
    reads = [read_of(number, scan, classes) for number, scan in enumerate(scans)]
    card = {
        "note": "Models that sort cells of scans into levels; what a level is worth is counted in cells.json.",
        "measured": date.today().isoformat(),
        "scans": dict(Counter(s.medium for s in scans)),
        "cells": {g: sum(c.group == g for c in cells) for g in LEVELLED},
        "wrong": {g: sum(c.group == g and not c.right for c in cells) for g in LEVELLED},
        "models": models,
    }
    OUT.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    damage = {m: without_damage(scans, cells, m) for m in sorted({s.medium for s in scans})}
    CELLS.write_text(json.dumps(merged(reads, lost, damage), ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps({**card, "left_out_damage": damage}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
