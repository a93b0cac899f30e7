"""HTML tables → grids, by the table model of HTML: spans fill the slots they cover."""

from __future__ import annotations

import re
from collections.abc import Iterator

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


def _local(node: etree._Element) -> str:
    return str(node.tag).lower() if isinstance(node.tag, str) else ""


def rows_of(table: etree._Element) -> list[etree._Element]:
    """The rows of a table itself, not of tables inside its cells."""
    out: list[etree._Element] = []
    for child in table:
        tag = _local(child)
        if tag == "tr":
            out.append(child)
        elif tag in ("tbody", "thead", "tfoot", "form", "div", "center", "font"):
            out += [row for row in child if _local(row) == "tr"]
    return out


def cells_of(row: etree._Element) -> list[etree._Element]:
    """The cells of a row."""
    return [c for c in row if _local(c) in ("td", "th")]


def is_data_table(table: etree._Element) -> bool:
    """Whether a table holds data; one that holds other tables or an article only lays out the page."""
    rows = rows_of(table)
    widest = max((len(cells_of(r)) for r in rows), default=0)
    if not rows or widest < 2:
        return False
    if sum(len(t) for a in table.iter("a") for t in a.itertext()) > 0.6 * sum(len(t.strip()) for t in table.itertext()):
        return False  # a menu
    nested = [t for t in table.iter("table") if t is not table]
    if any(is_data_table(t) for t in nested):
        return False
    longest = max(sum(len(t) for t in c.itertext()) for r in rows for c in cells_of(r) or [r])
    return longest <= LONG or len(rows) >= 4


def _span(cell: etree._Element, name: str) -> int:
    found = re.match(r"\s*(\d{1,5})", cell.get(name) or "")
    return max(1, min(int(found[1]), MAX_SPAN)) if found else 1


def _texts(cell: etree._Element) -> Iterator[tuple[str, bool]]:
    """The text nodes of a cell; true with a line break before the text."""
    skipping: etree._Element | None = None
    for event, node in etree.iterwalk(cell, events=("start", "end", "comment")):
        if event == "start":
            if skipping is None and _local(node) in _SKIP:
                skipping = node
            if skipping is None:
                yield node.text or "", _local(node) in _BREAKS
        elif node is cell:
            continue
        else:
            if node is skipping:
                skipping = None
            if skipping is None:
                yield node.tail or "", event == "end" and _local(node) in _BREAKS


def cell_text(cell: etree._Element, source: Source) -> tuple[str, Place]:
    """The text of a cell, its paragraphs on lines of their own, and where it stands."""
    lines = [""]
    spans: list[Span] = []
    for text, breaks in _texts(cell) if len(cell) else [(cell.text or "", False)]:
        if breaks and lines[-1].strip():
            lines.append("")
        if not text or text.isspace():
            continue
        place = source.locate(text)
        if place.span is not None:
            spans.append(place.span)
        lines[-1] += re.sub(r"[ \t\r\n\f\v]+", " ", text)
    span = Span(spans[0].start, spans[-1].end) if spans else None
    return "\n".join(line.strip() for line in lines if line.strip()), Place(span=span)


def table_grid(table: etree._Element, source: Source) -> Grid | None:
    """The grid of a data table, or None where it has no cells.

    Slots that a row leaves out are simply not there; spans that run over the last row are cut. Raises
    TooLarge for a table that is far too big for a report.
    """
    rows = rows_of(table)
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for r, row in enumerate(rows):
        c = 0
        for node in cells_of(row):
            while (r, c) in taken:
                c += 1
            down = min(_span(node, "rowspan"), len(rows) - r)
            across = _span(node, "colspan")
            text, place = cell_text(node, source)
            cells.append(Cell(text, r, c, down, across, padding=not text and down == 1 and across == 1, place=place))
            taken.update((r + i, c + j) for i in range(down) for j in range(across))
            c += across
            if len(cells) > MAX_CELLS or len(taken) > MAX_SLOTS:
                raise TooLarge(f"a table of more than {MAX_CELLS} cells")
    if not cells:
        return None
    width = max(c.column + c.colspan for c in cells)
    spans = [c.place.span for c in cells if c.place.span]
    place = Place(span=Span(spans[0].start, spans[-1].end)) if spans else Place()
    return Grid(tuple(cells), len(rows), width, regular=True, place=place)
