"""Where lines of characters stand in a piece of a page, told by the rows of ink."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from extractor.readers.scan.images import Picture

DARK = 150  # of an evened page: ink is darker
SHADE, INKY = 205, 0.45  # what may be ink; how much of the way from paper to ink a pixel must be
SPECK, BESIDE = 6, 14  # pixels: of a speck, and how near to other ink it may be part of it
PALE = 0.5  # of the way from paper to the darkest of a pale line: what is darker is its ink
CLEAN = 45.0  # grey levels that grain of paper has
MIN_INK = 6  # pixels in a crop that are more than dust
BETWEEN = 3  # rows without ink inside a character, at most
DIGIT = 18.0  # the height of a digit at 200 dpi
MARGIN = 4
LEANS, LEAN_INK = -0.93, 0.5  # how straight a slash leans, and how much of its box it fills at most
NEARLY_LEANS = -0.85  # how straight one may lean in a blurred copy
APART, SPACED = 0.8, 2.0  # of the height of a line of digits: digits of one number stand closer; spaced ones so close
BROKEN = 2  # pixels by which the strokes of one digit may be parted
ALONE = 1.1  # of the height of two digits: how far they may stand apart
TALL = 1.5  # digits: what is higher is no digit of this line
EVENLY = 0.4  # of the widest gap between spaced digits: how wide the others are at least
INTO = 3  # rows of ink right beyond a line of characters: it runs into a rule
DASH, SOLID = 7, 0.7  # pixels: the shortest dash; the share of its columns that have ink
CORED = 0.6  # of the way from paper to the darkest of a speck: what is darker is its core
HYPHEN = 4  # pixels: the shortest hyphen of small type, where a page has several
LOW = 0.6  # of the height of a digit: a lower line holds only dashes or dots
RIM, ALONG, LIGHT = 12, 0.6, 200  # how far in a rest of a rule may stand, how much of the side it covers, how dark
THICK = 6  # pixels: of what is left of a rule
LOW_ROW, OUTSIDE = 30, 4  # pixels: a row whose digits reach from rule to rule; of a digit that lie outside its box
HAIR, WORDY = 2, 0.2  # pixels beside a rule that are its own; the share of a side that has ink where words stand
END = 0.06  # of a side: how near to both of its ends what is left of a rule reaches
ONE, SQUARE = 1.6, 1.15  # heights of a line that one character is wide, at most; how much higher than wide it may be
WIDE_GAP = 4.0  # line heights: two columns of words, not one line


Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels


def _bands(has_ink: Any, joint: int) -> list[tuple[int, int]]:
    """Runs of true values, those less than ``joint`` apart joined."""
    at = np.flatnonzero(has_ink)
    if not len(at):
        return []
    cuts = np.flatnonzero(np.diff(at) > joint)
    starts, ends = np.concatenate([[0], cuts + 1]), np.concatenate([cuts, [len(at) - 1]])
    return [(int(at[a]), int(at[b]) + 1) for a, b in zip(starts, ends, strict=True)]


def darkness(grey: Picture) -> int:
    """The grey below which a pixel of this page is ink: nearer to its paper (white) than to its ink."""
    ink = grey[grey < SHADE]
    return DARK if ink.size < MIN_INK else int(255 - INKY * (255 - float(np.percentile(ink, 20))))


def without_dust(grey: Picture, dark_below: int) -> Picture:
    """The page without specks that stand alone. One beside other ink may be the point of a number and stays."""
    dark = (grey < dark_below).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= SPECK
    small[0] = False
    if count <= 1 or not small.any():
        return grey
    specks = small[labels]
    ink = ((dark > 0) & ~specks).astype(np.uint8)
    beside = cv2.dilate(ink, np.ones((2 * BESIDE + 1, 2 * BESIDE + 1), np.uint8)) > 0
    lonely = np.unique(labels[specks & ~beside])
    lonely = np.setdiff1d(lonely, np.unique(labels[specks & beside]))
    out = grey.copy()
    out[cv2.dilate(np.isin(labels, lonely).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    return out


def emptiness(grey: Picture, box: Box) -> float:
    """How surely there is no ink in a box: 1 on clean paper, less where something faint stands."""
    left, top, right, bottom = box
    piece = grey[top:bottom, left:right]
    if min(piece.shape) < 3:
        return 0.0
    faint = float(255 - cv2.blur(piece, (3, 3)).min())
    return 1.0 if faint < CLEAN else 0.95 if faint < 2 * CLEAN else 0.5


def pale_lines(grey: Picture, box: Box, *, split: bool = False) -> tuple[list[Box], int]:
    """The lines of ink too pale for its page, where a cell that seems empty holds some as high as digits.

    With them the grey below which a pixel of theirs is ink.
    """
    left, top, right, bottom = box
    piece = grey[top:bottom, left:right]
    if min(piece.shape) < 3:
        return [], 0
    darkest = int(cv2.blur(piece, (3, 3)).min())
    if 255 - darkest < CLEAN:
        return [], 0
    dark_below = int(255 - PALE * (255 - darkest))
    found = lines_in(grey, box, dark_below, split=split)
    return [b for b in found if LOW * DIGIT <= b[3] - b[1] <= 2 * DIGIT], dark_below


def lines_in(grey: Picture, box: Box, dark_below: int, *, split: bool = False, stray: int = 0) -> list[Box]:
    """The boxes of the lines in a box, from top to bottom; with ``split`` also cut at wide gaps.

    Rows with no more than ``stray`` pixels of ink are paper. In a cell none are: the stem of a 7 may be a pixel wide.
    """
    left, top, right, bottom = box
    dark = grey[top:bottom, left:right] < dark_below
    if dark.sum() < MIN_INK:
        return []
    rows = dark.sum(axis=1)
    out: list[Box] = []
    for a, b in _joined(_bands(rows > stray, BETWEEN), dark):
        columns = _bands(dark[a:b].any(axis=0), int(WIDE_GAP * (b - a)) if split else dark.shape[1])
        for x0, x1 in columns:
            if dark[a:b, x0:x1].sum() >= MIN_INK:
                out.append((left + x0, top + a, left + x1, top + b))
    return out


def without_borders(grey: Picture, box: Box) -> tuple[Box, bool]:
    """The box of a cell drawn in, at each side, past what a rule has left there: ink nearly as long as the side.

    And whether that may have been a 1: in a row as low as a digit its stem is as long as the side.
    """
    left, top, right, bottom = box
    dark = grey[top:bottom, left:right] < LIGHT
    if not dark.size:
        return box, False
    columns, rows = _ruled(dark), _ruled(dark.T)
    low = bottom - top <= LOW_ROW
    if low:
        columns &= ~_characters(grey[max(top - OUTSIDE, 0) : bottom + OUTSIDE, left:right] < LIGHT)
    across, down = dark.mean(axis=0), dark.mean(axis=1)
    first, last = _rim(columns, across), _rim(columns[::-1], across[::-1])
    upper, lower = _rim(rows, down), _rim(rows[::-1], down[::-1])
    left, top = min(left + first, right), min(top + upper, bottom)
    return (left, top, max(right - last, left), max(bottom - lower, top)), low and bool(first or last)


def _characters(dark: np.ndarray) -> np.ndarray:
    """Which columns have ink of characters: what hangs together, wider than the rest of a rule (the sides of 0)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    wide = stats[:, cv2.CC_STAT_WIDTH] > THICK
    wide[0] = False
    found: np.ndarray = wide[labels].any(axis=0)
    return found


