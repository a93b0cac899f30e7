"""Strips of ``pdftotext -layout`` fragments: columns and wrapped labels put together again.

Columns are the clusters of x positions in which the numbers of a page stand; header words belong to
the column they stand above. A wrapped label has its numbers on any of its lines, so each row gets
every plausible joining of the label lines around it, and alignment with the form picks one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from extractor.document import Block, Box, Cell, Grid, Paragraph, Place
from extractor.forms import label_key
from extractor.normalize import squeeze
from extractor.tables.labels import header_tables, is_certain_header, is_row_label, is_title, row_tables
from extractor.tables.sheet import Column, DataRow, Strip
from extractor.tables.values import is_number_or_dash

REACH = 4  # label lines above and below a row of numbers that may belong to it
CLEAR = 0.6  # a number belongs to the nearest column if it is this much nearer than to the next

Line = list[Cell]


def _x(cell: Cell) -> tuple[float, float]:
    assert cell.place.box is not None  # the layout reader always gives one
    return cell.place.box.x0, cell.place.box.x1


def _center(cell: Cell) -> float:
    x0, x1 = _x(cell)
    return (x0 + x1) / 2


def _numbers(line: Line) -> Line:
    """The numbers and dashes at the end of a line."""
    out: Line = []
    for cell in reversed(line):
        if not is_number_or_dash(cell.text):
            break
        out.insert(0, cell)
    return out


def _kind(line: Line) -> str:
    if len(line) == 1 and is_title(line[0].text):
        return "title"
    numbers = _numbers(line)
    words = [c.text for c in line]
    if not numbers and (any(is_certain_header(w) for w in words) or sum(bool(header_tables(w)) for w in words) >= 2):
        return "header"
    return "data" if numbers or any(c.text.startswith("?") for c in line) else "label"


def _header_clusters(lines: list[Line]) -> list[list[Cell]]:
    """Header fragments grouped into columns: fragments of different lines that overlap in x."""
    clusters: list[list[Cell]] = []
    for line in reversed(lines):
        for cell in line:
            if is_group(cell.text):
                continue
            x0, x1 = _x(cell)
            over = [k for k in clusters if any(min(x1, _x(c)[1]) - max(x0, _x(c)[0]) > 0 for c in k)]
            if len(over) == 1:
                over[0].insert(0, cell)
            elif not over:
                clusters.append([cell])
    return sorted(clusters, key=lambda k: min(_x(c)[0] for c in k))


def _named_clusters(header: list[Line]) -> list[tuple[list[Cell], Column]]:
    """The header clusters that name something the form counts, from left to right."""
    out = []
    for cluster in _header_clusters(header):
        word = "".join(squeeze(c.text) for c in cluster if not is_group(c.text))
        if word and word != "信息内容" and header_tables(word):
            out.append((cluster, Column((word,))))
    return out


class Centers:
    """The x position of each column of numbers, page by page: the mean over the lines that have them all."""

    def __init__(self, data: list[Line]) -> None:
        self.count = max((len(_numbers(line)) for line in data), default=0)
        self.pages: dict[int, list[float]] = {}
        for page in dict.fromkeys(_page(line) for line in data):
            rows = [_numbers(line) for line in data if _page(line) == page]
            full = [[_center(c) for c in row] for row in rows if len(row) == self.count]
            if full:
                self.pages[page] = [sum(r[i] for r in full) / len(full) for i in range(self.count)]

    def of(self, page: int) -> list[float]:
        """The columns of a page, or of the nearest page that has a full line."""
        if not self.pages:
            return []
        return self.pages[min(self.pages, key=lambda p: abs(p - page))]

    def widen(self, clusters: list[list[Cell]]) -> None:
        """Take the columns from header words instead: some column has no number at all."""
        self.count = len(clusters)
        centers = [sum(_center(c) for c in k) / len(k) for k in clusters]
        self.pages = {_page(clusters[0]): centers}


def _page(line: Line) -> int:
    return line[0].place.page or 1


def _columns(header: list[Line], all_centers: Centers) -> list[Column]:
    """The header words above each column of numbers, from top to bottom."""
    centers = all_centers.of(_page(header[0]))
    paths: list[list[str]] = [[] for _ in centers]
    limit = max((b - a for a, b in pairwise(centers)), default=30.0)
    left = centers[0] - limit if centers else 0.0
    for line in header:
        for cell in line:
            x0, x1 = _x(cell)
            under = [i for i, c in enumerate(centers) if x0 - 0.5 <= c <= x1 + 0.5]
            if len(under) > 1:  # a group: it heads several columns
                for i in under:
                    paths[i].append(squeeze(cell.text))
            elif x1 >= left:
                nearest = min(range(len(centers)), key=lambda i: abs(centers[i] - _center(cell)))
                paths[nearest].append(squeeze(cell.text))
    return [_joined(p) for p in paths]


def _joined(path: list[str]) -> Column:
    """Fragments of one header cell, one below the other, are one word."""
    group = [w for w in path if is_group(w)]
    rest = [w for w in path if not is_group(w)]
    return Column((*group, "".join(rest))) if rest else Column(tuple(group))


def is_group(word: str) -> bool:
    """Whether a header word heads several columns."""
    return any(k in word for k in ("法人", "起诉", "行政复议", "行政诉讼", "申请人"))


def _place(numbers: Line, centers: list[float]) -> list[Cell | None] | None:
    """Numbers under their columns; None where a number could stand under either of two."""
    if len(numbers) == len(centers):
        return list(numbers)
    values: list[Cell | None] = [None] * len(centers)
    for cell in numbers:
        order = sorted(range(len(centers)), key=lambda i: abs(centers[i] - _center(cell)))
        near = abs(centers[order[0]] - _center(cell))
        second = abs(centers[order[1]] - _center(cell)) if len(order) > 1 else float("inf")
        if near > CLEAR * second or values[order[0]] is not None:
            return None
        values[order[0]] = cell
    return values


def _label_options(lines: list[Line], index: int) -> tuple[list[str], list[str]]:
    """Possible labels of the row of numbers at ``index``, and the other words on its lines."""
    own = [c for c in lines[index] if not is_number_or_dash(c.text)]
    leaf = own[-1] if own else None
    above = _label_lines(lines, index, -1)
    below = _label_lines(lines, index, 1)
    anchor = leaf or (above[0][-1] if above else below[0][-1] if below else None)
    if anchor is None:
        return [], []
    x = _x(anchor)[0]
    ups = _fragments_near(above, x)
    downs = _fragments_near(below, x)
    middle = squeeze(leaf.text) if leaf else ""
    options = [
        "".join(reversed(ups[:a])) + middle + "".join(downs[:b])
        for a in range(len(ups) + 1)
        for b in range(len(downs) + 1)
    ]
    return [o for o in options if o], [squeeze(c.text) for c in own[:-1]]


def _label_lines(lines: list[Line], index: int, step: int) -> list[Line]:
    out: list[Line] = []
    i = index + step
    while 0 <= i < len(lines) and len(out) < 2 * REACH and _kind(lines[i]) == "label":
        out.append(lines[i])
        i += step
    return out


def _fragments_near(lines: list[Line], x: float) -> list[str]:
    """The label fragments that begin about where the label does, nearest line first."""
    out: list[str] = []
    for line in lines:
        near = [c for c in line if abs(_x(c)[0] - x) <= 3]
        if near:
            out.append(squeeze(near[-1].text))
    return out[:REACH]


def _row(lines: list[Line], index: int, all_centers: Centers) -> DataRow:
    labels, parents = _label_options(lines, index)
    numbers = _numbers(lines[index])
    centers = all_centers.of(_page(lines[index]))
    values = _place(numbers, centers)
    if values is None:
        return DataRow(tuple(labels), tuple(parents), [None] * len(centers), broken=True, loose=numbers)
    blank: list[Cell | None] = [_blank(lines[index], v) for v in values]
    return DataRow(tuple(labels), tuple(parents), blank)


def _blank(line: Line, value: Cell | None) -> Cell:
    """An empty place in a row that has other numbers is an empty cell on that line."""
    return value if value is not None else Cell("", line[0].row, -1, place=line[0].place)


def _mend_broken_numbers(lines: list[Line], centers: Centers) -> list[Line]:
    """Numbers broken over lines in a narrow column are one number.

    A line of fewer numbers than there are columns, without a word, beside a line of numbers, holds
    halves of these. A half fits only where the number would have been too wide for its column; where
    halves fit on both sides or on none, what they touch is left unreadable.
    """
    out = [list(line) for line in lines]
    widths = _widths(out, centers)
    for i, line in enumerate(out):
        if not line or len(_numbers(line)) != len(line) or len(line) >= centers.count:
            continue
        near = [(j, j > i) for j in (i - 1, i + 1) if 0 <= j < len(out) and _adjacent(line, out[j])]
        near = [(j, above) for j, above in near if len(_numbers(out[j])) >= len(line)]
        fitting = [(j, m) for j, above in near if (m := _mend(line, out[j], centers, widths, above)) is not None]
        if len(fitting) == 1:
            out[fitting[0][0]], out[i] = fitting[0][1], []
        elif near:
            for j, _ in near:
                out[j] = [replace(c, text="?" + c.text) if is_number_or_dash(c.text) else c for c in out[j]]
            out[i] = []
    return [line for line in out if line]


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def _widths(lines: list[Line], centers: Centers) -> list[int]:
    """The widest number of each column, in terminal columns."""
    widths = [0] * centers.count
    for line in lines:
        for i, cell in enumerate(_place(_numbers(line), centers.of(_page(line))) or [] if line else []):
            widths[i] = max(widths[i], _width(cell.text) if cell is not None else 0)
    return widths


def _adjacent(a: Line, b: Line) -> bool:
    return bool(b) and abs(a[0].place.box.top - b[0].place.box.top) == 1  # type: ignore[union-attr]


def _mend(halves: Line, line: Line, centers: Centers, widths: list[int], above: bool) -> Line | None:
    """``line`` with each half put to the number in its column, or None where that does not fit."""
    columns = centers.of(_page(line))
    placed, wanted = _place(_numbers(line), columns), _place(halves, columns)
    if placed is None or wanted is None:
        return None
    out = list(line)
    for i, half in enumerate(wanted):
        if half is None:
            continue
        number = placed[i]
        first, second = (half, number) if above else (number, half)
        if first is None or second is None or _width(first.text) + _width(second.text[:1]) <= widths[i]:
            return None
        k = next(k for k, c in enumerate(out) if c is number)
        out[k] = replace(out[k], text=f"{first.text}\n{second.text}")
    return out


def _blank_rows(lines: list[Line], index: int) -> DataRow | None:
    """A row label that stands alone, with no number on or beside its lines, is a row of empty cells."""
    line = lines[index]
    label = squeeze(line[-1].text)
    for last in range(index, min(index + REACH, len(lines))):
        if last > index:
            below = lines[last]
            if _kind(below) != "label" or abs(_x(below[-1])[0] - _x(line[-1])[0]) > 3:
                break
            label += squeeze(below[-1].text)
        if is_row_label(label):
            near = [lines[j] for j in (index - 1, last + 1) if 0 <= j < len(lines)]
            if any(len(_numbers(n)) == len(n) for n in near):
                return None
            return DataRow((label,), tuple(squeeze(c.text) for c in line[:-1]), [])
    return None


def _strip(header: list[Line], body: list[Line], titled: bool) -> Strip:
    centers = Centers([line for line in body if _kind(line) == "data"])
    columns = _columns(header, centers) if header and centers.count else None
    named = _named_clusters(header)
    if named and len(named) >= centers.count:  # in order; a column without any number is still a column
        columns = [c for _, c in named]
        if len(named) > centers.count:
            centers.widen([k for k, _ in named])
    body = _mend_broken_numbers(body, centers)
    rows = []
    for i, line in enumerate(body):
        row = _row(body, i, centers) if _kind(line) == "data" else _blank_rows(body, i)
        if row is not None:
            row.values = row.values or [Cell("", line[0].row, -1, place=line[0].place) for _ in range(centers.count)]
            rows.append(row)
    if not rows and columns and header and not header_needs_rows(columns):
        rows = [DataRow((), (), [Cell("", 0, -1, place=header[-1][0].place) for _ in columns])]
    return Strip(columns, rows, centers.count, titled=titled)


def header_needs_rows(columns: list[Column]) -> bool:
    """Whether a table has labelled rows under this header (表四 has not: its one row is all numbers)."""
    return not all("reconsideration_litigation" in header_tables(c.path[-1]) for c in columns if c.path)


def _lines(grid: Grid) -> list[Line]:
    lines: list[Line] = [[] for _ in range(grid.rows)]
    for cell in sorted(grid.cells, key=lambda c: c.column):
        lines[cell.row].append(cell)
    return lines


def layout_strips(grid: Grid) -> list[Strip]:
    """The strips of a grid of ``-layout`` fragments."""
    lines = _lines(grid)
    strips: list[Strip] = []
    header: list[Line] = []
    body: list[Line] = []
    titled = False

    def close() -> None:
        if header or body:
            strips.append(_strip(list(header), list(body), titled))
        header.clear()
        body.clear()

    for line in lines:
        kind = _kind(line)
        started = any(_kind(b) == "data" for b in body)
        if kind == "title":
            close()
            titled = True
            strips.append(Strip(None, [], 0, titled=True))
        elif kind == "header" and started:
            close()
            titled = False
            header.append(line)
        elif kind == "header" or (
            kind == "label" and not started and (header or len(line) > 2) and _may_be_header(line)
        ):
            header.extend(body)
            body.clear()
            header.append(line)
        else:
            body.append(line)
    close()
    return strips


def _may_be_header(line: Line) -> bool:
    """A line between header words and the first row: halves of broken header words, unless it is a row label."""
    return not any(len(label_key(c.text)) >= 3 and row_tables(c.text) for c in line)


def joined_lines(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with row labels that stand alone on their line (an empty row) put back into their table.

    二、上年结转政府信息公开申请数量 without any number looks like the title of a chapter to a reader.
    """
    out: list[Block] = []
    waiting: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph) and out and isinstance(out[-1], Grid) and is_row_label(block.text):
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
        cells += [replace(c, row=c.row + rows) for c in after.cells]
        rows += after.rows
    return replace(grid, cells=tuple(cells), rows=rows)
