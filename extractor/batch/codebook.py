"""What goes with the tables: a codebook in both languages and a data package."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractor.forms import form_ids, load_form
from extractor.version import __version__
from extractor.writers.csv import csv_lines
from extractor.writers.tidy import TABLES


def _codebook() -> Iterable[list[object]]:
    yield ["table", "column", "type", "english", "chinese"]
    for table, columns in TABLES.items():
        for c in columns:
            yield [table, c.name, c.kind, c.english, c.chinese]


def _cells() -> Iterable[list[object]]:
    yield ["form", "table", "row", "column", "row_label", "column_label", "unit", "type"]
    for form_id in form_ids():
        for table in load_form(form_id).tables.values():
            for row, column in table.cells():
                unit = column.unit or row.unit or column.unit_usual or table.unit_usual
                yield [form_id, table.id, row.id, column.id, row.label, column.label, unit, column.type]


def _resource(path: Path, table: str) -> dict[str, Any]:
    fields = [
        {"name": c.name, "type": c.kind, "title": c.chinese, "description": c.english, **_numeric(c.kind)}
        for c in TABLES[table]
    ]
    return {
        "name": f"{table}-{path.suffix[1:]}",
        "path": path.name,
        "format": path.suffix[1:],
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _numeric(kind: str) -> dict[str, Any]:
    return {"trueValues": ["true"], "falseValues": ["false"]} if kind == "boolean" else {}


def write_codebook(folder: Path, written: Iterable[Path]) -> list[Path]:
    """``codebook.csv``, ``codebook-cells.csv`` and ``datapackage.json`` beside the files written."""
    out = []
    for name, rows in (("codebook.csv", _codebook()), ("codebook-cells.csv", _cells())):
        (folder / name).write_text(csv_lines(rows), "utf-8")
        out.append(folder / name)
    tables = [p for p in written if p.stem in TABLES and p.suffix == ".csv"]
    resources = [_resource(p, p.stem) for p in tables]
    resources += [{"name": p.stem, "path": p.name, "format": "csv", "encoding": "utf-8"} for p in out]
    package = {
        "name": "nianbao-reports",
        "title": "政府信息公开工作年度报告: cells, figures and checks",
        "version": __version__,
        "resources": resources,
    }
    path = folder / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return [*out, path]
