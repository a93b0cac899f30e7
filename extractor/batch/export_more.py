"""Formats on demand: workbook, DuckDB, Stata, and one row a report."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractor.batch.export import arrow_schema, arrow_tables, pieces, whole, write_parquet
from extractor.errors import BatchError, MissingDependency
from extractor.forms import form_ids, load_form
from extractor.writers.csv import csv_lines
from extractor.writers.tidy import TABLES, Column, names

SHEET_ROWS = 1_048_575  # of an Excel sheet, its header apart
STATA_ROWS = 500_000  # a file; Stata's writer holds a file's rows in memory
STATA_TEXT = 2000  # characters of a text in Stata


def _need(module: str, what: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise MissingDependency(f"{module}, for {what}", hint="pip install 'nianbao[data]'") from error


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(Decimal(text))


def rows_of(db: sqlite3.Connection, table: str) -> Iterator[list[object]]:
    """The rows of a table as values: int, float, bool, str, None."""
    kinds = [c.kind for c in TABLES[table]]
    for piece in pieces(db, table):
        for row in csv.reader(io.StringIO(piece, newline="")):
            yield [_value(kind, text) for kind, text in zip(kinds, row, strict=True)]


def _value(kind: str, text: str) -> object:
    if text == "":
        return None
    if kind in ("integer", "number"):
        return _number(text)
    return text == "true" if kind == "boolean" else text


def write_xlsx(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """One workbook with a sheet a table, a longer table split over sheets (cells, cells-2 …)."""
    xlsxwriter = _need("xlsxwriter", "workbooks")
    path = folder / "reports.xlsx"
    with whole(path) as part:
        settings = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(part), {**settings, "tmpdir": str(folder)})
        for table in TABLES:
            _sheets(book, table, rows_of(db, table))
        book.close()
    return [path]


def _sheets(book: Any, table: str, rows: Iterator[list[object]]) -> None:
    sheet, at, number = None, SHEET_ROWS + 1, 0
    for row in rows:
        if at > SHEET_ROWS:
            number += 1
            sheet, at = book.add_worksheet(table if number == 1 else f"{table}-{number}"), 1
            sheet.write_row(0, 0, names(table))
        assert sheet is not None  # the first row opens one
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(at, column, value)
        at += 1
    if sheet is None:
        book.add_worksheet(table).write_row(0, 0, names(table))


_VIEWS = {
    "totals": """SELECT body, division, year, "row", value FROM cells
      WHERE "table" = 'requests' AND "column" = 'total'""",
    "failed_checks": "SELECT * FROM checks WHERE NOT passed",
    "doubtful": "SELECT * FROM cells WHERE confidence < 0.99",
    "indicators": "SELECT body, division, year, indicator, value, unit FROM figures WHERE indicator IS NOT NULL",
}


def write_duckdb(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """``reports.duckdb``: the tidy tables and views over them."""
    duckdb = _need("duckdb", "DuckDB")
    path = folder / "reports.duckdb"
    with whole(path) as part:
        part.unlink(missing_ok=True)
        connection = duckdb.connect(str(part))
        try:
            for table in TABLES:
                empty = arrow_schema(table).empty_table()
                connection.register("piece", empty)
                connection.execute(f"CREATE TABLE {table} AS SELECT * FROM piece")
                for rows in arrow_tables(db, table):
                    connection.register("piece", rows)
                    connection.execute(f"INSERT INTO {table} SELECT * FROM piece")
            for name, query in _VIEWS.items():
                connection.execute(f"CREATE VIEW {name} AS {query}")
        finally:
            connection.close()
    return [path]


def write_stata(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """``cells.dta`` and so on, a longer table in several files; names of at most 32 characters, labels in Chinese."""
    pandas = _need("pandas", "Stata")
    out: list[Path] = []
    for table in ("reports", "cells", "figures", "checks"):
        held: list[list[object]] = []
        number = 0
        for row in rows_of(db, table):
            held.append(row)
            if len(held) == STATA_ROWS:
                number += 1
                out.append(_dta(pandas, folder, table, held, number))
                held = []
        if held or not number:
            out.append(_dta(pandas, folder, table, held, number + 1))
    return out


def _dta(pandas: Any, folder: Path, table: str, rows: list[list[object]], number: int) -> Path:
    path = folder / (f"{table}.dta" if number == 1 else f"{table}-{number}.dta")
    columns: tuple[Column, ...] = TABLES[table]
    frame = pandas.DataFrame(rows, columns=[c.short for c in columns], dtype=object)
    for c in columns:
        text = c.kind == "string"
        values = frame[c.short]
        frame[c.short] = values.fillna("").astype(str).str.slice(0, STATA_TEXT) if text else values.astype("float64")
    labels = {c.short: f"{c.chinese} {c.english}"[:80] for c in columns}
    with whole(path) as part:
        frame.to_stata(part, write_index=False, version=118, variable_labels=labels)
    return path


def wide_columns() -> dict[str, str]:
    """Cell path → column of the wide table, over all forms: ``table__row__column`` with dots as underscores."""
    paths: dict[str, str] = {}
    for form_id in reversed(form_ids()):
        for table in load_form(form_id).tables.values():
            for row, column in table.cells():
                paths[f"{table.id}.{row.id}.{column.id}"] = f"{table.id}__{row.id}__{column.id}".replace(".", "_")
    if len(set(paths.values())) != len(paths):
        raise BatchError("two cells share a column of the wide table")
    return paths


def write_wide(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """``wide.csv``: a row a report, a column a cell. A missing value is empty, whatever made it so: see ``cells``."""
    columns = wide_columns()
    head = ["report", "path", "body", "division", "year", "form"]
    path = folder / "wide.csv"
    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write(csv_lines([[*head, *columns.values()]]))
        for row in _wide_rows(db, head, columns):
            file.write(csv_lines([row]))
    return [path]


def _wide_rows(db: sqlite3.Connection, head: list[str], columns: dict[str, str]) -> Iterator[list[object]]:
    now: list[object] | None = None
    values: dict[str, object] = {}
    for row in rows_of(db, "cells"):
        cell = dict(zip(names("cells"), row, strict=True))
        start = [cell[name] for name in head]
        if now is None or start[:2] != now[:2]:
            if now is not None:
                yield [*now, *(values.get(p) for p in columns)]
            now, values = start, {}
        values[f"{cell['table']}.{cell['row']}.{cell['column']}"] = cell["value"]
    if now is not None:
        yield [*now, *(values.get(p) for p in columns)]


__all__ = ["write_duckdb", "write_parquet", "write_stata", "write_wide", "write_xlsx"]
