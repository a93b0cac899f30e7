"""Rows whose numbers run together (``3200000032``): cut where the equations of the form leave one cut only.

A row is cut by its own sums first, then by the sums over columns. What stays open is left open with its
possible cuts; a row without sums (表二) is never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb

from extractor.forms import Entry, Equation, Table, form_ids, load_form

MAX_CUTS = 400  # of one row; more say nothing
MAX_JOINT = 20_000
Numbers = tuple[int, ...]
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


def _parts(digits: str, count: int) -> Iterator[Numbers]:
    """All cuts of digits into so many numbers, none with a leading zero."""
    if count == 1:
        if digits and (digits == "0" or digits[0] != "0"):
            yield (int(digits),)
        return
    longest = 1 if digits[:1] == "0" else len(digits) - count + 1
    for length in range(1, longest + 1):
        for rest in _parts(digits[length:], count - 1):
            yield (int(digits[:length]), *rest)


def _group_cuts(digits: str, size: int) -> Iterator[Numbers]:
    """Cuts into addends and, last, their sum: the sum is tried first, which rules nearly all cuts out."""
    for length in range(1, len(digits) - size + 2):
        last = digits[-length:]
        if len(last) > 1 and last[0] == "0":
            continue
        yield from ((*p, int(last)) for p in _addends(digits[:-length], size - 1, int(last)))


def _addends(digits: str, count: int, total: int) -> Iterator[Numbers]:
    if count == 1:
        if digits and (digits == "0" or digits[0] != "0") and int(digits) == total:
            yield (total,)
        return
    longest = 1 if digits[:1] == "0" else min(len(digits) - count + 1, len(str(total)))
    for length in range(1, longest + 1):
        number = int(digits[:length])
        if number > total:
            return
        for rest in _addends(digits[length:], count - 1, total - number):
            yield (number, *rest)


def cuts_of(digits: str, width: int, rules: Sequence[Rule]) -> Cuts:
    """The cuts of a row of ``width`` numbers that satisfy all its sums; empty where there are no sums."""
    sizes = [len(left) + 1 for left, right in rules if len(right) == 1]
    consecutive = [i for left, right in rules for i in (*left, *right)] == list(range(width))
    if not digits.isascii() or not digits.isdigit() or not consecutive or sum(sizes) != width or len(digits) > 90:
        return Cuts(digits, ())
    options: list[tuple[int, Numbers]] = [(0, ())]  # digits used, numbers so far
    for k, size in enumerate(sizes):
        left = sum(sizes[k + 1 :])
        found: list[tuple[int, Numbers]] = []
        for used, numbers in options:
            ends = [len(digits)] if not left else range(used + size, len(digits) - left + 1)
            for end in ends:
                found += [(end, (*numbers, *part)) for part in _group_cuts(digits[used:end], size)]
            if len(found) > MAX_CUTS:
                return Cuts(digits, ())
        options = found
    return Cuts(digits, tuple(n for used, n in options if used == len(digits)))


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
    rules: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> dict[str, list[Numbers]]:
    """For each row the cuts that some joint solution of the sums over columns uses.

    ``rows`` holds the possible cuts, ``known`` the rows read outright. Where no cuts satisfy all sums
    (a report may misprint one) each row keeps its own cuts.
    """
    names = list(rows)
    total = 1
    for options in rows.values():
        total *= max(len(options), 1)
    if total > MAX_JOINT:
        return {n: list(o) for n, o in rows.items()}
    allowed: dict[str, dict[Numbers, None]] = {n: {} for n in names}
    usable = [r for r in rules if all(t in rows or t in known for side in r for t in side)]
    if not usable:
        return {n: list(o) for n, o in rows.items()}
    for choice in product(*rows.values()):
        whole: dict[str, Sequence[int | None]] = {**known, **dict(zip(names, choice, strict=True))}
        if all(_holds(rule, whole) for rule in usable):
            for name, numbers in zip(names, choice, strict=True):
                allowed[name][numbers] = None
    return {n: list(allowed[n]) or list(rows[n]) for n in names}


def _holds(rule: tuple[Sequence[str], Sequence[str]], rows: dict[str, Sequence[int | None]]) -> bool:
    """Whether a sum over rows holds in every column in which all numbers are known."""
    for column in range(len(next(iter(rows.values())))):
        sides = [[rows[t][column] for t in side] for side in rule]
        if any(v is None for side in sides for v in side):
            continue
        if sum(v for v in sides[0] if v) != sum(v for v in sides[1] if v):
            return False
    return True


def column_rules(form_id: str, table_id: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
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
