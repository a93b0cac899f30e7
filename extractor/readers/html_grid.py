"""HTML tables → grids, by the table model of HTML: spans fill the slots they cover."""

from __future__ import annotations

import itertools
import re
from typing import cast

from lxml import etree

from extractor.document import Cell, Grid, Place, Span
from extractor.errors import TooLarge
from extractor.readers.html_source import Source

MAX_CELLS = 20_000  # a national table has some 300; more is no report
MAX_SPAN = 200
MAX_SLOTS = 100_000
LONG = 400  # a cell with more characters than this holds an article, not an entry of a table
_BREAKS = frozenset(["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"])
_SKIP = frozenset(["script", "style", "template"])
_GROUPS = frozenset(["tbody", "thead", "tfoot", "form", "div", "center", "font"])
_WHITE = re.compile(r"[ \t\r\n\f\v]+")
LINKED = 0.6  # a table with a greater share of its characters in links is a menu
_CHARACTERS = etree.XPath("string-length(normalize-space(.))")


def rows_of(table: etree._Element) -> list[etree._Element]:
    """The rows of a table itself, not of tables inside its cells."""
    out: list[etree._Element] = []
    for child in table:
        if child.tag == "tr":
            out.append(child)
        elif child.tag in _GROUPS:
            out += [row for row in child if row.tag == "tr"]
    return out


def cells_of(row: etree._Element) -> list[etree._Element]:
    """The cells of a row."""
    return [c for c in row if c.tag == "td" or c.tag == "th"]


def data_tables(root: etree._Element) -> set[etree._Element]:
    """The tables of a page that hold data; those that hold others, a menu or an article only lay it out."""
    found: set[etree._Element] = set()
    around: set[etree._Element] = set()  # tables with a data table inside
    for table in reversed(list(root.iter("table"))):  # inner ones first
        if table not in around and _holds_data(table):
            found.add(table)
        if table in found or table in around:
            around.update(itertools.islice(table.iterancestors("table"), 1))
    return found


def _holds_data(table: etree._Element) -> bool:
    rows = rows_of(table)
    if max((len(cells_of(r)) for r in rows), default=0) < 2:
        return False
    linked = sum(_length(a) for a in table.iter("a"))
    if linked and linked > LINKED * _length(table):
        return False  # a menu
    return len(rows) >= 4 or max(_length(c) for r in rows for c in cells_of(r) or [r]) <= LONG


def _length(node: etree._Element) -> float:
    return cast(float, _CHARACTERS(node))


def _span(printed: str | None) -> int:
    if not printed:
        return 1
    found = re.match(r"\s*(\d{1,5})", printed)
    return max(1, min(int(found[1]), MAX_SPAN)) if found else 1


def _gather(node: etree._Element, texts: list[str | None]) -> None:
    """The text nodes of an element in order, None for a line break. libxml2 bounds the depth."""
    if node.text:
        texts.append(node.text)
    for child in node:
        breaks = child.tag in _BREAKS
        if breaks:
            texts.append(None)
        if child.tag not in _SKIP and isinstance(child.tag, str):
            _gather(child, texts)
        if breaks:
            texts.append(None)
        if child.tail:
            texts.append(child.tail)


def _only_wraps(cell: etree._Element, child: etree._Element) -> bool:
    """Whether an element holds its one child and no text of its own."""
    text, tail = cell.text, child.tail
    return (
        not (text and not text.isspace())
        and not (tail and not tail.isspace())
        and isinstance(child.tag, str)
        and child.tag not in _SKIP
    )


def cell_text(cell: etree._Element, source: Source) -> tuple[str, Place]:
    """The text of a cell, its paragraphs on lines of their own, and where it stands."""
    while len(cell) == 1 and _only_wraps(cell, cell[0]):
        cell = cell[0]
    if not len(cell):  # most cells hold a number and no markup
        plain = cell.text
        if not plain or plain.isspace():
            return "", Place()
        return (plain if plain.isalnum() else _WHITE.sub(" ", plain).strip()), source.locate(plain)
    texts: list[str | None] = []
    _gather(cell, texts)
    line, lines = "", []
    start = end = -1
    for text in texts:
        if text is None:
            lines.append(line)
            line = ""
        elif text.isspace():
            line += " "
        else:
            line += _WHITE.sub(" ", text)
            span = source.locate(text).span
            if span is not None:
                start, end = span.start if start < 0 else start, span.end
    kept = [clean for line in (*lines, line) if (clean := line.strip())]
    return "\n".join(kept), Place(span=Span(start, end) if start >= 0 else None)


def table_grid(table: etree._Element, source: Source) -> Grid | None:
    """The grid of a data table, or None where it has no cells.

    Slots that a row leaves out are simply not there; spans that run over the last row are cut. Raises
    TooLarge for a table that is far too big for a report.
    """
    rows = rows_of(table)
    taken: set[tuple[int, int]] = set()  # slots that a cell of a row above reaches down into
    cells: list[Cell] = []
    slots = 0
    for r, row in enumerate(rows):
        c = 0
        for node in cells_of(row):
            while (r, c) in taken:
                c += 1
            down = min(_span(node.get("rowspan")), len(rows) - r)
            across = _span(node.get("colspan"))
            text, place = cell_text(node, source)
            cells.append(Cell(text, r, c, down, across, padding=not text and down == 1 and across == 1, place=place))
            if down > 1:
                taken.update((r + i, c + j) for i in range(1, down) for j in range(across))
            c += across
            slots += down * across
            if len(cells) > MAX_CELLS or slots > MAX_SLOTS:
                raise TooLarge(f"a table of more than {MAX_CELLS} cells")
    if not cells:
        return None
    width = max(c.column + c.colspan for c in cells)
    spans = [c.place.span for c in cells if c.place.span]
    place = Place(span=Span(spans[0].start, spans[-1].end)) if spans else Place()
    return Grid(tuple(cells), len(rows), width, regular=True, place=place)
