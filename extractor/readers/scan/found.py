"""Where the lines of a page stand: in the cells of its tables, below cells that a page end has cut, outside tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from extractor.document import Box
from extractor.readers.pdf_grid import Ruled, Slot
from extractor.readers.pdf_lines import CHINESE
from extractor.readers.scan.images import Picture
from extractor.readers.scan.lines import Box as Pixels
from extractor.readers.scan.lines import (
    emptiness,
    hyphen_in,
    is_hyphen,
    is_short_dash,
    is_speck,
    lines_in,
    pale_lines,
    parted,
    without_borders,
)
from extractor.readers.scan.recognise import Line

INSET = 4  # pixels inside a cell's rules: their halves may be left
DASH = Line("-", 0.9)  # told by the shape of its ink alone
SHORT, FLUSH, FEW_SHORT = 4.0, 0.5, 6  # heights a short line is long; left margins by right ones; lines to tell it by
OFF = 2.0  # points by which a number set to one side may stand off its margin
STRAY = 0.002  # of the width of a page: a row with less ink has dust only
SEVERAL = 3  # hyphens on a page, at least, where they are so short that dust could be one
CROSSING = 40  # pixels that the rest of a line may stand below the bottom of an open cell
CENTRED = 0.1  # of the width of a cell: how far from its middle what is centred stands

Margins = tuple[float | None, float | None]  # left and right, in points; None where nothing is set to that side


@dataclass(slots=True)
class Found:
    """The lines of one cell, or one line of running text, as pixels and then as characters."""

    slot: Slot | None
    boxes: list[Pixels]
    dark: int  # the grey below which a pixel of these lines is ink
    empty: float = 1.0  # how surely a cell without lines holds no ink
    lines: list[Line] = field(default_factory=list)
    bands: list[tuple[int, int]] = field(default_factory=list)  # row and column of each line, where they lie apart
    hyphen: Pixels | None = None  # the only ink of a cell, too small for a dash unless the page has more of its kind
    under: Slot | None = None  # the open cell that a line outside tables stands right below
    doubt: bool = False  # whether a digit may have been taken for what is left of a rule


def _pixels(box: Box, scale: float, grey: Picture) -> Pixels:
    height, width = grey.shape
    left, top, right, bottom = (round(v / scale) for v in box)
    return (
        max(left + INSET, 0),
        max(top + INSET, 0),
        max(min(right - INSET, width), left + INSET),
        max(min(bottom - INSET, height), top + INSET),
    )


def points(box: Pixels, scale: float) -> Box:
    return Box(*(round(v * scale, 2) for v in box))


def lines_on_page(tables: list[Ruled], bare: Picture, dusty: Picture, scale: float, dark: int) -> list[Found]:
    """All lines of a page without its rules, those of cells first, not yet recognised.

    ``dusty`` has the specks still: what is left of a broken stroke looks like dust.
    """
    _stretch(tables, bare, scale, dark)
    found = [*_in_tables(tables, bare, dusty, scale, dark), *_outside(tables, bare, scale, dark)]
    with_hyphens(found)
    return found


def _in_tables(tables: list[Ruled], bare: Picture, dusty: Picture, scale: float, dark: int) -> Iterator[Found]:
    """The lines of each cell."""
    for table in tables:
        found = [_in_cell(table, slot, bare, dusty, scale, dark) for slot in table.slots]
        margins = margins_of(found, scale)
        for f in found:
            f.bands = bands_of(table, f, [points(line, scale) for line in f.boxes], margins)
        yield from found


def _in_cell(table: Ruled, slot: Slot, bare: Picture, dusty: Picture, scale: float, dark: int) -> Found:
    box, doubt = without_borders(bare, _pixels(slot.box, scale, bare))
    lines = lines_in(bare, box, dark, split=slot.colspan > 1)
    empty = 1.0 if lines else emptiness(dusty, box)
    ink = dark
    if empty < 1.0:
        lines, ink = pale_lines(bare, box, split=slot.colspan > 1)
    columns = [round(x / scale) for x in table.xs[slot.column + 1 : slot.column + slot.colspan]]
    lines = [part for line in lines for part in parted(bare, line, columns, ink)] if columns else lines
    tiny = all(is_speck(line) for line in lines) and (empty < 1.0 or len(lines) == 1)
    return Found(slot, lines, ink, empty, hyphen=hyphen_in(dusty, box) if tiny else None, doubt=doubt)


def with_hyphens(found: list[Found]) -> None:
    """Specks of one shape in several cells are hyphens of small type: dust is not all of one shape."""
    cells = [f for f in found if f.slot is not None]
    specks = [f for f in cells if f.hyphen or any(is_speck(box) for box in f.boxes)]
    hyphens = [f for f in specks if f.hyphen]
    plain = sum(is_hyphen(f.hyphen) for f in hyphens if f.hyphen)
    longer = sum(len(f.boxes) == 1 and is_short_dash(f.boxes[0]) for f in cells)  # of the same type, a pixel longer
    if plain + longer >= max(SEVERAL, (len(specks) + longer) / 2):
        for f in hyphens:
            f.boxes, f.lines, f.empty, f.bands = [], [DASH], 1.0, []


def margins_of(found: list[Found], scale: float) -> Margins:
    """How far from the left side, or from the right, a table's short lines stand, if they are set to it; points."""
    left, right = [], []
    for f in found:
        if f.slot is None or len(f.boxes) != 1 or f.slot.colspan > 1:
            continue
        line = points(f.boxes[0], scale)
        if line.x1 - line.x0 <= SHORT * (line.bottom - line.top):
            left.append(line.x0 - f.slot.box.x0)
            right.append(f.slot.box.x1 - line.x1)
    if len(left) < FEW_SHORT:
        return None, None
    before, behind = float(np.median(left)), float(np.median(right))
    return before if before <= FLUSH * behind else None, behind if behind <= FLUSH * before else None


