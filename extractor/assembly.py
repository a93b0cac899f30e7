"""Readings of the tables → the values of the output: status, class of evidence, measured probability, place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from extractor import levels
from extractor.confidence import (
    APART,
    CAP,
    confidence,
    equation_grades,
    evidence_class,
    kind_of,
    label_grade,
    status_group,
)
from extractor.document import Chapter, Place
from extractor.forms import Table, label_key
from extractor.report import Alternative, Check, Evidence, Extra, Tables, Value
from extractor.tables import CellReading, TableReading, TablesReading
from extractor.tables.read import NEARLY
from extractor.tables.values import parse_cell

_LABELS_SEEN = 4  # this many labels of a table in running text: it is printed there, but flattened
# Grades of a recogniser's score, whose errors are counted for the prices of repair (extractor/joint.py).
SCORES = (("clear", 0.95), ("fair", 0.8), ("poor", 0.5), ("faint", 0.0))
TROUBLED = ("contested", "doubted", "repaired")  # too few such cells of scans were seen to earn 0.99 by themselves
FEW_SUMS = 24  # identities, fewer than which make no share of their own: a report of numbers has 28 to 50
LEVELLED = ("nonzero", "zero", "empty")  # cells of scans that a model sorts
Readings = dict[str, dict[tuple[str, str], CellReading]]  # table id → (row, column) → reading


def _evidence(place: Place | None, reader: str) -> Evidence | None:
    if place is None:
        return None
    box = None if reader == "text-layout" else place.box  # its boxes are character columns, not points
    return Evidence(
        page=place.page,
        box=box,
        start=place.span.start if place.span else None,
        end=place.span.end if place.span else None,
        reader=reader,
    )


def score_grade(sure: float) -> str:
    """The grade of a recogniser's score."""
    return next(name for name, least in SCORES if sure >= least)


def _class_of(reading: CellReading, reader: str, equations: str, unclean: float) -> str:
    """The class of evidence that a reading belongs to (see extractor/confidence.py)."""
    group = status_group(reading.status, reading.value)
    if reading.sure is not None and group in LEVELLED:
        return f"scan/{group}/level-{levels.level(group, levels.features_of(reading, equations, unclean))}"
    labels = label_grade(reading.row_score, reading.column_score)
    reader = reader if reading.told == "read" else f"{reader}-{reading.told}"
    return evidence_class("scan" if reading.sure is not None else reader, group, labels, equations)


def _value(reading: CellReading, reader: str, sure: float) -> Value:
    return Value(
        value=reading.value,
        status=reading.status,
        raw=reading.raw,
        unit=reading.unit if reading.status == "reported" else None,
        confidence=sure,
        evidence=_evidence(reading.place, reader),
        origin="repaired" if reading.repaired else "split" if reading.told == "split" else "read",
        alternatives=_alternatives(reading),
    )


def _alternatives(reading: CellReading) -> list[Alternative]:
    """Other readings: cuts of digits that run together (equally likely), or of the same ink in a scan."""
    if reading.others:
        share = round(1 / len(reading.others), 4)
        return [Alternative(value=n, status="reported", probability=share) for n in reading.others[:3]]
    parsed = ((parse_cell(text), p) for text, p in reading.likely[:3])
    return [Alternative(value=v.value, status=v.status, probability=p) for v, p in parsed if v.status != "unreadable"]


def _labels_in(text: str, table: Table) -> set[str]:
    """The row and column labels of a table that stand in a text."""
    key = label_key(text)
    entries = [e for b in table.blocks for e in (*b.rows, *b.columns)]
    return {e.id for e in entries if any(len(k) >= 4 and k in key for k in e.keys)}


def missing_cells(table: Table, chapter: Chapter | None, found: TablesReading) -> dict[tuple[str, str], CellReading]:
    """The cells of a table that was not read: absent, or unreadable where it is printed all the same."""
    printed = table.id in found.unplaced or (
        chapter is not None
        and (chapter.tables > 0 or chapter.pictures > 0 or len(_labels_in(chapter.text, table)) >= _LABELS_SEEN)
    )
    reading = CellReading("unreadable" if printed else "absent")
    return {(r.id, c.id): reading for r, c in table.cells()}


def lost_rows(reading: TableReading, table: Table, chapter: Chapter | None) -> TableReading:
    """Rows that fell out of the table into running text are unreadable, not absent."""
    text = label_key(chapter.text) if chapter else ""
    for row, column in table.cells():
        cell = reading.cells[row.id, column.id]
        if cell.status == "absent" and any(len(k) >= 4 and k in text for k in row.keys):
            reading.cells[row.id, column.id] = CellReading("unreadable", raw=cell.raw)
    return reading


