"""Parts that no word and no sum shows: a logistic model weighs what a number and an earlier total have in common.

Its weights (``patterns/confidence/parts.json``, made by ``corpora.fit_parts`` from keyed passages) belong to traits of
a pair, and to two traits together. Only figures that the rules left alone are looked at, and a list is called complete
only where it sums up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from extractor.data import load_json
from extractor.figures.breakdowns import CLOSE_PARTS, alike, attach, may_settle, sums
from extractor.figures.clauses import pattern
from extractor.figures.links import older_among
from extractor.figures.measures import Draft

Traits = frozenset[str]
BACK, MOST = 30, 6  # figures that a part looks back over, and totals among them that it considers
WINDOW = 15
SMALL = 3
_MARK = re.compile(r"[、,;。:(]")
_CASES = frozenset({"requests", "reconsideration", "litigation", "complaints"})
_DISCLOSED = "disclosed_total"


class Row:
    """The drafts of one section in reading order, with what is asked of them again and again."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.place = {id(d): n for n, d in enumerate(drafts)}
        counted = [(n, d) for n, d in enumerate(drafts) if d.counts]
        passages = {id(d.passage): n for n, d in reversed(counted)}
        sentences = {(id(d.passage), d.sentence): n for n, d in reversed(counted)}
        self.first_of_passage, self.first_of_sentence = set(passages.values()), set(sentences.values())
        self.mates: dict[tuple[int, str | None], list[int]] = {}
        for n, d in counted:
            self.mates.setdefault((id(d.passage), d.unit), []).append(n)
        self._said_of_totals: dict[int, Traits] = {}

    def candidates(self, at: int) -> list[int]:
        """The totals that the figure at ``at`` may be a part of, nearest first."""
        item, out = self.drafts[at], list[int]()
        for k in range(at - 1, max(-1, at - BACK), -1):
            total = self.drafts[k]
            if total.value > 0 and total.value >= item.value and total.counts and alike(item, total):
                out.append(k)
                if len(out) == MOST:
                    break
        return out

    def linked_before(self, at: int) -> int | None:
        """The total of the figure right before ``at``."""
        parent = self.drafts[at - 1].parent if at else None
        return self.place[id(parent)] if parent is not None else None

    def list_of(self, at: int) -> int | Decimal:
        """What the counts of one unit add up to that stand in one sentence with the figure at ``at``."""
        item = self.drafts[at]
        mates = (self.drafts[k] for k in self.mates.get((id(item.passage), item.unit), ()))
        listed = (d for d in mates if d.sentence == item.sentence and d.bracket == item.bracket and d.parent is None)
        return sum(d.value for d in listed if d.year == item.year)

    def said_of_total(self, whole: int) -> Traits:
        """The traits that a total has whatever its part."""
        if whole not in self._said_of_totals:
            self._said_of_totals[whole] = _of_total(self, whole)
        return self._said_of_totals[whole]


def traits(row: Row, at: int, *, barred: bool = True) -> dict[int, Traits]:
    """What the figure at ``at`` and each total that it may be a part of have in common, by name.

    Without ``barred`` totals are left out that a rule excludes.
    """
    candidates = row.candidates(at)
    item, kept = row.drafts[at], [k for k in candidates if barred or not _barred(row, at, k)]
    own = _of_item(row, at) if kept else frozenset()
    out = {}
    for k in kept:
        shared = _of_pair(row, at, k) | _of_sums(row, at, k) | _of_meaning(item, row.drafts[k])
        out[k] = own | row.said_of_total(k) | shared | _holding({"nearest": k == candidates[0]})
    return out


def _holding(found: dict[str, bool]) -> Traits:
    return frozenset(name for name, holds in found.items() if holds)


