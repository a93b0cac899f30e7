"""表四: one line of numbers under grouped columns. Its form rows are printed as column groups."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from extractor.document import Cell
from extractor.forms import Entry, Table
from extractor.tables.align import Alignment, Match, PlacedRow, monotone
from extractor.tables.by_place import told_by_place
from extractor.tables.labels import ACCEPT, likeness
from extractor.tables.sheet import Column, DataRow, Strip

_GROUP = 0.3


@lru_cache(maxsize=20000)
def _score(column: Column, row: Entry, outcome: Entry, rows: tuple[Entry, ...], groups: tuple[Entry, ...]) -> float:
    """How well a printed column is one outcome of one kind of case."""
    own = max((likeness(n, outcome) for n in column.names()), default=0.0)
    if own < ACCEPT:
        return 0.0
    above = column.path[:-1]
    here = _heads(above, row) or any(g.id == row.group and _heads(above, g) for g in groups)
    others = [r for r in rows if r is not row]
    named = _heads(above, row)
    if any(_heads(above, r) for r in others) and not named:
        return 0.0
    if any(_heads(above, g) and g.id != row.group for g in groups):
        return 0.0
    return own + (_GROUP if here else 0.0)


def _heads(above: Sequence[str], entry: Entry) -> bool:
    return any(likeness(word, entry) >= ACCEPT for word in above)


def _value_row(strips: Sequence[Strip], width: int) -> tuple[DataRow | None, list[DataRow]]:
    """The row that holds the numbers, and other rows with something in them."""
    rows = [r for s in strips for r in s.rows if len(r.values) == width or r.broken]
    filled = [r for r in rows if r.has_values]
    if len(filled) > 1 and not any(r.broken for r in filled):
        joined = _complementary(filled)
        if joined is not None:
            return joined, []
    if filled:
        return filled[0], filled[1:]
    return (rows[0] if rows else None), []


def _complementary(rows: list[DataRow]) -> DataRow | None:
    """One row from several that never fill the same column (a line of numbers cut in two)."""
    values: list[Cell | None] = []
    for cells in zip(*(r.values for r in rows), strict=True):
        filled = [c for c in cells if c is not None and c.text.strip()]
        if len(filled) > 1:
            return None
        values.append(filled[0] if filled else next((c for c in cells if c is not None), None))
    return DataRow((), (), values)


def align_matrix(strips: Sequence[Strip], table: Table) -> Alignment:
    """Read the strips of 表四: columns matched in form order within their groups."""
    columns = next((s.columns for s in strips if s.columns), None)
    block = table.blocks[0]
    if columns is None:
        return Alignment(table, [], [(r, s) for s in strips for r in s.rows if r.has_values], [], 0.0)
    wanted = [(r, c) for r in block.rows for c in block.columns]
    scores = [[_score(col, r, c, block.rows, table.groups) for r, c in wanted] for col in columns]
    pairs = monotone(scores)
    known = [i for i, j in pairs if i == j] if all(i == j for i, j in pairs) else []
    told = told_by_place(columns, [c for _, c in wanted], known, lambda word, i: _heads([word], wanted[i][0]))
    data, others = _value_row(strips, len(columns))
    placed = []
    for row in block.rows:
        matches: list[Match | None] = [None] * len(columns)
        for i, j in pairs:
            if wanted[j][0] is row:
                matches[i] = Match(wanted[j][1], max(likeness(n, wanted[j][1]) for n in columns[i].names()))
        for i in told:
            if wanted[i][0] is row:
                matches[i] = Match(wanted[i][1], ACCEPT)
        if data is not None and any(matches):
            clash = [] if data.broken else others
            placed.append(PlacedRow(Match(row, 1.0), matches, data, twins=clash))
    found = {*told, *(i for i, _ in pairs)}
    extra = [c.path[-1] for i, c in enumerate(columns) if i not in found and c.path]
    return Alignment(table, placed, [], extra, sum(scores[i][j] for i, j in pairs))
