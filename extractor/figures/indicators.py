"""Which known indicator a figure states, from ``patterns/indicators.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extractor.data import load_yaml
from extractor.figures.measures import Draft

_NO_QUOTES = str.maketrans("", "", "“”")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry: what its measures look like, its units (the usual one first) and cells of the form.

    ``any`` is searched in the measure; ``bare`` is a whole measure that means this only ``under`` such a heading.
    """

    id: str
    kind: str
    units: tuple[str, ...]
    accepted: frozenset[str]
    any: re.Pattern[str] | None
    never: re.Pattern[str] | None
    within: re.Pattern[str] | None
    bare: re.Pattern[str] | None
    under: re.Pattern[str] | None
    cells: tuple[str, ...]
    rank: int

    def means(self, measure: str, context: str) -> bool:
        """Whether a short measure means this entry where it stands."""
        return bool(self.bare and self.under and self.bare.fullmatch(measure) and self.under.search(context))

    def score(self, measure: str, context: str) -> tuple[int, int, int] | None:
        """Rank, where the last match in ``measure`` ends, how long it is; None without a match."""
        measure = measure.translate(_NO_QUOTES)
        if self.means(measure, context):
            return self.rank, len(measure), len(measure)
        if self.any is None or (self.never and self.never.search(measure)):
            return None
        if self.within and not self.within.search(context):
            return None
        spans = [found.span() for found in self.any.finditer(measure) if found.end() > found.start()]
        return max(((self.rank, end, end - start) for start, end in spans), default=None)


def _shape(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text) if text else None


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """All known indicators by id, in the order of the file."""
    return {
        raw["id"]: Indicator(
            id=raw["id"],
            kind=raw["kind"],
            units=tuple(raw["units"]),
            accepted=frozenset([*raw["units"], *raw.get("also_units", [])]),
            any=_shape(raw.get("any")),
            never=_shape(raw.get("not")),
            within=_shape(raw.get("within")),
            bare=_shape(raw.get("bare")),
            under=_shape(raw.get("under")),
            cells=tuple(raw.get("cells", [])),
            rank=raw.get("rank", 0),
        )
        for raw in load_yaml("indicators.yaml")
    }


def context(item: Draft) -> str:
    """The words around a draft that may settle its meaning: heading, sentence, totals above it."""
    start, end = item.passage.sentences[item.sentence]
    words = [item.passage.heading, item.passage.text[start:end], item.passage.section]
    above = item.parent
    while above is not None:
        words.append(above.measure)
        above = above.parent
    return "|".join(words)


def match_bare(item: Draft) -> str | None:
    """The indicator that a short measure means under its heading (其他5047条), before its total's name is added."""
    around, measure = context(item), item.measure.translate(_NO_QUOTES)
    fitting = (e for e in indicators().values() if e.kind == item.kind and item.unit in {None, *e.accepted})
    return next((e.id for e in fitting if e.means(measure, around)), None)


def match(item: Draft) -> str | None:
    """The id of the indicator that ``item`` states, or None."""
    around = context(item)
    best: tuple[tuple[int, int, int], str] | None = None
    for entry in indicators().values():
        if entry.kind != item.kind or (item.unit is not None and item.unit not in entry.accepted):
            continue
        score = entry.score(item.measure, around)
        if score is not None and (best is None or score > best[0]):
            best = (score, entry.id)
    return best[1] if best else None
