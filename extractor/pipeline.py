"""The steps in order: bytes → document → tables and chapters → figures → checks → confidence → Report."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import metadata as package_metadata

from extractor import data
from extractor.assembly import (
    Grades,
    Readings,
    classes_of,
    extras_of,
    features_of,
    grades_of,
    lost_rows,
    missing_cells,
    numbers_of,
    shifted,
    tables_of,
)
from extractor.checks import link_same_as, run_checks, undecided
from extractor.confidence import CAP, unlike
from extractor.document import Chapter, Document
from extractor.errors import NotAReport
from extractor.forms import Equation, load_form
from extractor.garbage import collector_held
from extractor.joint import Joint, joint_reading
from extractor.levels import UNSURE
from extractor.metadata import Found, read_metadata
from extractor.readers import read_document
from extractor.report import Check, Extraction, Figure, Metadata, Report, Source, Tables
from extractor.risk import threshold
from extractor.segment import section_of, split_chapters, split_reports
from extractor.tables import CellReading, TablesReading, lift_tables, read_tables
from extractor.version import __version__

ACCEPT = 0.99
Reading = tuple[int | Decimal | None, str]
TABLE_IDS = ("proactive_disclosure", "requests", "reconsideration_litigation")


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose: figures or not, the threshold of acceptance or the errors that it may let through.

    Without ``repair`` the cells of scans stay as they were read, and failed sums leave all their cells in doubt.
    """

    figures: bool = True
    accept: float = ACCEPT
    max_error: float | None = None
    repair: bool = True

    def threshold(self, reader: str) -> float:
        """The confidence that every cell of a document by this reader must have."""
        return self.accept if self.max_error is None else threshold(reader, self.max_error)


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
    chapters = split_chapters(document)
    found = read_tables(document)
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
            reading = lost_rows(reading, load_form(reading.form).tables[table_id], by_id.get(table_id))
            readings[table_id] = shifted(reading, document.reader).cells
            forms[table_id] = form_id
        else:
            readings[table_id] = missing_cells(table, by_id.get(table_id), found)
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


def _figures(parts: _Parts, year: int | None) -> list[Figure]:
    from extractor.figures import find_figures  # heavy data: loaded only when figures are asked for

    by_id, recognised = {c.id: c for c in parts.chapters}, parts.document.recognised
    out = []
    for figure in find_figures([section_of(c) for c in parts.chapters], year):
        where = by_id[figure.evidence.section].place(figure.evidence.start, figure.evidence.end)
        layout = parts.document.reader == "text-layout"
        box = None if layout else where.box
        evidence = figure.evidence.model_copy(update={"page": where.page, "box": box})
        # figures' classes were measured on text that is certain; that of a scan was recognised
        sure = min(figure.confidence, CAP) if recognised else figure.confidence
        out.append(figure.model_copy(update={"evidence": evidence, "confidence": sure}))
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
    """The report in the bytes of a file, the first where there are several. ``name`` is the path as given.

    Raises a ReadError subclass where there is none.
    """
    began = time.perf_counter()
    with collector_held():
        documents = split_reports(lift_tables(read_document(content, name)))
        return _report(documents[0], content, name, options, began, several=len(documents) > 1)


def extract_all(content: bytes, name: str, options: Options) -> list[Report]:
    """All reports in the bytes of a file (a compilation has several), each read for itself.

    Raises a ReadError subclass where the first is none; a later piece that is no report is left out.
    """
    out: list[Report] = []
    began = time.perf_counter()
    with collector_held():
        for document in split_reports(lift_tables(read_document(content, name))):
            try:
                out.append(_report(document, content, name, options, began))
            except NotAReport:
                if not out:
                    raise
            began = time.perf_counter()
    return out


