"""The strips of a document sorted by table, with what a page end has cut joined again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from extractor.document import Block, Cell, Document, Grid, Paragraph, Picture
from extractor.forms import form_ids, load_form
from extractor.normalize import squeeze
from extractor.tables.flow import FlowGrid
from extractor.tables.flow_rows import flow_strips
from extractor.tables.labels import header_tables, likeness, row_tables
from extractor.tables.layout import joined_lines, layout_strips
from extractor.tables.ragged import ragged_strips
from extractor.tables.sheet import DataRow, Strip, regular_strips, take_header
from extractor.tables.stitch import stitched

ORDER = ("proactive_disclosure", "requests", "reconsideration_litigation")
_CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,2}[、.]\S{4,40}$")


@dataclass(slots=True)
class Collected:
    """The strips of each table in reading order; ``several`` if a second report begins in the file."""

    strips: dict[str, list[Strip]] = field(default_factory=dict)
    several: bool = False


def _strips(grid: Grid, reader: str) -> list[Strip]:
    if isinstance(grid, FlowGrid):
        return flow_strips(grid)
    if grid.regular:
        return regular_strips(grid)
    return layout_strips(grid) if reader == "text-layout" else ragged_strips(grid)


def table_of(strip: Strip) -> str | None:
    """The table whose header words and row labels a strip has, or None if it has none."""
    votes: Counter[str] = Counter()
    for column in strip.columns or []:
        for name in column.names()[:2]:
            votes.update(header_tables(name))
        for word in column.path[:-1]:
            votes.update(header_tables(word))
    for row in strip.rows:
        found = next((t for t in (row_tables(label) for label in row.labels) if t), frozenset())
        votes.update(dict.fromkeys(found, 2))
    best = votes.most_common(2)
    if not best or (len(best) == 2 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def _prepared(document: Document) -> list[Block]:
    """The blocks with what a page end or the shape of the text has parted put together."""
    if document.reader == "text-layout":
        return joined_lines(document.blocks)
    return stitched(document.blocks)


def collect(document: Document) -> Collected:
    """Sort the strips of all grids by table. A chapter heading ends what may go on from before."""
    out = Collected()
    last: tuple[str, Strip] | None = None
    headed = False
    for index, block in enumerate(_prepared(document)):
        if isinstance(block, Paragraph):
            if _CHAPTER.match(squeeze(block.text)):
                headed, last = True, None
            continue
        if isinstance(block, Picture):
            continue
        for strip in _strips(block, document.reader):
            strip.grid = index
            table = table_of(strip)
            if table is None and last is not None and not strip.titled:
                table = last[0]
            if table is None:
                last = last if strip.titled else None
                continue
            if headed and strip.columns and _goes_back(out, table):
                out.several = True
                return out
            _join(strip, out.strips.setdefault(table, []), last)
            last, headed = (table, strip), False
    return out


def _goes_back(out: Collected, table: str) -> bool:
    """A table that was read to its end begins again after a later table: another report."""
    later = ORDER[ORDER.index(table) + 1 :] if table in ORDER else ()
    return table in out.strips and any(t in out.strips for t in later)


def _join(strip: Strip, strips: list[Strip], last: tuple[str, Strip] | None) -> None:
    """Add a strip to its table: it takes over the header of the page before, and cut rows are mended."""
    before = last[1] if last is not None and strips and strips[-1] is last[1] else None
    if (
        before is not None
        and strip.columns is None
        and before.columns is not None
        and not take_header(strip, before.columns)
    ):
        _fit_from_right(strip, len(before.columns))
        strip.columns = before.columns
    if before is not None and before.grid != strip.grid and before.rows and strip.rows:
        _carry_parent(before.rows[-1], strip)
        merged = _merge_cut(before.rows[-1], strip.rows[0])
        if merged is not None:
            before.rows[-1] = merged
            del strip.rows[0]
    strips.append(strip)


def _fit_from_right(strip: Strip, width: int) -> None:
    """A remainder with more value slots than columns has empty label cells on its left; fewer is broken."""
    for row in strip.rows:
        spare = len(row.values) - width
        if spare > 0 and not any(v is not None and v.text.strip() for v in row.values[:spare]):
            row.values = row.values[spare:]
        elif len(row.values) != width:
            row.loose += [v for v in row.values if v is not None]
            row.values, row.broken = [None] * width, True


def _carry_parent(last: DataRow, strip: Strip) -> None:
    """A parent cell cut by the page end (（四）无 | 法提供): its second half alone names nothing."""
    if not last.parents:
        return
    tail = last.parents[-1]
    half = next((r.parents[-1] for r in strip.rows[:1] if r.parents and r.parents[-1]), None)
    if half is None or _best_parent(tail + half) <= max(_best_parent(half), _best_parent(tail)):
        return
    for i, row in enumerate(strip.rows):
        if row.parents and row.parents[-1] == half:
            strip.rows[i] = replace(row, parents=(*row.parents[:-1], tail + half))
        else:
            break


def _best_parent(label: str) -> float:
    headers = (e for f in form_ids() for e in load_form(f).tables["requests"].blocks[0].rows if e.header)
    return max((likeness(label, e) for e in headers), default=0.0)


def _best_row(label: str) -> float:
    rows = (e for f in form_ids() for t in load_form(f).tables.values() for b in t.blocks for e in b.rows)
    return max((likeness(label, e) for e in rows), default=0.0) if label else 0.0


def _merge_cut(above: DataRow, below: DataRow) -> DataRow | None:
    """One row out of two halves of a row that a page end has cut, or None where they are two rows.

    They are one if their labels together name a row better than either alone, if the lower half has no
    label and leaves cells empty, or if the upper half has numbers alone and the lower one a label alone (a
    printer that does not part the two lines of a label sends them to the next page, the numbers not). A
    number in both halves is one number broken over lines where the label was cut too; else it could be two,
    and the cell is left unreadable.
    """
    if above.broken or below.broken or len(above.values) != len(below.values):
        return None
    joined = above.label + below.label
    cut = _best_row(joined) > max(_best_row(above.label), _best_row(below.label)) + 0.01
    spare = not below.label and not all(_filled(c) for c in below.values)
    if not (cut or spare or _parted(above, below)):
        return None
    joint = "\n" if cut else "?"
    values = [_joined_cell(a, b, joint) for a, b in zip(above.values, below.values, strict=True)]
    parents = above.parents if any(above.parents) else below.parents
    return DataRow((joined,), parents, values)


def _parted(above: DataRow, below: DataRow) -> bool:
    """Whether the numbers of a row stayed on a page and its label went to the next."""
    if above.label or not below.label or not above.has_values:
        return False
    return not any(_filled(b) for b in below.values)


def _filled(cell: Cell | None) -> bool:
    return cell is not None and bool(cell.text.strip())


def _joined_cell(above: Cell | None, below: Cell | None, joint: str) -> Cell | None:
    if above is not None and below is not None and _filled(above) and _filled(below):
        return above._replace(text=f"{above.text}{joint}{below.text}")
    return below if _filled(below) else above or below
