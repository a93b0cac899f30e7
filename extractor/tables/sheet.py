"""Grids → strips: rows that share one header, each value under the words printed above it.

A strip is what alignment works on, whatever the medium. Nothing here decides which cell of the form
a number is; it only keeps which printed column and which printed label it stands with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from extractor.document import Cell, Grid
from extractor.normalize import squeeze
from extractor.tables.labels import APPLICANTS, header_tables, is_certain_header, is_title, row_tables
from extractor.tables.run_together import Cuts
from extractor.tables.values import is_number_or_dash, is_value


@dataclass(frozen=True, slots=True)
class Column:
    """A printed column: its header words from top to bottom."""

    path: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """What the column may be called: its lowest word, or words broken over header rows."""
        return _names(self.path)


@lru_cache(maxsize=20000)
def _names(path: tuple[str, ...]) -> tuple[str, ...]:
    return path[-1:] + tuple("".join(path[-n:]) for n in range(2, len(path) + 1))


@dataclass(slots=True)
class DataRow:
    """A printed row: possible labels (best first), the labels it stands under, its values by column.

    ``broken`` marks a row whose values cannot be told apart by column, ``loose`` are those that have no column;
    ``cuts`` are the ways to cut its digits, where these run together and sums of the form allow few.
    """

    labels: tuple[str, ...]
    parents: tuple[str, ...]
    values: list[Cell | None]
    broken: bool = False
    loose: list[Cell] = field(default_factory=list)
    cuts: Cuts | None = None

    @property
    def label(self) -> str:
        """The first of the possible labels."""
        return self.labels[0] if self.labels else ""

    @property
    def has_values(self) -> bool:
        """Whether anything is printed in the value cells."""
        return any(c is not None and c.text.strip() for c in self.values) or bool(self.loose)


@dataclass(slots=True)
class Strip:
    """Rows under one header.

    ``columns`` is None where no header was seen, on this page or an earlier one.
    ``titled`` is true after a block title of 表二, ``grid`` is the index of the block it came from.
    ``matrix`` keeps the slots of rows whose header is elsewhere, until that header says where values begin.
    ``torn`` marks labels or numbers that lie about without their row: one that is not found may be lost.
    """

    columns: list[Column] | None
    rows: list[DataRow]
    width: int
    titled: bool = False
    grid: int = 0
    torn: bool = False
    matrix: list[list[Cell | None]] = field(default_factory=list)


Matrix = list[list[Cell | None]]


def matrix_of(grid: Grid) -> Matrix:
    """The grid with each merged cell in every slot that it covers."""
    matrix: Matrix = [[None] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for r in range(cell.row, min(cell.row + cell.rowspan, grid.rows)):
            for c in range(cell.column, min(cell.column + cell.colspan, grid.columns)):
                matrix[r][c] = cell
    return matrix


def _distinct(cells: list[Cell | None]) -> list[Cell]:
    """Each cell once; the slots of a merged cell stand side by side."""
    pairs = zip([None, *cells], cells, strict=False)
    return [cell for before, cell in pairs if cell is not None and cell is not before]


def is_header_row(texts: list[str]) -> bool:
    """Whether the cells of a row are header words: one that is certain, or two that may be."""
    filled = [t for t in texts if t.strip()]
    if any(is_number_or_dash(t) for t in filled):
        return False
    if any(is_certain_header(t) for t in filled):
        return True
    return sum(bool(header_tables(t)) for t in filled) >= 2


def _header_columns(header: Matrix, width: int) -> tuple[int, list[tuple[list[int], Column]]]:
    """First value column, and the value columns as (slots, column); one header cell is one column."""
    groups: list[tuple[list[int], Column]] = []
    last_leaf: Cell | None = None
    for c in range(width):
        cells = _distinct([row[c] for row in header])
        leaf = cells[-1] if cells else None
        path = tuple(squeeze(cell.text) for cell in cells if cell.text.strip())
        if leaf is not None and leaf is last_leaf:
            groups[-1][0].append(c)
        else:
            groups.append(([c], Column(path)))
        last_leaf = leaf
    while groups and not any(row[c] is not None for row in header for c in groups[-1][0]):
        groups.pop()  # slots right of the header: the body spans other columns
    first = next((i for i, (_, col) in enumerate(groups) if _is_value_column(col)), len(groups))
    values = groups[first:]
    return (values[0][0][0] if values else width), values


def _is_value_column(column: Column) -> bool:
    """Whether a column's header names something that the form counts (信息内容 heads the labels), or stands over it."""
    if APPLICANTS in column.path:
        return True
    return any(header_tables(n) for n in column.names()) and column.path[-1] != "信息内容"