def bands_of(
    table: Ruled, found: Found, lines: list[Box], margins: tuple[float | None, float | None]
) -> list[tuple[int, int]]:
    """The row and column of each line of a cell over several, if each lies in one; else none.

    A number in the middle of a cell over several columns belongs to the whole: forms print such cells. So does one
    at its left or right margin, in a table whose numbers are set to that side.
    """
    slot = found.slot
    assert slot is not None
    if slot.rowspan * slot.colspan == 1:
        return []
    rows = range(slot.row, slot.row + slot.rowspan)
    columns = range(slot.column, slot.column + slot.colspan)
    at = [
        next(
            (
                (r, c)
                for r in rows
                for c in columns
                if table.ys[r] - 1 <= line.top and line.bottom <= table.ys[r + 1] + 1
                if table.xs[c] - 1 <= line.x0 and line.x1 <= table.xs[c + 1] + 1
            ),
            None,
        )
        for line in lines
    ]
    known = [place for place in at if place is not None]
    if len(set(known)) == 1 and slot.rowspan == 1:
        middle = (lines[0].x0 + lines[0].x1 - slot.box.x0 - slot.box.x1) / 2
        known = known if abs(middle) > CENTRED * (slot.box.x1 - slot.box.x0) else []
        gaps = (lines[0].x0 - slot.box.x0, slot.box.x1 - lines[0].x1)
        if any(m is not None and abs(gap - m) <= OFF for gap, m in zip(gaps, margins, strict=True)):
            known = []
    return known if len(known) == len(lines) else []


def _stretch(tables: list[Ruled], bare: Picture, scale: float, dark: int) -> None:
    """Open cells reach down to the end of a line of words that crosses their bottom."""
    for slot in (s for t in tables for s in t.slots if s.open):
        left, _, right, bottom = _pixels(slot.box, scale, bare)
        bottom += INSET
        inked = (bare[bottom - 1 : bottom + CROSSING, left:right] < dark).any(axis=1)
        blank = np.flatnonzero(~inked)
        if len(blank) and blank[0]:
            slot.box = slot.box._replace(bottom=(bottom + int(blank[0]) + INSET) * scale)


def _outside(tables: list[Ruled], bare: Picture, scale: float, dark: int) -> Iterator[Found]:
    """The lines of running text: what is left when the tables are painted over."""
    rest = bare.copy()
    for table in tables:
        left, top, right, bottom = (round(v / scale) for v in table.box)
        crossed = [s.box for s in table.slots if s.open and s.box.bottom > table.ys[-1]]
        below = 0 if any(s.open for s in table.slots) else INSET
        rest[max(top - INSET, 0) : bottom + below, max(left - INSET, 0) : right + INSET] = 255
        for x0, _, x1, end in (_pixels(b, scale, bare) for b in crossed):
            rest[bottom : end + INSET, x0:x1] = 255
    height, width = rest.shape
    for box in lines_in(rest, (0, 0, width, height), dark, split=True, stray=int(STRAY * width)):
        hanging = next((h for t in tables if (h := t.hanging(points(box, scale)))), [])
        parts = list(_hung(hanging, rest, box, scale, dark))
        yield from parts or [Found(None, [box], dark)]


def _hung(slots: list[Slot], rest: Picture, box: Pixels, scale: float, dark: int) -> Iterator[Found]:
    """The parts of a line below open cells, if each part of its ink stands below one of them; else none."""
    left, top, right, bottom = box
    inks = rest[top:bottom, left:right] < dark
    parts = []
    for slot in slots:
        x0, x1 = (min(max(round(x / scale) - left, 0), right - left) for x in (slot.box.x0, slot.box.x1))
        at = np.flatnonzero(inks[:, x0:x1].any(axis=0))
        if len(at):
            parts.append((slot, (left + x0 + int(at[0]), top, left + x0 + int(at[-1]) + 1, bottom)))
    within = sum(int((rest[t:b, x0:x1] < dark).sum()) for _, (x0, t, x1, b) in parts)
    if parts and within == int(inks.sum()):
        yield from (Found(None, [part], dark, under=slot) for slot, part in parts)


def rejoined(found: list[Found]) -> list[Found]:
    """The lines found, those below open cells given to them where both are words: a page end cut a header there."""
    cells = {id(f.slot): f for f in found if f.slot is not None}
    hung = [f for f in found if f.under is not None]
    pairs = [(cells[id(f.under)], f) for f in hung]
    if not all(CHINESE.search("".join(x.text for x in f.lines)) for pair in pairs for f in pair):
        return found
    for cell, f in pairs:
        cell.lines += f.lines
        cell.bands = []
    return [f for f in found if f.under is None]
