"""Comparing a report with the truth: cells by group, silent errors one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from extractor.report import Report

ACCEPT = 0.99


def gold_cells(gold: dict[str, Any]) -> Iterator[tuple[str, Decimal | None, str]]:
    """(path, value, status) of every cell in a gold object."""
    for table, rows in gold["tables"].items():
        for row, columns in rows.items():
            for column, cell in columns.items():
                value = None if cell["value"] is None else Decimal(str(cell["value"]))
                yield f"{table}.{row}.{column}", value, cell["status"]


@dataclass
class Tally:
    """Cells by group (number, zero, empty, absent): how many there are, how many came out right.

    A silent error is a cell that is wrong at a confidence that would be accepted.
    """

    total: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    silent: list[tuple[object, ...]] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    reports: int = 0

    def add(self, report: Report, gold: dict[str, Any], name: str) -> None:
        """Count one report against its gold."""
        self.reports += 1
        for path, value, status in gold_cells(gold):
            group = "number" if value else {"reported": "zero", "absent": "absent"}.get(status, "empty")
            self.total[group] += 1
            try:
                got = report.cell(path)
            except KeyError:
                self.wrong.add(path)
                continue
            if (got.value, got.status) == (value, status):
                self.right[group] += 1
                continue
            self.wrong.add(path)
            if got.confidence >= ACCEPT:
                self.silent.append((name, path, got.value, got.status, value, status))

    def share(self, group: str) -> float:
        """The share of a group that is right, 0 to 1."""
        return self.right[group] / self.total[group] if self.total[group] else 1.0