def _ruled(dark: np.ndarray) -> np.ndarray:
    """Which columns a rule covers: most of them, from end to end, as no 1 does; few side by side, as no word does."""
    end = max(2, round(END * len(dark)))
    ends = np.stack([dark[:end].any(axis=0), dark[-end:].any(axis=0)])
    beside = np.pad(ends, ((0, 0), (1, 1)))  # a rule may lean by a pixel
    both = (beside[:, :-2] | beside[:, 1:-1] | beside[:, 2:]).all(axis=0)
    covered = dark.mean(axis=0)
    found: np.ndarray = (covered > ALONG) & both
    for first, last in _bands(covered > ALONG / 2, 1):
        if last - first > THICK:
            found[first:last] = False
    return found


def _rim(ruled: np.ndarray, covered: np.ndarray) -> int:
    """How many pixels from an edge the last ruled one near it is, with hardly any ink between it and the edge.

    In a narrow cell the strokes of two characters side by side reach from end to end as well; more of them follow.
    """
    near = np.flatnonzero(ruled[:RIM])
    beside = np.convolve(ruled[:RIM], np.ones(2 * HAIR + 1))[HAIR:-HAIR] > 0
    inked = np.flatnonzero(~beside & (covered[:RIM] > WORDY))
    near = near[near < inked[0]] if len(inked) else near
    return int(near[-1]) + 2 if len(near) else 0


