"""Fit the model of parts that no word and no sum shows (extractor/figures/likely.py) to keyed passages.

`python -m corpora.fit_parts` (or `make fit-parts`) replays the passages modelled on real reports: each figure with each
earlier total that it might be a part of, in the state in which the true links before it would leave the section. The
weights of single traits and of pairs of them are found by logistic regression that draws most of them to 0. For each
series the data card says what a model of all other series found among the figures that the rules leave alone.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from corpora.modelled import Passage, passages, series_here
from extractor.evaluate.figures import match
from extractor.figures import linked_by_rules, numbered
from extractor.figures.likely import Row, Traits, traits
from extractor.figures.measures import Draft
from extractor.report import Section, SectionEvidence

OUT = Path(__file__).resolve().parent.parent / "patterns" / "confidence" / "parts.json"
THRESHOLD = 0.6
LASSO = 3.3  # what one unit of weight costs, in units of log-likelihood
LEFT_ALONE = 3.0  # how much more a figure counts that the rules leave alone: the model is for these
SELDOM = 10  # pairs of traits that hold together less often have no weight
Model = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """A figure and an earlier total of one passage."""

    series: str
    figure: tuple[str, int]
    found: Traits
    right: bool
    left_alone: bool


def _true_totals(passage: Passage, drafts: Sequence[Draft]) -> dict[int, tuple[int, str | None]]:
    """Place of a figure → place of its total and its role there, as keyed, where both were found."""
    gold = passage.gold.figures or []
    figures = numbered([(d, passage.text) for d in drafts])
    pairs = match(gold, figures)
    place = {g: f for f, g in pairs.items()}
    totals = {f: (passage.gold.total_of(g), gold[g].part_role) for f, g in pairs.items()}
    return {f: (place[t], role) for f, (t, role) in totals.items() if t is not None and t in place}


def pairs_of(series: str) -> list[Pair]:
    """All pairs of one series."""
    out: list[Pair] = []
    for passage in passages(series):
        section = Section(id="overview", title="", text=passage.text, evidence=SectionEvidence())
        drafts = linked_by_rules(section, passage.year)
        true, alone = _true_totals(passage, drafts), [d.parent is None for d in drafts]
        for item in drafts:
            item.parent, item.role, item.children = None, None, []
        row = Row(drafts)
        for at, item in enumerate(drafts):
            if item.kind not in {"count", "amount"}:
                continue
            for k, found in traits(row, at).items():
                out.append(Pair(series, (passage.name, at), found, true.get(at, (None,))[0] == k, alone[at]))
            if at in true:
                item.parent, item.role = drafts[true[at][0]], true[at][1]
                item.parent.children.append(item)
    return out


def _columns(pairs: Sequence[Pair]) -> list[Traits]:
    """The traits and pairs of traits that hold often enough."""
    count = Counter(frozenset(c) for p in pairs for size in (1, 2) for c in combinations(sorted(p.found), size))
    return sorted((c for c, n in count.items() if n >= SELDOM), key=sorted)


def fitted(pairs: Sequence[Pair]) -> Model:
    """Intercept and weights, most of them 0 and left out, by penalised maximum likelihood (L1)."""
    columns = _columns(pairs)
    x = np.array([[c <= p.found for c in columns] for p in pairs], dtype=np.float32)
    sign = np.array([1.0 if p.right else -1.0 for p in pairs], dtype=np.float32)
    counted = np.array([LEFT_ALONE if p.left_alone else 1.0 for p in pairs], dtype=np.float32)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        up, down = np.split(w[1:], 2)  # a weight is the difference of two that are not negative
        margin = sign * (x @ (up - down).astype(np.float32) + np.float32(w[0]))
        slope = -sign * counted * expit(-margin)
        gradient = (slope @ x).astype(np.float64)
        value = float((counted * np.logaddexp(0, -margin)).sum() + LASSO * w[1:].sum())
        return value, np.concatenate([[float(slope.sum())], gradient + LASSO, LASSO - gradient])

    bounds = [(None, None)] + [(0, None)] * (2 * len(columns))
    start = np.zeros(1 + 2 * len(columns))
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 600}).x
    up, down = np.split(found[1:], 2)
    named = {"*".join(sorted(c)): round(float(w), 3) for c, w in zip(columns, up - down, strict=True)}
    return {"intercept": round(float(found[0]), 3), "weights": {k: w for k, w in named.items() if w}}


def _probability(pair: Pair, model: Model) -> float:
    held = sum(w for k, w in model["weights"].items() if frozenset(k.split("*")) <= pair.found)
    return float(expit(model["intercept"] + held))


def left_out(job: tuple[str, list[Pair]]) -> dict[str, int]:
    """What a model of all other series finds in one, among figures that the rules leave alone."""
    series, pairs = job
    model = fitted([p for p in pairs if p.series != series])
    own = [p for p in pairs if p.series == series and p.left_alone]
    best: dict[tuple[str, int], tuple[float, bool]] = {}
    for pair in own:
        best[pair.figure] = max(best.get(pair.figure, (0.0, False)), (_probability(pair, model), pair.right))
    given = [right for p, right in best.values() if p >= THRESHOLD]
    return {"given": len(given), "right": sum(given), "wanted": sum(p.right for p in own)}


def main() -> None:
    """Fit, test on each series left out, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    series = series_here()
    pairs = [p for name in series for p in pairs_of(name)]
    model = fitted(pairs)
    with ProcessPoolExecutor(2) as pool:
        tested = dict(zip(series, pool.map(left_out, [(s, pairs) for s in series]), strict=True))
    card = {"measured": date.today().isoformat(), "pairs": len(pairs), "series": series, "left_out": tested}
    out.write_text(json.dumps({**card, "threshold": THRESHOLD, **model}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{len(model['weights'])} weights from {len(pairs)} pairs; left out: {tested}")


if __name__ == "__main__":
    main()
