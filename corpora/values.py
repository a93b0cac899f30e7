"""Draws consistent cell values and the way they are printed."""

from __future__ import annotations

from random import Random

from corpora.forms import Form
from corpora.model import PROACTIVE, RECONSIDERATION, REQUESTS, Knobs, Number, Printed

Values = dict[str, dict[str, Number]]
PrintedTable = dict[str, dict[str, Printed]]
GoldTable = dict[str, dict[str, dict[str, Number | str | None]]]
ORGANISATIONS = (
    "commercial_enterprise",
    "research_institution",
    "public_welfare_organization",
    "legal_services_organization",
    "other_organization",
)
FULLWIDTH = str.maketrans("0123456789.-+", "０１２３４５６７８９．－＋")


def _magnitude(rng: Random, digits: int) -> int:
    """A number with a random count of digits, small ones more likely."""
    return rng.randrange(10 ** min(rng.randint(1, digits), rng.randint(1, digits)))


def request_values(rng: Random, form: Form, profile: str, extra: dict[str, int] | None = None) -> Values:
    """Table 三 with both identities and all row sums in order; `extra` counts an unknown row in."""
    chance, digits = {"zero": (0.0, 1), "small": (0.25, 2), "large": (0.7, 4)}[profile]
    parts = [r.id for r in form.data_rows if r.parent is not None and r.id != "outcome_total"]
    values: Values = {r.id: {} for r in form.data_rows}
    for column in ("natural_person", *ORGANISATIONS):
        rate = chance if column == "natural_person" else chance / 4
        for row in parts:
            values[row][column] = _magnitude(rng, digits) if rng.random() < rate else 0
        done = sum(int(values[r][column]) for r in parts) + (extra or {}).get(column, 0)
        left = _magnitude(rng, max(1, digits - 1)) if rng.random() < rate else 0
        carried = rng.randint(0, min(done + left, 10**digits // 4)) if rng.random() < rate else 0
        values["outcome_total"][column] = done
        values["carried_out"][column] = left
        values["carried_in"][column] = carried
        values["new_received"][column] = done + left - carried
    for cells in values.values():
        cells["total"] = sum(cells.values())
    return values


def reconsideration_values(rng: Random, form: Form, profile: str) -> Values:
    """Table 四 with its sums in order."""
    chance, digits = {"zero": (0.0, 1), "small": (0.3, 1), "large": (0.7, 3)}[profile]
    values: Values = {}
    for body in form.bodies:
        sums: dict[str, Number] = {
            o.id: _magnitude(rng, digits) if rng.random() < chance else 0 for o in form.outcomes if o.id != "total"
        }
        sums["total"] = sum(sums.values())
        values[body.id] = sums
    return values


def _proactive_number(rng: Random, column: str, kind: str, profile: str) -> Number:
    if rng.random() < {"zero": 0.8, "small": 0.45, "large": 0.1}[profile]:
        return 0
    top = {"zero": 2, "small": 4, "large": 8}[profile]
    if kind == "decimal":
        places = rng.choice((0, 1, 2, 2, 3, 4, 6))
        number = round(rng.random() * 10 ** rng.randint(1, 6), places)
        return int(number) if places == 0 or number == int(number) else number
    if kind == "signed":
        return rng.randint(-20, 40)
    if column == "decisions":
        return _magnitude(rng, top)
    return _magnitude(rng, min(top, 4))


def proactive_values(rng: Random, form: Form, profile: str) -> Values:
    """Table 二; the bounds of the form hold."""
    values: Values = {}
    for block in form.blocks:
        for row in block.rows:
            values[row.id] = {c.id: _proactive_number(rng, c.id, c.kind, profile) for c in block.columns}
    for low, high in (("issued", "in_force"), ("newly_disclosed", "total_disclosed")):
        for cells in values.values():
            if low in cells:
                cells[high] = max(cells[low], cells[high])
    return values


def plant_violation(rng: Random, tables: dict[str, Values]) -> None:
    """Changes one number so that at least one equation of the form breaks."""
    table = rng.choice((REQUESTS, REQUESTS, REQUESTS, RECONSIDERATION))
    row = rng.choice(sorted(tables[table]))
    column = rng.choice(sorted(tables[table][row]))
    old = int(tables[table][row][column])
    swapped = int(str(old)[::-1])
    choices = [old + 1, old + 10, max(0, old - 1), swapped]
    tables[table][row][column] = rng.choice([c for c in choices if c != old])


def _gap(sign: str) -> Printed:
    return Printed(sign, None, "dash" if sign else "blank")


def show(rng: Random, number: Number, knobs: Knobs, signed: bool = False, unit: str = "") -> Printed:
    """A number as this report prints it."""
    text = str(number) if isinstance(number, int) else f"{number:.6f}".rstrip("0").rstrip(".")
    if knobs.thousands and abs(number) >= 1000:
        text = f"{number:,}" if isinstance(number, int) else f"{int(number):,}" + text[text.index(".") :]
    if signed and number > 0 and rng.random() < 0.4:
        text = "+" + text
    if rng.random() < knobs.fullwidth_rate:
        text = text.translate(FULLWIDTH)
    return Printed(text + unit, number, "reported")


def _empty_column(rng: Random, values: Values) -> str | None:
    """An organisation column without any number in it."""
    empty = [c for c in ORGANISATIONS if all(row[c] == 0 for row in values.values())]
    return rng.choice(empty) if empty else None


def _printed(rng: Random, number: Number, knobs: Knobs, signed: bool, unit: str) -> Printed:
    if number == 0 and knobs.blank_zeros:
        return _gap("")
    roll = rng.random()
    if roll < knobs.blank_rate:
        return _gap("")
    if roll < knobs.blank_rate + knobs.dash_rate:
        return _gap(knobs.dash_sign)
    return show(rng, number, knobs, signed, unit)


def print_table(rng: Random, table: str, values: Values, knobs: Knobs) -> PrintedTable:
    """Every value as printed: numbers in their costume, blanks and dashes where the knobs say so."""
    column = _empty_column(rng, values) if table == REQUESTS and knobs.blank_column else None
    printed: PrintedTable = {}
    for row, cells in values.items():
        printed[row] = {}
        for name, number in cells.items():
            skip = name == column or (
                knobs.blank_totals and name == "total" and table == REQUESTS and row != "outcome_total"
            )
            unit = "元" if name == "procurement_amount" and knobs.unit_in_cell else ""
            printed[row][name] = _gap("") if skip else _printed(rng, number, knobs, name == "items_change", unit)
    return printed


def gold_of(form: Form, table: str, printed: PrintedTable) -> GoldTable:
    """Gold values for every cell of the form's table; what was not printed is absent."""
    return {
        row: {column: _gold_cell(printed.get(row, {}).get(column)) for column in columns}
        for row, columns in form.shape(table).items()
    }


def _gold_cell(cell: Printed | None) -> dict[str, Number | str | None]:
    if cell is None:
        return {"value": None, "status": "absent"}
    return {"value": cell.value, "status": cell.status}


__all__ = [
    "PROACTIVE",
    "PrintedTable",
    "Values",
    "gold_of",
    "plant_violation",
    "print_table",
    "proactive_values",
    "reconsideration_values",
    "request_values",
    "show",
]
