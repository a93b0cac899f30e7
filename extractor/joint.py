"""What the equations say of unsure readings: cells read anew from the same ink, and who is to blame for a failed sum.

Prices come from what was measured (patterns/confidence/repair.json): how often a reading of a scan is wrong at each
grade of its score, how often the truth is then among the other readings, how often a report misprints a cell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from extractor.assembly import Readings, score_grade
from extractor.data import load_json
from extractor.forms import Equation
from extractor.repair import Ink, Repair, Sum, excess, explain
from extractor.report import Check, Figure, RepairedCell, Suspect
from extractor.tables import CellReading
from extractor.tables.values import parse_cell

Number = int | Decimal
Prices = Mapping[str, Any]
SUSPECTS = 3  # named for each failed equation
HOLES = 3  # failed sums with a blank in them, as many as one misread number makes; beyond, blanks are no zeros


@dataclass(slots=True)
class Joint:
    """Readings after repair, the grade that it gives to cells of scans, what was changed, and suspects by equation."""

    readings: Readings
    grades: dict[str, str] = field(default_factory=dict)
    repaired: list[RepairedCell] = field(default_factory=list)
    suspects: dict[str, list[Suspect]] = field(default_factory=dict)


@cache
def prices() -> Prices:
    """The fitted probabilities behind all prices."""
    return dict(load_json("confidence/repair.json"))


def ink_of(reading: CellReading, price: Prices) -> Ink | None:
    """What a cell may be, with prices; None where nothing can be said of its value. A blank counts as nothing."""
    if reading.status in ("blank", "dash"):
        return Ink(0, misprint=-math.log(price["blank"]))
    if reading.status != "reported" or reading.value is None:
        return None
    misprint = -math.log(price["misprint"])
    if reading.sure is None:
        return Ink(reading.value, misprint=misprint)
    grade = price["grades"][score_grade(reading.sure)]
    others = [(v.value, p) for text, p in reading.likely if (v := parse_cell(text)).status == "reported"]
    weights = [(v, p) for v, p in others if v is not None and v != reading.value]
    mass = sum(p for _, p in weights)
    among = grade["wrong"] * grade["among"]
    options = tuple((v, -math.log(among * p / mass)) for v, p in weights)
    unknown = grade["wrong"] * (1 - grade["among"] if weights else 1)
    return Ink(reading.value, options, -math.log(unknown * price["any"]), misprint)


def _sums(equations: Sequence[Equation], checks: Sequence[Check], figures: Mapping[str, Figure]) -> list[Sum]:
    """The identities of the form, and the cells that the prose states too. 收到 has two readings: one that holds."""
    sums = [Sum(e.id, e.left, e.right) for e in equations if e.op == "=" and e.severity == "error"]
    for check in checks:
        stated, *cells = check.cells or [""]
        ambiguous = check.id == "txt.new_received" and not check.passed
        if check.kind == "text_vs_table" and check.passed is not None and stated in figures and not ambiguous:
            sums.append(Sum(check.id, tuple(cells), (stated,)))
    return sums


def joint_reading(
    readings: Readings,
    equations: Sequence[Equation],
    checks: Sequence[Check],
    figures: Sequence[Figure],
    price: Prices | None = None,
) -> Joint:
    """The readings with unsure cells settled by the sums they stand in. Cells that are certain stay as they are.

    ``checks`` are those of the readings as they came; ``price`` stands in for the fitted prices.
    """
    scanned = any(r.sure is not None for rows in readings.values() for r in rows.values())
    if not scanned and all(c.passed is not False for c in checks):
        return Joint(readings)  # nothing to read anew, and nothing to blame
    price = price or prices()
    by_id = {f.id: f for f in figures}
    sums = _sums(equations, checks, by_id)
    cells = {
        f"{table}.{row}.{column}": ink
        for table, rows in readings.items()
        for (row, column), reading in rows.items()
        if (ink := ink_of(reading, price)) is not None
    }
    totals = {s.right[0] for s in sums if len(s.right) == 1} & cells.keys()
    cells |= {p: replace(cells[p], misprint=cells[p].misprint - math.log(price["total"])) for p in totals}
    cells |= {f.id: Ink(f.value, misprint=-math.log(price["figure"])) for f in figures}
    joint = Joint(readings)
    for table, rows in readings.items():
        own = [s for s in sums if s.left[0].startswith(f"{table}.")]
        blanks = {f"{table}.{row}.{column}" for (row, column), r in rows.items() if r.status in ("blank", "dash")}
        own, holed = _telling(cells, own, blanks)
        joint.grades.update({p: "contested" for s in holed for p in blanks.intersection((*s.left, *s.right))})
        repair = explain(cells, own)
        if not repair.failed:
            continue
        scanned = any(r.sure is not None for r in rows.values())
        _blame(joint, cells, repair, own, checks)
        if scanned:
            _settle(joint, cells, repair, table, own, price["accept"])
    return joint


def _telling(cells: Mapping[str, Ink], sums: Sequence[Sum], blanks: set[str]) -> tuple[list[Sum], list[Sum]]:
    """The sums that say something, and those that do not: where many with a blank fail, a blank is a number left out.

    A number in its place must mend the sum: parts that come to more than their total fail all the same.
    """
    holed = []
    for s in sums:
        over = excess(cells, s)
        if over and not blanks.isdisjoint(s.left if over < 0 else s.right):
            holed.append(s)
    if len(holed) <= HOLES:
        return list(sums), []
    return [s for s in sums if s not in holed], holed


def _blame(
    joint: Joint, cells: Mapping[str, Ink], repair: Repair, sums: Sequence[Sum], checks: Sequence[Check]
) -> None:
    """Name, for each failed identity, the cells that most probably are wrong, and what the others make of them."""
    moved = repair.moved()
    failed = {c.id for c in checks if c.passed is False}
    for s in sums:
        if s.id not in repair.failed or s.id not in failed:
            continue
        found = []
        for path in (*s.left, *s.right):
            if path in moved:
                (_, delta), _ = max(moved[path].items(), key=lambda m: m[1])
                found.append(
                    Suspect(
                        path=path, probability=_rounded(sum(moved[path].values())), expected=cells[path].value + delta
                    )
                )
        joint.suspects[s.id] = sorted(found, key=lambda x: -x.probability)[:SUSPECTS]


def _rounded(p: float) -> float:
    return min(1.0, round(p, 4))


def _settle(
    joint: Joint, cells: Mapping[str, Ink], repair: Repair, table: str, sums: Sequence[Sum], accept: float
) -> None:
    """Take the readings that the explanations agree on; grade the other cells of the failed equations."""
    moved = repair.moved()
    for s in sums:
        if s.id in repair.failed:
            joint.grades.update({p: "contested" for p in (*s.left, *s.right) if p not in joint.grades})
    if not repair.explanations or not repair.proved:
        return
    deciding = {p: [s.id for s in sums if p in (*s.left, *s.right)] for p in moved}
    rows = dict(joint.readings[table])
    for path in [p for p in joint.grades if p.startswith(f"{table}.")]:
        misread = {d: p for (kind, d), p in moved.get(path, {}).items() if kind == "option"}
        doubt = sum(p for (kind, _), p in moved.get(path, {}).items() if kind != "misprint")
        delta, p = max(misread.items(), key=lambda m: m[1], default=(0, 0.0))
        if p >= accept:
            row, column = path.removeprefix(f"{table}.").rsplit(".", 1)
            before = rows[row, column]
            after = cells[path].value + delta
            rows[row, column] = before._replace(value=after, repaired=True, likely=_with(before, after))
            joint.grades[path] = "repaired"
            joint.repaired.append(
                RepairedCell(
                    path=path, raw=before.raw, before=before.value, after=after,
                    probability=_rounded(p), equations=deciding[path],
                )
            )  # fmt: skip
        else:
            joint.grades[path] = "cleared" if doubt < 1 - accept else "doubted"
    joint.readings = {**joint.readings, table: rows}


def _with(reading: CellReading, after: Number) -> tuple[tuple[str, float], ...]:
    """The other readings of a repaired cell: first what it was read as."""
    rest = tuple((t, p) for t, p in reading.likely if parse_cell(t).value != after)
    return ((reading.raw or "", round(reading.sure or 0.0, 4)), *rest)
