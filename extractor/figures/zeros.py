"""Explicit zeros: 未收到…申请, 无行政复议, 零投诉. A denial of a known object is a figure of value 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from extractor.data import load_yaml
from extractor.figures.clauses import Passage, pattern
from extractor.figures.indicators import indicators
from extractor.figures.measures import Draft, clause_start
from extractor.figures.quantities import Spotted


@lru_cache(maxsize=1)
def _denials() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(raw["text"]), raw["indicator"]) for raw in load_yaml("prose.yaml")["zeros"])


def _clause_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in ",;。!?:()":
        at += 1
    return at


def _zero(passage: Passage, found: re.Match[str], indicator: str) -> Draft:
    """The draft of one denial; its clause runs from stop to stop."""
    text = passage.text
    start = clause_start(passage, found.start(), [])
    end = _clause_end(text, found.end())
    unit = indicators()[indicator].units[0]
    spotted = Spotted(0, None, "count", found.start(), end, found.start(), False)
    item = Draft(passage, spotted, passage.sentence_of(found.start()), passage.bracket_of(found.start()), start, end)
    item.measure, item.unit, item.indicator, item.zero = found["what"], unit, indicator, True
    item.kind = indicators()[indicator].kind
    return item


def find_zeros(passage: Passage, taken: list[Spotted]) -> Iterator[Draft]:
    """The zeros stated in words, where no number stands in the clause."""
    for shape, indicator in _denials():
        for found in shape.finditer(passage.text):
            start = clause_start(passage, found.start(), [])
            if any(s.start < found.end() and s.end > found.start() for s in taken):
                continue
            if any(found.end() <= s.start < _clause_end(passage.text, found.end()) for s in taken):
                continue
            if not pattern("zeros_never").search(passage.text[start : found.end()]):
                yield _zero(passage, found, indicator)