def _joined(bands: list[tuple[int, int]], dark: np.ndarray) -> list[tuple[int, int]]:
    """Bands that are one line: a thin one (the stroke of 一, the dots of 六) belongs to its neighbour.

    So do the halves of one character that stands alone (合 in a narrow cell), which together are no higher than wide.
    """
    if not bands:
        return []
    usual = max(float(np.median([b - a for a, b in bands])), DIGIT)
    out = [bands[0]]
    for a, b in bands[1:]:
        before = out[-1]
        small = min(b - a, before[1] - before[0]) < 0.6 * usual
        strokes = max(b - a, before[1] - before[0]) < 0.35 * usual  # 二 and 三 have nothing but level strokes
        near = small and b - before[0] <= 1.5 * usual and (strokes or a - before[1] <= 0.4 * usual)
        wide = _reach(dark[before[0] : b].T)
        if near or b - before[0] <= SQUARE * wide <= SQUARE * ONE * usual:
            out[-1] = (before[0], b)
        else:
            out.append((a, b))
    return out


def is_dash(grey: Picture, box: Box, dark_below: int) -> bool:
    """Whether ink is one dash, or two: low, longer than high, and without wide gaps, as specks in a row have.

    Recognisers invent digits for it.
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if height >= LOW * DIGIT or width < max(DASH, 1.5 * height):
        return False
    return bool((grey[top:bottom, left:right] < dark_below).any(axis=0).mean() >= SOLID)


def hyphen_in(grey: Picture, box: Box) -> Box | None:
    """The only ink in a box, if it may be a hyphen in small type: no dash, but longer than high, and solid."""
    left, top, right, bottom = box
    piece = grey[top:bottom, left:right]
    if not piece.size:
        return None
    dark = (piece < 255 - CORED * (255 - int(piece.min()))).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    if count != 2:
        return None
    x, y, width, height, ink = (int(v) for v in stats[1])
    if not height < width < DASH or ink < SOLID * width * height:
        return None
    return left + x, top + y, left + x + width, top + y + height


def is_hyphen(box: Box) -> bool:
    """Whether ink has the shape of a hyphen and nothing else: two times longer than high."""
    width, height = box[2] - box[0], box[3] - box[1]
    return width >= HYPHEN and width >= 2 * height


def is_short_dash(box: Box) -> bool:
    """Whether ink has the shape of a hyphen in small type that is long enough for a dash."""
    width, height = box[2] - box[0], box[3] - box[1]
    return DASH <= width <= 2 * DASH and height <= HYPHEN


def is_speck(box: Box) -> bool:
    """Whether ink is too small for any character but a point."""
    return max(box[2] - box[0], box[3] - box[1]) < DASH


def is_slash(grey: Picture, box: Box, dark_below: int) -> bool:
    """Whether ink is one thin stroke that leans to the right, as no digit does. Recognisers take it for a 1."""
    return leaning(grey, box, dark_below) < LEANS


def may_be_slash(grey: Picture, box: Box, dark_below: int) -> bool:
    """Whether it leans all but as straight: a slash in a blurred copy, or hardly a 1."""
    return leaning(grey, box, dark_below) < NEARLY_LEANS


def leaning(grey: Picture, box: Box, dark_below: int) -> float:
    """How straight a thin stroke leans to the right (-1), or 0 where the ink is no such stroke."""
    left, top, right, bottom = box
    dark = grey[top:bottom, left:right] < dark_below
    _, labels = cv2.connectedComponents(cv2.dilate(dark.astype(np.uint8), np.ones((3, 3), np.uint8)))
    areas = np.bincount(labels[dark])  # a pale stroke may be broken by a pixel
    if len(areas) == 0 or areas.max() < MIN_INK or (np.delete(areas, areas.argmax()) > SPECK).any():
        return 0.0
    ys, xs = np.nonzero(dark & (labels == areas.argmax()))
    width, height = int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1
    if height < DASH or not 0.2 * height <= width <= height or len(xs) > LEAN_INK * width * height:
        return 0.0
    return float(np.corrcoef(xs, ys)[0, 1])


def goes_on(grey: Picture, box: Box, dark_below: int) -> bool:
    """Whether the ink of a line goes on above or below its box, into a rule: the part of it that lay there is lost."""
    left, top, right, bottom = box
    above, below = grey[max(top - INTO, 0) : top + 1, left:right], grey[bottom - 1 : bottom + INTO, left:right]
    return any(bool((side < dark_below).all(axis=0).any()) for side in (above, below))


def are_apart(grey: Picture, box: Box, dark_below: int) -> bool:
    """Whether the ink of a line of digits is parted by more than a digit's width: the numbers of two cells, not one.

    Dust and crumbs of a rule between them are passed over. Digits all a little apart are one number, printed spaced.
    """
    left, top, right, bottom = box
    dark = grey[top:bottom, left:right] < dark_below
    bands, signs, high = _signs(dark)
    low = [(a, b) for a, b in bands if (a, b) not in signs and not dark[: -int(LOW * high), a:b].any()]
    gaps = []
    for before, after in pairwise(signs):
        points = sum(before[1] <= a and b <= after[0] for a, b in low)
        gaps.append((after[0] - before[1]) / (2 if points == 1 else 1))  # a point has the room of a digit
    widest = max(gaps, default=0)
    spaced = SPACED if len(gaps) > 1 else ALONE  # one gap cannot be told to be like others
    evenly = widest <= spaced * high and min(gaps, default=0) >= EVENLY * widest
    return widest > APART * high and not evenly


def _signs(dark: np.ndarray) -> tuple[list[tuple[int, int]], list[tuple[int, int]], float]:
    """All ink of a line from left to right; of it what may be digits and dashes; how high digits are."""
    bands = _bands(dark.any(axis=0), BROKEN)
    reaches = [_reach(dark[:, a:b]) for a, b in bands]
    high = float(np.median([r for r in reaches if r >= LOW * DIGIT] or [len(dark)]))
    signs = [
        (a, b)
        for (a, b), r in zip(bands, reaches, strict=True)
        if r <= TALL * high and (r >= LOW * high or b - a >= DASH)
    ]
    return bands, signs, high


def parted(grey: Picture, line: Box, at: Sequence[int], dark_below: int) -> list[Box]:
    """The parts of a line in a cell over several columns, cut where columns end between digits that are apart."""
    if not are_apart(grey, line, dark_below):
        return [line]
    left, top, right, bottom = line
    _, signs, high = _signs(grey[top:bottom, left:right] < dark_below)
    gaps = [(left + b[1], left + a[0]) for b, a in pairwise(signs) if a[0] - b[1] > APART * high]
    cuts = [gap for gap in gaps if any(gap[0] <= x <= gap[1] for x in at)]
    edges = [left, *(e for gap in cuts for e in gap), right]
    return [(a, top, b, bottom) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _reach(dark: np.ndarray) -> int:
    """How many rows ink reaches over."""
    rows = np.flatnonzero(dark.any(axis=1))
    return int(rows[-1] + 1 - rows[0]) if len(rows) else 0


def crop_of(grey: Picture, box: Box) -> Picture:
    """The pixels of a line with a margin of paper; a dash or a dot is set in a line of the usual height."""
    height, width = grey.shape
    left, top, right, bottom = box
    found: Picture = grey[
        max(top - MARGIN, 0) : min(bottom + MARGIN, height), max(left - MARGIN, 0) : min(right + MARGIN, width)
    ]
    lacking = int(DIGIT) + 2 * MARGIN - found.shape[0]
    if bottom - top >= LOW * DIGIT or lacking <= 0:
        return found
    return np.pad(found, ((lacking // 2, lacking - lacking // 2), (0, 0)), constant_values=255)
