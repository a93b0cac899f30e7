"""The reading of every cell of a form: its status and number, and how it was proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from extractor.document import Cell, Document, Place, Told
from extractor.forms import Entry, Table, form_ids, load_form
from extractor.normalize import squeeze
from extractor.report import CellStatus
from extractor.tables.align import Alignment, Match, PlacedRow, align, cells_of
from extractor.tables.collect import ORDER, collect
from extractor.tables.labels import ACCEPT, likeness
from extractor.tables.matrix_table import align_matrix
from extractor.tables.run_together import Cuts, column_rules, settle
from extractor.tables.sheet import DataRow, Strip
from extractor.tables.values import Parsed, as_whole, parse_cell

NEARLY = 0.99  # of a label that is word for word the form's, where something beside it is not as it should be


class CellReading(NamedTuple):
    """One cell of a form as read. ``row_score`` and ``column_score`` say how well its labels matched."""

    status: CellStatus
    value: int | Decimal | None = None
    unit: str | None = None
    raw: str | None = None
    place: Place | None = None
    row_score: float = 0.0
    column_score: float = 0.0
    told: Told = "read"
    others: tuple[int, ...] = ()  # further readings of an open cut
    sure: float | None = None  # the recogniser's score, for scans
    likely: tuple[tuple[str, float], ...] = ()  # other readings of the same ink
    repaired: bool = False  # the equations chose this one of them


@dataclass(frozen=True, slots=True)
class ExtraReading:
    """A row or column that the form does not know, as printed."""

    label: str
    values: tuple[str, ...]
    is_column: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table of the document, read by the form that its headers and rows fit best."""

    id: str
    form: str
    cells: dict[tuple[str, str], CellReading]
    extras: tuple[ExtraReading, ...] = ()
    decided: bool = True  # False where the table fits several forms equally well


@dataclass(slots=True)
class TablesReading:
    """All tables found; ``several`` if a second report begins in the file, ``mixed`` header forms."""

    tables: dict[str, TableReading] = field(default_factory=dict)
    several: bool = False
    unplaced: list[str] = field(default_factory=list)  # tables that are printed, but no cell could be proved
    conflicts: list[str] = field(default_factory=list)


def read_tables(document: Document) -> TablesReading:
    """Find and read the tables of a document. Tables that are not there are not in the result."""
    collected = collect(document)
    torn = any(s.torn for strips in collected.strips.values() for s in strips)
    out = TablesReading(several=collected.several)
    preferred = form_ids()[0]
    for table_id in ORDER:
        strips = collected.strips.get(table_id)
        if not strips:
            continue
        reading, conflict = _read_table(table_id, strips, preferred, torn)
        if reading is None:
            out.unplaced.append(table_id)
            continue
        out.tables[table_id] = reading
        if table_id == ORDER[0]:
            preferred = reading.form
        if conflict:
            out.conflicts.append(table_id)
    return out


def _read_table(table_id: str, strips: list[Strip], preferred: str, torn: bool) -> tuple[TableReading | None, bool]:
    readings: list[tuple[float, bool, str, Alignment]] = []
    aligned: dict[object, Alignment] = {}  # forms may print the same table (表四): it is aligned once
    for form_id in form_ids():
        table = load_form(form_id).tables.get(table_id)
        if table is not None:
            shape = _shape(form_id, table_id)
            if shape not in aligned:
                aligned[shape] = _aligned(strips, table)
            matched = aligned[shape]
            readings.append((round(matched.score, 6), form_id == preferred, form_id, matched))
    readings.sort(key=lambda r: (r[0], r[1]), reverse=True)
    score, _, form_id, best = readings[0]
    if not best.placed:
        return None, False
    _settle(best, form_id, table_id)
    decided = len(readings) == 1 or readings[1][0] < score
    reading = TableReading(table_id, form_id, _cells(best, torn), _extras(best), decided)
    return reading, table_id == ORDER[0] and _two_forms(strips, table_id)


def _aligned(strips: list[Strip], table: Table) -> Alignment:
    crossed = len(table.blocks) == 1 and table.groups and _by_columns(table)
    return align_matrix(strips, table) if crossed else align(strips, table)


@cache
def _shape(form_id: str, table_id: str) -> object:
    """What alignment looks at in a table: equal for forms that print it alike."""
    table = load_form(form_id).tables[table_id]
    entries = [(e.id, e.keys, e.ordinal, e.parent, e.header) for b in table.blocks for e in (*b.rows, *b.columns)]
    return tuple(entries), tuple((g.id, g.keys) for g in table.groups)


def _settle(alignment: Alignment, form_id: str, table_id: str) -> None:
    """Rows that run together take the one cut that their own sums and the sums over columns allow."""
    open_rows = {p.row.entry.id: p.data for p in alignment.placed if p.data.cuts and p.data.cuts.options}
    if not open_rows:
        return
    known = {p.row.entry.id: _numbers(p.data) for p in alignment.placed if not p.data.broken}
    cuts = {name: data.cuts.options for name, data in open_rows.items() if data.cuts}
    settled = settle(cuts, known, column_rules(form_id, table_id))
    for name, data in open_rows.items():
        if not data.broken:
            continue  # the rows of 表四 stand side by side in one line of digits
        place = data.loose[0]
        data.cuts = Cuts(place.text, tuple(settled[name]))
        if len(settled[name]) == 1:
            data.values = [place._replace(text=str(n), column=i, told="split") for i, n in enumerate(settled[name][0])]
            data.broken, data.loose = False, []


