"""Which known indicator a figure states, from ``patterns/indicators.yaml``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.data import load_yaml
from extractor.figures.clauses import pattern
from extractor.figures.measures import Draft

_NO_QUOTES = str.maketrans("", "", "“”")
_HEADED = re.compile(r"^[^:：]{1,8}[:：]")
_FORMER = re.compile(r"[由从自]$")  # 由68个整合为45个


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry: what its measures look like, its units (the usual one first) and cells of the form.

    ``any`` is searched in the measure; ``bare`` is a whole measure that means this only ``under`` such a heading.
    ``since`` is the first year in which there was such a thing; ``apart`` entries are stated for each kind; a measure
    like ``half`` names one of two things that the entry counts together. An entry with ``several`` counts all channels,
    unless one ``channel`` alone is named before the number.
    """

    id: str
    kind: str
    units: tuple[str, ...]
    accepted: frozenset[str]
    any: re.Pattern[str] | None
    never: re.Pattern[str] | None
    within: re.Pattern[str] | None
    without: re.Pattern[str] | None
    bare: re.Pattern[str] | None
    under: re.Pattern[str] | None
    cells: tuple[str, ...]
    rank: int
    since: int
    apart: bool
    half: re.Pattern[str] | None
    channel: re.Pattern[str] | None
    several: re.Pattern[str] | None

    def means(self, measure: str, context: str) -> bool:
        """Whether a short measure means this entry where it stands."""
        if self.bare is None or self.under is None or (self.without and self.without.search(context)):
            return False
        return bool(self.bare.fullmatch(measure) and self.under.search(context))

    def score(self, measure: str, context: str) -> tuple[int, int, int] | None:
        """Rank, where the last match in ``measure`` (without quotes) ends, how long it is; None without a match."""
        if self.means(measure, context):
            return self.rank, len(measure), len(measure)
        if self.any is None or not self.any.search(measure) or (self.never and self.never.search(measure)):
            return None
        if (self.within and not self.within.search(context)) or (self.without and self.without.search(context)):
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
            without=_shape(raw.get("without")),
            bare=_shape(raw.get("bare")),
            under=_shape(raw.get("under")),
            cells=tuple(raw.get("cells", [])),
            rank=raw.get("rank", 0),
            since=raw.get("since", 0),
            apart=raw.get("apart", False),
            half=_shape(raw.get("half")),
            channel=_shape(raw.get("channel")),
            several=_shape(raw.get("several")),
        )
        for raw in load_yaml("indicators.yaml")
    }


@lru_cache(maxsize=200)
def _with_unit(kind: str, unit: str | None) -> tuple[Indicator, ...]:
    """The entries that a figure of this kind and unit may state."""
    return tuple(e for e in indicators().values() if e.kind == kind and (unit is None or unit in e.accepted))


def fitting(item: Draft) -> list[Indicator]:
    """The entries that kind, unit and year allow."""
    return [e for e in _with_unit(item.kind, item.unit) if item.year is None or item.year >= e.since]


def context(item: Draft) -> str:
    """The words around a draft that may settle its meaning: heading, sentence, totals above it."""
    words = [item.passage.chapter, item.passage.heading, _sentence(item), item.passage.section]
    above = item.parent
    while above is not None:
        words += [above.measure, _sentence(above)]
        above = above.parent
    return "|".join(words)


def _sentence(item: Draft, back: int = 0) -> str:
    """The sentence of a draft, or the one so many before it; '' where there is none."""
    if back > item.sentence:
        return ""
    start, end = item.passage.sentences[item.sentence - back]
    return item.passage.text[start:end]


def match_bare(item: Draft) -> str | None:
    """The indicator that a short measure means under its heading (其他5047条), before its total's name is added."""
    of_requests = item.own not in item.measure or pattern("requests").search(item.measure.replace(item.own, "", 1))
    measure = item.own if of_requests or item.own == item.measure else item.measure  # 办结 of 办结来信 says more
    around, measure = f"{_sentence(item, 1)}|{context(item)}", _HEADED.sub("", measure.translate(_NO_QUOTES))
    return next((e.id for e in fitting(item) if e.means(measure, around)), None)


def match(item: Draft) -> str | None:
    """The id of the indicator that ``item`` states, or None. What is only planned, or was before, states none."""
    lead = item.passage.text[item.start : item.spotted.lead]
    if pattern("planned", "(?:^|[,;。、]){}").search(lead) or _FORMER.search(lead):
        return None
    around, measure = context(item), item.measure.translate(_NO_QUOTES)
    best: tuple[tuple[int, int, int], str] | None = None
    for entry in fitting(item):
        score = entry.score(measure, around)
        if score is not None and (best is None or score > best[0]):
            best = (score, entry.id)
    return _of_its_channel(item, best[1]) if best else None


def _of_its_channel(item: Draft, found: str) -> str:
    """What all channels published is that of one where the sentence names it alone (在县政府网站,我局公开)."""
    several = indicators()[found].several
    begin = item.passage.sentences[item.sentence][0]
    lead = item.passage.heading + "," + item.passage.text[begin : item.spotted.lead].rpartition(";")[2]
    if several is None or several.search(lead):
        return found
    named = [e.id for e in fitting(item) if e.channel and e.channel.search(lead)]
    return named[0] if len(named) == 1 else found


def keep_wholes(drafts: Sequence[Draft]) -> None:
    """An indicator is a whole number: its parts do not state it (自然人39件 of 收到申请), nor does any of several
    that a section states for one year with other values, nor one half of it (政协提案 of 建议提案)."""
    for item in drafts:
        above = item.parent
        while above is not None:
            if item.indicator == above.indicator:
                item.indicator = None
            above = above.parent
    named: dict[tuple[str, int | None], list[Draft]] = defaultdict(list)
    for item in drafts:
        if item.indicator and not indicators()[item.indicator].apart:
            named[item.indicator, item.year].append(item)
    for item in drafts:
        half = indicators()[item.indicator].half if item.indicator else None
        if half and half.search(item.measure.translate(_NO_QUOTES)):
            item.indicator = None
    for same in named.values():
        scopes = {d.scope for d in same}
        if _differ(same) and (None in scopes or len(scopes) < len(same)):
            for item in same:
                item.indicator = None


def _differ(same: Sequence[Draft]) -> bool:
    """Whether figures of one name give different numbers; 超过1.2万 and 12340 do not."""
    exact = {d.value for d in same if not d.spotted.approximate}
    rough = {d.value for d in same if d.spotted.approximate}
    if len(exact) != 1 or len(rough) != 1:
        return len(exact | rough) > 1
    value, about = exact.pop(), rough.pop()
    return not 0 <= (value - about) * 10 <= value


def keep_fitting(zero: Draft) -> None:
    """A zero in words states its indicator only where its year and its words allow it (未收取复印费 does not)."""
    entry = indicators()[zero.indicator] if zero.indicator else None
    if entry and not (entry in fitting(zero) and not (entry.never and entry.never.search(zero.measure))):
        zero.indicator = None
