"""Two ruled grids, cut by a page end inside their header, put together as one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from extractor.document import Block, Cell, Grid, Paragraph
from extractor.forms import form_ids, label_key, load_form
from extractor.tables.sheet import regular_strips

_CORNER = label_key("本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和")
WIDTH = 0.04  # tables on two pages are one if their widths differ by less than this share
CRUMB = 2  # characters: what is longer may be a heading
BESIDE = 15  # letters of upright words side by side: no table has more columns
SNAP = 5.0  # boundaries nearer than this many points are one


def _boundaries(first: Grid, second: Grid, shift: float) -> list[float]:
    out: list[float] = []
    for x in sorted([*first.edges, *(e + shift for e in second.edges)]):
        if not out or x - out[-1] > SNAP:
            out.append(x)
    return out


def _moved(grid: Grid, bounds: list[float], shift: float, rows: int) -> Iterable[Cell]:
    """The cells of a grid on other column boundaries, ``rows`` further down."""
    index = [min(range(len(bounds)), key=lambda i: abs(bounds[i] - e - shift)) for e in grid.edges]
    for cell in grid.cells:
        left, right = index[cell.column], index[min(cell.column + cell.colspan, len(index) - 1)]
        yield cell._replace(column=left, colspan=max(right - left, 1), row=cell.row + rows)


def stitch(first: Grid, second: Grid) -> Grid | None:
    """One grid out of two that stand on pages in a row and are equally wide, else None."""
    if not (first.regular and second.regular and first.edges and second.edges):
        return None
    if first.page is None or second.page != first.page + 1:
        return None
    shift = _shift(first.edges, second.edges)
    if shift is None:
        return None
    bounds = _boundaries(first, second, shift)
    cells = [*_moved(first, bounds, 0.0, 0), *_moved(second, bounds, shift, first.rows)]
    return Grid(tuple(cells), first.rows + second.rows, len(bounds) - 1, True, first.page, tuple(bounds), first.place)


def _shift(first: tuple[float, ...], second: tuple[float, ...]) -> float | None:
    """How far right the second grid is to be moved: both equally wide, or the first is its right part.

    The left cells of a header have no rules of their own where a table is open on its sides.
    """
    widths = [edges[-1] - edges[0] for edges in (first, second)]
    if abs(widths[0] - widths[1]) <= WIDTH * max(widths):
        return first[0] - second[0]
    shift = first[-1] - second[-1]
    inside = all(min(abs(x - e - shift) for e in second) <= SNAP for x in first)
    return shift if inside and widths[0] < widths[1] else None


def _ends_in_header(grid: Grid) -> bool:
    strips = regular_strips(grid) if grid.regular else []
    return bool(strips) and strips[-1].columns is not None and not strips[-1].rows


def _in_header(block: Block) -> bool:
    """Whether a line is a piece of a header whose cells a page end has opened, or a crumb.

    Of the remark in the corner of 表三, or of upright words side by side (结其尚 | 果纠他未总 of 结果维持, 纠正, …). In
    scans the heads of characters that a rule cuts stand alone above it; a page's number is told elsewhere.
    """
    if not isinstance(block, Paragraph):
        return False
    key = label_key(block.text)
    return len(key) <= CRUMB or key in _CORNER or (len(key) <= BESIDE and _column_letters().issuperset(key))


@cache
def _column_letters() -> frozenset[str]:
    """The letters of all columns that the forms print side by side."""
    tables = (t for form_id in form_ids() for t in load_form(form_id).tables.values() if t.groups)
    return frozenset(c for t in tables for b in t.blocks for column in b.columns for key in column.keys for c in key)


def stitched(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with each grid that ends in its header joined to the grid on the next page."""
    out: list[Block] = []
    for block in blocks:
        at = next((i for i in range(len(out) - 1, -1, -1) if not _in_header(out[i])), None)
        before = out[at] if at is not None else None
        if isinstance(block, Grid) and isinstance(before, Grid) and _ends_in_header(before):
            whole = stitch(before, block)
            if whole is not None:
                out[at:] = [whole]
                continue
        out.append(block)
    return out