def _numbers(row: DataRow) -> list[int | None]:
    parsed = [parse_cell(c.text).value if c is not None else None for c in row.values]
    return [v if isinstance(v, int) else None for v in parsed]


def _by_columns(table: Table) -> bool:
    """Whether the form prints this table as one line of numbers under grouped columns (表四)."""
    return not any(r.parent for r in table.blocks[0].rows)


def _two_forms(strips: list[Strip], table_id: str) -> bool:
    """Whether one table has header words of two forms (in blocks that exclude each other)."""
    seen = set()
    for form_id in form_ids():
        own = {k for b in load_form(form_id).tables[table_id].blocks for c in b.columns for k in c.keys}
        others = {
            k
            for f in form_ids()
            if f != form_id
            for b in load_form(f).tables[table_id].blocks
            for c in b.columns
            for k in c.keys
        }
        printed = {squeeze(n) for s in strips for c in s.columns or [] for n in c.names()}
        if printed & (own - others):
            seen.add(form_id)
    return len(seen) > 1


def _cells(alignment: Alignment, torn: bool) -> dict[tuple[str, str], CellReading]:
    placed = {p.row.entry: p for p in alignment.placed}
    out: dict[tuple[str, str], CellReading] = {}
    for block in alignment.table.blocks:
        for row in block.data_rows():
            p = placed.get(row)
            if p is not None:
                out.update({(row.id, c.id): r for c, r in zip(block.columns, _row(p, block.columns), strict=True)})
                continue
            strayed = (
                (torn and row.id not in alignment.closed)
                or row.id in alignment.doubtful
                or any(likeness(x.label, row) >= ACCEPT for x, _ in alignment.extra_rows)
            )
            out.update({(row.id, c.id): CellReading("unreadable" if strayed else "absent") for c in block.columns})
    return out


def _row(placed: PlacedRow, columns: Sequence[Entry]) -> list[CellReading]:
    """The cells of a row that was found, in the order of the form's columns."""
    found, data = cells_of(placed), placed.data
    unsure = data.broken or any(_differ(data, t) for t in placed.twins)
    options = data.cuts.options if data.broken and data.cuts else ()
    out = []
    for column in columns:
        cell, match = found.get(column, (None, None))
        if options and match is not None:
            out.append(_open_cut(data, options, placed.columns.index(match)))
        elif unsure:
            out.append(_unplaced(data))
        elif match is None:
            out.append(CellReading("absent" if placed.columns and not data.loose else "unreadable"))
        elif cell is None:
            out.append(CellReading("unreadable"))
        else:
            nearly = Match(column, min(match.score, NEARLY)) if data.loose else match  # its neighbour lost its rule
            out.append(_reading(cell, column, placed.row, nearly))
    return out


def _differ(a: DataRow, b: DataRow) -> bool:
    texts = [[squeeze(c.text) if c else "" for c in row.values] for row in (a, b)]
    return texts[0] != texts[1]


def _unplaced(row: DataRow) -> CellReading:
    """A row that prints something whose columns cannot be told: unreadable, with what it prints."""
    raw = " ".join(squeeze(c.text) for c in row.loose or [v for v in row.values if v is not None])
    place = next((c.place for c in [*row.loose, *row.values] if c is not None), None)
    return CellReading("unreadable", raw=raw or None, place=place)


def _open_cut(row: DataRow, options: Sequence[tuple[int, ...]], index: int) -> CellReading:
    """A cell in digits that run together: unreadable, with what each cut would make it."""
    others = tuple(dict.fromkeys(o[index] for o in options))
    return _unplaced(row)._replace(others=others)


def _reading(cell: Cell, column: Entry, row: Match, match: Match) -> CellReading:
    if cell.others and column.type != "decimal":
        cell = as_whole(cell)
    parsed: Parsed = parse_cell(cell.text)
    unit = parsed.unit or column.unit
    return CellReading(
        status=parsed.status,
        value=parsed.value,
        unit=unit,
        raw=cell.text,
        place=cell.place,
        row_score=row.score,
        column_score=match.score,
        told=cell.told,
        sure=cell.sure,
        likely=cell.others,
    )


def _extras(alignment: Alignment) -> tuple[ExtraReading, ...]:
    out = []
    for row, _ in alignment.extra_rows:
        cells = row.loose or [v for v in row.values if v is not None]
        place = next((c.place for c in cells), None)
        out.append(ExtraReading(row.label, tuple(squeeze(c.text) for c in cells), place=place))
    out += [ExtraReading(label, (), is_column=True) for label in alignment.extra_columns]
    return tuple(out)