def _slot_value(row: list[Cell | None], slots: list[int]) -> tuple[Cell | None, bool]:
    """The cell of a row under one header cell, and whether it is the only one there."""
    cells = _distinct([row[c] for c in slots])
    filled = [c for c in cells if c.text.strip()]
    if len(filled) > 1:
        return None, False
    return (filled or cells or [None])[0], True  # type: ignore[list-item]


def _by_order(row: list[Cell | None], groups: list[list[int]]) -> DataRow | None:
    """A row whose cells span other slots than its header's: as many values after the label as columns.

    None where the slots fit, or where the count does not; and in a scan, where a rule may be lost and slots are places.
    """
    if any(c is not None and c.sure is not None for c in row):
        return None
    under = [_distinct([row[c] for c in slots]) for slots in groups]
    cells = _distinct(row)
    if all(len(u) == 1 for u in under) and len({id(u[0]) for u in under}) == len(groups):
        return None
    values = cells[len(cells) - len(groups) :]
    stubs = [squeeze(c.text) for c in cells[: len(cells) - len(groups)]]
    label = _last_filled(stubs)
    if len(values) < len(groups) or not label or is_value(label):
        return None
    if not all(is_value(v.text) for v in values):
        return None
    return _labelled(cells[: len(cells) - len(groups)], list(values), [])


def _last_filled(texts: list[str]) -> str:
    return next((t for t in reversed(texts) if t), "")


def _labelled(stubs: list[Cell], values: list[Cell | None], loose: list[Cell]) -> DataRow:
    """A row with its label: the last stub, or the last filled one where cells are padded instead of merged."""
    texts = [squeeze(s.text) for s in stubs]
    while len(texts) > 1 and not texts[-1] and stubs[len(texts) - 1].padding:
        texts.pop()
    return DataRow(tuple(texts[-1:]), tuple(texts[:-1]), values, broken=bool(loose), loose=loose)


def _plain(row: list[Cell | None], first: int, groups: list[list[int]]) -> bool:
    """Whether each column is one slot and each slot right of the labels holds a cell of its own."""
    if len(groups) != len(row) - first or any(len(g) > 1 for g in groups):
        return False
    values = row[max(first - 1, 0) :]
    return all(a is not None and a is not b for a, b in zip(values, [*values[1:], None], strict=True))


def _data_row(row: list[Cell | None], first: int, groups: list[list[int]]) -> DataRow:
    if _plain(row, first, groups):
        return _labelled(_distinct(row[:first]), row[first:], [])
    ordered = _by_order(row, groups)
    if ordered is not None:
        return ordered
    stubs = _distinct(row[:first])
    values: list[Cell | None] = []
    loose: list[Cell] = []
    joined: list[Cell] = []
    for slots in groups:
        value, alone = _slot_value(row, slots)
        if not alone:
            cells = _distinct([row[c] for c in slots])
            (joined if all(c.sure is not None for c in cells) else loose).extend(cells)
        if value is not None and any(value is v for v in values):
            value = value if not value.text.strip() else None  # one merged cell under two columns
        values.append(value)
    placed = {c for slots in groups for c in slots}
    loose += [c for c in _distinct([row[c] for c in range(first, len(row)) if c not in placed]) if c.text.strip()]
    if joined and not loose:  # in a scan slots are places: two numbers under one header, where its rule was lost
        found = _labelled(stubs, values, joined)
        found.broken = False
        return found
    return _labelled(stubs, values, loose + joined)


