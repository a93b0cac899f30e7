"""The most probable joint reading of an unsure table, by the equations of its form.

Each unsure cell has a few readings of its ink with their prices (−log of how much less likely they are than the first).
What the equations contest is explained at the least price by three kinds of hypothesis: another reading of a cell,
a cell whose true reading is not among them, and a cell that the report itself misprints. All explanations within
``WINDOW`` of the best are found, so that each cell has a posterior (weighted Fellegi–Holt; DESIGN: nothing certain is
touched, nothing is changed to what no reading shows).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Literal, NamedTuple

Number = int | Decimal
Kind = Literal["option", "unknown", "misprint"]
WINDOW = 9.0  # nats: what is e⁹ times less probable than the best explanation is left out
NO_SLIP = 2.5  # what is added to the price of a misprint that no slip of the hand explains
NODES = 4000  # states looked at before the table is left as it is
CONTESTED = 14  # failed equations beyond which a table was not read at all


@dataclass(frozen=True, slots=True)
class Ink:
    """What a cell may be: the value read, the prices of others, of a reading not among them, of a misprint."""

    value: Number
    options: tuple[tuple[Number, float], ...] = ()
    unknown: float = math.inf
    misprint: float = math.inf


class Sum(NamedTuple):
    """An equation: the sum of the cells on the left is that on the right."""

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]


def excess(cells: Mapping[str, Ink], s: Sum) -> Number | None:
    """What the left side of a sum has too much, by the values read; None where one of its cells has none."""
    if any(p not in cells for p in (*s.left, *s.right)):
        return None
    return sum(cells[p].value for p in s.left) - sum(cells[p].value for p in s.right)


class Move(NamedTuple):
    """One hypothesis about a cell: it stands for ``delta`` more than it was read as."""

    path: str
    delta: Number
    kind: Kind


@dataclass(frozen=True, slots=True)
class Explanation:
    """A set of moves after which every equation holds, and its price."""

    moves: tuple[Move, ...]
    price: float


@dataclass(slots=True)
class Repair:
    """All explanations near the best, cheapest first; ``proved`` if none of them can be missing."""

    explanations: list[Explanation] = field(default_factory=list)
    proved: bool = True
    failed: tuple[str, ...] = ()

    def shares(self) -> list[float]:
        """The posterior probability of each explanation."""
        if not self.explanations:
            return []
        best = self.explanations[0].price
        weights = [math.exp(best - e.price) for e in self.explanations]
        return [w / sum(weights) for w in weights]

    def moved(self) -> dict[str, dict[tuple[Kind, Number], float]]:
        """For each cell that any explanation moves: the probability of each kind of move and its delta."""
        out: dict[str, dict[tuple[Kind, Number], float]] = {}
        for explanation, share in zip(self.explanations, self.shares(), strict=True):
            for move in explanation.moves:
                kinds = out.setdefault(move.path, {})
                key = (move.kind, move.delta)
                kinds[key] = kinds.get(key, 0.0) + share
        return out


class _Problem:
    """The cells and equations with what follows from them once and for all."""

    def __init__(self, cells: Mapping[str, Ink], sums: Sequence[Sum]) -> None:
        self.cells = cells
        self.sums = [s for s in sums if all(p in cells for p in (*s.left, *s.right))]
        self.signs: list[dict[str, int]] = []
        for s in self.sums:
            self.signs.append(dict.fromkeys(s.left, 1) | dict.fromkeys(s.right, -1))
        self.of_cell: dict[str, list[int]] = {}
        for index, signs in enumerate(self.signs):
            for path in signs:
                self.of_cell.setdefault(path, []).append(index)
        self.cheapest = {p: _cheapest(cells[p]) for p in self.of_cell}
        self.least = [min((self.cheapest[p] for p in signs), default=math.inf) for signs in self.signs]

    def residuals(self) -> dict[int, Number]:
        """What each failed equation's left side has too much."""
        out: dict[int, Number] = {}
        for index, s in enumerate(self.sums):
            if over := excess(self.cells, s):
                out[index] = over
        return out

    def after(self, residuals: dict[int, Number], move: Move) -> dict[int, Number]:
        """The residuals when a cell stands for more or less."""
        out = dict(residuals)
        for index in self.of_cell[move.path]:
            over = out.get(index, 0) + self.signs[index][move.path] * move.delta
            if over:
                out[index] = over
            else:
                out.pop(index, None)
        return out

    def bound(self, residuals: Mapping[int, Number]) -> float:
        """A price that no explanation of the residuals undercuts: failed equations without a cell in common add up."""
        total, taken = 0.0, set[str]()
        for index in sorted(residuals, key=lambda i: -self.least[i]):
            if taken.isdisjoint(self.signs[index]):
                total += self.least[index]
                taken.update(self.signs[index])
        return total

    def moves(self, path: str, residuals: Mapping[int, Number]) -> list[tuple[Move, float]]:
        """What may be thought of a cell, with prices: its other readings; any value that settles a failed equation."""
        ink = self.cells[path]
        out = [(Move(path, v - ink.value, "option"), price) for v, price in ink.options]
        needed = {-over * self.signs[i][path] for i, over in residuals.items() if path in self.signs[i]}
        for delta in needed:
            if ink.misprint < math.inf:
                likely = is_slip(str(ink.value), str(ink.value + delta))
                out.append((Move(path, delta, "misprint"), ink.misprint + (0.0 if likely else NO_SLIP)))
            if ink.unknown < math.inf and all(ink.value + delta != v for v, _ in ink.options):
                out.append((Move(path, delta, "unknown"), ink.unknown))
        return [(m, price) for m, price in out if m.delta and ink.value + m.delta >= 0]


