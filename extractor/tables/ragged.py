"""Strips of flattened text, where a row is a list of cells and spans are lost.

Values are counted from the right: the header says how many there are, and a row is only believed if
exactly that many value cells follow its label. A row that lost or gained a cell is ``broken``.
"""

from __future__ import annotations

from extractor.document import Cell, Grid
from extractor.forms import label_key
from extractor.normalize import squeeze
from extractor.tables.labels import header_tables, is_title, row_tables
from extractor.tables.sheet import Column, DataRow, Strip, is_header_row
from extractor.tables.values import is_value

Row = list[Cell]


def _group_sizes(upper: list[str], lower: list[str]) -> list[int] | None:
    """How many cells of ``lower`` each cell of ``upper`` covers, or None where that does not come out.

    An empty cell of ``lower`` goes on from the one cell above it. A filled run belongs to a group;
    groups that stand side by side share a run evenly.
    """
    if not upper or not lower:
        return [] if not upper and not lower else None
    if not lower[0]:
        rest = _group_sizes(upper[1:], lower[1:])
        return None if rest is None else [1, *rest]
    run = next((i for i, text in enumerate(lower) if not text), len(lower))
    for groups in range(1, len(upper) + 1):
        if run % groups == 0 and all(upper[:groups]):
            rest = _group_sizes(upper[groups:], lower[run:])
            if rest is not None:
                return [run // groups] * groups + rest
    return None


def _leaves(header: list[Row]) -> list[Column] | None:
    """The value columns of a ragged header: the lowest row, its empty cells named from above."""
    texts = [[squeeze(c.text) for c in row] for row in header]
    lower = texts[-1]
    paths: list[tuple[str, ...]] = [(t,) if t else () for t in lower]
    sizes = _group_sizes(texts[-2], lower) if len(texts) > 1 else None
    if sizes is not None:
        above = [t for t, n in zip(texts[-2], sizes, strict=True) for _ in range(n)]
        paths = [(t, *p) if t else p for t, p in zip(above, paths, strict=True)]
    first = next((i for i, p in enumerate(paths) if p and _counts(p)), None)
    return None if first is None else [Column(p) for p in paths[first:]]


def _counts(path: tuple[str, ...]) -> bool:
    return path[-1] != "信息内容" and bool(header_tables(path[-1]))


def _data_row(row: Row, width: int) -> DataRow:
    cut = len(row) - width
    labels = [squeeze(c.text) for c in row[: max(cut, 0)]]
    values: list[Cell | None] = list(row[max(cut, 0) :])
    stub_words = [t for t in labels if t and not is_value(t)]
    sound = (
        cut >= 0
        and len(values) == width
        and not any(v is not None and row_tables(v.text) for v in values)
        and (cut == 0 or (bool(labels[-1]) and not is_value(labels[-1])))
    )
    if sound:
        return DataRow(tuple(labels[-1:]), tuple(labels[:-1]), values)
    texts = [squeeze(c.text) for c in row]
    label = next((t for t in reversed(texts) if label_key(t) and not is_value(t)), "")
    loose = [c for c in row if is_value(c.text) and c.text.strip()]
    return DataRow((label,), tuple(stub_words[:-1]), [None] * width, broken=True, loose=loose)


def ragged_strips(grid: Grid) -> list[Strip]:
    """The strips of a ragged grid (tab-led text)."""
    strips: list[Strip] = []
    strip = Strip(None, [], 0)
    header: list[Row] = []
    for r in range(grid.rows):
        row = grid.row_cells(r)
        texts = [c.text for c in row]
        filled = [t for t in texts if t.strip()]
        if len(filled) == 1 and is_title(filled[0]):
            strips.append(strip)
            strip, header = Strip(None, [], 0, titled=True), []
        elif is_header_row(texts):
            if strip.rows or not header:
                strips.append(strip)
                strip, header = Strip(None, [], 0, titled=strip.titled and not strip.rows), []
            header.append(row)
            strip.columns = _leaves(header)
            strip.width = len(strip.columns or [])
        else:
            width = strip.width or _trailing_values(row)
            strip.width = strip.width or width
            strip.rows.append(_data_row(row, width))
    strips.append(strip)
    return [s for s in strips if s.rows or s.columns is not None or s.titled]


def _trailing_values(row: Row) -> int:
    count = 0
    for cell in reversed(row):
        if not is_value(cell.text):
            break
        count += 1
    return count
