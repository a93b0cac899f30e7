"""Parts that no word and no sum shows: a logistic model weighs what a number and an earlier total have in common.

Its weights (``patterns/confidence/parts.json``, made by ``corpora.fit_parts`` from keyed passages) belong to traits of a
pair, and to two traits together. Only figures that the rules left alone are looked at, and a list is called complete
only where it sums up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from extractor.data import load_json
from extractor.figures.breakdowns import alike, attach, sums
from extractor.figures.clauses import pattern
from extractor.figures.measures import Draft

Traits = frozenset[str]
BACK, MOST = 30, 10  # figures that a part looks back over, and totals among them that it considers
WINDOW = 15
SMALL = 3
_MARK = re.compile(r"[、,;。:(]")
_DISCLOSED = "disclosed_total"


@dataclass(frozen=True)
class Row:
    """The drafts of one section in reading order, with what is asked of them again and again."""

    drafts: Sequence[Draft]
    place: dict[int, int]
    first_of_passage: frozenset[int]
    first_of_sentence: frozenset[int]

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> Row:
        counted = [d for d in drafts if d.counts]
        passages = {id(d.passage): id(d) for d in reversed(counted)}
        sentences = {(id(d.passage), d.sentence): id(d) for d in reversed(counted)}
        place = {id(d): n for n, d in enumerate(drafts)}
        return cls(drafts, place, frozenset(passages.values()), frozenset(sentences.values()))

    def candidates(self, at: int) -> list[int]:
        """The totals that the figure at ``at`` may be a part of, nearest first."""
        item, out = self.drafts[at], list[int]()
        for k in range(at - 1, max(-1, at - BACK), -1):
            total = self.drafts[k]
            if total.counts and total.value > 0 and total.value >= item.value and alike(item, total):
                out.append(k)
                if len(out) == MOST:
                    break
        return out

    def linked_before(self, at: int) -> int | None:
        """The total of the figure right before ``at``."""
        parent = self.drafts[at - 1].parent if at else None
        return self.place[id(parent)] if parent is not None else None


def traits(row: Row, at: int, whole: int) -> Traits:
    """What the figure at ``at`` and a total before it have in common, by name."""
    item, total = row.drafts[at], row.drafts[whole]
    found = {
        **_of_place(row, at, whole),
        **_of_list(row, at, whole),
        **_of_words(item, total),
        **_of_values(item, total),
        **_of_meaning(item, total),
    }
    return frozenset(name for name, holds in found.items() if holds)


def _between(item: Draft, total: Draft) -> str:
    return item.passage.text[total.spotted.end : item.spotted.lead] if item.passage is total.passage else ""


def _of_place(row: Row, at: int, whole: int) -> dict[str, bool]:
    item, total = row.drafts[at], row.drafts[whole]
    same, gap = item.passage is total.passage, at - whole - 1
    between = _between(item, total)
    return {
        "same_sentence": same and item.sentence == total.sentence,
        "next_sentence": same and item.sentence == total.sentence + 1,
        "later_sentence": same and item.sentence > total.sentence + 1,
        "other_paragraph": not same,
        "right_behind": gap == 0,
        "one_between": gap == 1,
        "few_between": 2 <= gap <= 4,
        "many_between": gap > 4,
        "nearest": next(iter(row.candidates(at)), None) == whole,
        "first_of_passage": id(total) in row.first_of_passage,
        "first_of_sentence": id(total) in row.first_of_sentence,
        "stop_between": "。" in between,
        "semicolon_between": ";" in between,
        "colon_between": ":" in between and "。" not in between[between.rfind(":") :],
        "in_brackets": item.bracket is not None,
        "other_brackets": item.bracket != total.bracket,
    }


def _of_list(row: Row, at: int, whole: int) -> dict[str, bool]:
    """Whether a list goes on: what parts it from the figure before, and whose part that is."""
    item, total, before = row.drafts[at], row.drafts[whole], row.linked_before(at)
    mark = _mark_before(row, at)
    return {
        "goes_on": before == whole,
        "elsewhere": before is not None and before != whole,
        **{f"after{c}": mark == c for c in "、,;。"},
        "after_nothing": mark == "",
        "mate_follows": _mate_follows(row, at),
        "in_a_sum": _in_a_sum(row, at, whole),
        "total_is_part": total.parent is not None,
        "total_has_parts": bool(total.children),
        "stated_again": any((d.value, d.unit) == (total.value, total.unit) for d in row.drafts[whole + 1 : at]),
        "share_follows": item.passage.text[item.spotted.end :].lstrip(",、(").startswith("占"),
    }


def _mark_before(row: Row, at: int) -> str | None:
    """The first stop between the figure before and this one; '' where there is none, None at a passage's start."""
    item = row.drafts[at]
    if not at or row.drafts[at - 1].passage is not item.passage:
        return None
    found = _MARK.search(item.passage.text, row.drafts[at - 1].spotted.end, item.spotted.lead)
    return found.group() if found else ""


def _mate_follows(row: Row, at: int) -> bool:
    """Whether the next count is of the same unit, one clause further in the same sentence."""
    item = row.drafts[at]
    after = (d for d in row.drafts[at + 1 : at + 3] if d.counts and d.passage is item.passage and d.unit == item.unit)
    mate = next(after, None)
    if mate is None:
        return False
    words = item.passage.text[item.spotted.end : mate.spotted.lead]
    return "。" not in words and bool(re.match(r"[^、,;。]{0,12}[、,;]", words))


