"""Lays a report out on pages: where each character line, rule and box goes. Knows no PDF library."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from corpora.model import CellModel, InventedReport, TableModel
from corpora.style import Style, side_of

Measure = Callable[[str, float], float]
LEADING = 1.35
HANGING = "，。、；：）”》"


@dataclass(frozen=True)
class Text:
    """A line of text; y is the baseline from the page top."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True)
class Rule:
    """A horizontal or vertical rule."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class Box:
    """A cell's rectangle with its shade (1.0 is white)."""

    x0: float
    y0: float
    x1: float
    y1: float
    shade: float = 1.0


@dataclass
class Page:
    """What is drawn on one page."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


@dataclass(frozen=True)
class Segment:
    """The part of a row or cell that stands on one page."""

    page: int
    top: float
    bottom: float
    opens: bool = True
    closes: bool = True


def _tokens(text: str, limit: float, size: float, measure: Measure) -> list[str]:
    """What may not be broken: characters, and numbers that fit a line."""
    out: list[str] = []
    for token in re.findall(r"[0-9.,]+|.", text):
        out += [token] if len(token) == 1 or measure(token, size) <= limit else list(token)
    return out


def wrap(text: str, limit: float, size: float, measure: Measure, indent: float = 0.0) -> list[str]:
    """Lines that fit the width; the text's own line breaks stand; only a number too wide is broken."""
    lines = []
    room = limit - indent
    for part in text.split("\n"):
        line, used = "", 0.0
        for token in _tokens(part, limit, size, measure):
            step = measure(token, size)
            if line and used + step > room and not (token in HANGING and used <= room):
                lines.append(line)
                line, used, room = "", 0.0, limit
            line += token
            used += step
        lines.append(line)
        room = limit
    return lines


class Flow:
    """Fills pages from the top down."""

    def __init__(self, report: InventedReport, style: Style, measure: Measure) -> None:
        self.report, self.style, self.measure = report, style, measure
        self.left, self.top, right, bottom = style.margin
        self.right = style.page_size[0] - right
        self.bottom = style.page_size[1] - bottom
        self.pages = [Page()]
        self.y = self.top

    def shift(self, page: int) -> float:
        """How far the tables of this page stand to the right of the first page's."""
        return self.style.shift_even if page % 2 else 0.0

    def new_page(self) -> None:
        """Starts a page."""
        self.pages.append(Page())
        self.y = self.top

    def line(self, text: str, size: float, x: float | None = None) -> None:
        """One line of prose; without x it is centred."""
        height = size * LEADING * 1.2
        if self.y + height > self.bottom:
            self.new_page()
        at = x if x is not None else (self.left + self.right - self.measure(text, size)) / 2
        self.pages[-1].texts.append(Text(at, self.y + size, size, text))
        self.y += height

    def paragraph(self, text: str, size: float) -> None:
        """A paragraph with its first line indented by two characters."""
        indent = 2 * size
        for i, line in enumerate(wrap(text, self.right - self.left, size, self.measure, indent)):
            self.line(line, size, self.left + (indent if i == 0 else 0))

    def furniture(self) -> None:
        """Page numbers and running heads."""
        style = self.style
        for i, page in enumerate(self.pages):
            text = style.page_number.format(n=i + 1, total=len(self.pages))
            x = (self.left + self.right - self.measure(text, 10)) / 2
            if style.page_number_sides:
                x = self.left + 10 if i % 2 else self.right - self.measure(text, 10) - 10
            if text:
                page.texts.append(Text(x, self.bottom + 36, 10, text))
            if style.running_head:
                page.texts.append(Text(self.left, self.top - 24, 9, self.report.title))


