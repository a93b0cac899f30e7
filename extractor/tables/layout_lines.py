"""Lines of ``pdftotext -layout`` fragments: their numbers, the columns these stand in, broken numbers mended.

Columns are found page by page, for each page has its own x positions. What cannot be proved to stand
in a column, or to belong to a number, is never put there.
"""

from __future__ import annotations

import re
from itertools import pairwise

from extractor.document import Cell, Grid
from extractor.forms import label_key
from extractor.normalize import squeeze
from extractor.tables.labels import header_tables, is_certain_header, is_title
from extractor.tables.sheet import Column
from extractor.tables.values import is_number_or_dash

CLEAR = 0.5  # a number belongs to the nearest column if it is this much nearer than to the next
SAME = 1.6  # numbers whose middles are no further apart than this stand in one column

_HALF = re.compile(r"^\d{1,3}(?:,\d{0,3})+$")  # 10,59 with 5 on the next line

Line = list[Cell]
Row = list[Cell | None]


def extent(cell: Cell) -> tuple[float, float]:
    """The columns of a fragment, from and to."""
    assert cell.place.box is not None  # the layout reader always gives one
    return cell.place.box.x0, cell.place.box.x1


def center(cell: Cell) -> float:
    """The middle of a fragment."""
    return sum(extent(cell)) / 2


def page_of(line: Line) -> int:
    """The page of a line."""
    return line[0].place.page or 1


def top_of(line: Line) -> float:
    """The line number in the file."""
    assert line[0].place.box is not None
    return line[0].place.box.top


def apart(a: Line, b: Line) -> float:
    """How many lines apart two lines stand; the lines next to a page end count as near."""
    return abs(top_of(a) - top_of(b)) if page_of(a) == page_of(b) else 2.0


def numbers_of(line: Line) -> Line:
    """The numbers and dashes at the end of a line, doubtful ones too, and what a break has left of numbers (10,59)."""
    out: Line = []
    for cell in reversed(line):
        text = cell.text.lstrip("?")
        if not (is_number_or_dash(text) or _HALF.match(text)):
            break
        out.insert(0, cell)
    return out


def words_of(line: Line) -> Line:
    """What stands before the numbers of a line."""
    return line[: len(line) - len(numbers_of(line))]


def kind_of(line: Line) -> str:
    """What a line looks like: block title, header words, numbers with or without a label, or label."""
    if len(line) == 1 and is_title(line[0].text):
        return "title"
    if numbers_of(line):
        return "data"
    words = [c.text for c in line]
    if any(is_certain_header(w) for w in words) or sum(bool(header_tables(w)) for w in words) >= 2:
        return "header"
    return "label"


class Centers:
    """The x position of each column of numbers, page by page."""

    def __init__(self, data: list[Line], count: int, headers: dict[int, list[float]]) -> None:
        self.count = count
        self.pages: dict[int, list[float]] = {}
        pages = list(dict.fromkeys(page_of(line) for line in data))
        for page in pages:
            found = _page_centers([numbers_of(line) for line in data if page_of(line) == page], count)
            if found:
                self.pages[page] = found
        for page in pages:
            rows = [numbers_of(line) for line in data if page_of(line) == page]
            if page not in self.pages:
                self._borrow(page, rows, headers)

    def _borrow(self, page: int, rows: list[Line], headers: dict[int, list[float]]) -> None:
        """Columns of another page or of the header, where the numbers of this page stand right under them."""
        clusters = _clusters([center(c) for row in rows for c in row])
        own = [headers[page]] if page in headers else []
        others = [self.pages[p] for p in sorted(self.pages, key=lambda p: abs(p - page))]
        for columns in [*own, *others]:
            if len(columns) == self.count and len(clusters) > 1 and _stand_under(clusters, columns):
                self.pages[page] = columns
                return

    def of(self, page: int) -> list[float]:
        """The columns of a page, or nothing where they cannot be told."""
        return self.pages.get(page, [])


def _page_centers(rows: list[Line], count: int) -> list[float]:
    """The means over the full lines, or the clusters of all numbers if they are as many as columns."""
    full = [[center(c) for c in row] for row in rows if len(row) == count]
    if full:
        return [sum(r[i] for r in full) / len(full) for i in range(count)]
    clusters = _clusters([center(c) for row in rows for c in row])
    return [sum(k) / len(k) for k in clusters] if len(clusters) == count else []


