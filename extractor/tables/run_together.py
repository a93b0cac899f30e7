"""Rows whose numbers run together (``3200000032``): cut where the equations of the form leave one cut only.

A row is cut by its own sums first, then by the sums over columns. What stays open is left open with its
possible cuts; a row without sums (表二) is never cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from extractor.forms import Entry, Equation, Table, form_ids, load_form

LONG = 110  # characters of one row
MAX_CUTS = 400  # of one row; more say nothing
MAX_JOINT = 20_000  # beginnings of cuts, ways to join
MAX_STEPS = 50_000  # of the search over all rows
Numbers = tuple[int, ...]
ColumnRule = tuple[Sequence[str], Sequence[str]]  # the rows that are added, and those that are their sum
Rule = tuple[tuple[int, ...], tuple[int, ...]]  # the columns that are added, and those that are their sum


@dataclass(frozen=True, slots=True)
class Cuts:
    """The cuts of a row's digits that its own sums allow."""

    digits: str
    options: tuple[Numbers, ...]


def row_rules(columns: Sequence[tuple[Entry | None, Entry]]) -> tuple[Rule, ...]:
    """The sums within a row, over places of columns; 表四 has its three rows side by side."""
    for form_id in form_ids():
        form = load_form(form_id)
        for table in form.tables.values():
            entries = [c for b in table.blocks for c in b.columns]
            if any(all(e is not c for e in entries) for _, c in columns):
                continue
            crossed = columns[0][0] is not None
            row = None if crossed else table.blocks[0].data_rows()[0]
            return tuple(r for e in form.equations if (r := _rule(e, table, columns, row)) is not None)
    return ()


def _rule(
    equation: Equation, table: Table, columns: Sequence[tuple[Entry | None, Entry]], row: Entry | None
) -> Rule | None:
    if equation.table != table.id or equation.op != "=":
        return None
    places = {f"{table.id}.{(r or row).id}.{c.id}": i for i, (r, c) in enumerate(columns) if r or row}  # type: ignore[union-attr]
    if not all(p in places for p in (*equation.left, *equation.right)):
        return None
    return tuple(places[p] for p in equation.left), tuple(places[p] for p in equation.right)


_PLAIN = re.compile(r"0|[1-9]\d*")
_GROUPED = re.compile(r"0|[1-9]\d{0,2}(?:,\d{3})*")  # where one number has separators, all that need them have them


def _number(text: str, grouped: bool) -> int | None:
    """The number that a piece prints, or None where nobody prints it so (007; 1234 beside 1,234)."""
    return int(text.replace(",", "")) if (_GROUPED if grouped else _PLAIN).fullmatch(text) else None


def _width(number: int, grouped: bool) -> int:
    """The characters that a number takes."""
    return len(f"{number:,}" if grouped else str(number))


def _group_cuts(digits: str, size: int, grouped: bool) -> Iterator[Numbers]:
    """Cuts into addends and, last, their sum: the sum is tried first, which rules nearly all cuts out."""
    for length in range(1, len(digits) - size + 2):
        last = _number(digits[-length:], grouped)
        if last is not None:
            yield from ((*p, last) for p in _addends(digits[:-length], size - 1, last, grouped))


def _addends(digits: str, count: int, total: int, grouped: bool) -> Iterator[Numbers]:
    if count == 1:
        if digits and _number(digits, grouped) == total:
            yield (total,)
        return
    longest = 1 if digits[:1] == "0" else min(len(digits) - count + 1, _width(total, grouped))
    for length in range(1, longest + 1):
        number = _number(digits[:length], grouped)
        if number is None:
            continue
        if number > total:
            return
        for rest in _addends(digits[length:], count - 1, total - number, grouped):
            yield (number, *rest)


def cuts_of(digits: str, width: int, rules: Sequence[Rule]) -> Cuts:
    """The cuts of a row of ``width`` numbers that satisfy all its sums; empty where there are no sums."""
    sizes = [len(left) + 1 for left, right in rules if len(right) == 1]
    consecutive = [i for left, right in rules for i in (*left, *right)] == list(range(width))
    grouped = "," in digits
    plain = digits.isascii() and digits.replace(",", "").isdigit()
    if not plain or not consecutive or sum(sizes) != width or len(digits) > LONG:
        return Cuts(digits, ())
    options: list[tuple[int, Numbers]] = [(0, ())]  # digits used, numbers so far
    for k, size in enumerate(sizes):
        left = sum(sizes[k + 1 :])
        found: list[tuple[int, Numbers]] = []
        for used, numbers in options:
            ends = [len(digits)] if not left else range(used + size, len(digits) - left + 1)
            for end in ends:
                found += [(end, (*numbers, *part)) for part in _group_cuts(digits[used:end], size, grouped)]
            if len(found) > MAX_JOINT:
                return Cuts(digits, ())
        options = found
    whole = tuple(n for used, n in options if used == len(digits))
    return Cuts(digits, whole if len(whole) <= MAX_CUTS else ())


