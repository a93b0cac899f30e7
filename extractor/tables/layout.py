"""Strips of ``pdftotext -layout`` fragments: headers, their columns, and the lines under them.

Columns are the clusters of x positions in which the numbers of a page stand; header words belong to the column they
stand above.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractor.document import Block, Box, Cell, Grid, Paragraph, Place
from extractor.forms import form_ids, label_key, load_form
from extractor.tables.header_bag import columns_by_bag
from extractor.tables.labels import header_tables, is_row_label, row_tables, words
from extractor.tables.layout_lines import (
    Centers,
    Line,
    all_named,
    bare,
    columns_of,
    header_centers,
    kind_of,
    lines_of,
    mend_broken_numbers,
    numbers_of,
    page_of,
    value_clusters,
    word,
)
from extractor.tables.layout_rows import rows_of
from extractor.tables.sheet import Column, DataRow, Strip

FULL = 3  # rows with a number in every column, for their number to be the number of columns
APPLICANTS = "requests"  # 表三, whose columns are the kinds of applicant
WIDE = 10  # columns of a table with one row of numbers


@dataclass(slots=True)
class Section:
    """Header lines and the lines under them; ``headers`` are the header lines of further pages too."""

    header: list[Line]
    body: list[Line]
    titled: bool
    headers: list[list[Line]]


def _strip(section: Section) -> Strip:
    """A section as a strip: columns from its header words or its numbers, rows from its lines."""
    header, data = section.header, [line for line in section.body if numbers_of(line)]
    clusters = value_clusters(header)
    most = max((len(numbers_of(line)) for line in data), default=0)
    proved = _by_characters(header, data, most) if len(clusters) != most else None
    count = most if proved else max(most, len(clusters))
    tops = {page_of(h[0]): header_centers(value_clusters(h)) for h in section.headers if h}
    centers = Centers(data, count, tops)
    by_words = clusters and len(clusters) == count  # in order; one without any number is a column too
    columns = proved or ([Column((word(k),)) for k in clusters] if by_words else None)
    by_place = columns is None and bool(header and data)
    if by_place:
        columns = columns_of(header, next(iter(centers.pages.values()), []))
    body = mend_broken_numbers(section.body, centers)
    rows = rows_of(body, centers)
    if not rows and columns and header and not header_needs_rows(columns):
        rows = [DataRow((), (), [Cell("", 0, -1, place=header[-1][0].place) for _ in columns])]
    if any(bare(line) and len(line) < count for line in section.body):  # halves of numbers that lines break
        rows = [replace(r, values=[v and v._replace(told="spaced") for v in r.values]) for r in rows]
    missing = most < count and clusters and not all_named(clusters)  # a column may be missing from the header
    if missing or (by_place and not _all_known(columns)) or _cut_short(columns):
        rows = [r if r.broken else replace(r, broken=True, loose=[v for v in r.values if v]) for r in rows]
    return Strip(columns or None, rows, count, titled=section.titled)


def _cut_short(columns: list[Column] | None) -> bool:
    """Whether a header names a part of the columns that 表三 always has: a page end took the others.

    As many numbers in each row prove nothing then, for a column may be empty.
    """
    found = [label_key(c.names()[0]) for c in columns or []]
    wanted = {len(b.columns) for f in form_ids() for b in load_form(f).tables[APPLICANTS].blocks}
    return bool(found) and len(found) < min(wanted) and all(_of_applicants(name) for name in found)


def _of_applicants(name: str) -> bool:
    return name in words().header[APPLICANTS]


def _all_known(columns: list[Column] | None) -> bool:
    """Whether pieces put together by their places are words of a header: 科企研业机构 is made of two."""
    known = frozenset().union(*words().header.values())
    return all(any(label_key(n) in known for n in c.names()) for c in columns or [])


def _by_characters(header: list[Line], data: list[Line], count: int) -> list[Column] | None:
    """The columns by the characters of the header, where enough rows show that there are as many."""
    full = sum(len(numbers_of(line)) == count for line in data)
    if full < FULL and count < WIDE:
        return None
    return columns_by_bag("".join(c.text for line in header for c in line), count)


def header_needs_rows(columns: list[Column]) -> bool:
    """Whether a table has labelled rows under this header (表四 has not: its one row is all numbers)."""
    return not all("reconsideration_litigation" in header_tables(c.path[-1]) for c in columns if c.path)


def _sections(lines: list[Line]) -> list[Section | None]:
    """The lines by header; None for a block title."""
    out: list[Section | None] = []
    now = Section([], [], False, [])
    titled = False
    for line in lines:
        kind = kind_of(line)
        started = any(numbers_of(b) or _holds_row(b) for b in now.body)
        if kind == "title" or (kind == "header" and started):
            out.append(now)
            titled = kind == "title"
            now = Section([], [], titled, [])
            if kind == "title":
                out.append(None)
                continue
        if kind == "header" or (
            kind == "label" and not started and (now.header or len(line) > 2) and _may_be_header(line)
        ):
            now.header += [*now.body, line]
            now.body = []
        else:
            now.body.append(line)
    return [*out, now]


def _holds_row(line: Line) -> bool:
    """Whether a line without numbers is the label of a row and no header word."""
    return any(not header_tables(c.text) and is_row_label(c.text) for c in line)


def _may_be_header(line: Line) -> bool:
    """A line between header words and the first row: halves of broken header words, unless it is a row label."""
    return not _holds_row(line) and not any(len(label_key(c.text)) >= 3 and row_tables(c.text) for c in line)


def layout_strips(grid: Grid) -> list[Strip]:
    """The strips of a grid of ``-layout`` fragments; a header printed again on the next page is one header."""
    found: list[Section | None] = []
    for section in _sections(lines_of(grid)):
        before = found[-1] if found else None
        if section is None:
            found.append(None)
        elif before is not None and before.body and _same_header(before.header, section.header):
            before.body += section.body
            before.headers.append(section.header)
        elif section.header or section.body:
            section.headers.append(section.header)
            found.append(section)
    return [_strip(s) if s is not None else Strip(None, [], 0, titled=True) for s in found]


def _same_header(a: list[Line], b: list[Line]) -> bool:
    """Whether a header repeats the one before it."""
    first, second = ([word(k) for k in value_clusters(h)] for h in (a, b))
    return len(first) > 1 and first == second


def joined_lines(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with row labels that stand alone on their line (an empty row) put back into their table.

    二、上年结转政府信息公开申请数量 without any number looks like the title of a chapter to a reader.
    """
    out: list[Block] = []
    waiting: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph) and out and isinstance(out[-1], Grid) and _is_label(block.text):
            waiting.append(block)
        elif isinstance(block, Grid) and out and isinstance(out[-1], Grid):
            out[-1] = _with_lines(out[-1], waiting, block)
            waiting = []
        else:
            if waiting:
                out[-1] = _with_lines(out[-1], waiting, None)  # type: ignore[arg-type]
                waiting = []
            out.append(block)
    return out


def _is_label(text: str) -> bool:
    """Whether a line is the label of a row, of one that heads others (三、本年度办理结果) too."""
    return is_row_label(text) or bool(row_tables(text) and not header_tables(text))


def _with_lines(grid: Grid, labels: list[Paragraph], after: Grid | None) -> Grid:
    cells = list(grid.cells)
    page = max((c.place.page or 1 for c in cells), default=1)
    number = max(c.place.box.top for c in cells if c.place.box)
    rows = grid.rows
    for k, label in enumerate(labels, 1):
        box = Box(0, number + k / 10, len(label.text), number + k / 10 + 0.1)
        place = Place(page=page, box=box, span=label.pieces[0].place.span if label.pieces else None)
        cells.append(Cell(label.text, rows, 0, place=place))
        rows += 1
    if after is not None:
        cells += [c._replace(row=c.row + rows) for c in after.cells]
        rows += after.rows
    return replace(grid, cells=tuple(cells), rows=rows)
