"""Rows as CSV: a missing value is an empty field, numbers keep their printed digits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from extractor.report import Report
from extractor.writers.tidy import cells_of, names


def _field(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The rows as lines of CSV, without a header."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_field(v) for v in row] for row in rows)
    return out.getvalue()


def write_cells(report: Report) -> str:
    """The cells of a report as CSV with a header line: the columns that `nianbao batch` uses too."""
    head = [report.source.sha256, report.source.path]
    return csv_lines([names("cells"), *([*head, *row] for row in cells_of(report))])
