"""Tidy cells as CSV: one row a cell, the columns that `nianbao batch` uses too."""

from __future__ import annotations

import csv
import io

from extractor.report import Report

COLUMNS = (
    "report", "path", "body", "division", "year", "form", "table", "row", "column", "value", "status", "origin",
    "unit", "confidence", "raw", "page", "x0", "top", "x1", "bottom", "start", "end", "reader",
)  # fmt: skip


def write_cells(report: Report) -> str:
    """The cells of a report as CSV with a header line. A missing value is an empty field."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    meta = report.report
    for table, rows in report.tables.items():
        head = [
            report.source.sha256,
            report.source.path,
            meta.agency.name,
            meta.agency.division.code,
            meta.year,
            meta.table_forms.get(table, meta.form or meta.form_expected),
            table,
        ]
        for row, columns in rows.items():
            for column, value in columns.items():
                e = value.evidence
                box = list(e.box) if e and e.box else [None] * 4
                place = [e.start, e.end, e.reader] if e else [None] * 3
                raw = None if value.raw is None else value.raw.replace("\n", " ")
                page = e.page if e else None
                cell = [value.value, value.status, value.origin, value.unit, value.confidence, raw]
                writer.writerow([*head, row, column, *cell, page, *box, *place])
    return out.getvalue()
