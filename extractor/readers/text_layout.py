"""The output of ``pdftotext -layout``: columns kept by spaces, pages ended by form feeds.

Table lines become the rows of a grid whose cells are the printed fragments; a fragment's box holds
its character columns (x) and its line number (top). What belongs together is for the table room to
find: a reader knows no labels. Running lines are joined to paragraphs, page numbers set aside.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from extractor.document import Block, Box, Cell, Grid, Paragraph, Piece, Place, Span
from extractor.normalize import is_page_mark, squeeze
from extractor.readers.page_edges import running_heads

_CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,2}、\S{4,}")
_SENTENCE_END = re.compile(r"[。；;！？]$")
_GAP = re.compile(r" {2,}|\t+")
_NUMBER = re.compile(r"^[+\-−]?[\d,，.．]*\d(元|万元|件)?$|^[/／\-—–]+$|^无$")
MAX_STRAY = 9  # label lines between two lines with columns; a wrapped cell has hardly more


@dataclass(slots=True)
class Fragment:
    """A run of characters without a wide gap: its text, its columns and its offset in the file.

    ``x0`` to ``x1`` count characters, as pdftotext does, until ``_measure`` finds that the columns of
    a file stand under each other only on a terminal, where a Chinese character is two columns wide.
    """

    text: str
    x0: int
    x1: int
    wide: tuple[int, int]
    start: int


@dataclass(slots=True)
class Row:
    """One printed line: its fragments, its page (from 1) and its line number in the file."""

    fragments: list[Fragment]
    page: int
    number: int

    @property
    def text(self) -> str:
        """The whole line, squeezed."""
        return "".join(f.text for f in self.fragments)

    @property
    def columnar(self) -> bool:
        """Whether the line has columns: several fragments, or a lone number."""
        return len(self.fragments) > 1 or bool(_NUMBER.match(self.fragments[0].text))


def _width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _fragment(line: str, start: int, text: str, offset: int) -> Fragment:
    before = _width(line[:start])
    return Fragment(text, start, start + len(text), (before, before + _width(text)), offset + start)


def _fragments(line: str, offset: int) -> list[Fragment]:
    """Fragments between wide gaps; numbers are also cut at single spaces."""
    out: list[Fragment] = []
    position = 0
    for part in [*_GAP.finditer(line), None]:
        end = part.start() if part else len(line)
        chunk = line[position:end]
        words = chunk.split()
        heading = _CHAPTER.match(squeeze(chunk)) and not any(_NUMBER.match(w) for w in words)
        if len(words) > 1 and not heading and all(_NUMBER.match(w) or len(w) <= 4 for w in words):
            out += _words(line, position, end, offset)
        elif chunk.strip():
            lead = len(chunk) - len(chunk.lstrip())
            out.append(_fragment(line, position + lead, chunk.strip(), offset))
        position = part.end() if part else end
    return out


_WORD = re.compile(r"[\u4e00-\u9fff](?: [\u4e00-\u9fff](?!\S))+|\S+")


def _words(line: str, start: int, end: int, offset: int) -> list[Fragment]:
    """The words of a chunk; single Chinese characters in a row are one letter-spaced word (总 计)."""
    return [_fragment(line, w.start(), w.group(), offset) for w in _WORD.finditer(line, start, end)]


def _measure(pages: list[list[Row]]) -> None:
    """Set the columns of all fragments by the measure under which lines of numbers stand straighter."""
    spread = [0.0, 0.0]
    for rows in pages:
        numbers = [[f for f in r.fragments if _NUMBER.match(f.text)] for r in rows]
        longest = max(numbers, key=len, default=[])
        if len(longest) < 5:
            continue
        for fragment in (f for line in numbers if len(line) > 1 for f in line):
            spread[0] += min(abs(fragment.x0 + fragment.x1 - g.x0 - g.x1) for g in longest)
            spread[1] += min(abs(sum(fragment.wide) - sum(g.wide)) for g in longest)
    if spread[1] < spread[0]:
        for fragment in (f for rows in pages for r in rows for f in r.fragments):
            fragment.x0, fragment.x1 = fragment.wide


def _rows(text: str) -> list[list[Row]]:
    """The printed lines of each page, page numbers and running heads dropped."""
    pages, offset, number = [], 0, 0
    for page_number, page in enumerate(text.split("\f"), 1):
        rows: list[Row] = []
        for line in page.split("\n"):
            fragments = _fragments(line.rstrip("\r"), offset)
            if fragments:
                rows.append(Row(fragments, page_number, number))
            offset += len(line) + 1
            number += 1
        for index in (-1, 0):  # the outermost lines only: a lone number inside a table is a cell
            if rows and is_page_mark(rows[index].text, bare=True):
                rows.pop(index)
        pages.append(rows)
    heads = running_heads([[(r.fragments[0].start, r.text) for r in rows] for rows in pages])
    return [[r for r in rows if r.fragments[0].start not in heads] for rows in pages]


def is_layout(text: str) -> bool:
    """Whether the text has lines with columns kept by spaces (three columns, at least four lines)."""
    return len(re.findall(r"^ *\S+(?: \S+)*(?: {2,}\S+){3,} *\r?$", text, re.M)) >= 4


def _is_heading(row: Row) -> bool:
    return len(row.fragments) == 1 and bool(_CHAPTER.match(squeeze(row.text)))


def _is_prose(row: Row, width: int) -> bool:
    """A line of running text: one fragment, long or closed by a stop."""
    if len(row.fragments) > 1:
        return False
    text = row.fragments[0].text
    return len(text) > 0.55 * width or bool(_SENTENCE_END.search(text))


def _regions(rows: list[Row], width: int) -> list[tuple[bool, list[Row]]]:
    """The lines of one page as alternating (is table, lines)."""
    marks = [r.columnar and not _is_prose(r, width) for r in rows]
    seeds = [i for i, m in enumerate(marks) if m]
    for a, b in pairwise(seeds):
        between = rows[a + 1 : b]
        if len(between) <= MAX_STRAY and not any(_is_heading(r) for r in between):
            marks[a:b] = [True] * (b - a)
    for i in seeds:  # a block header or the first line of a wrapped label stands alone above its table
        j = i - 1
        while j >= 0 and not marks[j] and i - j <= 3 and not _is_heading(rows[j]) and not _is_prose(rows[j], width):
            marks[j] = True
            j -= 1
        j = i + 1
        while (
            j < len(rows) and not marks[j] and j - i <= 3 and not _is_heading(rows[j]) and not _is_prose(rows[j], width)
        ):
            marks[j] = True
            j += 1
    out: list[tuple[bool, list[Row]]] = []
    for row, mark in zip(rows, marks, strict=True):
        if not out or out[-1][0] != mark:
            out.append((mark, []))
        out[-1][1].append(row)
    return out


def _grid(rows: list[Row]) -> Grid:
    cells = [
        Cell(
            text=f.text,
            row=r,
            column=c,
            place=Place(
                page=row.page,
                box=Box(f.x0, row.number, f.x1, row.number + 1),
                span=Span(f.start, f.start + len(f.text)),
            ),
        )
        for r, row in enumerate(rows)
        for c, f in enumerate(row.fragments)
    ]
    starts = [c.place.span for c in cells if c.place.span]
    span = Span(min(s.start for s in starts), max(s.end for s in starts))
    columns = max(len(r.fragments) for r in rows)
    return Grid(tuple(cells), len(rows), columns, regular=False, page=rows[0].page, place=Place(span=span))


class _Paragraphs:
    """Joins lines to paragraphs: an indented line, a heading or a short line before begins a new one."""

    def __init__(self, width: int, left: int) -> None:
        self.width, self.left = width, left
        self.done: list[Block] = []
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        if self._rows and self._begins_new(self._rows[-1], row):
            self.flush()
        self._rows.append(row)

    def _begins_new(self, last: Row, row: Row) -> bool:
        if len(last.text) < 0.75 * self.width or _is_heading(row) or _is_heading(last):
            return True
        indented = row.fragments[0].x0 > self.left + 1
        return indented and (row.page == last.page or last.fragments[0].x0 > self.left + 1)

    def flush(self) -> None:
        text, pieces = "", []
        for row in self._rows:
            for f in row.fragments:
                clean = re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", f.text)
                pieces.append(
                    Piece(len(text), len(text) + len(clean), Place(span=Span(f.start, f.start + len(f.text))))
                )
                text += clean
        if text:
            self.done.append(Paragraph(text, tuple(pieces)))
        self._rows = []


def read_layout(text: str) -> list[Block]:
    """Paragraphs and fragment grids of ``-layout`` text; offsets are code points of ``text``."""
    pages = _rows(text)
    _measure(pages)
    single = sorted(len(r.text) for rows in pages for r in rows if len(r.fragments) == 1)
    width = max(single[int(0.85 * (len(single) - 1))], 12) if single else 40
    lefts = sorted(r.fragments[0].x0 for rows in pages for r in rows if len(r.text) >= 0.9 * width)
    paragraphs = _Paragraphs(width, lefts[len(lefts) // 4] if lefts else 0)
    blocks: list[Block] = []
    table: list[Row] = []

    def close_table() -> None:
        if table:
            blocks.append(_grid(table))
            table.clear()

    for rows in pages:  # a table that goes on over a page end with nothing between stays one grid
        for is_table, lines in _regions(rows, width):
            if is_table:
                paragraphs.flush()
                blocks += paragraphs.done
                paragraphs.done = []
                table += lines
                continue
            close_table()
            for row in lines:
                paragraphs.add(row)
    close_table()
    paragraphs.flush()
    return blocks + paragraphs.done
