"""A page's picture → its tables and lines; pictures and image-only PDFs → Documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from extractor.document import Box, Cell, Document, Grid, Place
from extractor.errors import Unreadable
from extractor.readers.page import PageContent, blocks_of
from extractor.readers.pdf_grid import Ruled, Slot, straightened, tables_of
from extractor.readers.pdf_lines import Line as PageLine
from extractor.readers.scan.clean import cleaned
from extractor.readers.scan.images import PageImage, Picture, pdf_pages, picture_pages
from extractor.readers.scan.lines import (
    DIGIT,
    LOW,
    are_apart,
    crop_of,
    darkness,
    emptiness,
    hyphen_in,
    is_dash,
    is_slash,
    is_speck,
    lines_in,
    pale_lines,
    without_borders,
    without_dust,
)
from extractor.readers.scan.lines import Box as Pixels
from extractor.readers.scan.recognise import UNREAD, Line, recogniser
from extractor.readers.scan.rules import find_rules, without_rules

INSET = 4  # pixels inside a cell's rules: their halves may be left
_NUMBER = re.compile(r"^[-+]?[\d.,]+$")
_VALUE = re.compile(r"^(\| )?[\d.,/-]*$")
_DASH, _SLASH, _SPECK = Line("-", 0.9), Line("/", 0.9), Line("", 0.5)  # told by the shape of the ink alone
SURE, UPRIGHT = 0.8, 0.2  # of an upright page, this share of characters is Chinese with at least this score
_AMOUNT = re.compile(r"^[-+]?\d[\d,]*(\.\d+)?\s*[^\d.、．]")  # a number with its unit; a label has a point: 1.属于
SHORT, FLUSH, FEW_SHORT = 4.0, 0.5, 6  # heights a short line is long; left margins by right ones; lines to tell it by
OFF = 2.0  # points by which a number set to one side may stand off its margin
SEVERAL = 3  # hyphens on a page, at least, where they are so short that dust could be one
CROSSING = 40  # pixels that the rest of a line may stand below the bottom of an open cell
CENTRED = 0.1  # of the width of a cell: how far from its middle what is centred stands
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_PAGE_NUMBER = re.compile(r"^[一—-]\s*(\d{1,4})\s*[一—-]$")  # dashes beside a number are read as 一
CRUMB, HARDLY = 3, 0.6  # a line so short, read so unsurely, is dust
FEW = 20  # characters on all pages, below which nothing was read
_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8": "image/jpeg",
    b"II": "image/tiff",
    b"MM": "image/tiff",
    b"RI": "image/webp",
}


Margins = tuple[float | None, float | None]  # left and right, in points; None where nothing is set to that side


@dataclass(slots=True)
class _Found:
    """The lines of one cell, or one line of running text, as pixels and then as characters."""

    slot: Slot | None
    boxes: list[Pixels]
    dark: int  # the grey below which a pixel of these lines is ink
    empty: float = 1.0  # how surely a cell without lines holds no ink
    lines: list[Line] = field(default_factory=list)
    bands: list[tuple[int, int]] = field(default_factory=list)  # row and column of each line, where they lie apart
    hyphen: Pixels | None = None  # the only ink of a cell, too small for a dash unless the page has more of its kind
    under: Slot | None = None  # the open cell that a line outside tables stands right below


def _pixels(box: Box, scale: float, grey: Picture) -> Pixels:
    height, width = grey.shape
    left, top, right, bottom = (round(v / scale) for v in box)
    return (
        max(left + INSET, 0),
        max(top + INSET, 0),
        max(min(right - INSET, width), left + INSET),
        max(min(bottom - INSET, height), top + INSET),
    )


def _points(box: Pixels, scale: float) -> Box:
    return Box(*(round(v * scale, 2) for v in box))


def _in_tables(tables: list[Ruled], bare: Picture, dusty: Picture, scale: float, dark: int) -> Iterator[_Found]:
    """The lines of each cell. ``dusty`` has the specks still: what is left of a broken stroke looks like dust."""
    for table in tables:
        found = [_in_cell(slot, bare, dusty, scale, dark) for slot in table.slots]
        margins = _margins(found, scale)
        for f in found:
            f.bands = _bands(table, f, [_points(line, scale) for line in f.boxes], margins)
        yield from found


def _in_cell(slot: Slot, bare: Picture, dusty: Picture, scale: float, dark: int) -> _Found:
    box = without_borders(bare, _pixels(slot.box, scale, bare))
    lines = lines_in(bare, box, dark, split=slot.colspan > 1)
    empty = 1.0 if lines else emptiness(dusty, box)
    ink = dark
    if empty < 1.0:
        lines, ink = pale_lines(bare, box, split=slot.colspan > 1)
    tiny = all(is_speck(line) for line in lines) and (empty < 1.0 or len(lines) == 1)
    return _Found(slot, lines, ink, empty, hyphen=hyphen_in(dusty, box) if tiny else None)


def _with_hyphens(found: list[_Found]) -> None:
    """Specks of one shape in several cells are hyphens of small type: dust is not all of one shape."""
    specks = [f for f in found if f.slot is not None and (f.hyphen or any(is_speck(box) for box in f.boxes))]
    hyphens = [f for f in specks if f.hyphen]
    if len(hyphens) >= max(SEVERAL, len(specks) / 2):
        for f in hyphens:
            f.boxes, f.lines, f.empty, f.bands = [], [_DASH], 1.0, []


def _margins(found: list[_Found], scale: float) -> Margins:
    """How far from the left side, or from the right, a table's short lines stand, if they are set to it; points."""
    left, right = [], []
    for f in found:
        if f.slot is None or len(f.boxes) != 1 or f.slot.colspan > 1:
            continue
        line = _points(f.boxes[0], scale)
        if line.x1 - line.x0 <= SHORT * (line.bottom - line.top):
            left.append(line.x0 - f.slot.box.x0)
            right.append(f.slot.box.x1 - line.x1)
    if len(left) < FEW_SHORT:
        return None, None
    before, behind = float(np.median(left)), float(np.median(right))
    return before if before <= FLUSH * behind else None, behind if behind <= FLUSH * before else None


