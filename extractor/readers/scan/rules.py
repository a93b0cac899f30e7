"""The ruling lines of a scanned page: long level and upright strokes, gaps closed, as edges in points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from extractor.readers.pdf_grid import Edge, edge
from extractor.readers.scan.images import Picture

PIECE = {True: 36, False: 30}  # pixels: a piece of a level or an upright rule
GROWN = 5  # pieces that a slight slant parts are put together across
GAP = 17  # pixels at 200 dpi: a break in a rule that is no end of it
LEVEL, UPRIGHT = 60, 44  # the shortest rule; strokes of characters are shorter, or touch no rule
LONG = 110  # an upright this long is a rule by itself
THICK = 16  # a stroke thicker than this is no rule (a black border, a picture)
NEAR = 9
SHORT = 15  # pixels by which a rule may end before the rule it meets
THIN, FAINT = 11, 24  # pixels that a rule is thinner than, and how much darker than the paper beside it
Stroke = tuple[int, int, int, int]
Reach = tuple[float, float, float]


def _shape(level: bool, length: int) -> Any:
    return cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if level else (1, length))


def thin_ink(grey: Picture, level: bool) -> Picture:
    """What is dark and thin across one direction, whatever the paper around it: rules, also beside shaded cells."""
    hat = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, _shape(not level, THIN))
    return cv2.threshold(hat, FAINT, 255, cv2.THRESH_BINARY)[1]  # type: ignore[return-value]


def _strokes(ink: Picture, level: bool, shortest: int, *, mend: bool) -> list[Stroke]:
    """Bounding boxes (x, y, width, height) of the thin strokes of one direction.

    With ``mend`` pieces are joined over gaps; only pieces too long for a character are, or text would be joined too.
    """
    mask: Any = ink
    if mend:
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _shape(level, PIECE[level]))
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _shape(level, GAP))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, _shape(level, shortest))
    mask = cv2.dilate(mask, _shape(not level, GROWN))
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h in stats[1:count, :4]]
    return [b for b in boxes if (b[3] if level else b[2]) - GROWN <= THICK]


def find_rules(grey: Picture, scale: float) -> list[Edge]:
    """The rules of a page as edges in points; ``scale`` is points a pixel."""
    levels = _strokes(thin_ink(grey, True), True, LEVEL, mend=True)
    uprights = _strokes(thin_ink(grey, False), False, UPRIGHT, mend=True)
    kept = [u for u in uprights if u[3] >= LONG or any(_meets(u, h) for h in levels)]
    ends = [
        _reaching((x, x + w, y + h / 2), [(u[0] + u[2] / 2, u[1], u[1] + u[3]) for u in kept]) for x, y, w, h in levels
    ]
    out = [edge("h", a * scale, y * scale, b * scale, y * scale) for a, b, y in ends]
    across: list[Reach] = [(b[1] + b[3] / 2, b[0], b[0] + b[2]) for b in levels]
    tops = [_reaching((y, y + h, x + w / 2), across) for x, y, w, h in kept]
    return out + [edge("v", x * scale, a * scale, x * scale, b * scale) for a, b, x in tops]


def _reaching(stroke: Reach, others: Sequence[Reach]) -> Reach:
    """A stroke (from, to, where across) with its ends drawn out to the strokes that it all but touches.

    Where two rules meet the picture is dark both ways, so that the thin-ink mask ends a little before.
    """
    first, last, at = stroke
    near = [place for place, a, b in others if a - SHORT <= at <= b + SHORT]
    starts = [x for x in near if abs(x - first) <= SHORT]
    stops = [x for x in near if abs(x - last) <= SHORT]
    return min([first, *starts]), max([last, *stops]), at


def _meets(upright: Stroke, level: Stroke) -> bool:
    """Whether an upright ends at, or crosses, a level rule."""
    x, y, w, h = upright
    middle, at = x + w / 2, level[1] + level[3] / 2
    return level[0] - NEAR <= middle <= level[0] + level[2] + NEAR and y - NEAR <= at <= y + h + NEAR


def without_rules(grey: Picture) -> Picture:
    """The page with its rules painted over, so that a crop of a cell holds its characters alone."""
    mask = np.zeros_like(grey)
    for level, shortest in ((True, LEVEL), (False, LONG)):
        for x, y, w, h in _strokes(thin_ink(grey, level), level, shortest, mend=False):
            cv2.rectangle(mask, (x - 1, y - 1), (x + w, y + h), 255, -1)
    out: Any = grey.copy()
    out[mask > 0] = 255
    return out  # type: ignore[no-any-return]
