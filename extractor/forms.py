"""The national forms, loaded from ``patterns/forms``: rows, columns, labels, equations.

Sources: 国办公开办函〔2021〕30号 (report years 2021 on) and 国办公开办函〔2019〕60号 (2019, 2020).
A new form is a new file; nothing here names one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from extractor.data import folder, load_yaml
from extractor.errors import PatternError
from extractor.normalize import squeeze

_ORDINAL = re.compile(
    r"^(?:\(?[一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}[、.,]|\(?\d{1,2}\)|\d{1,2}[、.,]"
    r"|\([一二三四五六七八九十](?=[\u4e00-\u9fff]{2})"  # (七总计
    r"|\d(?![年月日件条项次个家人份期场篇宗起名])(?=[\u4e00-\u9fff]{2}))"  # 1属于国家秘密, 3其他
)


def split_ordinal(label: str) -> tuple[str, str]:
    """A squeezed label as (ordinal digits, body): ``3、其他`` is ("3", "其他")."""
    text = squeeze(label)
    found = _ORDINAL.match(text)
    if not found or found.end() == len(text):
        return "", text
    return found.group().strip("()、.,"), text[found.end() :]


@lru_cache(maxsize=65536)
def label_key(label: str) -> str:
    """What two labels are compared by: no ordinal, no white space, no quotes or stops, 其它 as 其他."""
    body = split_ordinal(label)[1].replace("其它", "其他")
    return re.sub(r'["、,;:.。()\[\]]', "", body)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A row or column of a form; each is itself only (comparing and hashing go by identity, which is fast)."""

    id: str
    label: str
    keys: tuple[str, ...]
    ordinal: str = ""
    parent: str | None = None
    group: str | None = None
    header: bool = False
    unit: str | None = None
    unit_usual: str | None = None
    type: Literal["integer", "decimal", "signed"] = "integer"


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share their columns. 表二 has several, 表三 and 表四 one."""

    id: str
    label: str
    rows: tuple[Entry, ...]
    columns: tuple[Entry, ...]

    def data_rows(self) -> tuple[Entry, ...]:
        """The rows that hold cells."""
        return tuple(r for r in self.rows if not r.header)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a form."""

    id: str
    label: str
    blocks: tuple[Block, ...]
    groups: tuple[Entry, ...]
    unit_usual: str | None

    def cells(self) -> list[tuple[Entry, Entry]]:
        """Every (row, column) that holds a value, in form order."""
        return [(r, c) for b in self.blocks for r in b.data_rows() for c in b.columns]


@dataclass(frozen=True, slots=True)
class Equation:
    """``left`` and ``right`` are cell paths ``table.row.column``; each side is summed."""

    id: str
    op: Literal["=", "<="]
    left: tuple[str, ...]
    right: tuple[str, ...]
    kind: str
    severity: Literal["error", "warning", "info"]

    @property
    def table(self) -> str:
        """The table all its cells belong to."""
        return self.left[0].split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Form:
    """A national form; ``years`` are the report years it is prescribed for (end None: still)."""

    id: str
    authority: str
    title: str
    years: tuple[int, int | None]
    tables: dict[str, Table]
    equations: tuple[Equation, ...]
    examples: dict[str, Any]


def _entry(raw: dict[str, Any], unit_usual: str | None) -> Entry:
    variants = [raw["label"], *raw.get("variants", [])]
    return Entry(
        id=raw["id"],
        label=raw["label"],
        keys=tuple(dict.fromkeys(label_key(v) for v in variants)),
        ordinal=split_ordinal(raw["label"])[0],
        parent=raw.get("parent"),
        group=raw.get("group"),
        header=raw.get("header", False),
        unit=raw.get("unit"),
        unit_usual=raw.get("unit_usual", unit_usual),
        type=raw.get("type", "integer"),
    )


def _table(table_id: str, raw: dict[str, Any]) -> Table:
    usual = raw.get("unit_usual")
    blocks = raw.get("blocks") or [{"id": table_id, "label": raw["label"], **raw}]
    return Table(
        id=table_id,
        label=raw["label"],
        blocks=tuple(
            Block(
                id=b["id"],
                label=b["label"],
                rows=tuple(_entry(r, usual) for r in b["rows"]),
                columns=tuple(_entry(c, usual) for c in b["columns"]),
            )
            for b in blocks
        ),
        groups=tuple(_entry(g, usual) for g in raw.get("groups", [])),
        unit_usual=usual,
    )


def _terms(side: str, names: list[str]) -> list[str]:
    """The ids of one side of a rule; ``refused.*`` is every name below that parent."""
    out: list[str] = []
    for term in (t.strip() for t in side.split("+")):
        found = (
            [n for n in names if n.startswith(term[:-1])] if term.endswith(".*") else [n for n in names if n == term]
        )
        if not found:
            raise PatternError(f"an equation names {term!r}, which no row or column has")
        out += found
    return out


def _equations(raw: dict[str, Any], table: Table) -> list[Equation]:
    rows = list(dict.fromkeys(r.id for r, _ in table.cells()))
    columns = list(dict.fromkeys(c.id for _, c in table.cells()))
    over_column = raw["over"] == "column"
    left, op, right = re.split(r"\s(<=|=)\s", raw["rule"])
    terms = [_terms(side, rows if over_column else columns) for side in (left, right)]
    out = []
    for name in columns if over_column else raw.get("rows", rows):
        sides = [
            tuple(f"{table.id}.{t}.{name}" if over_column else f"{table.id}.{name}.{t}" for t in side) for side in terms
        ]
        equation_id = raw["id"].replace("{column}", name).replace("{row}", name)
        out.append(Equation(equation_id, op, sides[0], sides[1], raw["kind"], raw["severity"]))  # type: ignore[arg-type]
    return out


@cache
def load_form(form_id: str) -> Form:
    """The form with this id, such as ``"2021"``.

    Raises PatternError if there is none or its file contradicts itself.
    """
    if form_id not in form_ids():
        raise PatternError(f"there is no form {form_id!r}; known are {', '.join(form_ids())}")
    raw = load_yaml(f"forms/{form_id}.yaml")
    tables = {name: _table(name, t) for name, t in raw["tables"].items()}
    return Form(
        id=raw["id"],
        authority=raw["authority"],
        title=raw["title"],
        years=(raw["valid"]["from"], raw["valid"]["to"]),
        tables=tables,
        equations=tuple(e for r in raw["equations"] for e in _equations(r, tables[r["table"]])),
        examples=raw["examples"],
    )


@cache
def form_ids() -> tuple[str, ...]:
    """The ids of all forms, newest first."""
    return tuple(sorted((p.stem for p in (folder() / "forms").glob("*.yaml")), reverse=True))


def form_for_year(year: int | None) -> str | None:
    """The form that a report year calls for, or None where no national form is known."""
    if year is None:
        return None
    for form_id in form_ids():
        first, last = load_form(form_id).years
        if first <= year and (last is None or year <= last):
            return form_id
    return None
