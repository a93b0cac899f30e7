"""What the ledger holds, streamed out in the order of the inputs: contract objects and rows of CSV."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from extractor.batch.ledger import unpacked
from extractor.batch.work import PATH
from extractor.writers.csv import csv_lines

_BLOB = {"cells": "cells", "figures": "figures", "checks": "checks", "reports": "report"}
_NAMED = "SELECT i.name, r.content, r.part, {column}, (SELECT count(*) FROM results WHERE content = r.content) " \
         "FROM inputs i JOIN results r ON r.content = i.content {where} ORDER BY i.name, r.part"  # fmt: skip


def _path(name: str, part: int, parts: int) -> str:
    """A report's path: that of its file, with #1, #2 where there are several in it."""
    return f"{name}#{part}" if parts > 1 else name


def _report(content: str, part: int) -> str:
    digest = content.split("|", 1)[0]
    return digest if part == 1 else f"{digest}#{part}"


def objects(db: sqlite3.Connection) -> Iterator[str]:
    """The contract object of each report and failure, one a line."""
    quoted = json.dumps(PATH, ensure_ascii=False)
    for name, _, part, blob, parts in db.execute(_NAMED.format(column="r.json", where="")):
        path = json.dumps(_path(name, part, parts), ensure_ascii=False)
        yield unpacked(blob).replace(quoted, path, 1) + "\n"


def table_lines(db: sqlite3.Connection, table: str) -> Iterator[str]:
    """The rows of a tidy table as lines of CSV, those of one report at a time."""
    if table == "failures":
        yield from _failures(db)
        return
    query = _NAMED.format(column=f"r.{_BLOB[table]}", where="WHERE r.code IS NULL")
    for name, content, part, blob, parts in db.execute(query):
        head = csv_lines([[_report(content, part), _path(name, part, parts)]]).rstrip("\n")
        yield "".join(f"{head},{line}\n" for line in unpacked(blob).splitlines())


def _failures(db: sqlite3.Connection) -> Iterator[str]:
    for name, code, message, hint in db.execute(
        "SELECT name, code, message, hint FROM inputs WHERE code IS NOT NULL ORDER BY name"
    ):
        yield csv_lines([["", name, code, message, hint]])
    columns = "r.code, r.message, r.hint"
    query = _NAMED.format(column=columns, where="WHERE r.code IS NOT NULL")
    for name, content, part, code, message, hint, parts in db.execute(query):
        yield csv_lines([[_report(content, part), _path(name, part, parts), code, message, hint]])
