"""Reads the forms (labels, ids, equations) from the pattern files; knows nothing of the extractor."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpora.model import PROACTIVE, REQUESTS, Number

FORMS_DIR = Path(__file__).resolve().parent.parent / "patterns" / "forms"
Cells = Mapping[str, Mapping[str, Number | None]]


@dataclass(frozen=True)
class Entry:
    """A row or column of a form."""

    id: str
    label: str
    variants: tuple[str, ...] = ()
    parent: str | None = None
    header: bool = False
    kind: str = "integer"


@dataclass(frozen=True)
class Block:
    """A block of table 二 with its own columns."""

    id: str
    label: str
    columns: tuple[Entry, ...]
    rows: tuple[Entry, ...]


@dataclass(frozen=True)
class Form:
    """One national form."""

    id: str
    blocks: tuple[Block, ...]
    rows: tuple[Entry, ...]
    columns: tuple[Entry, ...]
    group: Entry
    stub_note: str
    bodies: tuple[Entry, ...]
    outcomes: tuple[Entry, ...]
    equations: tuple[Mapping[str, Any], ...]

    @property
    def data_rows(self) -> list[Entry]:
        """Rows of table 三 that carry cells."""
        return [r for r in self.rows if not r.header]

    def shape(self, table: str) -> dict[str, list[str]]:
        """Row id -> column ids of a table of this form."""
        if table == PROACTIVE:
            return {r.id: [c.id for c in b.columns] for b in self.blocks for r in b.rows}
        if table == REQUESTS:
            return {r.id: [c.id for c in self.columns] for r in self.data_rows}
        return {r.id: [c.id for c in self.outcomes] for r in self.bodies}


def _entry(raw: Mapping[str, Any]) -> Entry:
    return Entry(
        raw["id"],
        raw["label"],
        tuple(raw.get("variants", ())),
        raw.get("parent"),
        bool(raw.get("header")),
        raw.get("type", "integer"),
    )


def _entries(raws: list[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(_entry(r) for r in raws)


@cache
def load_form(form_id: str) -> Form:
    """The form with this id, from its pattern file."""
    raw = yaml.safe_load((FORMS_DIR / f"{form_id}.yaml").read_text("utf-8"))
    one, two, three = (raw["tables"][t] for t in (PROACTIVE, REQUESTS, "reconsideration_litigation"))
    blocks = tuple(Block(b["id"], b["label"], _entries(b["columns"]), _entries(b["rows"])) for b in one["blocks"])
    return Form(
        raw["id"],
        blocks,
        _entries(two["rows"]),
        _entries(two["columns"]),
        _entry(two["groups"][0]),
        two["stub_notes"][0],
        _entries(three["rows"]),
        _entries(three["columns"]),
        tuple(raw["equations"]),
    )


def _terms(side: str, form: Form) -> Iterator[str]:
    for term in (t.strip() for t in side.split("+")):
        if term.endswith(".*"):
            yield from (r.id for r in form.data_rows if r.parent == term[:-2])
        else:
            yield term


def _instances(rule: Mapping[str, Any], form: Form) -> Iterator[tuple[str, list[list[tuple[str, str]]]]]:
    """Each concrete equation of a rule: its id and the (row, column) cells of its two sides."""
    sides = [list(_terms(s, form)) for s in re.split(r"<?=", rule["rule"])]
    shape = form.shape(rule["table"])
    if rule["over"] == "column":
        for column in next(iter(shape.values())):
            yield rule["id"].format(column=column), [[(t, column) for t in s] for s in sides]
        return
    for row in rule.get("rows", list(shape)):
        yield rule["id"].format(row=row), [[(row, t) for t in s] for s in sides]


def failed_equations(form: Form, table: str, cells: Cells) -> list[str]:
    """Ids of the form's equations on `table` that the printed numbers break; gaps are never failures."""
    failed = []
    for rule in form.equations:
        if rule["table"] != table:
            continue
        bound = "<=" in rule["rule"]
        for name, sides in _instances(rule, form):
            values = [[cells.get(r, {}).get(c) for r, c in side] for side in sides]
            if any(v is None for side in values for v in side):
                continue
            left, right = (sum(v for v in side if v is not None) for side in values)
            if left > right if bound else left != right:
                failed.append(name)
    return failed
