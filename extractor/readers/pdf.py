"""Digital PDF → Document, with pdfplumber: text, ruled tables, boxes in points.

Every page is closed as soon as it is read, so memory does not grow with the file.
"""

from __future__ import annotations

import io
import logging
import re
from itertools import chain
from typing import Any

from extractor.document import Box, Cell, Document, Grid, Place
from extractor.errors import DamagedFile, Encrypted, MissingDependency, TooLarge, Unreadable
from extractor.readers.page import PageContent, blocks_of
from extractor.readers.pdf_chars import SecondReader
from extractor.readers.pdf_grid import Ruled, find_tables
from extractor.readers.pdf_lines import CHINESE as CHINESE_SIGN
from extractor.readers.pdf_lines import box_of, cell_text, page_lines, split_lines

MAX_PAGES = 2000
PICTURE, WHOLE = 0.08, 0.6  # of a page: a picture that may hold a table, one of the page itself
RULE = 3.0  # points
UNCODED = 0.3  # of the characters of a page, more than this without a code: its text layer is of no use
CHINESE = 0.3  # of the letters of a report, more are Chinese
FEW = 20  # characters; a page, or a file, with fewer has no text layer
_CID = re.compile(r"\(cid:\d+\)")


def looks_like_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does (some files carry a little junk before the mark)."""
    return b"%PDF-" in data[:1024]


def _check_whole(data: bytes, name: str) -> None:
    """Refuse a file that was cut off: a reader that rebuilds it would lose pages without a word."""
    linear = re.search(rb"/Linearized\b.{0,200}?/L (\d+)", data[:2048], re.S)
    if linear and int(linear.group(1)) > len(data) + 16:
        raise DamagedFile(f"{name} (the file ends before its own stated length)")
    if b"%%EOF" not in data[-65536:]:
        raise DamagedFile(f"{name} (the end of the PDF is missing)")


def _open(data: bytes, name: str) -> Any:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font, once a character
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
        count = len(pdf.pages)
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            raise Encrypted(name) from error
        raise DamagedFile(f"{name} ({type(cause).__name__})") from error
    except Exception as error:  # pdfminer lets many kinds through on broken files
        raise DamagedFile(f"{name} ({type(error).__name__})") from error
    if count == 0:
        raise DamagedFile(f"{name} (no pages)")
    if count > MAX_PAGES:
        raise TooLarge(f"{name} ({count} pages)")
    return pdf


def _unique(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bold imitated by printing twice gives each character twice, a hair apart: keep one."""
    seen: dict[tuple[str, int], list[dict[str, Any]]] = {}
    out = []
    for char in chars:
        text, x = char["text"], int(char["x0"])
        near = chain.from_iterable(seen.get((text, beside), ()) for beside in (x - 1, x, x + 1))
        if not any(_printed_again(char, c) for c in near):
            seen.setdefault((text, x), []).append(char)
            out.append(char)
    return out