def _report(
    document: Document, content: bytes, name: str, options: Options, began: float, *, several: bool = False
) -> Report:
    parts = _read(document, name)
    parts.found.several = parts.found.several or several
    meta, reader = _metadata(parts), document.reader
    figures = _figures(parts, meta.year) if options.figures else []
    checks, joint = _settled(parts, figures, parts.meta.checks, options.repair)
    readings, numbers = joint.readings, numbers_of(joint.readings)
    checks = [
        c.model_copy(update={"suspects": joint.suspects.get(c.id, [])}) if c.passed is False else c for c in checks
    ]
    figures = link_same_as(figures, numbers)
    decided = undecided(checks, _hardly_read(readings))
    strange = bool(parts.found.tables) and bool(unlike(reader, features_of(readings, parts.found, decided, reader)))
    tables = tables_of(readings, reader, grades_of(checks, joint.grades), CAP if strange else 1.0)
    reasons = _reasons(parts, tables, options.threshold(reader), strange)
    return Report(
        status="needs_review" if reasons else "ok",
        review_reasons=reasons,
        report=meta,
        tables=tables,
        figures=figures,
        sections=[section_of(c) for c in parts.chapters],
        extras=extras_of(parts.found, reader),
        checks=decided,
        repairs=joint.repaired,
        source=source_of(content, name, document),
        extraction=extraction(time.perf_counter() - began, [reader], options.threshold(reader)),
    )


def _hardly_read(readings: Readings) -> set[str]:
    """The paths of cells of a scan whose reading is unsure, or whose ink stands in several lines."""
    return {
        f"{table}.{row}.{column}"
        for table, cells in readings.items()
        for (row, column), r in cells.items()
        if r.sure is not None and (r.sure < UNSURE or "\n" in (r.raw or "").strip())
    }


def _settled(
    parts: _Parts, figures: list[Figure], others: Iterable[Check], repair: bool = True
) -> tuple[list[Check], Joint]:
    """The tables after repair, and the checks of what they then say."""
    others = list(others)
    checks = run_checks(_equations(parts), numbers_of(parts.readings), figures, others)
    if not repair:
        return checks, Joint(parts.readings)
    joint = joint_reading(parts.readings, _equations(parts), checks, figures)
    if joint.repaired:
        checks = run_checks(_equations(parts), numbers_of(joint.readings), figures, others)
    return checks, joint


@dataclass(frozen=True, slots=True)
class SettledTables:
    """What confidence is fitted on: the reader, the cells after repair, what the sums say of them, the features."""

    reader: str
    readings: Readings
    grades: Grades
    features: dict[str, float]

    @property
    def classes(self) -> dict[str, str]:
        """The class of evidence of each cell, by path."""
        return classes_of(self.readings, self.reader, self.grades)

    @property
    def said(self) -> dict[str, Reading]:
        """(value, status) of each cell, by path."""
        return {
            f"{table}.{row}.{column}": (r.value, r.status)
            for table, cells in self.readings.items()
            for (row, column), r in cells.items()
        }


def tables_in(document: Document, name: str) -> tuple[Readings, list[Equation]]:
    """The cells of a document's first report as they were read, before any repair, and the equations of their forms."""
    parts = _read(split_reports(lift_tables(document))[0], name)
    return parts.readings, _equations(parts)


def settled_tables(document: Document, name: str) -> SettledTables:
    """The tables of a document's first report, settled by the sums alone. Raises NotAReport."""
    parts = _read(split_reports(lift_tables(document))[0], name)
    checks, joint = _settled(parts, [], ())
    decided = undecided(checks, _hardly_read(joint.readings))
    features = features_of(joint.readings, parts.found, decided, parts.document.reader)
    return SettledTables(parts.document.reader, joint.readings, grades_of(checks, joint.grades), features)


def source_of(content: bytes | None, name: str, document: Document | None = None) -> Source:
    """The ``source`` object of the output."""
    return Source(
        path=name,
        sha256=hashlib.sha256(content).hexdigest() if content is not None else None,
        bytes=len(content) if content is not None else None,
        media_type=document.media_type if document else None,
        pages=document.pages if document else None,
        reader=document.reader if document else None,
        ocr=document.recognised if document else False,
    )


@cache
def _version_of(package: str) -> str:
    return package_metadata.version(package)


def extraction(seconds: float, readers: Iterable[str], accept: float | None = None) -> Extraction:
    """The ``extraction`` object: all that differs between runs or machines, and the threshold of acceptance."""
    engines = {"pdfplumber": _version_of("pdfplumber")} if "pdf" in readers else {}
    return Extraction(
        version=__version__, patterns=data.version(), engines=engines, seconds=round(seconds, 3), accept=accept
    )


__all__ = [
    "ACCEPT",
    "Options",
    "SettledTables",
    "extract_all",
    "extract_bytes",
    "extraction",
    "settled_tables",
    "source_of",
]