def _clusters(middles: list[float]) -> list[list[float]]:
    """Positions that stand close together, from left to right."""
    out: list[list[float]] = []
    for x in sorted(middles):
        if out and x - out[-1][-1] <= SAME:
            out[-1].append(x)
        else:
            out.append([x])
    return out


def _stand_under(clusters: list[list[float]], columns: list[float]) -> bool:
    """Whether each cluster is clearly under a column of its own."""
    pitch = min((b - a for a, b in pairwise(columns)), default=0.0)
    means = [sum(k) / len(k) for k in clusters]
    found = [min(range(len(columns)), key=lambda i: abs(columns[i] - m)) for m in means]
    near = all(abs(columns[i] - m) <= min(0.25 * pitch, 1.5) for i, m in zip(found, means, strict=True))
    return near and len(set(found)) == len(found)


def place(numbers: Line, centers: list[float], count: int) -> Row | None:
    """Numbers under their columns; None where a number could stand under either of two."""
    if len(numbers) == count:
        return list(numbers)
    if len(centers) != count:
        return None
    values: Row = [None] * count
    for cell in numbers:
        order = sorted(range(count), key=lambda i: abs(centers[i] - center(cell)))
        near = abs(centers[order[0]] - center(cell))
        second = abs(centers[order[1]] - center(cell)) if count > 1 else float("inf")
        if near > CLEAR * second or values[order[0]] is not None:
            return None
        values[order[0]] = cell
    return values


def doubtful(line: Line) -> Line:
    """The line with its numbers marked as not to be read."""
    words = words_of(line)
    return [*words, *(c if c.text.startswith("?") else c._replace(text="?" + c.text) for c in numbers_of(line))]


def bare(line: Line) -> bool:
    """Whether a line has numbers and no word."""
    return bool(line) and not words_of(line)


def mend_broken_numbers(lines: list[Line], centers: Centers) -> list[Line]:
    """Numbers broken over lines in a narrow column are one number.

    A line of fewer numbers than there are columns, without a word, holds halves of numbers: the upper
    halves with the lower ones below the label, or either beside the other half. A half fits only where
    the number would have been too wide for its column; what else they could touch is left unreadable.
    """
    out = [list(line) for line in lines]
    widths = _widths(out, centers)
    for i in range(1, len(out) - 1):
        _mend_around(out, i, centers, widths)
    out = [line for line in out if line]
    for i, line in enumerate(out):
        halves, rest = numbers_of(line), words_of(line)
        if not halves or len(halves) >= centers.count:
            continue
        letters = all(len(c.text.strip()) == 1 for c in rest)  # of an upright word (三、本年度…), or the end of a label
        near = [j for j in (i - 1, i + 1) if 0 <= j < len(out) and out[j] and apart(line, out[j]) <= 1]
        near = [j for j in near if len(numbers_of(out[j])) >= len(halves)]
        near = [j for j in near if letters or _left_of_label(rest, out[j])]
        beside = [j for j in near if j < i or _left_of_label(rest, out[j])]  # else a row may begin below the letter
        fitting = [(j, m) for j in beside if (m := _mend(halves, out[j], centers, widths, j > i)) is not None]
        if len(fitting) == 1:
            out[fitting[0][0]], out[i] = fitting[0][1], rest
        elif near:
            for j in near:
                out[j] = doubtful(out[j])
            out[i] = rest
    return [line for line in out if line]


def _left_of_label(words: Line, line: Line) -> bool:
    """Whether words stand left of the label of a line: they name a group of rows, and no row."""
    label = words_of(line)[-1:]
    return all(extent(w)[1] <= extent(c)[0] for w in words for c in label) and (bool(label) or not words)


def _mend_around(out: list[Line], i: int, centers: Centers, widths: list[int]) -> None:
    """Upper halves above a line and lower halves below it, in the same columns, all free on the line."""
    above, line, below = out[i - 1], out[i], out[i + 1]
    if not (bare(above) and bare(below) and line) or len(above) != len(below):
        return
    columns, count = centers.of(page_of(line)), centers.count
    if len(above) >= count or apart(above, line) > 2 or apart(line, below) > 2:
        return
    first, middle, second = (place(numbers_of(part), columns, count) for part in (above, line, below))
    if first is None or second is None or middle is None:
        return
    if [a is None for a in first] != [b is None for b in second]:
        return
    joined: Line = []
    for k, (a, m, b) in enumerate(zip(first, middle, second, strict=True)):
        if a is None or b is None:
            joined += [m] if m is not None else []
        elif m is not None or _width(a.text) + _width(b.text[:1]) <= widths[k]:
            return
        else:
            joined.append(a._replace(text=f"{a.text}\n{b.text}", row=line[0].row))
    out[i], out[i - 1], out[i + 1] = [*words_of(line), *joined], [], []


