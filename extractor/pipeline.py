"""The steps in order: bytes → document → tables and chapters → figures → checks → confidence → Report."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from importlib import metadata as package_metadata

from extractor import data
from extractor.checks import link_same_as, run_checks
from extractor.confidence import CAP, confidence, equation_grades, evidence_class, label_grade, status_group, unlike
from extractor.document import Chapter, Document, Place
from extractor.errors import NotAReport
from extractor.forms import Equation, Table, label_key, load_form
from extractor.garbage import collector_held
from extractor.metadata import Found, read_metadata
from extractor.readers import read_document
from extractor.report import (
    Alternative,
    Check,
    Evidence,
    Extra,
    Extraction,
    Figure,
    Metadata,
    Report,
    Source,
    Tables,
    Value,
)
from extractor.segment import first_report, section_of, split_chapters
from extractor.tables import CellReading, TableReading, TablesReading, lift_tables, read_tables
from extractor.version import __version__

ACCEPT = 0.99
TABLE_IDS = ("proactive_disclosure", "requests", "reconsideration_litigation")
_LABELS_SEEN = 4  # this many labels of a table in running text: it is printed there, but flattened


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose: figures or not, and the threshold of acceptance."""

    figures: bool = True
    accept: float = ACCEPT


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


def _class_of(reading: CellReading, reader: str, equations: str) -> str:
    """The class of evidence that a reading belongs to (see extractor/confidence.py)."""
    labels = label_grade(reading.row_score, reading.column_score)
    reader = reader if reading.told == "read" else f"{reader}-{reading.told}"
    return evidence_class(reader, status_group(reading.status, reading.value), labels, equations)


def _value(reading: CellReading, reader: str, sure: float) -> Value:
    return Value(
        value=reading.value,
        status=reading.status,
        raw=reading.raw,
        unit=reading.unit if reading.status == "reported" else None,
        confidence=sure,
        evidence=_evidence(reading.place, reader),
        origin="split" if reading.told == "split" else "read",
        alternatives=[
            Alternative(value=n, status="reported", probability=round(1 / len(reading.others), 4))
            for n in reading.others[:3]
        ],
    )


def _labels_in(text: str, table: Table) -> set[str]:
    """The row and column labels of a table that stand in a text."""
    key = label_key(text)
    entries = [e for b in table.blocks for e in (*b.rows, *b.columns)]
    return {e.id for e in entries if any(len(k) >= 4 and k in key for k in e.keys)}


def _missing_cells(table: Table, chapter: Chapter | None, found: TablesReading) -> dict[tuple[str, str], CellReading]:
    """The cells of a table that was not read: absent, or unreadable where it is printed all the same."""
    printed = table.id in found.unplaced or (
        chapter is not None
        and (chapter.tables > 0 or chapter.pictures > 0 or len(_labels_in(chapter.text, table)) >= _LABELS_SEEN)
    )
    reading = CellReading("unreadable" if printed else "absent")
    return {(r.id, c.id): reading for r, c in table.cells()}


def _lost_rows(reading: TableReading, table: Table, chapter: Chapter | None) -> TableReading:
    """Rows that fell out of the table into running text are unreadable, not absent."""
    text = label_key(chapter.text) if chapter else ""
    for row, column in table.cells():
        cell = reading.cells[row.id, column.id]
        if cell.status == "absent" and any(len(k) >= 4 and k in text for k in row.keys):
            reading.cells[row.id, column.id] = CellReading("unreadable", raw=cell.raw)
    return reading


@dataclass(slots=True)
class _Parts:
    """What the steps hand on to each other."""

    document: Document
    chapters: list[Chapter]
    found: TablesReading
    meta: Found
    readings: dict[str, dict[tuple[str, str], CellReading]]
    forms: dict[str, str]


