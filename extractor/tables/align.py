"""Strips ↔ a form: rows and columns matched by their labels, in form order.

Rule 1 of the house: a number becomes a cell only when its row and its column are proved by their
labels inside the right parent. Rows are aligned as a monotone sequence, so a stray line, an extra
row, a missing row or a blank cell shifts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from extractor.document import Cell
from extractor.forms import Entry, Table
from extractor.tables.by_place import told_by_place
from extractor.tables.labels import ACCEPT, half_read, likeness, same_ordinal
from extractor.tables.sheet import Column, DataRow, Strip

_HEADER_ROW = 0.05  # a header row holds no cell: it must never displace a row that does
_PARENT = 0.15
_ORDINAL = 0.05


@dataclass(slots=True)
class Match:
    """A printed row or column matched to an entry, with its likeness (0 to 1)."""

    entry: Entry
    score: float


@dataclass(slots=True)
class PlacedRow:
    """A data row of the form as found: its columns' matches and its cells."""

    row: Match
    columns: list[Match | None]
    data: DataRow
    twins: list[DataRow] = field(default_factory=list)  # other rows with the same label


@dataclass(slots=True)
class Alignment:
    """A table as one form reads it; ``score`` compares forms."""

    table: Table
    placed: list[PlacedRow]
    extra_rows: list[tuple[DataRow, Strip]]
    extra_columns: list[str]
    score: float
    doubtful: frozenset[str] = frozenset()  # rows not found that a row with a strange label may be
    closed: frozenset[str] = frozenset()  # rows not found between two whole rows that are printed one after the other


def monotone(gains: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs (a, b), both ascending, with the greatest total of ``gains[a][b]``; 0 or less never pairs."""
    width = len(gains[0]) if gains else 0
    best = [[0.0] * (width + 1)]  # from the last row up
    for row in reversed(gains):
        below, here, right = best[-1], [0.0] * (width + 1), 0.0
        for b in range(width - 1, -1, -1):
            gain = row[b]
            right = max(right, below[b], gain + below[b + 1] if gain > 0 else 0.0)
            here[b] = right
        best.append(here)
    best.reverse()
    pairs, a, b = [], 0, 0
    while a < len(gains) and b < width:
        gain = gains[a][b]
        if gain > 0 and best[a][b] == gain + best[a + 1][b + 1]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def match_columns(columns: Sequence[Column], entries: Sequence[Entry]) -> list[Match | None]:
    """For each printed column the form's column that its header words name, in form order, or its place."""
    found: list[Match | None] = [None] * len(columns)
    pairs = _column_pairs(tuple(tuple(c.names()) for c in columns), tuple(entries))
    for i, j, score in pairs:
        found[i] = Match(entries[j], score)
    if len(pairs) < len(columns) and all(i == j for i, j, _ in pairs):
        for i in told_by_place(columns, entries, [i for i, _, _ in pairs], lambda word, i: False):
            found[i] = Match(entries[i], ACCEPT)
    return found


@lru_cache(maxsize=5000)
def _column_pairs(names: tuple[tuple[str, ...], ...], entries: tuple[Entry, ...]) -> tuple[tuple[int, int, float], ...]:
    """(printed column, form column, likeness) for the names of each column; reports repeat their headers."""
    scores = [[max((likeness(n, e) for n in own), default=0.0) for e in entries] for own in names]
    return tuple((i, j, scores[i][j]) for i, j in monotone(scores))


class RowScorer:
    """Scores printed rows against the rows of a block, parents considered."""

    def __init__(self, rows: Sequence[Entry]) -> None:
        self.rows = rows
        self._by_id = {r.id: r for r in rows}
        self._headers = [r for r in rows if r.header]

    def label(self, row: DataRow, entry: Entry) -> float:
        """The likeness of the row's label to an entry, over all its possible labels."""
        return max((likeness(option, entry) for option in row.labels if option), default=0.0)

    def __call__(self, row: DataRow, entry: Entry) -> float:
        score = self.label(row, entry)
        if score < ACCEPT:
            return 0.0
        if entry.header:
            return _HEADER_ROW
        parent = self._by_id.get(entry.parent or "")
        agreement = self._parent_agreement(row, parent)
        if agreement < 0:
            return 0.0
        ordinal = any(same_ordinal(option, entry) for option in row.labels)
        return score + agreement * _PARENT + (_ORDINAL if ordinal else 0.0)

    def _parent_agreement(self, row: DataRow, parent: Entry | None) -> int:
        """1 if the nearest known label above or beside is the entry's parent, -1 if it is a stranger.

        A known label further up the entry's own line (三、本年度办理结果 beside a cut （四）无) says nothing.
        """
        line = [parent] if parent is not None else []
        while line and line[-1].parent in self._by_id:
            line.append(self._by_id[line[-1].parent])
        for text in reversed(row.parents):
            best = max(self._headers, key=lambda h: likeness(text, h), default=None)
            if best is None or likeness(text, best) < ACCEPT:
                continue
            return 1 if best is parent else 0 if best in line else -1
        return 0


@lru_cache(maxsize=20000)
def _scores(
    entries: tuple[Entry, ...], labels: tuple[str, ...], parents: tuple[str, ...]
) -> tuple[tuple[float, float], ...]:
    """(score, likeness of the label) of a printed row with every row of a form; reports repeat their labels."""
    scorer, row = RowScorer(entries), DataRow(labels, parents, [])
    return tuple((scorer(row, e), scorer.label(row, e)) for e in entries)


RowPairs = tuple[tuple[tuple[int, int, float], ...], float]


def align_rows(rows: Sequence[DataRow], entries: Sequence[Entry]) -> RowPairs:
    """(printed row, form row, likeness) in order, and the total score."""
    return _row_pairs(tuple((row.labels, row.parents) for row in rows), tuple(entries))


@lru_cache(maxsize=2000)
def _row_pairs(rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], entries: tuple[Entry, ...]) -> RowPairs:
    found = [_scores(entries, labels, parents) for labels, parents in rows]
    pairs = monotone([[score for score, _ in row] for row in found])
    return tuple((i, j, found[i][j][1]) for i, j in pairs), sum(found[i][j][0] for i, j in pairs)


