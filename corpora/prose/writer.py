"""Builds prose piece by piece and keeps its gold: figures, traps (numbers that are none), planted mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from corpora.model import Figure, Knobs, Number

CHINESE = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass
class Facts:
    """Table numbers that the prose may repeat, as printed in the tables (None: not printed)."""

    year: int
    place: str
    agency: str
    received: int | None = None
    carried_in: int | None = None
    granted: int | None = None
    carried_out: int | None = None
    reconsideration: int | None = None
    litigation: int | None = None
    normative: int | None = None


@dataclass
class Writer:
    """Builds a text piece by piece and notes every figure with the clause that states it."""

    rng: Random
    knobs: Knobs
    facts: Facts
    section: str = ""
    figures: list[Figure] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    traps: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Adds text without figures."""
        self.pieces.append(text)

    def trap(self, text: str) -> None:
        """Adds a sentence whose numbers are no figures."""
        self.pieces.append(text)
        self.traps.append(text)

    def figure(
        self,
        clause: str,
        value: Number,
        unit: str | None,
        *,
        shown: str | None = None,
        approximate: bool = False,
        kind: str = "count",
        part_of: int | None = None,
        indicator: str | None = None,
    ) -> int:
        """Adds a clause with `{}` for the number and unit; gives the figure's index."""
        space = " " if self.knobs.number_space else ""
        number = shown if shown is not None else str(value) + space + (unit or "")
        before, _, after = clause.partition("{}")
        text = before + (space if before and "{}" in clause else "") + number + after
        self.pieces.append(text)
        self.figures.append(Figure(value, unit, text, approximate, kind, part_of, self.section, indicator))
        return len(self.figures) - 1

    def zero(self, clause: str, unit: str | None, indicator: str | None = None) -> int:
        """Adds an explicit zero said in words."""
        kind = "amount" if unit == "元" else "count"
        return self.figure(clause, 0, unit, shown="", kind=kind, indicator=indicator)

    def take(self) -> str:
        """The text so far; starts a new one."""
        text = "".join(self.pieces)
        self.pieces = []
        return text

    def split(self, total: int, parts: int) -> list[int]:
        """Positive parts that add up to the total."""
        cuts = sorted(self.rng.sample(range(1, total), parts - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True)]

    def parts_of(self, whole: int, total: int, parts: int) -> list[int]:
        """``split``; now and then as a body misprints it: the parts add up to more than the whole."""
        numbers = self.split(total, parts)
        if self.rng.random() < self.knobs.mistake_rate:
            numbers[self.rng.randrange(parts)] += self.rng.choice((1, 2, 10))
            self.mistakes.append(f"breakdown.f{whole + 1}.1")
        return numbers

    def breakdown(self, clause: str, unit: str, total: int, names: list[str], marks: tuple[str, str, str]) -> None:
        """A total and its parts between ``marks``: what opens the list, what parts it, what closes it."""
        whole = self.figure(clause, total, unit)
        opening, between, closing = marks
        for i, (name, part) in enumerate(zip(names, self.parts_of(whole, total, len(names)), strict=True)):
            self.say(between if i else opening)
            self.figure(name, part, unit, part_of=whole)
        self.say(closing)


Family = Callable[[Writer], None]


@dataclass(frozen=True)
class Voice:
    """The sentences of one part of the corpus: what a chapter one may say, and the fixed places of a report."""

    families: tuple[Family, ...]
    early: tuple[Family, ...]
    requests: Family
    disputes: Family
    fee: Family
    preamble: Family
    problems: Family
    traps: Family