def shifted(reading: TableReading, reader: str) -> TableReading:
    """Where columns are told by spaces and one is not known, none is proved word for word: all may have shifted."""
    if not reader.startswith("text-layout"):
        return reading
    rows: dict[str, set[bool]] = {}
    for (row, _), cell in reading.cells.items():
        rows.setdefault(row, set()).add(cell.status == "unreadable")
    if any(e.is_column for e in reading.extras) or any(len(kinds) > 1 for kinds in rows.values()):
        for at, cell in reading.cells.items():
            status = "unreadable" if cell.status == "absent" else cell.status
            nearly = min(cell.column_score, NEARLY)
            reading.cells[at] = cell._replace(status=status, told="spaced", column_score=nearly)
    return reading


def features_of(readings: Readings, found: TablesReading, checks: Iterable[Check], reader: str) -> dict[str, float]:
    """How far a document is from an ordinary one: what is compared with the documents confidence was fitted on.

    near_rows: the share of rows whose label is not word for word that of the form. extra_rows: rows that the form does
    not know. lost_rows: the share of rows that are not printed. failed: the share of identities that do not hold; where
    a reader keeps cells apart and few can be tested (blanks, a table left out), one or two of these are no large share.
    """
    rows = {(t, row): r for t, cells in readings.items() for (row, _), r in cells.items()}
    read = [r for r in rows.values() if r.status not in ("absent", "unreadable")]
    lost = sum(r.status == "absent" for (t, _), r in rows.items() if t in found.tables)
    tested = [c.passed for c in checks if c.severity == "error" and c.passed is not None and "." in c.cells[0]]
    extras = sum(not e.is_column for t in found.tables.values() for e in t.extras)
    least = FEW_SUMS if kind_of(reader) in APART else 1
    return {
        "near_rows": round(sum(r.row_score < 1 for r in read) / max(len(read), 1), 4),
        "extra_rows": float(extras),
        "lost_rows": round(lost / max(len(rows), 1), 4),
        "failed": round(tested.count(False) / max(len(tested), least), 4),
    }


Grades = tuple[dict[str, str], dict[str, str]]  # of cells as read, of cells cut out of digits


def grades_of(checks: Iterable[Check], joint: Mapping[str, str]) -> Grades:
    """What the equations say of each cell; ``joint`` is what the joint reading of a table says of cells in a scan."""
    found = list(checks)
    return {**equation_grades(found), **joint}, equation_grades(found, across_rows=True)


def numbers_of(readings: Readings) -> dict[str, int | Decimal | None]:
    """What each cell of the tables says, by path."""
    return {
        f"{table_id}.{row}.{column}": reading.value
        for table_id, cells in readings.items()
        for (row, column), reading in cells.items()
    }


def classes_of(readings: Readings, reader: str, grades: Grades) -> dict[str, str]:
    """The class of evidence of each cell, by path."""
    out: dict[str, str] = {}
    for table_id, cells in readings.items():
        unclean = levels.uncleanness(cells.values())
        for (row, column), reading in cells.items():
            path = f"{table_id}.{row}.{column}"
            equations = grades[reading.told == "split"].get(path, "untested")
            out[path] = _class_of(reading, reader, equations, unclean)
    return out


def tables_of(readings: Readings, reader: str, grades: Grades, limit: float) -> Tables:
    """The values of all tables, each with the measured probability of its class of evidence, at most ``limit``."""
    classes = classes_of(readings, reader, grades)
    out: Tables = {}
    for table_id, cells in readings.items():
        rows = out.setdefault(table_id, {})
        for (row, column), reading in cells.items():
            path = f"{table_id}.{row}.{column}"
            troubled = reading.sure is not None and grades[0].get(path) in TROUBLED
            sure = min(limit, confidence(classes[path]), CAP if troubled else 1.0)
            rows.setdefault(row, {})[column] = _value(reading, reader, sure)
    return out


def extras_of(found: TablesReading, reader: str) -> list[Extra]:
    return [
        Extra(
            table=table_id,
            row=None if e.is_column else e.label,
            column=e.label if e.is_column else None,
            label=e.label,
            values=list(e.values),
            evidence=_evidence(e.place, reader),
        )
        for table_id, reading in found.tables.items()
        for e in reading.extras
    ]