class TableLayout:
    """Places one table on the flow, cut where pages end."""

    def __init__(self, flow: Flow, table: TableModel) -> None:
        self.flow, self.table, self.style = flow, table, flow.style
        weights = [
            w * (self.style.number_width if i >= 3 and table.n_cols == 10 else 1.0) for i, w in enumerate(table.weights)
        ]
        scale = (flow.right - flow.left) / sum(weights)
        self.edges = [flow.left + scale * sum(weights[:i]) for i in range(len(weights) + 1)]
        self.lines = {id(c): self._lines(c) for c in table.cells}
        self.heights = self._heights()
        self.rows: list[list[Segment]] = []

    def size(self, cell: CellModel) -> float:
        """Font size of a cell."""
        return self.style.header_size if cell.header else self.style.table_size

    def leading(self, cell: CellModel) -> float:
        """Line height in a cell."""
        return self.size(cell) * LEADING

    def _lines(self, cell: CellModel) -> list[str]:
        if not cell.text:
            return []
        if cell.vertical:
            return list(re.sub(r"\s", "", cell.text))
        room = self.edges[cell.col + cell.colspan] - self.edges[cell.col] - min(self.style.pad, 4) * 2
        return wrap(cell.text, max(room, self.size(cell)), self.size(cell), self.flow.measure)

    def _need(self, cell: CellModel) -> float:
        return len(self.lines[id(cell)]) * self.leading(cell) + 2 * self.style.pad

    def _heights(self) -> list[float]:
        heights = [self.style.min_row] * self.table.n_rows
        for cell in self.table.cells:
            if cell.rowspan == 1:
                heights[cell.row] = max(heights[cell.row], self._need(cell))
        for cell in self.table.cells:
            last = cell.row + cell.rowspan - 1
            heights[last] += max(0.0, self._need(cell) - sum(heights[cell.row : last + 1]))
        return heights

    def _spacer(self) -> None:
        """Moves the table down so that the page ends before the wanted row."""
        flow, want = self.flow, self.style.cut_before.get(self.table.id)
        flow.y += self.style.spacer.get(self.table.id, 0.0)
        if want is None:
            return
        need = sum(self.heights[:want])
        if need > flow.bottom - flow.y and need <= flow.bottom - flow.top:
            flow.new_page()
        flow.y += max(0.0, flow.bottom - flow.y - need - 1)

    def _place_row(self, r: int) -> None:
        flow, height = self.flow, self.heights[r]
        room = flow.bottom - flow.y
        if height <= room:
            self.rows.append([Segment(len(flow.pages) - 1, flow.y, flow.y + height)])
            flow.y += height
            return
        first = 2 * self.style.pad + self.style.table_size * LEADING
        if self.style.split_rows and r >= self.table.header_rows and height > room > first < height - 4:
            here = Segment(len(flow.pages) - 1, flow.y, flow.bottom, closes=False)
            self._next_page()
            rest = max(height - room + self.style.pad, first)
            self.rows.append([here, Segment(len(flow.pages) - 1, flow.y, flow.y + rest, opens=False)])
            flow.y += rest
            return
        self._next_page()
        self.rows.append([Segment(len(flow.pages) - 1, flow.y, flow.y + height)])
        flow.y += height

    def _next_page(self) -> None:
        self.flow.new_page()
        head = self.table.header_rows
        if self.style.repeat_header and head and len(self.rows) >= head:
            y = self.flow.y
            placed = []
            for height in self.heights[:head]:
                placed.append([Segment(len(self.flow.pages) - 1, y, y + height)])
                y += height
            self.flow.y = y
            for cell in self.table.cells:
                if cell.row < head:
                    self._draw(cell, placed)

    def place(self) -> None:
        """Draws the whole table."""
        self._spacer()
        for r in range(self.table.n_rows):
            self._place_row(r)
        for cell in sorted(self.table.cells, key=lambda c: (c.row, c.col)):
            self._draw(cell, self.rows)
        self.flow.y += 12

    def _segments(self, cell: CellModel, rows: list[list[Segment]]) -> list[Segment]:
        """The cell's parts, one a page; a part is open where the page and not the cell ends."""
        parts: list[Segment] = []
        for row in rows[cell.row : cell.row + cell.rowspan]:
            for seg in row:
                if parts and parts[-1].page == seg.page:
                    parts[-1] = Segment(seg.page, parts[-1].top, seg.bottom)
                else:
                    parts.append(seg)
        last = len(parts) - 1
        return [Segment(s.page, s.top, s.bottom, i == 0, i == last) for i, s in enumerate(parts)]

    def _draw(self, cell: CellModel, rows: list[list[Segment]]) -> None:
        parts = self._segments(cell, rows)
        for part, lines in zip(parts, self._share(cell, parts), strict=True):
            self._edges(cell, part, rows)
            self._text(cell, part, lines)

    def _share(self, cell: CellModel, parts: list[Segment]) -> list[list[str]]:
        """Which lines of the cell's text stand in which part."""
        lines, count = self.lines[id(cell)], len(parts)
        if count == 1 or not lines:
            return [lines, *[[] for _ in parts[1:]]]
        fits = [max(0, int((p.bottom - p.top - 2) // self.leading(cell))) for p in parts]
        mode = self.style.merged_cut if cell.rowspan > 1 else "fill"
        if mode in ("first", "largest"):
            at = 0 if mode == "first" else fits.index(max(fits))
            if fits[at] >= len(lines):
                return [lines if i == at else [] for i in range(count)]
        out: list[list[str]] = []
        rest = lines
        for i in range(count):
            wanted = (len(lines) + 1) // 2 if mode == "split" else len(lines)
            take = len(rest) if i == count - 1 else min(fits[i], wanted)
            out.append(rest[:take])
            rest = rest[take:]
        return out

    def _edges(self, cell: CellModel, part: Segment, rows: list[list[Segment]]) -> None:
        page, dx = self.flow.pages[part.page], self.flow.shift(part.page)
        x0, x1 = self.edges[cell.col] + dx, self.edges[cell.col + cell.colspan] + dx
        shade = 0.85 if cell.shaded and self.style.shade_blocks else 1.0
        page.boxes.append(Box(x0, part.top, x1, part.bottom, shade))
        starts = part.opens and (cell.row == 0 or self._page_before(cell.row, rows) == part.page)
        after = cell.row + cell.rowspan
        ends = part.closes and (after >= self.table.n_rows or self._page_at(after, rows) == part.page)
        if starts or self.style.closing_rule:
            page.rules.append(Rule(x0, part.top, x1, part.top))
        if ends or self.style.closing_rule:
            page.rules.append(Rule(x0, part.bottom, x1, part.bottom))
        if cell.col > 0 or not self.style.open_sides:
            page.rules.append(Rule(x0, part.top, x0, part.bottom))
        if cell.col + cell.colspan < self.table.n_cols or not self.style.open_sides:
            page.rules.append(Rule(x1, part.top, x1, part.bottom))

    def _page_before(self, row: int, rows: list[list[Segment]]) -> int:
        return rows[row - 1][-1].page

    def _page_at(self, row: int, rows: list[list[Segment]]) -> int:
        return rows[row][0].page if row < len(rows) else rows[-1][-1].page

    def _text(self, cell: CellModel, part: Segment, lines: list[str]) -> None:
        size, leading = self.size(cell), self.leading(cell)
        dx = self.flow.shift(part.page)
        x0, x1 = self.edges[cell.col] + dx, self.edges[cell.col + cell.colspan] + dx
        y = part.top + max(0.0, (part.bottom - part.top - leading * len(lines)) / 2)
        for line in lines:
            used, inset = self.flow.measure(line, size), min(self.style.pad, 4)
            places = {"center": (x0 + x1 - used) / 2, "left": x0 + inset, "right": x1 - inset - used}
            x = places[side_of(cell, self.style)]
            self.flow.pages[part.page].texts.append(Text(x, y + size * 1.05, size, line))
            y += leading


def paginate(report: InventedReport, style: Style, measure: Measure) -> list[Page]:
    """The whole report on pages."""
    flow = Flow(report, style, measure)
    flow.line(report.title, style.body_size + 4)
    flow.y += style.body_size
    for chapter in report.chapters:
        if chapter.title:
            flow.line(chapter.title, style.body_size, flow.left + 2 * style.body_size)
        for paragraph in chapter.paragraphs:
            flow.paragraph(paragraph.text, style.body_size)
        if chapter.table is not None:
            TableLayout(flow, chapter.table).place()
            if chapter.table.note_after:
                flow.line(chapter.table.note_after, 10, flow.left)
    flow.furniture()
    return flow.pages