def joins_of(parts: Sequence[str], breaks: Sequence[int], width: int, rules: Sequence[Rule]) -> list[tuple[int, ...]]:
    """How numbers broken over lines may be joined to ``width`` numbers that satisfy all sums of the row.

    ``breaks`` are the places between parts where a line ends; each answer names those that are joined.
    """
    spare = len(parts) - width
    if spare < 0 or not rules or comb(len(breaks), spare) > MAX_JOINT:
        return []
    return [joined for joined in combinations(breaks, spare) if _sums_hold(joined_parts(parts, joined), rules)]


def joined_parts(parts: Sequence[str], joined: Sequence[int]) -> list[str]:
    """The parts with those joined that stand on both sides of a named place."""
    out = list(parts[:1])
    for index, part in enumerate(parts[1:]):
        if index in joined:
            out[-1] += part
        else:
            out.append(part)
    return out


def _sums_hold(numbers: Sequence[str], rules: Sequence[Rule]) -> bool:
    if any(len(n) > 1 and n[0] == "0" for n in numbers):
        return False  # no number is printed with a leading zero: 0 and 5 are two
    values = [int(n) for n in numbers]
    return all(sum(values[i] for i in left) == sum(values[i] for i in right) for left, right in rules)


def settle(
    rows: Mapping[str, Sequence[Numbers]],
    known: Mapping[str, Sequence[int | None]],
    rules: Sequence[ColumnRule],
) -> dict[str, list[Numbers]]:
    """For each row the cuts that some joint solution of the sums over columns uses.

    ``rows`` holds the possible cuts, ``known`` the rows read outright. Where no cuts satisfy all sums
    (a report may misprint one), or where there are too many to try, each row keeps its own cuts.
    """
    own = {name: list(options) for name, options in rows.items()}
    usable = [r for r in rules if all(t in rows or t in known for side in r for t in side)]
    if not usable:
        return own
    search = _Search(rows, known, usable)
    if not search.run():
        return own
    return {name: list(search.used[name]) or own[name] for name in rows}


class _Search:
    """All joint choices of cuts, row by row; a sum is tested as soon as its rows are chosen."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[Numbers]],
        known: Mapping[str, Sequence[int | None]],
        rules: Sequence[ColumnRule],
    ) -> None:
        self.rows, self.rules = rows, rules
        self.names = sorted(rows, key=lambda n: len(rows[n]))
        self.whole: dict[str, Sequence[int | None]] = {**known}
        self.used: dict[str, dict[Numbers, None]] = {n: {} for n in rows}
        self.steps = 0
        place = {name: i for i, name in enumerate(self.names)}
        self.due: list[list[ColumnRule]] = [[] for _ in self.names]  # tested when this row is chosen
        self.before = [r for r in rules if not any(t in rows for side in r for t in side)]
        for rule in rules:
            open_rows = [place[t] for side in rule for t in side if t in place]
            if open_rows:
                self.due[max(open_rows)].append(rule)

    def run(self) -> bool:
        """Search; false where the sums of rows read outright fail, or after too many steps."""
        return all(_holds(rule, self.whole) for rule in self.before) and self._choose(0)

    def _choose(self, index: int) -> bool:
        if index == len(self.names):
            for name in self.names:
                self.used[name][tuple(self.whole[name])] = None  # type: ignore[arg-type]
            return True
        name = self.names[index]
        for option in self.rows[name]:
            self.steps += 1
            if self.steps > MAX_STEPS:
                return False
            self.whole[name] = option
            fits = all(_holds(r, self.whole) and not self._exceeds(r) for r in self.due[index])
            if fits and not self._exceeds_any(index) and not self._choose(index + 1):
                return False
        self.whole.pop(name, None)
        return True

    def _exceeds_any(self, index: int) -> bool:
        return any(self._exceeds(rule) for due in self.due[index + 1 :] for rule in due)

    def _exceeds(self, rule: ColumnRule) -> bool:
        """Whether the parts chosen so far are more than a sum that is known: no later choice mends that."""
        left, right = rule
        if not all(t in self.whole for t in right):
            return False
        chosen = [self.whole[t] for t in left if t in self.whole]
        totals = [self.whole[t] for t in right]
        for column in range(len(totals[0])):
            total = [row[column] for row in totals]
            if all(v is not None for v in total) and sum(r[column] or 0 for r in chosen) > sum(v or 0 for v in total):
                return True
        return False


def _holds(rule: ColumnRule, rows: Mapping[str, Sequence[int | None]]) -> bool:
    """Whether a sum over rows holds in every column in which all numbers are known."""
    for column in range(len(next(iter(rows.values())))):
        sides = [[rows[t][column] for t in side] for side in rule]
        if any(v is None for side in sides for v in side):
            continue
        if sum(v for v in sides[0] if v) != sum(v for v in sides[1] if v):
            return False
    return True


def column_rules(form_id: str, table_id: str) -> list[ColumnRule]:
    """The sums over rows, as row ids; the same in every column."""
    out: dict[tuple[tuple[str, ...], tuple[str, ...]], None] = {}
    for equation in load_form(form_id).equations:
        if equation.table != table_id or equation.op != "=":
            continue
        left, right = (
            [p[len(table_id) + 1 :].rpartition(".") for p in side] for side in (equation.left, equation.right)
        )
        if len({c for _, _, c in (*left, *right)}) == 1:
            out[tuple(r for r, _, _ in left), tuple(r for r, _, _ in right)] = None
    return list(out)