def regular_strips(grid: Grid) -> list[Strip]:
    """The strips of a grid whose columns and spans are known."""
    strips: list[Strip] = []
    matrix = matrix_of(grid)
    header: Matrix = []
    strip = Strip(None, [], grid.columns)
    first, groups = _untitled_columns(matrix)
    in_header = False
    for r, row in enumerate(matrix):
        starting = [c for c in _distinct(row) if c.row == r]
        texts = [c.text for c in starting]
        if len([t for t in texts if t.strip()]) == 1 and any(is_title(t) for t in texts):
            strips.append(strip)
            strip, header, in_header = Strip(None, [], grid.columns, titled=True), [], False
        elif is_header_row(texts) or (in_header and _continues_header(r, matrix)):
            if not in_header:
                strips.append(strip)
                strip, header = Strip(None, [], grid.columns, titled=strip.titled), []
            header.append(row)
            in_header = True
        else:
            if in_header:
                first, found = _header_columns(header, grid.columns)
                strip.columns = [column for _, column in found]
                groups = [slots for slots, _ in found]
                in_header = False
            strip.rows.append(_data_row(row, first, groups))
            if strip.columns is None:
                strip.matrix.append(row)
    if in_header:
        _, found = _header_columns(header, grid.columns)
        strip.columns = [column for _, column in found]
    return [s for s in [*strips, strip] if s.rows or s.columns is not None or s.titled]


def _continues_header(r: int, matrix: Matrix) -> bool:
    """A row inside a header: words broken over two rows (商业 | 企业) or cut by a page end.

    It has no number and no row label (其他 may be a column's, among several words). An empty row counts only where
    a header word above reaches down into it (自然人 beside the cells below 法人或其他组织), or where more header
    comes below it.
    """
    cells = _distinct(matrix[r])
    filled = [c.text for c in cells if c.row == r and c.text.strip()]
    above = matrix[r - 1][0] if r else None
    if above is not None and squeeze(above.text) == "信息内容" and matrix[r][0] is not above:
        return False  # that heads the labels of 表二: below it stands one, however it was read
    if not filled:
        below = next((texts for row in matrix[r + 1 :] if any(texts := [c.text for c in _distinct(row)])), [])
        return is_header_row(below) or any(c.row < r and header_tables(c.text) for c in cells)
    several = len(filled) > 1
    return not any(is_number_or_dash(t) or (row_tables(t) and not (several and header_tables(t))) for t in filled)


def _untitled_columns(matrix: Matrix) -> tuple[int, list[list[int]]]:
    """Stub and value slots of rows that go on from an earlier page: values stand right of all labels."""
    rows: Matrix = []
    for row in matrix:
        texts = [c.text for c in _distinct(row)]
        if is_header_row(texts) or any(is_title(t) for t in texts):
            break
        rows.append(row)
    width = len(matrix[0]) if matrix else 0
    first = width
    while first > 0 and all(row[first - 1] is None or is_value(row[first - 1].text) for row in rows):  # type: ignore[union-attr]
        first -= 1
    return first, [g for g in _slot_groups(rows, width) if g[0] >= first]


def _slot_groups(rows: Matrix, width: int) -> list[list[int]]:
    """Slots that the same cells cover in every row are one column."""
    groups: list[list[int]] = []
    for c in range(width):
        if c and rows and all(row[c] is not None and row[c] is row[c - 1] for row in rows):
            groups[-1].append(c)
        else:
            groups.append([c])
    return groups


def take_header(strip: Strip, columns: list[Column]) -> bool:
    """Give a strip the header of the page before: its values are the last slots, as many as columns.

    False, and nothing changed, where the strip has no such slots.
    """
    if not strip.matrix or not columns:
        return False
    groups = _slot_groups(strip.matrix, len(strip.matrix[0]))
    if len(groups) < len(columns):
        return False
    values = groups[len(groups) - len(columns) :]
    strip.rows = [_data_row(row, values[0][0], values) for row in strip.matrix]
    strip.columns, strip.width = columns, len(columns)
    return True