def _of_item(row: Row, at: int) -> Traits:
    """The traits that a figure has whatever its total."""
    item = row.drafts[at]
    text, mark = item.passage.text, _mark_before(row, at)
    lead, clause = text[item.start : item.spotted.lead], text[item.start : item.end + WINDOW]
    return _holding(
        {
            **{f"after{c}": mark == c for c in "、,;。"},
            "after_nothing": mark == "",
            "in_brackets": item.bracket is not None,
            "mate_follows": _mate_follows(row, at),
            "share_follows": text[item.spotted.end : item.spotted.end + 3].lstrip(",、(").startswith("占"),
            "among": bool(pattern("part_among").search(text, max(0, item.start - 8), item.spotted.lead)),
            "only": bool(pattern("part_only", "{}$").search(lead)),
            "left_over": bool(pattern("part_left", "{}").search(clause)),
            "settled": bool(pattern("settled").search(item.own)),
            "of_a_kind": item.own.endswith(("类", "类信息")),
            "number_first": not lead,
            "nameless": not item.own,
            "verb": bool(pattern("count_verbs", "{}$").search(lead)),
            "known": item.indicator is not None,
            "channel": item.channel is not None,
            "zero": item.value == 0,
        }
    )


def _of_total(row: Row, whole: int) -> Traits:
    total = row.drafts[whole]
    return _holding(
        {
            "first_of_passage": whole in row.first_of_passage,
            "first_of_sentence": whole in row.first_of_sentence,
            "unsettled": bool(pattern("unsettled").search(total.measure)),
            "said_total": bool(pattern("part_total").search(total.passage.text, total.start, total.spotted.lead)),
            "information": "信息" in total.measure or "公开" in total.measure,
            "small_total": total.value <= SMALL,
            "total_known": total.indicator is not None,
            "total_channel": total.channel is not None,
        }
    )


def _of_pair(row: Row, at: int, whole: int) -> Traits:
    """Where the two stand, and whether a list goes on between them."""
    item, total, before, gap = row.drafts[at], row.drafts[whole], row.linked_before(at), at - whole - 1
    same = item.passage is total.passage
    between = item.passage.text[total.spotted.end : item.spotted.lead] if same else ""
    behind = total.passage.text[total.spotted.end : total.spotted.end + WINDOW]
    shared = _pairs(item.own) & _pairs(total.measure)
    return _holding(
        {
            "same_sentence": same and item.sentence == total.sentence,
            "next_sentence": same and item.sentence == total.sentence + 1,
            "later_sentence": same and item.sentence > total.sentence + 1,
            "other_paragraph": not same,
            "right_behind": gap == 0,
            "one_between": gap == 1,
            "few_between": 2 <= gap <= 4,
            "many_between": gap > 4,
            "stop_between": "。" in between,
            "semicolon_between": ";" in between,
            "colon_between": ":" in between and "。" not in between[between.rfind(":") :],
            "other_brackets": item.bracket != total.bracket,
            "goes_on": before == whole,
            "elsewhere": before is not None and before != whole,
            "total_is_part": total.parent is not None,
            "total_is_addend": total.role == "addend",
            "total_has_parts": bool(total.children),
            "of_these": same and bool(pattern("part_of_these", "^{}").match(behind)),
            "shares_word": bool(shared),
            "shares_words": len(shared) > 1,
        }
    )


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
    """Whether the figure stands in a run of two or more of its unit that add up to the total."""
    item, total = row.drafts[at], row.drafts[whole]
    near = [k for k in row.mates.get((id(item.passage), item.unit), ()) if max(whole, at - WINDOW) < k < at + WINDOW]
    if at not in near:
        return False
    own = near.index(at)
    for first in range(own, -1, -1):
        added = Decimal(0)
        for last, k in enumerate(near[first:], first):
            added += row.drafts[k].value
            if added == total.value and last >= own and last > first:
                return True
            if added > total.value:
                break
    return False


def _pairs(text: str) -> set[str]:
    return {text[k : k + 2] for k in range(len(text) - 1)}


def _of_sums(row: Row, at: int, whole: int) -> Traits:
    item, total = row.drafts[at], row.drafts[whole]
    listed = sum(c.value for c in total.children) + item.value
    again = (d for d in row.drafts[whole + 1 : at] if d.value == total.value)
    return _holding(
        {
            "in_a_sum": _in_a_sum(row, at, whole),
            "list_exceeds": row.list_of(at) > total.value,
            "same_unit": item.unit is not None and item.unit == total.unit,
            "other_unit": None not in (item.unit, total.unit) and item.unit != total.unit,
            "equal": item.value == total.value,
            "most": 2 * item.value > total.value > item.value,
            "little": 10 * item.value < total.value,
            "too_much": bool(total.children) and listed > total.value,
            "fills": bool(total.children) and listed == total.value,
            "stated_again": any(d.unit == total.unit for d in again),
        }
    )


