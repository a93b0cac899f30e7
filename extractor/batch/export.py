"""The results of a batch as files: objects, tidy tables in several formats, codebook, data package.

Everything is streamed from the ledger in pieces of bounded size, and each file appears whole or not at all.
"""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from extractor.batch.codebook import write_codebook
from extractor.batch.ledger import Ledger
from extractor.batch.rows import objects, table_lines
from extractor.errors import CannotWrite, MissingDependency
from extractor.writers.csv import csv_lines
from extractor.writers.tidy import TABLES, names

FORMATS = ("parquet", "csv", "xlsx", "duckdb", "stata", "wide")
PIECE = 8 * 1024 * 1024  # characters of CSV held at a time


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to that takes its name only when all is written."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise CannotWrite(f"{path} ({error.strerror or error})") from error
    finally:
        part.unlink(missing_ok=True)


def pieces(db: sqlite3.Connection, table: str) -> Iterator[str]:
    """The rows of a table in pieces of CSV of about ``PIECE`` characters, without a header."""
    held: list[str] = []
    size = 0
    for lines in table_lines(db, table):
        held.append(lines)
        size += len(lines)
        if size > PIECE:
            yield "".join(held)
            held, size = [], 0
    if size:  # not one line: all reports read without figures
        yield "".join(held)


def _open(path: Path, compression: str | None) -> IO[bytes]:
    if compression == "gz":
        return gzip.open(path, "wb", compresslevel=6)  # type: ignore[return-value]
    if compression == "zst":
        try:
            import zstandard
        except ImportError as error:
            raise MissingDependency("zstandard, for .zst", hint="pip install 'nianbao[data]'") from error
        opened: IO[bytes] = zstandard.open(path, "wb")
        return opened
    return path.open("wb")


def write_objects(db: sqlite3.Connection, folder: Path, compression: str | None) -> Path:
    """``reports.jsonl``, compressed where asked for."""
    path = folder / ("reports.jsonl" + (f".{compression}" if compression else ""))
    with whole(path) as part, _open(part, compression) as file:
        for line in objects(db):
            file.write(line.encode("utf-8", "backslashreplace"))
    return path


def write_csv(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Each tidy table as CSV in UTF-8."""
    out = []
    for table in TABLES:
        path = folder / f"{table}.csv"
        with whole(path) as part, part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(csv_lines([names(table)]))
            file.writelines(pieces(db, table))
        out.append(path)
    return out


def _arrow(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        hint = "pip install 'nianbao[data]', or ask for --format csv alone."
        raise MissingDependency(f"{name.split('.')[0]}, for Parquet", hint=hint) from error


def arrow_schema(table: str) -> Any:
    """The columns of a table as Arrow types."""
    pa = _arrow("pyarrow")
    kinds = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
    return pa.schema([(c.name, kinds[c.kind]) for c in TABLES[table]])


def arrow_tables(db: sqlite3.Connection, table: str) -> Iterator[Any]:
    """The rows of a table as Arrow tables of bounded size."""
    pa_csv, schema = _arrow("pyarrow.csv"), arrow_schema(table)
    convert = pa_csv.ConvertOptions(
        column_types=schema, strings_can_be_null=True, null_values=[""], true_values=["true"], false_values=["false"]
    )
    read = pa_csv.ReadOptions(column_names=schema.names, use_threads=False, block_size=2 * PIECE)
    for text in pieces(db, table):
        data = io.BytesIO(text.encode("utf-8", "replace"))
        yield pa_csv.read_csv(data, read_options=read, convert_options=convert)


def write_parquet(db: sqlite3.Connection, folder: Path) -> list[Path]:
    """Each tidy table as Parquet."""
    pq = _arrow("pyarrow.parquet")
    out = []
    for table in TABLES:
        path = folder / f"{table}.parquet"
        with whole(path) as part, pq.ParquetWriter(part, arrow_schema(table), compression="zstd") as writer:
            for rows in arrow_tables(db, table):
                writer.write_table(rows)
        out.append(path)
    return out


Writer = Callable[[sqlite3.Connection, Path], list[Path]]


def _writers() -> dict[str, Writer]:
    from extractor.batch import export_more as more

    return {
        "parquet": write_parquet,
        "csv": write_csv,
        "xlsx": more.write_xlsx,
        "duckdb": more.write_duckdb,
        "stata": more.write_stata,
        "wide": more.write_wide,
    }


def export(folder: Path, formats: Iterable[str], compression: str | None = None) -> list[Path]:
    """Write the results of a batch folder; the files written.

    Raises MissingDependency where a format needs what is not installed, CannotWrite where there is no room.
    """
    wanted, writers = list(dict.fromkeys(formats)), _writers()
    ledger = Ledger(folder, writer=False)
    try:
        out = [write_objects(ledger.db, folder, compression)]
        for name in wanted:
            out += writers[name](ledger.db, folder)
        return out + write_codebook(folder, out)
    finally:
        ledger.close()
