"""The few statistics of an evaluation, from counts.

Input everywhere: a Counter of (confidence, right) → number of values.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

Judged = Counter[tuple[float, bool]]
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)


def _tail(errors: int, n: int, p: float) -> float:
    """P(X ≤ errors) for X ~ Binomial(n, p)."""
    terms = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
        for k in range(errors + 1)
    )
    return math.fsum(math.exp(t) for t in terms)


def upper_bound(errors: int, n: int, sure: float = 0.95) -> float:
    """One-sided exact (Clopper–Pearson) upper bound of an error rate: with it or more, so few errors are rare."""
    if n == 0 or errors >= n:
        return 1.0
    low, high = errors / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if middle >= 1.0 or _tail(errors, n, middle) < 1 - sure:
            high = middle
        else:
            low = middle
    return high


def interval(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Two-sided 95 % Wilson interval of a share."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = right / n, z * z
    middle, half = p + z2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


class Bin(NamedTuple):
    """Values whose confidence lies in [low, high): how many, their mean confidence, how many were right."""

    low: float
    high: float
    n: int
    mean: float
    right: int


def reliability(judged: Judged, edges: Iterable[float] = EDGES) -> list[Bin]:
    """Confidence beside the share that was right, in bins; empty ones are left out."""
    bounds = list(edges)
    out = []
    for low, high in pairwise(bounds):
        inside = [(c, right, k) for (c, right), k in judged.items() if low <= c < high or c == high == 1.0]
        n = sum(k for _, _, k in inside)
        if n:
            mean = math.fsum(c * k for c, _, k in inside) / n
            out.append(Bin(low, high, n, mean, sum(k for _, right, k in inside if right)))
    return out


def brier(judged: Judged) -> float | None:
    """Mean squared distance between confidence and truth (Brier 1950)."""
    n = judged.total()
    return math.fsum(k * (c - right) ** 2 for (c, right), k in judged.items()) / n if n else None


def auroc(judged: Judged) -> float | None:
    """The chance that a right value has a higher confidence than a wrong one; ties count half."""
    right = sum(k for (_, r), k in judged.items() if r)
    wrong = judged.total() - right
    if not right or not wrong:
        return None
    below = wins = 0.0
    for c in sorted({c for c, _ in judged}):
        wins += judged[c, True] * (below + judged[c, False] / 2)
        below += judged[c, False]
    return wins / (right * wrong)


def risk_coverage(judged: Judged) -> list[tuple[float, float, float]]:
    """(threshold, coverage, risk): accepting what is at least so sure, which share is covered, which of it wrong."""
    out, taken, wrong, n = [], 0, 0, judged.total()
    for c in sorted({c for c, _ in judged}, reverse=True):
        taken += judged[c, True] + judged[c, False]
        wrong += judged[c, False]
        out.append((c, taken / n, wrong / taken))
    return out


def observed_over_expected(judged: Judged, low: float, high: float) -> float | None:
    """Errors counted over errors that the confidences foretell, between two confidences."""
    inside = [(c, right, k) for (c, right), k in judged.items() if low <= c < high]
    expected = math.fsum(k * (1 - c) for c, _, k in inside)
    observed = sum(k for _, right, k in inside if not right)
    return observed / expected if expected else None


class Score(NamedTuple):
    """Precision and recall, as counts: found and right, found, to be found."""

    right: int
    found: int
    wanted: int

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """The share of what is there that was found; None where there is nothing."""
        return self.right / self.wanted if self.wanted else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both."""
        both = self.found + self.wanted
        return 2 * self.right / both if both else None
