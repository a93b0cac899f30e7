"""Upright rules through rows so low that each piece of them is no longer than the stroke of a character.

Such a piece is told by where it ends, exactly at the level rules above and below, and by the next row, or by an upright
in line with it: no characters have strokes that fill two rows in line, from rule to rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from extractor.readers.scan.images import Picture
from extractor.readers.scan.mend import Rule

LOWEST, HIGHEST = 15, 46  # pixels between the level rules of a low row
FLUSH = 5  # pixels between the end of a piece and the middle of the level rule there, at most
ASIDE = 2  # by which pieces of one upright may stand aside of each other
THICK = 8
NEAR_BY = 100  # pixels from a piece to an upright in line with it, at most
HANGING = 2  # pieces in a row that has no rule below, at least
IN_LINE = 2  # rows that a piece fills one below another, at least


def low_uprights(turned: Picture, dark: Any, levels: Sequence[Rule], known: Sequence[Rule] = ()) -> list[Rule]:
    """Uprights through two low rows or more, or through one: in line with a ``known`` upright near by, or with others
    of a last row without a rule below, that end where known ones end.

    ``turned`` is the thin upright ink, ``dark`` all ink, both turned so that rules run level.
    """
    cut = _cut_ends(levels, known)
    chains: list[list[Rule]] = []
    for piece in sorted(_between(turned, dark, [*levels, *cut])):
        chain = next((c for c in chains if _goes_on(c[-1], piece)), None)
        if chain is None:
            chains.append([piece])
        else:
            chain.append(piece)
    found = [Rule(c[0].first, c[-1].last, float(np.median([p.at for p in c]))) for c in chains if len(c) >= IN_LINE]
    single = [c[0] for c in chains if len(c) < IN_LINE]
    for end in cut:
        hanging = [p for p in single if abs(p.last - end.at) <= FLUSH]
        found += hanging if len(hanging) >= HANGING else []
    return found + [p for p in single if p not in found and any(_in_line(p, u) for u in (*found, *known))]


def _cut_ends(levels: Sequence[Rule], known: Sequence[Rule]) -> list[Rule]:
    """Where uprights end together below the last level rule: the end of a page cut the row there."""
    out: list[Rule] = []
    for u in known:
        met = [r.at for r in levels if r.first - FLUSH <= u.at <= r.last + FLUSH and u.first - FLUSH <= r.at]
        ends = [k for k in known if abs(k.last - u.last) <= FLUSH]
        below = bool(met) and LOWEST <= u.last - max(met) <= HIGHEST
        if below and len(ends) >= IN_LINE and not any(abs(o.at - u.last) <= FLUSH for o in out):
            out.append(Rule(min(k.at for k in ends), max(k.at for k in ends), u.last))
    return out


def _in_line(piece: Rule, upright: Rule) -> bool:
    """Whether an upright stands in line with a piece, a row or two above or below it."""
    apart = max(upright.first - piece.last, piece.first - upright.last)
    return abs(piece.at - upright.at) <= ASIDE and apart <= NEAR_BY


def _goes_on(above: Rule, below: Rule) -> bool:
    return abs(above.at - below.at) <= ASIDE and 0 <= below.first - above.last <= 2 * FLUSH


def _between(turned: Picture, dark: Any, levels: Sequence[Rule]) -> list[Rule]:
    """The thin short pieces that reach from one level rule to the next, without a gap before either.

    The stroke of a 申 in a tight row ends near both rules too, in two rows in line (公开申请数量), but touches neither.
    """
    mask: Any = cv2.morphologyEx(turned, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (LOWEST, 1)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    out = []
    for x, y, length, thick, _ in stats[1:]:
        if thick > THICK or not LOWEST <= length <= HIGHEST:
            continue
        piece = Rule(int(x), int(x + length), y + thick / 2)
        met = [r.at for r in levels if r.first - FLUSH <= piece.at <= r.last + FLUSH]
        ends = [[at for at in met if abs(at - end) <= FLUSH] for end in (piece.first, piece.last)]
        if all(ends) and _unbroken(dark, piece, min(ends[0]), max(ends[1])):
            out.append(piece)
    return out


def _unbroken(dark: Any, piece: Rule, first: float, last: float) -> bool:
    """Whether ink goes on along a piece from the rule at its one end to that at the other."""
    at = round(piece.at)
    strip = dark[max(at - 1, 0) : at + 2, round(first) : round(last)]
    return bool(strip.size and strip.any(axis=0).all())
