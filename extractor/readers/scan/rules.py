"""The ruling lines of a scanned page: long level and upright strokes, gaps closed, as edges in points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from extractor.readers.pdf_grid import Edge, edge
from extractor.readers.scan.images import Picture
from extractor.readers.scan.lines import darkness
from extractor.readers.scan.low import kept_open, low_uprights, open_ends
from extractor.readers.scan.mend import (
    GAP,
    NEAR,
    ROW,
    SAME,
    SHORT,
    Rule,
    bounded,
    cut_back,
    drawn_out,
    held,
    meet,
    mended,
    run_on,
    sides,
)
from extractor.readers.scan.shade import ground_of, step_ink
from extractor.readers.scan.trace import traced, with_traced

PIECE = 32  # pixels of a rule that no stroke of a character has
GROWN = 5  # pieces that a slight slant parts are put together across
LEVEL, UPRIGHT = 60, 44  # the shortest rule; strokes of characters are shorter, or touch no rule
LONG, WIDE = 110, 300  # an upright, a level this long is a rule by itself
THICK = 16  # a stroke thicker than this is no rule (a black border, a picture)
LOST_LEVEL, LOST_UPRIGHT = 420, 130  # pixels over which a rule may be lost altogether
DARK = 150
CROWD = 0.3  # the share of a piece of a rule that may have ink close beside it
BY, TOUCH = 10, 6  # pixels from the middle of a piece: close beside it; all but touching it
REACH = 12  # pixels beside a rule in which a character that it runs through is told
RULED = 0.4  # of a stretch of a rule: how much of it has ink, at least
BESIDE, CORE = 4, 2  # pixels beside a rule that are painted over with it; those that are its own whatever follows
THIN, FAINT = 11, 24  # pixels that a rule is thinner than, and how much darker than the paper beside it
FAINTEST, THERE = 6.0, 0.9  # of a faint rule: how much darker it is than paper, in how many of its pixels
UNBROKEN, MOSTLY = 0.995, 0.9  # of a rule without gaps: the share of it that is there; of such rules on a page
TRACE = (0.5, 0.85)  # the share of a cell's width, and of its height, in which at least a trace of a rule is seen
WINDOW = 61  # pixels over which that is asked
FAINT_LEVEL, FAINT_UPRIGHT = 80, 60  # the shortest faint rule
PALE = 90.0  # grey levels by which the rules of a page with faint ones are darker than paper, at most
TIGHT = 30  # pixels: no digit is larger
STEP, ASIDE = 7, 5  # pixels over which grain is evened out, and where the paper beside a faint rule is looked at
Stroke = tuple[int, int, int, int]


def _shape(level: bool, length: int) -> Any:
    return cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if level else (1, length))


def _thin(grey: Picture, level: bool) -> Picture:
    """How much darker than the paper beside it what is thin across one direction is, also beside shaded cells."""
    return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, _shape(not level, THIN))  # type: ignore[return-value]


def thin_ink(grey: Picture, level: bool) -> Picture:
    """What is dark and thin across one direction, whatever the paper around it."""
    return cv2.threshold(_thin(grey, level), FAINT, 255, cv2.THRESH_BINARY)[1]  # type: ignore[return-value]


def unbroken_ink(inked: Any, level: bool) -> Picture:
    """Thin ink that goes on for longer than any stroke of a character: a rule, whatever touches it."""
    ink = inked.astype(np.uint8) * 255
    runs: Any = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _shape(level, LEVEL if level else UPRIGHT))
    thick: Any = cv2.morphologyEx(runs, cv2.MORPH_OPEN, _shape(not level, THIN))
    return np.asarray(runs & ~thick, np.uint8)


def _apart_from(runs: Picture, across: Picture) -> Picture:
    """Unbroken ink without the places where rules cross: thin ink tells better where one ends."""
    crossing: Any = cv2.dilate(across, np.ones((2 * CORE + 1, 2 * CORE + 1), np.uint8))
    return np.asarray(runs & ~crossing, np.uint8)


def _contrast(thin: Picture, rules: Sequence[Rule]) -> float:
    """How much darker than paper the rules of a page are, mostly: rules of one print are alike."""
    strips = [thin[max(round(r.at) - 3, 0) : round(r.at) + 4, round(r.first) : round(r.last)] for r in rules]
    found = [float(np.median(s.max(axis=0))) for s in strips if s.shape[1] >= LONG]
    return float(np.median(found)) if found else 0.0


def fainter(grey: Picture, level: bool) -> Any:
    """How much darker each pixel is than the paper on both sides of a rule through it, grain evened out along it."""
    page = grey if level else np.ascontiguousarray(grey.T)
    even: Any = cv2.blur(page, (STEP, 1), borderType=cv2.BORDER_REPLICATE).astype(np.float32)
    rule, side = cv2.filter2D(even, -1, np.array([[0.25], [0.5], [0.25]], np.float32)), cv2.blur(even, (1, 3))
    lighter: Any = np.minimum(np.roll(side, ASIDE, axis=0), np.roll(side, -ASIDE, axis=0))  # not at a streak's edge
    return np.clip(lighter - rule, -15, 30)


def faint_ink(darker: Any) -> Picture:
    """Rules hardly darker than the grain of the paper: so little darker over a long way, and without a gap.

    The strokes of a line of characters that stand in a row are darker, but not everywhere. ``darker`` is `fainter`;
    for upright rules all is turned.
    """
    there: Any = (darker > FAINTEST / 2).astype(np.float32)
    sure: Any = (cv2.blur(darker, (WINDOW, 1)) > FAINTEST) & (cv2.blur(there, (WINDOW, 1)) > THERE)
    grown: Any = cv2.dilate(sure.astype(np.uint8) * 255, _shape(True, WINDOW))
    grown[cv2.blur(darker, (STEP, 1)) <= 0.6 * FAINTEST] = 0
    return grown  # type: ignore[no-any-return]


def _strokes(ink: Picture, level: bool, shortest: int) -> list[Stroke]:
    """Bounding boxes (x, y, width, height) of the thin strokes of one direction, joined over gaps.

    Only pieces too long for a character are joined, or text would be too.
    """
    mask: Any = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _shape(level, PIECE))
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _shape(level, GAP))
    _, stats, fit = _long_strokes(mask, level, shortest)
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in stats[fit, :4]]


def _long_strokes(mask: Any, level: bool, shortest: int) -> tuple[Any, Any, Any]:
    """Labels and statistics of the long strokes in a mask, a little grown across; which of them are thin."""
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _shape(level, shortest))
    mask = cv2.dilate(mask, _shape(not level, GROWN))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    fit = stats[:, cv2.CC_STAT_HEIGHT if level else cv2.CC_STAT_WIDTH] - GROWN <= THICK
    fit[0] = False
    return labels, stats, fit


def _pieces(ink: Picture, shortest: int) -> list[Rule]:
    """The level pieces of rules in thin ink."""
    return [Rule(x, x + w, y + h / 2) for x, y, w, h in _strokes(ink, True, shortest)]


def _faint_pieces(grey: Picture, ink: Picture, shortest: int, dark: int, plain: Sequence[Rule] = ()) -> list[Rule]:
    """The level pieces of faint rules. Where one begins and ends is told better by the ``plain`` pieces in line."""
    found = [Rule(r.first + STEP, r.last - STEP, r.at) for r in _pieces(ink, shortest)]
    return [_like(r, plain) for r in found if not _crowded(grey, r, dark)]


def _like(faint: Rule, plain: Sequence[Rule]) -> Rule:
    """A faint piece without a stroke of a character at its end, where ink as plain as a rule stops before it."""
    own = [p for p in plain if abs(p.at - faint.at) <= SAME and p.first < faint.last and faint.first < p.last]
    first, last = min((p.first for p in own), default=faint.first), max((p.last for p in own), default=faint.last)
    if 0 < first - faint.first < ROW:
        faint = faint._replace(first=first)
    if 0 < faint.last - last < ROW:
        faint = faint._replace(last=last)
    return faint


def _crowded(grey: Picture, rule: Rule, dark: int = DARK, near: int = BY) -> bool:
    """Whether ink stands close to a level piece along much of it: it is a stroke of characters, not a rule."""
    at, first, last = round(rule.at), round(rule.first), round(rule.last)
    above, below = grey[max(at - near, 0) : max(at - 4, 0), first:last], grey[at + 5 : at + near + 1, first:last]
    return any(bool((side < dark).any(axis=0).mean() > CROWD) for side in (above, below) if side.size)


def _other(grey: Picture, along: Any, across: Any, level: bool) -> Any:
    """Ink that is no rule of a direction, nor a rule across it: the characters that a rule cannot run through."""
    rules: Any = along | cv2.morphologyEx(across, cv2.MORPH_OPEN, _shape(not level, PIECE))
    return (grey < DARK) & (cv2.dilate(rules, np.ones((3, 3), np.uint8)) == 0)


def _unbroken(rules: Sequence[Rule], ink: Picture) -> bool:
    """Whether the level rules of a page have no gaps to speak of: then none has lost an end either."""
    bands = [  # thin ink ends a little before a rule across
        ink[max(round(r.at) - SAME, 0) : round(r.at) + SAME + 1, round(r.first) + NEAR : round(r.last) - NEAR]
        for r in rules
        if r.last - r.first > 2 * NEAR
    ]
    there = [float(band.any(axis=0).mean()) for band in bands if band.shape[1] >= LONG]
    return bool(there) and sum(t >= UNBROKEN for t in there) >= MOSTLY * len(there)


def find_rules(grey: Picture, scale: float) -> list[Edge]:
    """The rules of a page as edges in points; ``scale`` is points a pixel."""
    dark = darkness(grey)
    inked = grey < dark
    level_runs, upright_runs = unbroken_ink(inked, True), unbroken_ink(inked, False)
    level_ink = thin_ink(grey, True) | _apart_from(level_runs, upright_runs)
    upright_ink = thin_ink(grey, False) | _apart_from(upright_runs, level_runs)
    beside_level, beside_upright = (
        _other(grey, level_ink, upright_ink, True),
        _other(grey, upright_ink, level_ink, False),
    )
    darker, darker_upright = fainter(grey, True), fainter(grey, False)
    pieces = [r for r in _pieces(level_ink, LEVEL) if r.last - r.first >= WIDE or not _crowded(grey, r)]
    upright_pieces = _pieces(upright_ink.T, UPRIGHT)
    faint = _faint_pieces(grey, faint_ink(darker), FAINT_LEVEL, dark, pieces)
    faint_uprights: list[Rule] = []
    if _contrast(_thin(grey, True), pieces) < PALE:
        faint_uprights = _faint_pieces(grey.T, faint_ink(darker_upright), FAINT_UPRIGHT, dark, upright_pieces)
    else:  # rules of one print are alike, unless it is a frame alone that is strong
        faint = mended(faint, level_ink, beside_level, LOST_LEVEL, upright_pieces)  # a stamp breaks them
        faint = [r for r in faint if held(r, upright_pieces, SHORT) + (r.last - r.first >= WIDE) >= 2]
    steps = _faint_pieces(grey, step_ink(ground_of(grey), True), WIDE, dark)
    faint += [r for r in steps if bounded(r, upright_pieces, SHORT)]
    levels = mended(pieces + faint, level_ink, beside_level, LOST_LEVEL, [])
    upright_pieces += [u for u in faint_uprights if bounded(u, levels, SHORT)]
    low = [u for u in _pieces(upright_ink.T, PIECE) if u.last - u.first < UPRIGHT + 2 and bounded(u, levels)]
    # of a low row, or one that the page's end cut; words that begin right at a rule do not touch it
    upright_pieces += [u for u in low if not _crowded(grey.T, u, near=TOUCH if bounded(u, levels, SAME) else BY)]
    hairlines = inked | (level_ink > 0) | (upright_ink > 0)  # paler than characters
    in_low_rows = low_uprights(upright_ink.T, hairlines.T, levels, upright_pieces)
    upright_pieces += in_low_rows
    short = NEAR if in_low_rows else SHORT  # the next rule may be a row away
    uprights = mended(upright_pieces, upright_ink.T, beside_upright.T, LOST_UPRIGHT, levels)
    uprights = [u for u in uprights if u.last - u.first >= LONG or any(meet(u, h) for h in levels)]
    uprights = cut_back(uprights, levels)
    levels = with_traced(levels, traced(darker, grey < dark, [*uprights, *sides(levels)]))
    lost_level, lost_upright = LOST_LEVEL, LOST_UPRIGHT
    # where characters stand on a rule no thin ink is told
    if _unbroken(levels, level_ink | inked) and _unbroken(uprights, (upright_ink | inked).T):
        lost_level = lost_upright = 0
    levels = [drawn_out(h, [*uprights, *sides(levels)], level_ink, beside_level, lost_level, inked) for h in levels]
    uprights += sides(levels)
    levels = [run_on(h, uprights, darker > 0.6 * FAINTEST, grey < DARK, inked, TRACE[0]) for h in levels]
    levels = [h for h in levels if h.last - h.first >= WIDE or bounded(h, uprights)]  # else a stroke of characters
    ends = open_ends(levels, uprights)
    drawn = (drawn_out(u, levels, upright_ink.T, beside_upright.T, lost_upright, None, short) for u in uprights)
    uprights = [kept_open(d, u, ends) for d, u in zip(drawn, uprights, strict=True)]
    uprights = [run_on(u, levels, darker_upright > 0.6 * FAINTEST, grey.T < DARK, None, TRACE[1]) for u in uprights]
    levels = [r for r in levels if r.last > r.first]
    uprights = [r for r in uprights if r.last > r.first]
    out = [edge("h", h.first * scale, h.at * scale, h.last * scale, h.at * scale) for h in levels]
    return out + [edge("v", u.at * scale, u.first * scale, u.at * scale, u.last * scale) for u in uprights]


def without_rules(grey: Picture, edges: Sequence[Edge], scale: float) -> Picture:
    """The page with its rules painted over, so that a crop of a cell holds its characters alone.

    Besides the strokes of this page, dark pixels along the ``edges`` found are painted: pieces of a broken rule too.
    """
    mask, own = np.zeros_like(grey), np.zeros_like(grey)
    for level, shortest in ((True, LEVEL), (False, LONG)):
        ink = thin_ink(grey, level)
        labels, _, fit = _long_strokes(ink, level, shortest)
        mask |= fit[labels].astype(np.uint8) * 255
        own |= np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, _shape(level, shortest)), np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    dark = grey < darkness(grey)
    for e in edges:
        x0, y0, x1, y1 = (round(e[k] / scale) for k in ("x0", "top", "x1", "bottom"))
        if e["orientation"] == "h":
            _paint(mask, dark, y0, x0, x1)
        else:
            _paint(mask.T, dark.T, x0, y0, y1)
        cv2.line(own, (x0, y0), (x1, y1), 255, 3)
    mask[_bars(dark & (own == 0), mask > 0)] = 0
    out: Any = grey.copy()
    out[mask > 0] = 255
    return out  # type: ignore[no-any-return]


def _bars(ink: Any, painted: Any) -> Any:
    """The painted pixels that are a stroke of a character right beside a rule: the bar of a 7 set tight below one.

    ``ink`` is without the rules themselves. What is left of a rule is longer, or hangs together with no character.
    """
    _, labels, whole, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    hidden = np.where(ink & painted, labels, 0)
    out = np.zeros_like(painted)
    for label in np.unique(hidden):
        x, y, w, h, area = whole[label]
        if not label or max(w, h) > TIGHT or min(w, h) <= CORE:
            continue
        place = np.s_[y : y + h, x : x + w]
        part = hidden[place] == label
        if area - part.sum() >= part.sum():
            out[place] |= part
    return out


def _paint(mask: Any, dark: Any, at: int, first: int, last: int) -> None:
    """Paint a level rule in the mask, and what stands close beside it, but for ink that goes on from there.

    Numbers set to the left stand less than a point from the rule; what is left of a rule does not go on past it.
    """
    first, last = max(first, 0), last + 1
    new = np.zeros_like(mask[max(at - BESIDE, 0) : at + BESIDE + 1, max(first - CORE, 0) : last + CORE])
    top, own = max(at - BESIDE, 0), slice(min(first, CORE), min(first, CORE) + last - first)
    new[max(at - CORE, 0) - top : at + CORE + 1 - top] = 255
    for near, far in ((at + CORE + 1, at + BESIDE + 1), (at - BESIDE, at - CORE)):
        beyond = slice(far, far + 2) if near > at else slice(max(near - 2, 0), max(near, 0))
        goes_on = dark[beyond, first:last].any(axis=0)
        new[max(near, 0) - top : max(far, 0) - top, own][:, ~goes_on] = 255
    new[:, own][_through(dark, at, first, last)] = 0  # nothing of a rule is there: it was drawn on past a number
    mask[top : at + BESIDE + 1, max(first - CORE, 0) : last + CORE] |= new


def _through(dark: Any, at: int, first: int, last: int) -> Any:
    """Which pixels beside a level rule are of characters that it runs through, where no ink of its own is.

    For the rows from BESIDE above to BESIDE below.
    """
    top = max(at - REACH, 0)
    strip = np.ascontiguousarray(dark[top : at + REACH + 1, first:last]).astype(np.uint8)
    if not strip.size:
        return np.zeros((0, 0), bool)
    own: Any = dark[max(at - CORE, 0) : at + CORE + 1, first:last].any(axis=0).astype(np.float32)
    ruled = cv2.blur(own[None, :], (WINDOW, 1), borderType=cv2.BORDER_REPLICATE)[0] >= RULED
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strip, connectivity=8)
    tops, heights = stats[:, cv2.CC_STAT_TOP] + top, stats[:, cv2.CC_STAT_HEIGHT]
    goes_on = (tops < at - BESIDE) | (tops + heights > at + BESIDE + 1)
    goes_on[0] = False
    found: Any = goes_on[labels] & ~ruled
    return found[max(at - BESIDE, 0) - top : at + BESIDE + 1 - top]
