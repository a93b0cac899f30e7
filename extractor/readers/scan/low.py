"""Upright rules through rows so low that each piece of them is no longer than the stroke of a character.

Such a piece is told by where it ends, exactly at the level rules above and below, and by the next row, by an upright
in line with it, or by others of its row: no characters have strokes that fill two rows in line, from rule to rule, nor
so many that fill one (the numbers of a table alone on a page).
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
MATES = 5  # pieces and uprights that fill one row, at least, where no other row is in line


def low_uprights(turned: Picture, dark: Any, levels: Sequence[Rule], known: Sequence[Rule] = ()) -> list[Rule]:
    """Uprights through two low rows or more, or through one: in line with a ``known`` upright near by, with several
    that fill the same row, or with others of a row that a page end has cut, that end where known ones end.

    ``turned`` is the thin upright ink, ``dark`` all ink, both turned so that rules run level.
    """
    above, below = open_ends(levels, known)
    chains: list[list[Rule]] = []
    for piece in sorted(_between(turned, dark, levels, above, below)):
        chain = next((c for c in chains if _goes_on(c[-1], piece)), None)
        if chain is None:
            chains.append([piece])
        else:
            chain.append(piece)
    found = [Rule(c[0].first, c[-1].last, float(np.median([p.at for p in c]))) for c in chains if len(c) >= IN_LINE]
    single = [c[0] for c in chains if len(c) < IN_LINE]
    for k, cut in enumerate((above, below)):
        hanging = [p for p in single if any(abs(p[k] - end.at) <= FLUSH for end in cut)]
        found += hanging if len(hanging) >= HANGING else []
    found += [p for p in single if p not in found and _mates(p, [*single, *known]) >= MATES]
    return found + [p for p in single if p not in found and any(_in_line(p, u) for u in (*found, *known))]


def _cut_ends(levels: Sequence[Rule], known: Sequence[Rule]) -> list[Rule]:
    """Where uprights end together below their last level rule, as far as that rule goes."""
    out: list[Rule] = []
    for u in known:
        met = [r for r in levels if r.first - FLUSH <= u.at <= r.last + FLUSH and u.first - FLUSH <= r.at]
        last = max(met, key=lambda r: r.at, default=None)
        ends = [k for k in known if abs(k.last - u.last) <= FLUSH]
        if last is None or not LOWEST <= u.last - last.at <= HIGHEST or len(ends) < IN_LINE:
            continue
        if not any(abs(o.at - u.last) <= FLUSH for o in out):
            out.append(last._replace(at=u.last))
    return out


def open_ends(levels: Sequence[Rule], uprights: Sequence[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Where uprights begin together above their first level rule, and end together below their last.

    The end of a page has cut a low row there: what is drawn past the rule is no overshoot.
    """
    turned = [Rule(-u.last, -u.first, u.at) for u in uprights]
    above = _cut_ends([r._replace(at=-r.at) for r in levels], turned)
    return [r._replace(at=-r.at) for r in above], _cut_ends(levels, uprights)


def kept_open(drawn: Rule, found: Rule, ends: tuple[Sequence[Rule], Sequence[Rule]]) -> Rule:
    """An upright that was drawn in to a level rule, with the ends that it was found with where a page cut the row."""
    begins, stops = (any(abs(r.at - end) <= FLUSH for r in rs) for rs, end in zip(ends, found[:2], strict=True))
    return Rule(found.first if begins else drawn.first, found.last if stops else drawn.last, drawn.at)


def _mates(piece: Rule, others: Sequence[Rule]) -> int:
    """How many fill the row of a piece from its one rule to the other, itself among them."""
    return sum(abs(o.first - piece.first) <= FLUSH and abs(o.last - piece.last) <= FLUSH for o in others)


def _in_line(piece: Rule, upright: Rule) -> bool:
    """Whether an upright stands in line with a piece, a row or two above or below it."""
    apart = max(upright.first - piece.last, piece.first - upright.last)
    return abs(piece.at - upright.at) <= ASIDE and apart <= NEAR_BY


def _goes_on(above: Rule, below: Rule) -> bool:
    return abs(above.at - below.at) <= ASIDE and 0 <= below.first - above.last <= 2 * FLUSH


def _between(
    turned: Picture, dark: Any, levels: Sequence[Rule], above: Sequence[Rule] = (), below: Sequence[Rule] = ()
) -> list[Rule]:
    """The thin short pieces that reach from one level rule to the next, without a gap before either.

    Or from one to where the end of a page has cut the row: no rule is there, and ends differ by a pixel or two.

    The stroke of a 申 in a tight row ends near both rules too, in two rows in line (公开申请数量), but touches neither.
    """
    mask: Any = cv2.morphologyEx(turned, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (LOWEST, 1)))
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    out = []
    for x, y, length, thick, _ in stats[1:]:
        if thick > THICK or not LOWEST <= length <= HIGHEST:
            continue
        piece = Rule(int(x), int(x + length), y + thick / 2)
        ends = [
            _met(levels, piece.at, end) or [end for _ in _met(cut, piece.at, end)]
            for end, cut in ((piece.first, above), (piece.last, below))
        ]
        if all(ends) and _unbroken(dark, piece, min(ends[0]), max(ends[1])):
            out.append(piece)
    return out


def _met(levels: Sequence[Rule], at: float, end: float) -> list[float]:
    """Where the level rules are that an upright at ``at`` meets with an end."""
    return [r.at for r in levels if r.first - FLUSH <= at <= r.last + FLUSH and abs(r.at - end) <= FLUSH]


def _unbroken(dark: Any, piece: Rule, first: float, last: float) -> bool:
    """Whether ink goes on along a piece from the rule at its one end to that at the other."""
    at = round(piece.at)
    strip = dark[max(at - 1, 0) : at + 2, round(first) : round(last)]
    return bool(strip.size and strip.any(axis=0).all())