def _width(text: str) -> int:
    """The columns that a text takes where Chinese characters are two wide."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def _widths(lines: list[Line], centers: Centers) -> list[int]:
    """The widest number of each column, in terminal columns."""
    widths = [0] * centers.count
    for line in lines:
        for i, cell in enumerate(place(numbers_of(line), centers.of(page_of(line)), centers.count) or []):
            widths[i] = max(widths[i], _width(cell.text) if cell is not None else 0)
    return widths


def _mend(halves: Line, line: Line, centers: Centers, widths: list[int], above: bool) -> Line | None:
    """``line`` with each half put to the number in its column, or None where that does not fit."""
    columns, count = centers.of(page_of(line)), centers.count
    placed, wanted = place(numbers_of(line), columns, count), place(halves, columns, count)
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
        out[k] = out[k]._replace(text=f"{first.text}\n{second.text}")
    return out


def _header_clusters(lines: list[Line]) -> list[list[Cell]]:
    """Header fragments grouped into columns: fragments of different lines that overlap in x."""
    clusters: list[list[Cell]] = []
    for line in reversed(lines):
        for cell in line:
            if is_group(cell.text):
                continue
            x0, x1 = extent(cell)
            over = [k for k in clusters if any(min(x1, extent(c)[1]) - max(x0, extent(c)[0]) > 0 for c in k)]
            if len(over) == 1:
                over[0].insert(0, cell)
            elif not over:
                clusters.append([cell])
    return sorted(clusters, key=lambda k: min(extent(c)[0] for c in k))


def word(cluster: list[Cell]) -> str:
    return "".join(squeeze(c.text) for c in cluster if not is_group(c.text))


def value_clusters(header: list[Line]) -> list[list[Cell]]:
    """The header clusters from the first that names something the form counts to the last on the right."""
    clusters = [k for k in _header_clusters(header) if word(k)]
    named = [i for i, k in enumerate(clusters) if word(k) != "信息内容" and header_tables(word(k))]
    return clusters[named[0] :] if named else []


def all_named(clusters: list[list[Cell]]) -> bool:
    """Whether every column has its name, and words that stand under several groups stand under all."""
    found = [word(k) for k in clusters]
    times = [sum(label_key(w) == label_key(v) for v in found) for w in found]
    return bool(found) and all(header_tables(w) for w in found) and len(set(times)) == 1


def header_centers(clusters: list[list[Cell]]) -> list[float]:
    """The middles of header words, or nothing where these are so close that they have pushed each other."""
    ends = [(min(extent(c)[0] for c in k), max(extent(c)[1] for c in k)) for k in clusters]
    if any(b[0] - a[1] < 2 for a, b in pairwise(ends)):
        return []
    return [(a + b) / 2 for a, b in ends]


def is_group(word: str) -> bool:
    """Whether a header word heads several columns."""
    return any(k in word for k in ("法人", "起诉", "行政复议", "行政诉讼", "申请人"))


def columns_of(header: list[Line], centers: list[float]) -> list[Column]:
    """The header words above each column of numbers, from top to bottom."""
    paths: list[list[str]] = [[] for _ in centers]
    limit = max((b - a for a, b in pairwise(centers)), default=30.0)
    left = centers[0] - limit if centers else 0.0
    for cell in (c for line in header for c in line):
        x0, x1 = extent(cell)
        under = [i for i, c in enumerate(centers) if x0 - 0.5 <= c <= x1 + 0.5]
        if len(under) > 1:  # a group: it heads several columns
            for i in under:
                paths[i].append(squeeze(cell.text))
        elif x1 >= left and centers:
            nearest = min(range(len(centers)), key=lambda i: abs(centers[i] - center(cell)))
            paths[nearest].append(squeeze(cell.text))
    return [_joined(p) for p in paths]


def _joined(path: list[str]) -> Column:
    """Fragments of one header cell, one below the other, are one word."""
    group = [w for w in path if is_group(w)]
    rest = [w for w in path if not is_group(w)]
    return Column((*group, "".join(rest))) if rest else Column(tuple(group))


def lines_of(grid: Grid) -> list[Line]:
    """The fragments of a grid, line by line, from left to right."""
    lines: list[Line] = [[] for _ in range(grid.rows)]
    for cell in sorted(grid.cells, key=lambda c: c.column):
        lines[cell.row].append(cell)
    return lines