def _twins(scorer: RowScorer, matched: dict[int, Entry], rows: Sequence[DataRow], i: int) -> list[DataRow]:
    """Rows left over that carry the same label as row ``i``: which one counts is not sure."""
    return [
        rows[k]
        for k in range(len(rows))
        if k not in matched
        and rows[k].has_values
        and scorer(rows[k], matched[i]) > ACCEPT
        and scorer.label(rows[k], matched[i]) >= scorer.label(rows[i], matched[i])
    ]


def _doubtful(
    rows: Sequence[DataRow], entries: Sequence[Entry], pairs: Iterable[tuple[int, int, float]]
) -> frozenset[str]:
    """Rows not found that would stand where the table prints a row whose label the form does not know."""
    found = {i: j for i, j, _ in pairs if not entries[j].header}
    out: set[str] = set()
    for strange in (i for i, row in enumerate(rows) if i not in found and row.has_values):
        before = max((j for i, j in found.items() if i < strange), default=-1)
        after = min((j for i, j in found.items() if i > strange), default=len(entries))
        out |= {e.id for e in entries[before + 1 : after]}
    return frozenset(out)


def _closed(
    rows: Sequence[DataRow], entries: Sequence[Entry], pairs: Iterable[tuple[int, int, float]]
) -> frozenset[str]:
    """Rows for which the table has no room: nothing stands between the rows before and after them, both whole."""
    ordered = sorted(pairs)
    out: set[str] = set()
    for (i, j, one), (k, m, other) in pairwise(ordered):
        if k == i + 1 and m > j + 1 and min(one, other) >= 1.0 and _whole(rows[i]) and _whole(rows[k]):
            out |= {e.id for e in entries[j + 1 : m]}
    return frozenset(out)


def _whole(row: DataRow) -> bool:
    return not row.broken and not row.loose and bool(row.values) and all(v is not None for v in row.values)


def _by_place(rows: Sequence[DataRow], entries: Sequence[Entry], pairs: RowPairs) -> RowPairs:
    """The pairs with rows of a scan whose label was half read (规草), where the form has one row for their place.

    Both neighbours are known, or the row is the first or last; no other row of values and of the form is between.
    """
    found = {i: j for i, j, _ in pairs[0]}
    more = []
    for i, row in enumerate(rows):
        if i in found or not row.label or not _scanned(row):
            continue
        before, after = (
            found.get(i - 1, -1 if i == 0 else None),
            found.get(i + 1, len(entries) if i + 1 == len(rows) else None),
        )
        if before is None or after is None:
            continue
        between = [j for j in range(before + 1, after) if not entries[j].header]
        if len(between) == 1 and (half := half_read(row.label, entries[between[0]])):
            more.append((i, between[0], half))
    return tuple(sorted([*pairs[0], *more])), pairs[1]


def _scanned(row: DataRow) -> bool:
    return any(c is not None and c.sure is not None for c in row.values)


def align(strips: Sequence[Strip], table: Table) -> Alignment:
    """Read the strips of one table as a given form would have them (表二 and 表三)."""
    located = [(row, strip) for strip in strips for row in strip.rows]
    rows = [row for row, _ in located]
    entries = [e for b in table.blocks for e in b.rows]
    block_of = {e.id: b for b in table.blocks for e in b.rows}
    pairs, score = _by_place(rows, entries, align_rows(rows, entries))
    scorer = RowScorer(entries)
    matched = {i: entries[j] for i, j, _ in pairs}
    placed, extra_columns = [], []
    matches: dict[tuple[int, str], list[Match | None]] = {}  # many rows share a header
    for i, j, row_score in pairs:
        row, strip = located[i]
        block = block_of[entries[j].id]
        key = (id(strip.columns), block.id)
        if key not in matches:
            matches[key] = match_columns(strip.columns or [], block.columns)
        columns = matches[key]
        score += sum(m.score for m in columns if m) * 0.5
        if entries[j].header:
            continue
        twins = _twins(scorer, matched, rows, i)
        placed.append(PlacedRow(Match(entries[j], row_score), columns, row, twins=twins))
        for column, match in zip(strip.columns or [], columns, strict=True):
            if match is None and column.path and column.path[-1] not in extra_columns:
                extra_columns.append(column.path[-1])
    extra = [located[i] for i in range(len(rows)) if i not in matched and rows[i].has_values]
    return Alignment(
        table, placed, extra, extra_columns, score, _doubtful(rows, entries, pairs), _closed(rows, entries, pairs)
    )


def cells_of(placed: PlacedRow) -> dict[Entry, tuple[Cell | None, Match]]:
    """The printed cell of each form column that a placed row has, with the column's match."""
    values = placed.data.values
    pairs = [(i, match) for i, match in enumerate(placed.columns) if match is not None]
    return {m.entry: (values[i] if i < len(values) else None, m) for i, m in reversed(pairs)}
