"""Renders a report as text: the tab-led flattening, an imitation of `pdftotext -layout`, and encodings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from corpora.model import CellModel, InventedReport, TableModel

PAGE_LINES = 46
PAGE_WIDTH = 96
PROSE_WIDTH = 60
CODECS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "gb18030": "gb18030"}


def encode(text: str, kind: str) -> bytes:
    """The text in one of the encodings that reports come in."""
    return text.encode(CODECS[kind])


def _tab_row(grid: list[list[CellModel | None]], r: int) -> list[str]:
    lines = []
    seen: list[CellModel] = []
    for cell in grid[r]:
        if cell is None or cell in seen:
            continue
        seen.append(cell)
        lines.append("\t" + (cell.text if cell.row == r else ""))
    return lines


def tab_table(table: TableModel) -> str:
    """A table with one cell a line, each led by a tab, and a blank line after each row."""
    grid = table.grid()
    return "\n\n".join("\n".join(_tab_row(grid, r)) for r in range(table.n_rows)) + "\n\n"


def tab_led(report: InventedReport) -> str:
    """The flattening in which cells are lines led by a tab and vertically merged cells repeat empty."""
    parts = [report.title, ""]
    for chapter in report.chapters:
        if chapter.title:
            parts.append(chapter.title)
        parts.extend(p.text for p in chapter.paragraphs)
        if chapter.table is not None:
            parts.append(tab_table(chapter.table))
            if chapter.table.note_after:
                parts.append(chapter.table.note_after)
    return "\n".join(parts) + "\n"


def width(text: str) -> int:
    """Columns of a text on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, limit: int) -> list[str]:
    """Lines of at most `limit` columns; the text's own line breaks stand."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and width(line + char) > limit:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def _cell_lines(cell: CellModel, limit: int) -> list[str]:
    if not cell.text:
        return []
    if cell.vertical:
        return list(re.sub(r"\s", "", cell.text))
    return wrap(cell.text, limit)


def _columns(table: TableModel) -> list[int]:
    """Left edges of the columns, the right edge last."""
    total = sum(table.weights)
    edges = [0]
    for weight in table.weights:
        edges.append(edges[-1] + max(4, round(weight / total * PAGE_WIDTH)))
    return edges


def _heights(table: TableModel, lines: dict[int, list[str]], gap: int) -> list[int]:
    heights = [1 + gap] * table.n_rows
    for cell in table.cells:
        if cell.rowspan == 1 and not cell.vertical:
            heights[cell.row] = max(heights[cell.row], len(lines[id(cell)]) + gap)
    for cell in table.cells:
        span = range(cell.row, cell.row + cell.rowspan)
        missing = len(lines[id(cell)]) - sum(heights[r] for r in span)
        if missing > 0:
            heights[span[-1]] += missing
    return heights


def _put(canvas: list[dict[int, str]], y: int, x: int, text: str) -> None:
    canvas[y][x] = text


def _flatten(row: dict[int, str], wide: bool) -> str:
    out = ""
    for x in sorted(row):
        out += " " * max(x - (width(out) if wide else len(out)), 1 if out else 0) + row[x]
    return out.rstrip()


def layout_table(table: TableModel, gap: int = 0, wide: bool = False) -> list[str]:
    """The lines of a table: columns kept by spaces, text centred over merged cells.

    Columns stand under each other when characters are counted, as pdftotext counts them; with `wide`,
    on a terminal, where a Chinese character takes two columns.
    """
    edges = _columns(table)
    limit = {id(c): edges[c.col + c.colspan] - edges[c.col] - 2 for c in table.cells}
    lines = {id(c): _cell_lines(c, limit[id(c)]) for c in table.cells}
    heights = _heights(table, lines, gap)
    tops = [sum(heights[:r]) for r in range(table.n_rows + 1)]
    canvas: list[dict[int, str]] = [{} for _ in range(tops[-1])]
    for cell in table.cells:
        text = lines[id(cell)]
        space = tops[cell.row + cell.rowspan] - tops[cell.row]
        top = tops[cell.row] + max(0, (space - len(text)) // 2)
        for i, line in enumerate(text):
            left = edges[cell.col]
            if cell.numeric or cell.header:
                left += max(0, (limit[id(cell)] - width(line)) // 2)
            _put(canvas, top + i, left, line)
    return [_flatten(row, wide) for row in canvas]


def _all_lines(report: InventedReport) -> Iterator[str]:
    yield " " * max(0, (PROSE_WIDTH - width(report.title)) // 2) + report.title
    yield ""
    for chapter in report.chapters:
        if chapter.title:
            yield "   " + chapter.title
        for paragraph in chapter.paragraphs:
            yield from wrap("    " + paragraph.text, PROSE_WIDTH)
        if chapter.table is not None:
            yield ""
            yield from layout_table(chapter.table, gap=report.seed % 2, wide=report.seed % 4 == 3)
            yield ""
            if chapter.table.note_after:
                yield "   " + chapter.table.note_after


def layout(report: InventedReport, page_lines: int = PAGE_LINES) -> str:
    """An imitation of `pdftotext -layout`: spaces for columns, form feeds and page numbers between pages."""
    lines = list(_all_lines(report))
    pages = [lines[i : i + page_lines] for i in range(0, len(lines), page_lines)]
    out = []
    for number, page in enumerate(pages, 1):
        foot = " " * (30 if number % 2 else 4) + f"- {number} -"
        out.append("\n".join([*page, "", foot]) + "\n")
    return "\f".join(out) + "\f"
