"""A page's picture → its tables and lines; pictures and image-only PDFs → Documents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from extractor.document import Box, Cell, Document, Grid, Place
from extractor.errors import Unreadable
from extractor.readers.page import PageContent, blocks_of
from extractor.readers.pdf_grid import Ruled, straightened, tables_of
from extractor.readers.pdf_lines import CHINESE
from extractor.readers.pdf_lines import Line as PageLine
from extractor.readers.scan.clean import cleaned
from extractor.readers.scan.found import DASH, Found, lines_on_page, points, rejoined
from extractor.readers.scan.images import PageImage, Picture, pdf_pages, picture_pages
from extractor.readers.scan.lines import (
    DIGIT,
    LOW,
    are_apart,
    crop_of,
    darkness,
    goes_on,
    is_dash,
    is_slash,
    is_speck,
    may_be_slash,
    without_dust,
)
from extractor.readers.scan.lines import Box as Pixels
from extractor.readers.scan.recognise import UNREAD, Line, recogniser
from extractor.readers.scan.rules import find_rules, without_rules

_NUMBER = re.compile(r"^[-+]?[\d.,]+$")
_VALUE = re.compile(r"^(\| )?[\d.,/-]*$")
_SLASH, _SPECK = Line("/", 0.9), Line("", 0.5)  # told by the shape of the ink
_LIKE_SLASH = ("1", "/", "", UNREAD)  # what recognisers take a slash for
SURE, UPRIGHT = 0.8, 0.2  # of an upright page, this share of characters is Chinese with at least this score
_AMOUNT = re.compile(r"^[-+]?\d[\d,]*(\.\d+)?\s*[^\d.、．]")  # a number with its unit; a label has a point: 1.属于
_PAGE_NUMBER = re.compile(r"^[一—-]\s*(\d{1,4})\s*[一—-]$")  # dashes beside a number are read as 一
CRUMB, HARDLY = 3, 0.6  # a line so short, read so unsurely, is dust
WORD = 0.9  # the least score of digits and marks that stand in a line of their own beside words
CUT = 0.5  # how surely a number is read, at most, that a rule has painted over in part, or a slash that may be a 1
FEW = 20  # characters on all pages, below which nothing was read
_TYPES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8": "image/jpeg",
    b"II": "image/tiff",
    b"MM": "image/tiff",
    b"RI": "image/webp",
}


def _recognised(found: list[Found], bare: Picture, grey: Picture) -> None:
    """Read all lines of a page in one go: of ``bare``, which is ``grey`` without its rules."""
    cells = [(f, box) for f in found if f.slot is not None for box in f.boxes]
    cut = {(id(f), box) for f, box in cells if goes_on(grey, box, f.dark)}
    shapes = {(id(f), box): _shape(bare, box, f.dark) for f, box in cells}
    told = {key: line for key, line in shapes.items() if line is not None}
    boxes = [(f, box) for f in found for box in f.boxes if (id(f), box) not in told]
    crops = [crop_of(bare, box) for _, box in boxes]
    lines = iter(recogniser().read(crops, [f.slot is not None for f, _ in boxes]) if crops else [])
    told |= {(id(f), box): next(lines) for f, box in boxes}
    told |= {key: replace(told[key], sure=min(told[key].sure, CUT)) for key in cut if _VALUE.match(told[key].text)}
    for f in found:
        f.empty = min(f.empty, CUT) if f.doubt else f.empty
        if f.lines:
            continue  # a hyphen
        f.lines = [told[id(f), box] for box in f.boxes]
        if f.slot is not None:
            for k, box in enumerate(f.boxes):
                line = _unread(f.lines[k], box)
                if (id(f), box) not in cut:  # or a 7 whose bar lies in the rule above
                    line = _or_slash(line, bare, box, f.dark)
                f.lines[k] = _parted(line, bare, box, f.dark)
            if f.doubt:
                f.lines = [replace(line, sure=min(line.sure, CUT)) for line in f.lines]
            f.lines = f.lines[:1] + [
                _below(line, above, box) for line, above, box in zip(f.lines[1:], f.boxes, f.boxes[1:], strict=False)
            ]


def _shape(bare: Picture, box: Pixels, dark: int) -> Line | None:
    """What ink in a table is by its shape alone, where no recogniser needs to be asked."""
    if is_dash(bare, box, dark):
        return DASH
    return _SPECK if is_speck(box) else None


def _unread(line: Line, box: Pixels) -> Line:
    """A line that nothing was read in: dust, or, where it is as high as digits, ink that could not be read."""
    if line.text not in ("", UNREAD):
        return line
    return Line(UNREAD, line.sure, line.others) if box[3] - box[1] >= LOW * DIGIT else _SPECK


def _or_slash(line: Line, bare: Picture, box: Pixels, dark: int) -> Line:
    """A slash where ink leans like one and was read as a 1; unsurely so where it leans less, or was read otherwise."""
    if len(line.text.replace(UNREAD, "")) > 1 or not may_be_slash(bare, box, dark):
        return line
    straight = is_slash(bare, box, dark)
    if line.text in _LIKE_SLASH:
        return _SLASH if straight else Line("/", CUT, [("1", 1 - CUT)])
    return Line(line.text, min(line.sure, CUT), [("/", 1 - CUT)]) if straight or line.text == "7" else line


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
    label = any(CHINESE.search(x.text) for x in read) and not any(_AMOUNT.match(x.text) for x in read)
    if label:  # what is no word beside words, and hardly read, is dust
        read = [x for x in read if CHINESE.search(x.text) or (x.text != UNREAD and x.sure >= WORD)]
    sure = round(min([empty, *(line.sure for line in read or lines)]), 4)
    lines = read
    if any(_NUMBER.match(line.text) for line in lines):
        lines = [line for line in lines if line.text.strip("-")]  # crumbs of a rule beside a number
    others = tuple(lines[0].others) if len(lines) == 1 else ()
    return Cell("\n".join(line.text for line in lines), *span, place=place, sure=sure, others=others)


def _cells(found: Found, table: Ruled, page: int) -> Iterator[Cell]:
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


def _grid(table: Ruled, found: Iterable[Found], page: int) -> Grid:
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
    found = lines_on_page(tables, bare, dusty, scale, dark)
    _recognised(found, bare, grey)
    found = rejoined(found)
    lines = []
    for f in found:
        if f.slot is None and (text := _prose(f.lines[0])):
            box = points(f.boxes[0], scale)
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
    return content, sum(len(CHINESE.findall(line.text)) for line in read if line.sure >= SURE)


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