def _read(document: Document, name: str) -> _Parts:
    document, several = first_report(lift_tables(document))
    chapters = split_chapters(document)
    found = read_tables(document)
    found.several = found.several or several
    meta = read_metadata(chapters, bool(found.tables))
    if not meta.is_report:
        raise NotAReport(f"{name} has neither its tables nor its title and chapters")
    by_id = {c.id: c for c in chapters}
    main = _main_form(found, meta.metadata)
    readings, forms = {}, {}
    for table_id in TABLE_IDS:
        reading = found.tables.get(table_id)
        form_id = reading.form if reading is not None and reading.decided else main
        if form_id is None:
            continue
        table = load_form(form_id).tables[table_id]
        if reading is not None:
            readings[table_id] = _lost_rows(
                reading, load_form(reading.form).tables[table_id], by_id.get(table_id)
            ).cells
            forms[table_id] = form_id
        else:
            readings[table_id] = _missing_cells(table, by_id.get(table_id), found)
    return _Parts(document, chapters, found, meta, readings, forms)


def _main_form(found: TablesReading, meta: Metadata) -> str | None:
    """The form of 表二, else of the first table found, else the one that the year calls for."""
    first = found.tables.get(TABLE_IDS[0]) or next(iter(found.tables.values()), None)
    if first is None:
        return meta.form_expected
    return first.form if first.decided else meta.form_expected or first.form


def _equations(parts: _Parts) -> list[Equation]:
    """The equations of each table by the form it was read with."""
    main = _main_form(parts.found, parts.meta.metadata)
    out: list[Equation] = []
    for table_id in parts.readings:
        form_id = parts.forms.get(table_id, main)
        if form_id is not None:
            out += [e for e in load_form(form_id).equations if e.table == table_id]
    return out


def _features(parts: _Parts, checks: Iterable[Check]) -> dict[str, float]:
    """How far a document is from an ordinary one: what is compared with the documents confidence was fitted on.

    near_rows: the share of rows whose label is not word for word that of the form. extra_rows: rows that the form does
    not know. lost_rows: the share of rows that are not printed. failed: the share of identities that do not hold.
    """
    rows = {(t, row): r for t, cells in parts.readings.items() for (row, _), r in cells.items()}
    found = [r for r in rows.values() if r.status not in ("absent", "unreadable")]
    lost = sum(r.status == "absent" for (t, _), r in rows.items() if t in parts.found.tables)
    tested = [c.passed for c in checks if c.severity == "error" and c.passed is not None and "." in c.cells[0]]
    extras = sum(not e.is_column for t in parts.found.tables.values() for e in t.extras)
    return {
        "near_rows": round(sum(r.row_score < 1 for r in found) / max(len(found), 1), 4),
        "extra_rows": float(extras),
        "lost_rows": round(lost / max(len(rows), 1), 4),
        "failed": round(tested.count(False) / max(len(tested), 1), 4),
    }


Grades = tuple[dict[str, str], dict[str, str]]  # of cells as read, of cells cut out of digits


def _grades(checks: Iterable[Check]) -> Grades:
    found = list(checks)
    return equation_grades(found), equation_grades(found, across_rows=True)


def _numbers(parts: _Parts) -> dict[str, int | Decimal | None]:
    """What each cell of the tables says, by path."""
    return {
        f"{table_id}.{row}.{column}": reading.value
        for table_id, cells in parts.readings.items()
        for (row, column), reading in cells.items()
    }


def _classes(parts: _Parts, grades: Grades) -> dict[str, str]:
    """The class of evidence of each cell, by path."""
    reader = parts.document.reader
    return {
        path: _class_of(reading, reader, grades[reading.told == "split"].get(path, "untested"))
        for table_id, cells in parts.readings.items()
        for (row, column), reading in cells.items()
        for path in (f"{table_id}.{row}.{column}",)
    }


def _tables(parts: _Parts, grades: Grades, limit: float) -> Tables:
    """The values of all tables, each with the measured probability of its class of evidence, at most ``limit``."""
    reader = parts.document.reader
    classes = _classes(parts, grades)
    out: Tables = {}
    for table_id, cells in parts.readings.items():
        rows = out.setdefault(table_id, {})
        for (row, column), reading in cells.items():
            sure = min(limit, confidence(classes[f"{table_id}.{row}.{column}"]))
            rows.setdefault(row, {})[column] = _value(reading, reader, sure)
    return out


def _extras(parts: _Parts) -> list[Extra]:
    reader = parts.document.reader
    return [
        Extra(
            table=table_id,
            row=None if e.is_column else e.label,
            column=e.label if e.is_column else None,
            label=e.label,
            values=list(e.values),
            evidence=_evidence(e.place, reader),
        )
        for table_id, reading in parts.found.tables.items()
        for e in reading.extras
    ]


