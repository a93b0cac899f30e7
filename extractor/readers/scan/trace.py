"""Rules that are paler than the grain of the paper: told by their sum from one side of a cell to the other.

A rule goes from upright to upright, through every column of its row. Over so long a way the grain cancels out, and a
darkness of a few levels stands out that no pixel shows. Characters are left out of the sum. Written for level rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from extractor.readers.scan.mend import NEAR, Rule

CLEAR = 0.9  # the share of a cell's width that must be free of characters
SURE, SEEN = 7.0, 2.5  # by how many times the grain: a rule through all columns, and its part in one of them
PARTS, LEAST = 3, 0.15  # of a column, and the least grain there is
LIKE = 0.35  # how dark a rule is in any column beside what it is in most
COLUMNS = 3  # in which a rule must be seen
NARROW, BROAD = 24, 420  # pixels between uprights
APART = 20  # pixels between rules
ECHO = 30  # pixels beside a rule in which a trace is its echo (compression rings): no row is so low
MOST = 6.0  # what one column may add at most: a stroke of characters in one cell is no rule


def _places(uprights: Sequence[Rule]) -> list[float]:
    """Where uprights stand, those of one line once."""
    out: list[float] = []
    for at in sorted(u.at for u in uprights):
        if not out or at - out[-1] > NARROW:
            out.append(at)
    return out


def _inside(uprights: Sequence[Rule], height: int, left: float, right: float) -> Any:
    """For each row of pixels whether the column from left to right lies within a table there."""
    before, behind = np.zeros(height, bool), np.zeros(height, bool)
    for u in uprights:
        rows = slice(max(round(u.first), 0), max(round(u.last), 0))
        if u.at <= left + NEAR:
            before[rows] = True
        if u.at >= right - NEAR:
            behind[rows] = True
    return before & behind


def _column(darker: Any, free: Any, left: int, right: int) -> Any:
    """For each row of pixels, how many times the grain it is darker than paper between two uprights; NaN under text.

    It must be so in every part of the way: strokes of characters that stand in a row leave the sides of cells alone.
    """
    ends = np.linspace(left + NEAR, right - NEAR, PARTS + 1).round().astype(int)
    parts = [_mean(darker[:, a:b], free[:, a:b]) for a, b in pairwise(ends)]
    whole, least = _times(np.mean(parts, axis=0)), _times(np.min(parts, axis=0))
    return np.minimum(whole, PARTS * least)


def _times(mean: Any) -> Any:
    """How many times the grain each row is darker than most."""
    if not np.isfinite(mean).any():
        return mean
    usual = float(np.nanmedian(mean))
    return (mean - usual) / max(1.4826 * float(np.nanmedian(np.abs(mean - usual))), LEAST)


def _mean(darker: Any, free: Any) -> Any:
    clear = free.sum(axis=1)
    total = np.where(free, darker, 0.0).sum(axis=1)
    return np.where(clear >= CLEAR * free.shape[1], total / np.maximum(clear, 1), np.nan)


def scores(darker: Any, ink: Any, uprights: Sequence[Rule]) -> tuple[list[tuple[float, float]], Any]:
    """The columns (left, right) and, for each of them and each row of pixels, its score; NaN outside tables."""
    free = cv2.dilate(ink.astype(np.uint8), np.ones((7, 7), np.uint8)) == 0
    places = _places(uprights)
    columns = [(a, b) for a, b in pairwise(places) if 2 * NEAR + NARROW < b - a <= BROAD]
    out = []
    for left, right in columns:
        score = _column(darker, free, round(left), round(right))
        score[~_inside(uprights, len(score), left, right)] = np.nan
        out.append(score)
    return columns, np.array(out) if out else np.zeros((0, darker.shape[0]))


def _run(score: Any, known: Any) -> tuple[int, int]:
    """The first and last column of the longest run in which a rule is seen, about as dark in all of them."""
    seen = score > np.maximum(SEEN, LIKE * np.median(score[score > SEEN]))
    best = run = (0, -1)
    for k in range(len(score)):
        if seen[k]:
            run = (run[0] if run[1] >= run[0] else k, k)
            best = max(best, run, key=lambda r: r[1] - r[0])
        elif known[k]:
            run = (k + 1, k)
    return best


def traced(darker: Any, ink: Any, uprights: Sequence[Rule]) -> list[Rule]:
    """Level rules that only their sum shows."""
    columns, score = scores(darker, ink, uprights)
    if len(columns) < COLUMNS:
        return []
    known = np.isfinite(score)
    near = np.nan_to_num(score, nan=0.0)
    total = np.clip(near, -MOST, MOST).sum(axis=0) / np.sqrt(np.maximum(known.sum(axis=0), 1))
    total[(near > SEEN).sum(axis=0) < COLUMNS] = 0.0
    out: list[Rule] = []
    while (at := int(total.argmax())) and total[at] >= SURE:
        first, last = _run(near[:, at], known[:, at])
        if last - first + 1 >= COLUMNS:
            out.append(Rule(columns[first][0], columns[last][1], float(at)))
        total[max(at - APART, 0) : at + APART + 1] = 0.0
    return out


def _echoes(trace: Rule, rule: Rule) -> bool:
    return abs(trace.at - rule.at) <= ECHO and rule.first < trace.last and trace.first < rule.last


def with_traced(rules: Sequence[Rule], more: Sequence[Rule]) -> list[Rule]:
    """Rules with those that only a trace shows; one that was found in part is drawn on to where its trace ends."""
    out = list(rules)
    for rule in more:
        beside = [k for k, r in enumerate(out) if abs(r.at - rule.at) <= NEAR]
        same = [k for k in beside if out[k].first < rule.last and rule.first < out[k].last]
        if not same and not any(_echoes(rule, r) for r in out):
            out.append(rule)
        elif len(same) == 1:
            found = out[same[0]]
            out[same[0]] = Rule(min(found.first, rule.first), max(found.last, rule.last), found.at)
    return out
