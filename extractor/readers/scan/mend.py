"""Rules that a copier or a fax broke: pieces joined, ends drawn out to the rules across that they once met.

Everything here is written for level rules; upright ones are handled on the turned picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from extractor.readers.scan.images import Picture

GAP = 17  # pixels at 200 dpi: a break in a rule that is no end of it
SAME = 4  # by which pieces of one rule may stand higher or lower
NEAR = 9
SHORT = 28  # by which a rule may end before the rule it meets: no cell is so narrow
FAR, CRUMBS = 120, 0.35  # over which crumbs of a rule are followed, and how much of them there must be
THERE = 0.75  # of the way to a rule across: how much of it has the rule's ink; another rule across may break it
THROUGH, WORDY = 4, 0.06  # pixels beside a rule that characters it would run through have ink in; how much of the way
INKY = 0.02  # the share of a gap that has other ink: more is the text of a merged cell
ROW = 64  # pixels between rules of one table, at least; a heading between two tables takes more
SHARED = 3  # rules that end at one place mark the side of a table


class Rule(NamedTuple):
    """From pixel to pixel along its direction, and where it stands across."""

    first: float
    last: float
    at: float


def mended(pieces: Sequence[Rule], ink: Picture, other: Any, lost: int, across: Sequence[Rule]) -> list[Rule]:
    """Pieces of one rule joined where thin ink goes on between them in crumbs, or where nothing else stands.

    ``other`` is ink that is not thin: a merged cell's text stops a rule. ``lost`` pixels may be missing altogether,
    but a gap from one rule across to another may be meant: a row over all columns, the paper between two tables.
    """
    out: list[Rule] = []
    for piece in sorted(pieces):
        before = next((b for b in reversed(out) if abs(b.at - piece.at) <= SAME), None)
        if before is not None and _one(before, piece, ink, other, lost, across, pieces):
            out[out.index(before)] = before._replace(last=max(before.last, piece.last))
        else:
            out.append(piece)
    return out


def _one(
    before: Rule, piece: Rule, ink: Picture, other: Any, lost: int, across: Sequence[Rule], beside: Sequence[Rule]
) -> bool:
    """Whether two pieces in line are one rule; ``beside`` are the rules of their direction."""
    first, last, at = round(before.last), round(piece.first), round(piece.at)
    if last - first <= GAP or _crumbs(ink, first, last, at):
        return True
    alone = not any(r.first < first and last < r.last and abs(r.at - at) > SAME for r in beside)
    near = SHORT if alone else NEAR
    ends = [r.at for r in across if r.first - near <= at <= r.last + near]
    meant = all(any(abs(e - end) <= near for e in ends) for end in (first, last))
    meant = meant or (bool(across) and not all(any(meet(p, r) for r in across) for p in (before, piece)))
    return not meant and _free(other, first, last, at, lost)


def _crumbs(ink: Picture, first: int, last: int, at: int) -> bool:
    """Whether between two pixels of a row lies thin ink: in most places, nowhere missing for long."""
    if last - first > FAR:
        return False
    there = np.flatnonzero(ink[max(at - SAME, 0) : at + SAME + 1, first:last].any(axis=0))
    missing = np.diff([-1, *there, last - first]).max() - 1
    return bool(len(there) >= CRUMBS * (last - first) and missing <= GAP)


def _free(other: Any, first: int, last: int, at: int, lost: int) -> bool:
    """Whether nothing but a lost rule can be between two pixels of a row: not too far, and no text there."""
    between = other[max(at - 2, 0) : at + 3, first:last]
    return 0 < last - first <= lost and bool(between.any(axis=0).mean() < INKY)


def sides(rules: Sequence[Rule]) -> list[Rule]:
    """The sides of tables, as rules across: where several rules, a row or so apart, begin or end at one place."""
    out: list[Rule] = []
    for end in ("first", "last"):
        groups: list[list[tuple[float, float]]] = []
        for place, at in sorted((float(getattr(r, end)), r.at) for r in rules):
            if not groups or place - groups[-1][-1][0] > NEAR:
                groups.append([])
            groups[-1].append((place, at))
        for group in groups:
            ats = np.sort([at for _, at in group])
            for run in np.split(ats, np.flatnonzero(np.diff(ats) > ROW) + 1):
                if len(run) >= SHARED:
                    out.append(Rule(float(run[0]), float(run[-1]), float(np.median([place for place, _ in group]))))
    return out


def drawn_out(
    rule: Rule, across: Sequence[Rule], ink: Picture, other: Any, lost: int, dark: Any, short: int = SHORT
) -> Rule:
    """A rule with its ends drawn out to the rules across that it all but touches, goes on to, or must once have met.

    It may end ``short`` pixels before one. ``dark`` is all ink, for level rules: words that stand in the way are no
    rest of the rule. Beside uprights words may stand everywhere.

    An end a little beyond a rule across is drawn in to it: dust, or the grain that a faint rule was told from.
    Where two rules meet the picture is dark both ways, so that the thin-ink mask ends a little before.
    """
    places = [r.at for r in across if r.first - ROW <= rule.at <= r.last + ROW]
    ends = ((rule.first, -1), (rule.last, 1))
    inked = partial(_inked, ink, dark=dark, at=round(rule.at))
    first, last = (_reached(end, way, rule.at, places, inked, other, lost, short) for end, way in ends)
    return Rule(first, last, rule.at)


def _reached(
    end: float,
    way: int,
    at: float,
    places: Sequence[float],
    inked: Callable[..., bool],
    other: Any,
    lost: int,
    short: int,
) -> float:
    """The rule across that an end of a level rule reaches; ``way`` is -1 for its left end, 1 for its right."""
    at_end = [p for p in places if abs(p - end) <= NEAR]  # the next rule may be a low row away
    near = at_end or [p for p in places if abs(p - end) <= short]
    met = bool(near)
    end = max(near, key=lambda p: way * p, default=end)
    for place in sorted((p for p in places if way * (p - end) > 0), key=lambda p: way * p):
        first, last = round(min(end, place)), round(max(end, place))
        if not (inked(first=first, last=last) or (not met and _free(other, first, last, round(at), lost))):
            break
        end, met = place, True
    return end


def _inked(ink: Picture, first: int, last: int, at: int, dark: Any) -> bool:
    """Whether a rule's ink goes on between two pixels of a row, but for where a rule across breaks it.

    Where words stand, their level strokes do so too, but not in one line.
    """
    there = ink[max(at - SAME, 0) : at + SAME + 1, first:last].any(axis=0)
    if not there.size or there.mean() < THERE:
        return False
    return not worded(dark, first, last, at) or _in_line(ink, first, last, at)


def _in_line(ink: Any, first: int, last: int, at: int) -> bool:
    """Whether ink goes on between two pixels of a row in one line, as no level strokes of several characters do."""
    lines = (ink[max(y - 1, 0) : y + 2, first:last].any(axis=0).mean() for y in range(at - SAME + 1, at + SAME))
    return bool(max(lines) >= THERE)


def worded(dark: Any, first: int, last: int, at: int) -> bool:
    """Whether characters stand where a rule would go on between two pixels of a row: ink right above and below it."""
    if dark is None or first >= last:
        return False
    above = dark[max(at - THROUGH, 0) : max(at - 2, 0), first:last].any(axis=0)
    below = dark[at + 3 : at + THROUGH + 1, first:last].any(axis=0)
    return bool((above & below).mean() >= WORDY)


def run_on(rule: Rule, across: Sequence[Rule], pale: Any, other: Any, dark: Any, share: float) -> Rule:
    """A rule that ends at one across drawn on to the next one, where there is a trace of it all the way.

    ``pale`` is ink hardly darker than paper: too little to begin a rule with, over a seal or in a worn copy. It must
    be there in a ``share`` of the way, more than a stroke of characters between two rules across can be.
    """
    places = sorted(r.at for r in across if r.first - NEAR <= rule.at <= r.last + NEAR)
    first, last = rule.first, rule.last
    for place in reversed([p for p in places if p < first - NEAR]):
        if not _traced(pale, other, dark, round(place), round(first), round(rule.at), share):
            break
        first = place
    for place in [p for p in places if p > last + NEAR]:
        if not _traced(pale, other, dark, round(last), round(place), round(rule.at), share):
            break
        last = place
    return Rule(first, last, rule.at)


def _traced(pale: Any, other: Any, dark: Any, first: int, last: int, at: int, share: float) -> bool:
    """Whether pale ink goes on in most places of a row, and no characters stand there."""
    characters = other[max(at - 2, 0) : at + 3, first:last].any(axis=0)
    if not characters.size or characters.mean() >= INKY:
        return False
    if pale[max(at - 2, 0) : at + 3, first:last].any(axis=0).mean() <= share:
        return False
    return not worded(dark, first, last, at) or _in_line(pale, first, last, at)


def meet(rule: Rule, across: Rule) -> bool:
    """Whether a rule ends at, or crosses, one across."""
    return across.first - NEAR <= rule.at <= across.last + NEAR and rule.first - NEAR <= across.at <= rule.last + NEAR


def held(rule: Rule, across: Sequence[Rule], near: int = NEAR) -> int:
    """How many ends of a rule stand at rules across, or nearly."""
    places = [r.at for r in across if r.first - near <= rule.at <= r.last + near]
    return sum(any(abs(p - end) <= near for p in places) for end in (rule.first, rule.last))


def bounded(rule: Rule, across: Sequence[Rule], near: int = NEAR) -> bool:
    """Whether both ends of a rule stand at rules across, or nearly."""
    return held(rule, across, near) == 2


def cut_back(rules: Sequence[Rule], across: Sequence[Rule]) -> list[Rule]:
    """Rules without what sticks out of a table: the stroke of a heading below, in line with an upright and near it.

    Where the table goes on without a closing rule, most of the rules that reach the last one across run on too,
    or the two outermost do, beside a row of one cell.
    """
    out = []
    for rule in rules:
        met = sorted((a for a in across if meet(rule, a)), key=lambda a: a.at)
        first, last = rule.first, rule.last
        if met and first < met[0].at - NEAR and _sticks_out(met[0], rules, lambda r, at: r.first < at - NEAR):
            first = met[0].at
        if met and last > met[-1].at + NEAR and _sticks_out(met[-1], rules, lambda r, at: r.last > at + NEAR):
            last = met[-1].at
        out.append(Rule(first, last, rule.at))
    return out


def _sticks_out(level: Rule, rules: Sequence[Rule], goes_on: Callable[[Rule, float], bool]) -> bool:
    """Whether of the rules that meet one across, three or more, less than half go on past it, nor both outermost."""
    on = [goes_on(r, level.at) for r in sorted(rules, key=lambda r: r.at) if meet(r, level)]
    return len(on) > 2 and sum(on) < len(on) / 2 and not (on[0] and on[-1])
