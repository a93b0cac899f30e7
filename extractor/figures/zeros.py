"""Explicit zeros: 未收到…申请, 无行政复议, 零投诉. A denial of a known object is a figure of value 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from extractor.data import load_yaml
from extractor.figures.clauses import Passage, pattern
from extractor.figures.indicators import indicators
from extractor.figures.measures import Draft, clause_start
from extractor.figures.quantities import Spotted

_DENIES = re.compile("[未没无零不免]")  # every denial has one of these


class _Denial(NamedTuple):
    """What is denied (where its noun stands), and which entry says so."""

    object: tuple[int, int]
    found: re.Match[str]
    indicator: str | None
    kind: str | None


@lru_cache(maxsize=1)
def _denials() -> tuple[tuple[re.Pattern[str], str | None, str | None], ...]:
    """(what it looks like, its indicator, the kind of a figure without one) of each denial."""
    return tuple((re.compile(r["text"]), r["indicator"], r.get("kind")) for r in load_yaml("prose.yaml")["zeros"])


def _clause_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in ",;。!?:()":
        at += 1
    return at


def _zero(passage: Passage, found: re.Match[str], indicator: str | None, kind: str | None) -> Draft:
    """The draft of one denial; its clause runs from stop to stop."""
    text = passage.text
    start = clause_start(passage, found.start(), [])
    end = _clause_end(text, found.end())
    entry = indicators()[indicator] if indicator else None
    spotted = Spotted(0, None, "count", found.start(), end, found.start(), False)
    item = Draft(passage, spotted, passage.sentence_of(found.start()), passage.bracket_of(found.start()), start, end)
    item.measure, item.indicator, item.zero = found["what"], indicator, True
    item.unit, item.kind = (entry.units[0], entry.kind) if entry else (None, kind or "count")
    return item


def _object(found: re.Match[str]) -> tuple[int, int]:
    """Where the noun stands that is denied: two entries that deny the same one state one zero."""
    named = (g for g in ("object", "object2") if g in found.re.groupindex and found[g] is not None)
    return found.span(next(named, "what"))


def find_zeros(passage: Passage, taken: list[Spotted]) -> Iterator[Draft]:
    """The zeros stated in words, where no number stands in the clause; in the order in which they are named.

    Of entries that deny the same noun the first in the data counts (上年度无结转 before 无结转).
    """
    denied: list[_Denial] = []
    if not _DENIES.search(passage.text):
        return
    for shape, name, kind in _denials():
        for found in shape.finditer(passage.text):
            cost = pattern("zeros_of_cost").match(passage.text, found.end())
            new = (
                _Denial(cost.span("cost"), found, None, "amount")
                if cost
                else _Denial(_object(found), found, name, kind)
            )
            if not any(new.object[0] < d.object[1] and d.object[0] < new.object[1] for d in denied):
                denied.append(new)
    for _, found, indicator, kind in sorted(denied, key=lambda d: d.found.span()):
        start = clause_start(passage, found.start(), [])
        if any(s.start < found.end() and s.end > found.start() for s in taken):
            continue
        if any(found.end() <= s.start < _clause_end(passage.text, found.end()) for s in taken):
            continue
        if not pattern("zeros_never").search(passage.text[start : found.end()]):
            yield _zero(passage, found, indicator, kind)
