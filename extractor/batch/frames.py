"""The tables of a batch as a data frame of whichever of polars or pandas is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractor.errors import BatchError, MissingDependency
from extractor.writers.tidy import TABLES


def read_table(folder: str | Path, table: str) -> Any:
    """A tidy table of a batch folder (``cells``, ``figures`` …) as a polars or pandas DataFrame.

    Raises BatchError where the folder has no such table, MissingDependency where neither library is installed.
    """
    found = [p for p in (Path(folder) / f"{table}.{kind}" for kind in ("parquet", "csv")) if p.exists()]
    if table not in TABLES or not found:
        raise BatchError(f"{folder} has no table {table}", hint="Run nianbao batch … -o FOLDER first.")
    path = found[0]
    try:
        import polars
    except ImportError:
        return _pandas(path, table)
    if path.suffix == ".parquet":
        return polars.read_parquet(path)
    kinds = {"string": polars.String, "integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean}
    return polars.read_csv(path, schema={c.name: kinds[c.kind] for c in TABLES[table]})


def _pandas(path: Path, table: str) -> Any:
    try:
        import pandas
    except ImportError as error:
        hint = "pip install 'nianbao[data]', or pip install polars"
        raise MissingDependency("polars or pandas, for data frames", hint=hint) from error
    kinds = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
    types = {c.name: kinds[c.kind] for c in TABLES[table]}
    if path.suffix == ".parquet":
        return pandas.read_parquet(path).astype(types)
    return pandas.read_csv(path, dtype=types)


def read_cells(folder: str | Path) -> Any:
    """The cells of a batch folder: a row a cell, with body, division, year, confidence and place."""
    return read_table(folder, "cells")