def is_slip(printed: str, meant: str) -> bool:
    """Whether a number is what a slip of the hand makes of another: one digit wrong, lost, too many, or two exchanged.

    A 0 or a blank where a sum should stand was not filled in.
    """
    if printed == "0" or len(printed) == len(meant):
        wrong = [k for k, (a, b) in enumerate(zip(printed, meant, strict=False)) if a != b]
        exchanged = len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(printed) == sorted(meant)
        return printed == "0" or len(wrong) == 1 or exchanged
    short, long = sorted((printed, meant), key=len)
    return len(long) == len(short) + 1 and any(long[:k] + long[k + 1 :] == short for k in range(len(long)))


def _cheapest(ink: Ink) -> float:
    return min([price for _, price in ink.options] + [ink.unknown, ink.misprint])


def explain(cells: Mapping[str, Ink], sums: Sequence[Sum]) -> Repair:
    """All explanations of the failed equations within ``WINDOW`` of the best, by best-first search.

    Each set of moves is met once: in a branch for one cell of a failed equation, the cells before it stay as read.
    """
    problem = _Problem(cells, sums)
    start = problem.residuals()
    repair = Repair(failed=tuple(problem.sums[i].id for i in start))
    if not start:
        return repair
    if len(start) > CONTESTED:
        repair.proved = False
        return repair
    ticket, limit, looked = count(), math.inf, 0
    heap: list[tuple[float, int, float, tuple[Move, ...], frozenset[str], dict[int, Number]]] = []
    heapq.heappush(heap, (problem.bound(start), next(ticket), 0.0, (), frozenset(), start))
    while heap and heap[0][0] <= limit:
        _, _, price, moves, still, residuals = heapq.heappop(heap)
        looked += 1
        if not residuals:
            limit = min(limit, price + WINDOW)
            repair.explanations.append(Explanation(moves, price))
            continue
        if looked > NODES:
            repair.proved = False  # explanations nearly as good may be missing, and every posterior with them
            break
        settled = still | {m.path for m in moves}
        index = min(residuals, key=lambda i: sum(p not in settled for p in problem.signs[i]))
        kept = set(still)
        for path in sorted(problem.signs[index], key=lambda p: (problem.cheapest[p], p)):
            if path in settled:
                continue
            for move, more in problem.moves(path, residuals):
                after = problem.after(residuals, move)
                lowest = price + more + problem.bound(after)
                if lowest <= limit:
                    state = (lowest, next(ticket), price + more, (*moves, move), frozenset(kept), after)
                    heapq.heappush(heap, state)
            kept.add(path)
    return repair