def _of_meaning(item: Draft, total: Draft) -> Traits:
    own, above = _family(item), _family(total)
    sorts = own in ("cat", "disclosed") and total.indicator == _DISCLOSED
    return _holding(
        {
            "same_family": own is not None and own == above,
            "sorts_information": sorts,
            "other_family": None not in (own, above) and own != above and not sorts,
            "other_year": item.year != total.year,
        }
    )


def _family(item: Draft) -> str | None:
    """The first word of an indicator: requests of requests_received."""
    return item.indicator.split("_", 1)[0] if item.indicator else None


@cache
def _model() -> tuple[float, float, dict[str, dict[str, float]]]:
    """Threshold, intercept, and weights by the first trait and the second; '' where a trait weighs by itself."""
    raw: dict[str, Any] = load_json("confidence/parts.json")
    weights: dict[str, dict[str, float]] = {}
    for names, weight in raw["weights"].items():
        first, _, second = names.partition("*")
        weights.setdefault(first, {})[second] = weight
    return raw["threshold"], raw["intercept"], weights


def likelihood(found: Traits) -> float:
    """How probable it is that one is a part of the other."""
    _, intercept, weights = _model()
    held = found | {""}
    score = sum(w for name in found for second, w in weights.get(name, {}).items() if second in held)
    return 1 / (1 + math.exp(-intercept - score))


def _barred(row: Row, at: int, whole: int) -> bool:
    """Whether a rule knows better: a total is no part, what was settled may be something else or older, channels
    may overlap, and once a list is complete the next sentence speaks of its total."""
    item, total = row.drafts[at], row.drafts[whole]
    lead = item.passage.text[item.start : item.spotted.lead]
    if pattern("part_never").search(lead) or (item.channel and row.list_of(at) > total.value):
        return True
    if total.role == "addend" and (item.passage, item.sentence) != (total.passage, total.sentence):
        return True
    if pattern("part_no_total").search(total.passage.text, total.start, total.spotted.lead) or _apart(item, total):
        return True
    if older_among(row.drafts[max(0, whole - 1) : at], total, item):
        return True
    settled = pattern("settled").search(item.own) and pattern("unsettled").search(total.measure)
    return bool(settled) and not may_settle(item, total)


def _apart(item: Draft, total: Draft) -> bool:
    """Whether two known figures count different things: cases of review and lawsuits, requests new and carried in."""
    own, above = _family(item), _family(total)
    if item.indicator == "requests_carried_in" and total.indicator == "requests_received":
        return True
    return own != above and own in _CASES and above in _CASES


def link_likely(drafts: Sequence[Draft]) -> list[Draft]:
    """Attach the figures of one section that are still free to their most likely total; gives those attached."""
    row, threshold = Row(drafts), _model()[0]
    new: list[Draft] = []
    for at, item in enumerate(drafts):
        if item.parent is not None or item.kind not in {"count", "amount"}:
            continue
        scored = [(likelihood(found), k) for k, found in traits(row, at, barred=False).items()]
        best = max(scored, default=None)
        if best and best[0] >= threshold:
            attach(drafts[best[1]], [item], "subset")
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


def call_complete(drafts: Sequence[Draft]) -> None:
    """Parts attached one by one are a complete breakdown where all of them together add up to their total."""
    for total in drafts:
        parts = [c for c in total.children if c.role == "subset" and c.value and not c.zero]
        if len(parts) >= CLOSE_PARTS and len(parts) == len(total.children) and sums(parts, total):
            for part in parts:
                part.breakdown, part.role = parts[0].breakdown, "addend"


__all__ = ["Row", "call_complete", "likelihood", "link_likely", "traits"]