def _printed_again(char: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(abs(int(char["top"]) - int(other["top"])) <= 1 and abs(char["x0"] - other["x0"]) < 0.2 * char["size"])


def _grid(table: Ruled, page: int) -> Grid:
    cells = tuple(
        Cell(
            text=cell_text(s.chars),
            row=s.row,
            column=s.column,
            rowspan=s.rowspan,
            colspan=s.colspan,
            place=Place(page=page, box=Box(*(round(v, 2) for v in s.box))),
        )
        for s in table.slots
    )
    return Grid(
        cells=cells,
        rows=len(table.ys) - 1,
        columns=len(table.xs) - 1,
        regular=True,
        page=page,
        edges=tuple(table.xs),
        place=Place(page=page, box=table.box),
    )


def _chars(page: Any, number: int, second: SecondReader) -> list[dict[str, Any]]:
    """The characters of a page; where pdfminer has no codes for its fonts, those that PDFium finds."""
    chars = [c for c in page.chars if c["text"]]
    fonts = page.page_obj.resources.get("Font") if page.page_obj.resources else None
    undecoded = sum(bool(_CID.match(c["text"])) for c in chars)
    if (fonts and not chars) or undecoded > 0.05 * len(chars):
        again = second.chars(number - 1)
        if len(again) > len(chars) - undecoded:
            return _unique(again)
    return _unique(chars)


_HANGING = frozenset("，、。；：！？）》”’,.;:)")


def _sort_into(tables: list[Ruled], chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each character to the cell that holds its middle; those in no cell are returned.

    Punctuation that hangs over the edge of its cell stays with the character before it.
    """
    free, last, last_slot = [], None, None
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        slot = next((s for t in tables if (s := t.slot_at(x, y)) is not None), None)
        if (
            char["text"] in _HANGING
            and last is not None
            and abs(char["x0"] - last["x1"]) < 0.3 * char["size"]
            and abs(char["bottom"] - last["bottom"]) < 0.5 * char["size"]
        ):
            slot = last_slot
        if slot is None:
            free.append(char)
        else:
            slot.chars.append(char)
        last, last_slot = char, slot
    return free


def _hang(tables: list[Ruled], free: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give words right below cells that a page end has cut to these cells; the characters left over are returned."""
    if not any(s.open for t in tables for s in t.slots):
        return free
    left = []
    for line in split_lines(free):
        slots = next((found for t in tables if (found := t.hanging(box_of(line)))), [])
        under = [next((s for s in slots if s.box.x0 <= (c["x0"] + c["x1"]) / 2 <= s.box.x1), None) for c in line]
        cut = [s for s in under if s is not None and CHINESE_SIGN.search(cell_text(s.chars))]
        if slots and len(cut) == len(line):
            for slot, char in zip(cut, line, strict=True):
                slot.chars.append(char)
        else:
            left += line
    return left


def _read_page(page: Any, number: int, second: SecondReader, before: list[float]) -> PageContent:
    chars = _chars(page, number, second)
    tables = find_tables(page, before) if chars else []
    free = _hang(tables, _sort_into(tables, chars))
    pictures = _pictures(page)
    cid = sum(bool(_CID.match(c["text"])) for c in chars)
    garbled = _is_garbled(chars, pictures, float(page.width) * float(page.height))
    return PageContent(
        number=number,
        width=float(page.width),
        height=float(page.height),
        lines=page_lines(free, number),
        grids=[_grid(t, number) for t in tables if any(s.chars for s in t.slots) or len(t.xs) > 3],
        characters=sum(not c["text"].isspace() for c in chars),
        cid=cid,
        images=len(page.objects.get("image", ())),
        pictures=pictures,
        garbled=garbled or cid > UNCODED * max(len(chars), 1),
    )


def _judge(pages: list[PageContent], name: str) -> tuple[str, ...]:
    """Raise if there is no text to read; otherwise the notes about what is doubtful."""
    characters, cid = sum(p.characters for p in pages), sum(p.cid for p in pages)
    if not characters:
        raise Unreadable(f"{name} ({len(pages)} blank pages)")
    if cid > UNCODED * characters:
        raise Unreadable(
            f"{name} (its text layer has no character codes, only (cid:…))",
            hint="The fonts of this PDF lack their code table; print it anew, or read it as a scan.",
        )
    notes = ["cid_text"] if cid else []
    return tuple(notes)


def _pictures(page: Any) -> list[Box]:
    """The boxes of pictures that take a good part of a page."""
    area = float(page.width) * float(page.height)
    boxes = [Box(i["x0"], i["top"], i["x1"], i["bottom"]) for i in page.objects.get("image", ())]
    return [b for b in boxes if (b.x1 - b.x0) * (b.bottom - b.top) >= PICTURE * area]


def _is_garbled(chars: list[dict[str, Any]], pictures: list[Box], area: float) -> bool:
    """Whether the text laid under a picture of the whole page is of no use: hardly a Chinese character in it."""
    whole = any((b.x1 - b.x0) * (b.bottom - b.top) >= WHOLE * area for b in pictures)
    letters = [c["text"] for c in chars if not c["text"].isspace() and not c["text"].isdigit()]
    chinese = sum("\u4e00" <= t <= "\u9fff" for t in letters)
    return whole and len(letters) >= FEW and chinese < CHINESE * len(letters)


def _with_scanned(data: bytes, name: str, pages: list[PageContent]) -> tuple[list[PageContent], tuple[str, ...]]:
    """The pages, those that are pictures read by the scan reader, and tables in their pictures; else they are noted."""
    whole = {p.number for p in pages if (p.images and p.characters < FEW) or p.garbled}
    some = {p.number for p in pages if p.pictures} - whole
    if not whole | some:
        return pages, ()
    try:
        from extractor.readers.scan.read import scan_pages
    except ImportError:
        return pages, ("image_pages",)
    scanned = scan_pages(data, name, whole | some)
    out = [scanned.get(p.number, p) if p.number in whole else p for p in pages]
    for page in (p for p in out if p.number in some):
        page.grids += [g for g in scanned[page.number].grids if g.rows > 1 and _inside(g.place.box, page.pictures)]
    return out, ("scanned_pages",)


def _inside(box: Box | None, pictures: list[Box]) -> bool:
    """Whether a box lies in one of the pictures, but for the width of a rule."""
    return box is not None and any(
        min(box.x0 - b.x0, box.top - b.top, b.x1 - box.x1, b.bottom - box.bottom) >= -RULE for b in pictures
    )


def _as_scan(data: bytes, name: str) -> Document:
    """A PDF of pictures, read by the scan reader where it is installed."""
    try:
        from extractor.readers import scan
    except ImportError as error:
        raise MissingDependency(
            f"{name} holds pictures of pages and no text; to read scans, {error.name} is needed",
            hint="pip install 'nianbao[scan]', or find the digital original.",
        ) from error
    return scan.read_scanned_pdf(data, name)


def read_pdf(data: bytes, name: str) -> Document:
    """Read a digital PDF.

    Raises DamagedFile, Encrypted, TooLarge, Unreadable (blank pages, no character codes) or
    MissingDependency (pictures of pages only, and nianbao[scan] is not installed).
    """
    _check_whole(data, name)
    pdf = _open(data, name)
    second = SecondReader(data)
    pages: list[PageContent] = []
    before: list[float] = []
    try:
        for number, page in enumerate(pdf.pages, 1):
            try:
                pages.append(_read_page(page, number, second, before))
            except Exception as error:
                raise DamagedFile(f"{name} (page {number}: {type(error).__name__})") from error
            before = list(pages[-1].grids[-1].edges) if pages[-1].grids else []
            page.close()
    finally:
        pdf.close()
        second.close()
    if sum(p.images for p in pages) and sum(p.characters for p in pages) < FEW:
        return _as_scan(data, name)
    pages, mixed = _with_scanned(data, name, pages)
    notes = (*_judge(pages, name), *mixed)
    return Document(tuple(blocks_of(pages)), "pdf", "application/pdf", pages=len(pages), notes=notes)
