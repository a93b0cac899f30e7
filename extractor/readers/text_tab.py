"""The flattening that some Word converters write: each cell on a line of its own that begins with a tab.

A line without tab right after a cell continues it; an empty line ends the row; a cell merged with the
one above is an empty tab line; a cell merged over columns appears once. So a row is a plain list of
cells whose columns are known only from the right (``regular=False``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractor.document import Block, Cell, Grid, Paragraph, Piece, Place, Span

_NUMBER_SO_FAR = re.compile(r"^[\s\d.,，．+\-/—]*$")
_CHAPTER = re.compile(r"^[一二三四五六七八九十]+、\S{4,}")


@dataclass(slots=True)
class _Builder:
    blocks: list[Block] = field(default_factory=list)
    rows: list[list[list[tuple[int, str]]]] = field(default_factory=list)
    row_open: bool = False

    def cell(self, start: int, text: str) -> None:
        if not self.row_open:
            self.rows.append([])
            self.row_open = True
        self.rows[-1].append([(start, text)])

    def continues(self, text: str) -> bool:
        """Whether a line without tab belongs to the cell before: words never continue a number."""
        if not self.row_open or _CHAPTER.match(text):
            return False
        so_far = "".join(part for _, part in self.rows[-1][-1])
        return not _NUMBER_SO_FAR.match(so_far) or bool(so_far.strip() and _NUMBER_SO_FAR.match(text))

    def end_table(self) -> None:
        if self.rows:
            self.blocks.append(_grid(self.rows))
        self.rows, self.row_open = [], False

    def paragraph(self, start: int, text: str) -> None:
        self.end_table()
        stripped = text.strip()
        start += text.index(stripped[0])
        place = Place(span=Span(start, start + len(stripped)))
        self.blocks.append(Paragraph(stripped, (Piece(0, len(stripped), place),)))


def _grid(rows: list[list[list[tuple[int, str]]]]) -> Grid:
    cells = []
    for r, row in enumerate(rows):
        for c, parts in enumerate(row):
            start, end = parts[0][0], parts[-1][0] + len(parts[-1][1])
            text = "\n".join(part.strip() for _, part in parts).strip()
            cells.append(Cell(text, r, c, place=Place(span=Span(start, end))))
    first, last = cells[0].place.span, cells[-1].place.span
    span = Span(first.start if first else 0, last.end if last else 0)
    return Grid(tuple(cells), len(rows), max(len(r) for r in rows), regular=False, place=Place(span=span))


def is_tab_led(text: str) -> bool:
    """Whether the text has runs of tab-led cells (four in a row, twice at least)."""
    return len(re.findall(r"(?:^|\n)(?:\t[^\t\r\n]*\r?\n){4}", text)) >= 2


def read_tab_led(text: str) -> list[Block]:
    """Paragraphs and ragged grids of tab-led text; offsets are code points of ``text``."""
    builder = _Builder()
    for found in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r|$)", text):
        start, line = found.start(), found.group().rstrip("\r\n")
        if line.startswith("\t"):
            builder.cell(start + 1, line[1:])
        elif not line.strip():
            builder.row_open = False
        elif builder.row_open and builder.continues(line):
            builder.rows[-1][-1].append((start, line))
        else:
            builder.paragraph(start, line)
    builder.end_table()
    return builder.blocks
