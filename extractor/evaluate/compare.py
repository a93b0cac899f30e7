"""One report against its gold: every cell, check and statement of its head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from extractor.evaluate.figures import FigureResult, compare_figures
from extractor.evaluate.gold import Gold, GoldCell, Made
from extractor.forms import form_ids, load_form
from extractor.report import Report, Value

UNEXPECTED = "unexpected"  # a number where the form has no such cell: a group of its own


class CellKey(NamedTuple):
    """What cells are counted by. ``reported``: the tool reports a number there."""

    table: str
    form: str
    group: str
    reported: bool
    confidence: float
    right: bool


class WrongCell(NamedTuple):
    """A cell that differs from the gold: (value, status) that is printed, and that was read; None: no such cell."""

    path: str
    group: str
    expected: tuple[int | Decimal | None, str] | None
    got: tuple[int | Decimal | None, str] | None
    raw: str | None
    confidence: float


@dataclass
class Checks:
    """Findings (failed checks): right, and by name those missed and those that are none."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


@dataclass
class Repaired:
    """What joint repair did to a document: its cells without it, how many were changed, paths gained and lost."""

    before: Counter[CellKey]
    changed: int
    gained: list[str]
    lost: list[str]


@dataclass
class DocumentResult:
    """One document, compared. ``seconds`` is wall time of reading; ``memory`` the peak of its process in MB."""

    name: str
    made: Made
    medium: str
    status: str
    error: str | None = None
    seconds: float = 0.0
    memory: float = 0.0
    cells: Counter[CellKey] = field(default_factory=Counter)
    wrong: list[WrongCell] = field(default_factory=list)
    figures: FigureResult | None = None
    checks: Checks | None = None
    metadata: dict[str, bool] = field(default_factory=dict)
    repair: Repaired | None = None
    reader: str | None = None

    def silent(self, accept: float) -> list[WrongCell]:
        """Wrong cells that would be accepted."""
        return [c for c in self.wrong if c.confidence >= accept]


def _judge(got: Value | None, truth: GoldCell) -> bool:
    return got is not None and (got.value, got.status) == (truth.value, truth.status)


def _form_of(gold: Gold, report: Report, table: str) -> str:
    stated = ((gold.report or {}).get("table_forms") or {}).get(table)
    return str(stated or report.report.table_forms.get(table) or report.report.form_expected or "")


def _whole_form(table: str, form: str, paths: set[str]) -> bool:
    """Whether the gold speaks of every cell of the table's form; only then is another number one too many."""
    if form not in form_ids() or table not in load_form(form).tables:
        return False
    return all(f"{r.id}.{c.id}" in paths for r, c in load_form(form).tables[table].cells())


def _compare_table(
    result: DocumentResult, report: Report, table: str, form: str, truth: Mapping[str, Mapping[str, GoldCell]]
) -> None:
    got_rows = report.tables.get(table, {})
    stated = {f"{r}.{c}" for r, columns in truth.items() for c in columns}
    for row, columns in truth.items():
        for column, cell in columns.items():
            got = got_rows.get(row, {}).get(column)
            right = _judge(got, cell)
            sure = got.confidence if got else 0.0
            reported = got is not None and got.status == "reported"
            result.cells[CellKey(table, form, cell.group, reported, sure, right)] += 1
            if not right:
                seen = (got.value, got.status) if got else None
                raw = got.raw if got else None
                printed = (cell.value, cell.status)
                result.wrong.append(WrongCell(f"{table}.{row}.{column}", cell.group, printed, seen, raw, sure))
    if not _whole_form(table, form, stated):
        return
    for row, values in got_rows.items():
        for column, got in values.items():
            if got.status == "reported" and f"{row}.{column}" not in stated:
                result.cells[CellKey(table, form, UNEXPECTED, True, got.confidence, False)] += 1
                seen = (got.value, got.status)
                result.wrong.append(
                    WrongCell(f"{table}.{row}.{column}", UNEXPECTED, None, seen, got.raw, got.confidence)
                )


def _leaves(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _compare_metadata(report: Report, stated: Mapping[str, Any]) -> dict[str, bool]:
    got = dict(_leaves(report.report.model_dump()))
    return {name: got.get(name) == value for name, value in _leaves(stated)}


def _judged(check: str, gold: Gold) -> bool:
    """Whether a finding can be right or wrong by the gold: one of the prose needs a gold that has the prose."""
    return gold.figures is not None or not check.startswith(("breakdown.", "txt."))


def _findings(report: Report, gold: Gold, names: Mapping[str, str]) -> set[str]:
    """Ids of failed checks that the gold can judge, with the ids of its figures."""
    out = set()
    for check in report.checks:
        if check.passed is not False or not _judged(check.id, gold):
            continue
        out.add(re.sub(r"(?<=^breakdown\.)f\d+", lambda m: names.get(m[0], f"?{m[0]}"), check.id))
    return out


def _compare_checks(found: set[str], wanted: list[str]) -> Checks:
    truth = set(wanted)
    return Checks(len(found & truth), sorted(truth - found), sorted(found - truth))


def compare_repair(result: DocumentResult, before: DocumentResult, changed: int) -> Repaired:
    """A document read with repair beside itself read without; ``changed`` cells were repaired."""
    then, now = {c.path for c in before.wrong}, {c.path for c in result.wrong}
    return Repaired(before.cells, changed, sorted(then - now), sorted(now - then))


def compare(name: str, gold: Gold, report: Report) -> DocumentResult:
    """Everything that the gold speaks of, compared."""
    suffix = name.rpartition(".")[2].lower()
    medium = gold.made.medium or report.source.reader or suffix
    error = report.error.code if report.error else None
    result = DocumentResult(name, gold.made, medium, report.status, error, reader=report.source.reader)
    for table, truth in (gold.tables or {}).items():
        _compare_table(result, report, table, _form_of(gold, report, table), truth)
    names: dict[str, str] = {}
    if gold.figures is not None:
        result.figures, names = compare_figures(gold, report.figures)
    if gold.failed_checks is not None:
        wanted = [check for check in gold.failed_checks if _judged(check, gold)]
        result.checks = _compare_checks(_findings(report, gold, names), wanted)
    if gold.report is not None:
        result.metadata = _compare_metadata(report, gold.report)
    return result
