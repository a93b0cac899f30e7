"""Strips of ``pdftotext -layout`` fragments: columns and wrapped labels put together again.

Columns are the clusters of x positions in which the numbers of a page stand; header words belong to
the column they stand above. A wrapped label has its numbers on any of its lines, so each row gets
every plausible joining of the label lines around it, and alignment with the form picks one.
"""

from __future__ import annotations

from itertools import pairwise

from extractor.document import Cell, Grid
from extractor.normalize import squeeze
from extractor.tables.labels import header_tables, is_certain_header, is_title
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
    return "data" if numbers else "label"


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


def _full_rows(lines: list[Line], count: int) -> list[list[float]]:
    rows = [[_center(c) for c in _numbers(line)] for line in lines]
    return [r for r in rows if len(r) == count]


def _centers(data: list[Line]) -> list[float]:
    """The x position of each column of numbers: the mean over the rows that have them all."""
    counts = [len(_numbers(line)) for line in data if _numbers(line)]
    if not counts:
        return []
    rows = _full_rows(data, max(counts))
    return [sum(r[i] for r in rows) / len(rows) for i in range(max(counts))]


def _columns(header: list[Line], centers: list[float]) -> list[Column]:
    """The header words above each column of numbers, from top to bottom."""
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
    out = []
    i = index + step
    while 0 <= i < len(lines) and len(out) < 2 * REACH and _kind(lines[i]) == "label":
        out.append(lines[i])
        i += step
    return out


def _fragments_near(lines: list[Line], x: float) -> list[str]:
    """The label fragments that begin about where the label does, nearest line first."""
    out = []
    for line in lines:
        near = [c for c in line if abs(_x(c)[0] - x) <= 3]
        if near:
            out.append(squeeze(near[-1].text))
    return out[:REACH]


def _row(lines: list[Line], index: int, centers: list[float]) -> DataRow:
    labels, parents = _label_options(lines, index)
    numbers = _numbers(lines[index])
    values = _place(numbers, centers)
    if values is None:
        return DataRow(tuple(labels), tuple(parents), [None] * len(centers), broken=True, loose=numbers)
    blank = [_blank(lines[index], v) for v in values]
    return DataRow(tuple(labels), tuple(parents), blank)


def _blank(line: Line, value: Cell | None) -> Cell:
    """An empty place in a row that has other numbers is an empty cell on that line."""
    return value if value is not None else Cell("", line[0].row, -1, place=line[0].place)


def _strip(header: list[Line], body: list[Line], titled: bool) -> Strip:
    data = [line for line in body if _kind(line) == "data"]
    centers = _centers(data)
    columns = _columns(header, centers) if header and centers else None
    named = _named_clusters(header)
    if named and len(named) >= len(centers):  # in order; a column without any number is still a column
        columns = [c for _, c in named]
        if len(named) > len(centers):
            centers = [sum(_center(f) for f in k) / len(k) for k, _ in named]
    rows = [_row(body, i, centers) for i, line in enumerate(body) if _kind(line) == "data"]
    return Strip(columns, rows, len(centers), titled=titled)


def layout_strips(grid: Grid) -> list[Strip]:
    """The strips of a grid of ``-layout`` fragments."""
    lines = [grid.row_cells(r) for r in range(grid.rows)]
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
        elif kind == "header" or (header and not started and kind == "label" and _may_be_header(line)):
            header.extend(body)
            body.clear()
            header.append(line)
        else:
            body.append(line)
    close()
    return strips


def _may_be_header(line: Line) -> bool:
    """A line of short words between header and numbers: the lower half of broken header words."""
    return all(len(squeeze(c.text)) <= 4 for c in line) and len(line) >= 2