def _figures(parts: _Parts, year: int | None) -> list[Figure]:
    from extractor.figures import find_figures  # heavy data: loaded only when figures are asked for

    by_id = {c.id: c for c in parts.chapters}
    out = []
    for figure in find_figures([section_of(c) for c in parts.chapters], year):
        where = by_id[figure.evidence.section].place(figure.evidence.start, figure.evidence.end)
        layout = parts.document.reader == "text-layout"
        box = None if layout else where.box
        evidence = figure.evidence.model_copy(update={"page": where.page, "box": box})
        out.append(figure.model_copy(update={"evidence": evidence}))
    return out


def _reasons(parts: _Parts, tables: Tables, accept: float, strange: bool) -> list[str]:
    values = [v for rows in tables.values() for columns in rows.values() for v in columns.values()]
    present = {c.id for c in parts.chapters}
    missing = any(t not in parts.found.tables and t in present for t in TABLE_IDS)
    tests = {
        "low_confidence": any(v.confidence < accept for v in values),
        "unreadable_cells": any(v.status == "unreadable" for v in values),
        "table_missing": missing,
        "year_conflict": parts.meta.year_conflict,
        "several_reports": parts.found.several,
        "form_conflict": bool(parts.found.conflicts),
        "unlike_fitted_data": strange,
    }
    return [reason for reason, stands in tests.items() if stands]


def _metadata(parts: _Parts) -> Metadata:
    table_forms = {t: f for t, f in parts.forms.items() if t in parts.found.tables}
    first = table_forms.get(TABLE_IDS[0]) or next(iter(table_forms.values()), None)
    return parts.meta.metadata.model_copy(update={"form": first, "table_forms": table_forms})


def extract_bytes(content: bytes, name: str, options: Options) -> Report:
    """The report in the bytes of a file. ``name`` is the path as given.

    Raises a ReadError subclass where there is none.
    """
    began = time.perf_counter()
    with collector_held():
        return _report(read_document(content, name), content, name, options, began)


def _report(document: Document, content: bytes, name: str, options: Options, began: float) -> Report:
    parts = _read(document, name)
    meta = _metadata(parts)
    numbers = _numbers(parts)
    equations = _equations(parts)
    figures = _figures(parts, meta.year) if options.figures else []
    figures = link_same_as(figures, numbers)
    checks = run_checks(equations, numbers, figures, parts.meta.checks)
    strange = bool(parts.found.tables) and bool(unlike(parts.document.reader, _features(parts, checks)))
    tables = _tables(parts, _grades(checks), CAP if strange else 1.0)
    reasons = _reasons(parts, tables, options.accept, strange)
    return Report(
        status="needs_review" if reasons else "ok",
        review_reasons=reasons,
        report=meta,
        tables=tables,
        figures=figures,
        sections=[section_of(c) for c in parts.chapters],
        extras=_extras(parts),
        checks=list(checks),
        source=source_of(content, name, parts.document),
        extraction=extraction(time.perf_counter() - began, [document.reader]),
    )


def evidence_of(content: bytes, name: str) -> tuple[str, dict[str, str], dict[str, float]]:
    """What confidence is fitted on: the reader, the class of evidence of each cell by path, the document's features."""
    parts = _read(read_document(content, name), name)
    checks = run_checks(_equations(parts), _numbers(parts), [], ())
    return parts.document.reader, _classes(parts, _grades(checks)), _features(parts, checks)


def source_of(content: bytes | None, name: str, document: Document | None = None) -> Source:
    """The ``source`` object of the output."""
    return Source(
        path=name,
        sha256=hashlib.sha256(content).hexdigest() if content is not None else None,
        bytes=len(content) if content is not None else None,
        media_type=document.media_type if document else None,
        pages=document.pages if document else None,
        reader=document.reader if document else None,
    )


def extraction(seconds: float, readers: Iterable[str]) -> Extraction:
    """The ``extraction`` object: all that differs between runs or machines."""
    engines = {"pdfplumber": package_metadata.version("pdfplumber")} if "pdf" in readers else {}
    return Extraction(version=__version__, patterns=data.version(), engines=engines, seconds=round(seconds, 3))


__all__ = ["ACCEPT", "Options", "evidence_of", "extract_bytes", "extraction", "source_of"]