def _in_a_sum(row: Row, at: int, whole: int) -> bool:
    """Whether the figure stands in a run of two or more that add up to the total."""
    item, total = row.drafts[at], row.drafts[whole]
    run = [
        k
        for k in range(whole + 1, min(len(row.drafts), at + WINDOW))
        if row.drafts[k].counts and row.drafts[k].unit == item.unit and row.drafts[k].passage is item.passage
    ]
    if at not in run:
        return False
    own = run.index(at)
    for first in range(own, max(-1, own - WINDOW), -1):
        added = Decimal(0)
        for last, k in enumerate(run[first:], first):
            added += row.drafts[k].value
            if added == total.value and last >= own and last > first:
                return True
            if added > total.value:
                break
    return False


def _of_words(item: Draft, total: Draft) -> dict[str, bool]:
    text = item.passage.text
    lead, clause = text[item.start : item.spotted.lead], text[item.start : item.end + WINDOW]
    shared = _pairs(item.own) & _pairs(total.measure)
    behind = total.passage.text[total.spotted.end : total.spotted.end + WINDOW]
    return {
        "among": bool(pattern("part_among").search(text, max(0, item.start - 8), item.spotted.lead)),
        "only": bool(pattern("part_only", "{}$").search(lead)),
        "left_over": bool(pattern("part_left", "{}").search(clause)),
        "settled": bool(pattern("settled").search(item.own)),
        "unsettled": bool(pattern("unsettled").search(total.measure)),
        "of_these": item.passage is total.passage and bool(pattern("part_of_these", "^{}").match(behind)),
        "of_a_kind": item.own.endswith(("类", "类信息")),
        "number_first": not lead,
        "nameless": not item.own,
        "verb": bool(pattern("count_verbs", "{}$").search(lead)),
        "said_total": bool(pattern("part_total").search(total.passage.text, total.start, total.spotted.lead)),
        "information": "信息" in total.measure or "公开" in total.measure,
        "shares_word": bool(shared),
        "shares_words": len(shared) > 1,
    }


def _pairs(text: str) -> set[str]:
    return {text[k : k + 2] for k in range(len(text) - 1)}


def _of_values(item: Draft, total: Draft) -> dict[str, bool]:
    listed = sum((Decimal(c.value) for c in total.children), Decimal(0)) + item.value
    return {
        "same_unit": item.unit is not None and item.unit == total.unit,
        "other_unit": None not in (item.unit, total.unit) and item.unit != total.unit,
        "equal": item.value == total.value,
        "most": 2 * item.value > total.value > item.value,
        "little": 10 * item.value < total.value,
        "zero": item.value == 0,
        "small_total": total.value <= SMALL,
        "too_much": bool(total.children) and listed > total.value,
        "fills": bool(total.children) and listed == total.value,
    }


def _of_meaning(item: Draft, total: Draft) -> dict[str, bool]:
    own, above = _family(item), _family(total)
    sorts = own in ("cat", "disclosed") and total.indicator == _DISCLOSED
    return {
        "known": own is not None,
        "total_known": above is not None,
        "same_family": own is not None and own == above,
        "sorts_information": sorts,
        "other_family": None not in (own, above) and own != above and not sorts,
        "other_year": item.year != total.year,
    }


def _family(item: Draft) -> str | None:
    """The first word of an indicator: requests of requests_received."""
    return item.indicator.split("_", 1)[0] if item.indicator else None


@cache
def _model() -> tuple[float, float, tuple[tuple[float, Traits], ...]]:
    """Threshold, intercept and weights, each with the traits that must hold together."""
    raw: dict[str, Any] = load_json("confidence/parts.json")
    return raw["threshold"], raw["intercept"], tuple((w, frozenset(k.split("*"))) for k, w in raw["weights"].items())


def likelihood(found: Traits) -> float:
    """How probable it is that one is a part of the other."""
    _, intercept, weights = _model()
    return 1 / (1 + math.exp(-intercept - sum(w for w, needed in weights if needed <= found)))


def link_likely(drafts: Sequence[Draft]) -> list[Draft]:
    """Attach the figures of one section that are still free to their most likely total; gives those attached."""
    row, threshold = Row.of(drafts), _model()[0]
    new: list[Draft] = []
    for at, item in enumerate(drafts):
        if item.parent is not None or item.kind not in {"count", "amount"}:
            continue
        scored = [(likelihood(traits(row, at, k)), -n, k) for n, k in enumerate(row.candidates(at))]
        best = max(scored, default=None)
        if best and best[0] >= threshold:
            attach(drafts[best[2]], [item], "subset")
            new.append(item)
    for parts in _groups(new):
        _call_complete(parts)
    return new


def _groups(new: Sequence[Draft]) -> Iterator[list[Draft]]:
    """Those attached to the same total, one behind the other."""
    for _, group in groupby(new, key=lambda d: id(d.parent)):
        yield list(group)


def _call_complete(parts: Sequence[Draft]) -> None:
    """Make one breakdown of parts that came one by one."""
    total = parts[0].parent
    if total is None:
        return
    whole = len(parts) > 1 and sums(parts, total)
    for part in parts:
        part.breakdown = parts[0].breakdown
        part.role = "addend" if whole else "subset"


__all__ = ["Row", "likelihood", "link_likely", "traits"]