def _bands(
    table: Ruled, found: _Found, lines: list[Box], margins: tuple[float | None, float | None]
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


def _outside(tables: list[Ruled], bare: Picture, scale: float, dark: int) -> Iterator[_Found]:
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
    for box in lines_in(rest, (0, 0, width, height), dark, split=True):
        hanging = next((h for t in tables if (h := t.hanging(_points(box, scale)))), [])
        parts = list(_hung(hanging, rest, box, scale, dark))
        yield from parts or [_Found(None, [box], dark)]


def _hung(slots: list[Slot], rest: Picture, box: Pixels, scale: float, dark: int) -> Iterator[_Found]:
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
        yield from (_Found(None, [part], dark, under=slot) for slot, part in parts)


def _joined(found: list[_Found]) -> list[_Found]:
    """The lines found, those below open cells given to them where both are words: a page end cut a header there."""
    cells = {id(f.slot): f for f in found if f.slot is not None}
    hung = [f for f in found if f.under is not None]
    pairs = [(cells[id(f.under)], f) for f in hung]
    if not all(_CHINESE.search("".join(x.text for x in f.lines)) for pair in pairs for f in pair):
        return found
    for cell, f in pairs:
        cell.lines += f.lines
        cell.bands = []
    return [f for f in found if f.under is None]


def _recognised(found: list[_Found], bare: Picture) -> None:
    """Read all lines of a page in one go."""
    shapes = {(id(f), box): _shape(bare, box, f.dark) for f in found if f.slot is not None for box in f.boxes}
    told = {key: line for key, line in shapes.items() if line is not None}
    boxes = [(f, box) for f in found for box in f.boxes if (id(f), box) not in told]
    crops = [crop_of(bare, box) for _, box in boxes]
    lines = iter(recogniser().read(crops, [f.slot is not None for f, _ in boxes]) if crops else [])
    told |= {(id(f), box): next(lines) for f, box in boxes}
    for f in found:
        if f.lines:
            continue  # a hyphen
        f.lines = [told[id(f), box] for box in f.boxes]
        if f.slot is not None:
            f.lines = [_parted(_unread(x, box), bare, box, f.dark) for x, box in zip(f.lines, f.boxes, strict=True)]
            f.lines = f.lines[:1] + [
                _below(line, above, box) for line, above, box in zip(f.lines[1:], f.boxes, f.boxes[1:], strict=False)
            ]


def _shape(bare: Picture, box: Pixels, dark: int) -> Line | None:
    """What ink in a table is by its shape alone, if no recogniser needs to be asked."""
    if is_dash(bare, box, dark):
        return _DASH
    if is_slash(bare, box, dark):
        return _SLASH
    return _SPECK if is_speck(box) else None


def _unread(line: Line, box: Pixels) -> Line:
    """A line that nothing was read in: dust, or, where it is as high as digits, ink that could not be read."""
    if line.text not in ("", UNREAD):
        return line
    return Line(UNREAD, line.sure, line.others) if box[3] - box[1] >= LOW * DIGIT else _SPECK


def _below(line: Line, above: Pixels, box: Pixels) -> Line:
    """A line of digits well below another: the number of a second cell, not the rest of the first (``3985⏎758``)."""
    far = box[1] - above[3] > box[3] - box[1]
    return Line(f"| {line.text}", line.sure) if far and _NUMBER.match(line.text) else line


def _parted(line: Line, bare: Picture, box: Pixels, dark: int) -> Line:
    """A line of digits; two numbers side by side, where a rule was lost between cells, are no number."""
    if not _NUMBER.match(line.text) or len(line.text) < 2 or not are_apart(bare, box, dark):
        return line
    return Line(f"{line.text} |", line.sure)  # where one ends and the other begins is not told


def _cell(lines: list[Line], empty: float, span: tuple[int, int, int, int], place: Place) -> Cell:
    """A cell (row, column, rows, columns) of lines; ``empty`` is how surely one without any holds no ink."""
    read = [line for line in lines if line.text]
    sure = round(min([empty, *(line.sure for line in read or lines)]), 4)
    label = any(_CHINESE.search(x.text) for x in read) and not any(_AMOUNT.match(x.text) for x in read)
    lines = [line for line in read if not (label and line.text == UNREAD)]
    if any(_NUMBER.match(line.text) for line in lines):
        lines = [line for line in lines if line.text.strip("-")]  # crumbs of a rule beside a number
    others = tuple(lines[0].others) if len(lines) == 1 else ()
    return Cell("\n".join(line.text for line in lines), *span, place=place, sure=sure, others=others)


def _cells(found: _Found, table: Ruled, page: int) -> Iterator[Cell]:
    """The cell of a slot; its parts where a lost rule joined cells, which no form does with numbers."""
    slot = found.slot
    assert slot is not None
    if found.bands and all(_VALUE.match(line.text) for line in found.lines):
        for r in range(slot.row, slot.row + slot.rowspan):
            for c in range(slot.column, slot.column + slot.colspan):
                own = [line for line, band in zip(found.lines, found.bands, strict=True) if band == (r, c)]
                lines = [replace(x, text=x.text[2:]) if x.text.startswith("| ") else x for x in own]
                box = Box(*(round(v, 2) for v in (table.xs[c], table.ys[r], table.xs[c + 1], table.ys[r + 1])))
                yield _cell(lines, 0.5, (r, c, 1, 1), Place(page=page, box=box))
        return
    place = Place(page=page, box=Box(*(round(v, 2) for v in slot.box)))
    yield _cell(found.lines, found.empty, (slot.row, slot.column, slot.rowspan, slot.colspan), place)


def _grid(table: Ruled, found: Iterable[_Found], page: int) -> Grid:
    by_slot = {id(f.slot): f for f in found if f.slot is not None}
    own = tuple(cell for s in table.slots for cell in _cells(by_slot[id(s)], table, page))
    place = Place(page=page, box=table.box)
    return Grid(own, len(table.ys) - 1, len(table.xs) - 1, True, page, tuple(table.xs), place)


def _prose(line: Line) -> str:
    """The text of a line outside tables; nothing where a few marks that are hardly characters are dust."""
    if len(line.text) <= CRUMB and line.sure < HARDLY:
        return ""
    return _PAGE_NUMBER.sub(r"-\1-", line.text)


def _read_upright(image: PageImage, before: list[float]) -> tuple[PageContent, int]:
    """A page that stands upright, and how many Chinese characters were recognised surely."""
    grey, _ = cleaned(image.pixels)
    scale = image.scale
    rules = straightened(find_rules(grey, scale))
    tables = tables_of(rules, before)
    dusty = without_rules(grey, rules, scale)
    dark = darkness(dusty)
    bare = without_dust(dusty, dark)
    _stretch(tables, bare, scale, dark)
    found = [*_in_tables(tables, bare, dusty, scale, dark), *_outside(tables, bare, scale, dark)]
    _with_hyphens(found)
    _recognised(found, bare)
    found = _joined(found)
    lines = []
    for f in found:
        if f.slot is None and (text := _prose(f.lines[0])):
            box = _points(f.boxes[0], scale)
            lines.append(PageLine(text, box, image.number, box.bottom - box.top))
    height, width = grey.shape
    read = [line for f in found for line in f.lines]
    content = PageContent(
        number=image.number,
        width=width * scale,
        height=height * scale,
        lines=lines,
        grids=[_grid(t, found, image.number) for t in tables],
        characters=sum(len(line.text) for line in read),
    )
    return content, sum(len(_CHINESE.findall(line.text)) for line in read if line.sure >= SURE)


def read_page(image: PageImage, before: list[float]) -> PageContent:
    """One page; ``before`` are the column boundaries of the last table of the page before.

    Where hardly any of it is Chinese surely read, or it is wider than high, it is read turned too; the way that says
    most is kept.
    """
    content, sure = _read_upright(image, before)
    height, width = image.pixels.shape[:2]
    doubtful = content.characters > 0 and sure < UPRIGHT * content.characters
    for quarters in (2, 1, 3) if doubtful else (1, 3) if width > height else ():
        pixels = np.ascontiguousarray(np.rot90(image.pixels, quarters))
        turned, more = _read_upright(PageImage(image.number, pixels, image.scale), [])
        if more > max(sure, FEW):
            content, sure = turned, more
    return content


def read_pages(images: Iterable[PageImage]) -> list[PageContent]:
    """The pages one after another; only one picture is held at a time."""
    pages: list[PageContent] = []
    before: list[float] = []
    for image in images:
        pages.append(read_page(image, before))
        before = list(pages[-1].grids[-1].edges) if pages[-1].grids else []
    return pages


def _document(pages: list[PageContent], name: str, media_type: str) -> Document:
    if sum(p.characters for p in pages) < FEW:
        raise Unreadable(f"{name} ({len(pages)} pages, no characters found in their pictures)")
    return Document(tuple(blocks_of(pages)), "scan", media_type, pages=len(pages))


def read_scanned_pdf(data: bytes, name: str) -> Document:
    """A PDF whose pages are pictures.

    Raises MissingDependency without nianbao[scan], Unreadable where the pages are blank, DamagedFile.
    """
    return _document(read_pages(pdf_pages(data, name)), name, "application/pdf")


def scan_pages(data: bytes, name: str, wanted: set[int]) -> dict[int, PageContent]:
    """Some pages of a PDF read as pictures, by number."""
    return {p.number: p for p in read_pages(pdf_pages(data, name, wanted))}


def read_picture(data: bytes, name: str) -> Document:
    """A picture file: PNG, JPEG, WebP, or TIFF with one page or more."""
    media_type = next((t for magic, t in _TYPES.items() if data.startswith(magic)), "image/*")
    return _document(read_pages(picture_pages(data, name)), name, media_type)
