"""The ledger of a batch: one SQLite file that holds what was read, and survives whatever ends the run.

``inputs`` has a row a name, ``results`` a row a report (several where a file is a compilation), kept by the hash of
the bytes: the same bytes under two names are read once. A result is recorded whole or not at all.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from extractor.errors import BatchError, CannotWrite, FolderInUse

NAME = "ledger.sqlite"
LAYOUT = 1
Retry = Literal["failed", "needs_review", "all"]
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS inputs (
  id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, run INTEGER NOT NULL, stamp TEXT, content TEXT,
  code TEXT, message TEXT, hint TEXT);
CREATE TABLE IF NOT EXISTS results (
  content TEXT NOT NULL, part INTEGER NOT NULL, version TEXT NOT NULL, status TEXT NOT NULL, reasons TEXT NOT NULL,
  code TEXT, message TEXT, hint TEXT, seconds REAL, memory INTEGER, confidence REAL, findings INTEGER,
  json BLOB, cells BLOB, figures BLOB, checks BLOB, report BLOB, PRIMARY KEY (content, part));
CREATE INDEX IF NOT EXISTS inputs_content ON inputs (content);
"""
BLOBS = ("json", "cells", "figures", "checks", "report")


@dataclass(slots=True)
class Result:
    """One report as a worker read it: what the ledger keeps. ``texts`` holds the object and the tidy rows as text."""

    status: str
    reasons: list[str] = field(default_factory=list)
    code: str | None = None
    message: str | None = None
    hint: str | None = None
    confidence: float | None = None
    findings: int = 0
    texts: dict[str, bytes] = field(default_factory=dict)  # name → compressed


@dataclass(slots=True)
class Outcome:
    """What became of one input: its reports, the seconds it took and the most memory (kB) its worker held."""

    results: list[Result]
    seconds: float = 0.0
    memory: int = 0


def packed(text: str) -> bytes:
    """Text as the ledger keeps it."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpacked(data: bytes | None) -> str:
    """What ``packed`` made, as text again."""
    return zlib.decompress(data).decode("utf-8", "surrogatepass") if data else ""


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CannotWrite(f"{path} ({error})") from error


class Ledger:
    """An open ledger; ``writer`` takes the lock that one run at a time may hold."""

    def __init__(self, folder: Path, *, writer: bool = True) -> None:
        self.path = folder / NAME
        self._lock: Any = None
        if writer:
            self._take(folder)
        elif not self.path.exists():
            raise BatchError(f"{folder} holds no batch: there is no {NAME}", hint="Give the folder named with -o.")
        with _writing(self.path):
            self.db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            if writer:
                self._prepare()
        self.run = int(self._meta("run") or 0) + 1

    def _take(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = (folder / f"{NAME}.lock").open("w")
        except OSError as error:
            raise CannotWrite(f"{folder} ({error.strerror or error})") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise FolderInUse(str(folder)) from error

    def _prepare(self) -> None:
        for setting in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-8000"):
            self.db.execute(f"PRAGMA {setting}")
        self.db.executescript(_TABLES)
        layout = self._meta("layout")
        if layout is not None and int(layout) != LAYOUT:
            raise BatchError(f"{self.path} was made by another version", hint="Give a new folder.")
        self._set("layout", str(LAYOUT))

    def _meta(self, key: str) -> str | None:
        found = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def _set(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def begin(self) -> None:
        """Note that a run begins: inputs named from now on belong to it."""
        with _writing(self.path):
            self._set("run", str(self.run))

    def forget(self, which: Retry) -> int:
        """Drop results that are to be read again; how many."""
        where = {"failed": "code IS NOT NULL", "needs_review": "status = 'needs_review'", "all": "1"}[which]
        with _writing(self.path):
            contents = f"SELECT content FROM results WHERE {where}"
            return self.db.execute(f"DELETE FROM results WHERE content IN ({contents})").rowcount

    def known(self, name: str, stamp: str | None) -> str | None:
        """The content of an input that has not changed since it was read, if that is known."""
        found = self.db.execute("SELECT stamp, content FROM inputs WHERE name = ?", (name,)).fetchone()
        return found[1] if found and stamp is not None and found[0] == stamp else None

    def has(self, content: str, version: str) -> bool:
        """Whether the bytes were read by this version with these options."""
        query = "SELECT 1 FROM results WHERE content = ? AND version = ? LIMIT 1"
        return self.db.execute(query, (content, version)).fetchone() is not None

    def name(self, name: str, stamp: str | None, content: str | None, error: dict[str, str] | None = None) -> None:
        """Record that an input of this run has this content, or why it has none."""
        code, message, hint = (error[k] for k in ("code", "message", "hint")) if error else (None, None, None)
        with _writing(self.path):
            self.db.execute(
                "INSERT INTO inputs (name, run, stamp, content, code, message, hint) VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET run = excluded.run, stamp = excluded.stamp, "
                "content = excluded.content, code = excluded.code, message = excluded.message, hint = excluded.hint",
                (name, self.run, stamp, content, code, message, hint),
            )

    def record(self, content: str, version: str, outcome: Outcome) -> None:
        """Record all reports of one content at once; older results of the same bytes make room."""
        with _writing(self.path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                self.db.execute("DELETE FROM results WHERE content = ?", (content,))
                for part, r in enumerate(outcome.results, 1):
                    head = (content, part, version, r.status, json.dumps(r.reasons), r.code, r.message, r.hint)
                    numbers = (round(outcome.seconds, 4), outcome.memory, r.confidence, r.findings)
                    blobs = tuple(r.texts.get(name) for name in BLOBS)
                    marks = ", ".join("?" * (len(head) + len(numbers) + len(blobs)))
                    self.db.execute(f"INSERT INTO results VALUES ({marks})", (*head, *numbers, *blobs))
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file and the lock."""
        self.db.close()
        if self._lock is not None:
            self._lock.close()
