"""Parts that stand in another sentence than their total: lists that add up exactly, or that a phrase announces.

“共收到438件。…当面申请173件，传真3件，…” needs no word to be a breakdown: numbers that add up to an earlier total do
so hardly ever by chance. A phrase such as 从申请方式看 announces one even where it does not add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise

from extractor.figures.breakdowns import (
    CLOSE_PARTS,
    LONGEST,
    added_to,
    alike,
    attach,
    complete,
    nearly,
    sums,
    unlinked,
    whole_of,
)
from extractor.figures.clauses import pattern
from extractor.figures.measures import Draft
from extractor.figures.quantities import content_units
from extractor.numerals import parse_number

BACK = 12  # counts that a list may look back to
MANY = 5
SMALL, FAR = 20, 100  # two numbers add up to a smaller one, or one further away, by chance too often
ALL = 100  # per cent
_ORDINAL = re.compile(r"\(?(\d{1,2}|[一二三四五六七八九十]{1,3})[、.)是]")
_STOP = re.compile(r"[。;]")
_OUTCOMES = {f"requests_{k}" for k in
             ("granted", "granted_in_part", "refused", "unable", "not_processed", "other_handling")}  # fmt: skip
_ANSWERED, _RECEIVED = "requests_completed", "requests_received"
_CARRIED, _CARRIED_OUT = "requests_carried_in", "requests_carried_out"
_WAY = "requests_by_way_"


def _stretch(item: Draft, level: int) -> tuple[object, ...]:
    """What two items of one list have in common: a part of a sentence, a sentence, or a list of paragraphs."""
    start = item.passage.sentences[item.sentence][0]
    if level == 0:
        return id(item.passage), item.sentence, item.passage.text.count(";", start, item.spotted.start)
    return (id(item.passage), item.sentence) if level == 1 else ("paragraphs",)


def _runs(drafts: Sequence[Draft], level: int, *, mixed: bool = False) -> Iterator[list[Draft]]:
    """The free counts that stand together, outside brackets, of one year and in one unit (``mixed``: of content)."""
    free = [d for d in drafts if d.counts and d.parent is None and d.bracket is None]
    for _, stretch in groupby(free, key=lambda d: (_stretch(d, level), _kind(d, mixed), d.year)):
        run: list[Draft] = []
        for item in stretch:
            if level == 2 and run and not _goes_on(run[-1], item):
                yield from [run] if len(run) > 1 else []
                run = []
            run.append(item)
        if len(run) > 1:
            yield run


def _kind(item: Draft, mixed: bool) -> str | None:
    return "content" if mixed and item.unit in content_units() else item.unit


def _goes_on(item: Draft, after: Draft) -> bool:
    """Whether a list goes on from one item to the next: in the same sentence, or in a paragraph after a semicolon."""
    if item.passage is after.passage:
        return item.sentence == after.sentence
    return item.passage.text.endswith((";", "、")) and item.passage.section == after.passage.section


def _earlier(drafts: Sequence[Draft], at: int) -> list[Draft]:
    """The counts before a list that begins at ``at``, nearest first."""
    return [d for d in reversed(drafts[max(0, at - 3 * BACK) : at]) if d.counts and d.value > 0][:BACK]


def _announced(run: Sequence[Draft]) -> bool:
    """Whether a phrase such as 从申请方式看 stands at the head of a list."""
    first = run[0]
    begin = max(first.passage.sentences[first.sentence][0], first.passage.text.rfind(";", 0, first.spotted.start) + 1)
    return bool(pattern("announces", "^[,;]?(?:{})").match(first.passage.text[begin : first.spotted.lead]))


def _chance(run: Sequence[Draft], total: Draft) -> bool:
    """Whether a sum may be one by accident."""
    near = total.passage is run[0].passage and run[0].sentence - total.sentence <= 1
    other = any(d.unit != total.unit for d in run)
    weak = len(run) <= 2 + other and total.value < (SMALL if near else FAR) and not _announced(run)
    return weak or any(not d.value for d in run)


def link_long_lists(drafts: Sequence[Draft]) -> None:
    """Attach lists of many parts that add up to an earlier total: no accident, as 82 = 15 + 9 + 58 within one is.

    One that all but adds up does so by accident, unless a colon opens it: 171条按类别为:A2条,B3条 …
    """
    places = {id(d): i for i, d in enumerate(drafts)}
    for mixed in (False, True):
        for level in range(3):
            for run in _runs(drafts, level, mixed=mixed):
                if len(run) < MANY:
                    continue
                earlier = [t for t in _earlier(drafts, places[id(run[0])]) if t.parent is None and _may_hold(t, run)]
                opened = _opened(run, earlier)
                if opened:
                    attach(*opened, "addend")
                else:
                    _added(run, earlier)


def _opened(run: Sequence[Draft], earlier: Sequence[Draft]) -> tuple[Draft, Sequence[Draft]] | None:
    """The total right before the colon that opens a list, and the list, if it all but adds up."""
    for total, parts in ((run[0], run[1:]), *((t, run) for t in earlier[:1])):
        between = parts[0].passage.text[total.spotted.end : parts[0].start]
        near = total.passage is parts[0].passage and between.endswith(":") and not _STOP.search(between)
        if near and len(parts) >= MANY and nearly(parts, total):
            return total, parts
    return None


def _may_hold(total: Draft, run: Sequence[Draft]) -> bool:
    changed = pattern("compared").search(total.lead)  # 较上年增加33件 is no total
    return alike(run[0], total) and total.year == run[0].year and not changed


def link_lists(drafts: Sequence[Draft]) -> None:
    """Attach lists to a total in an earlier sentence; drafts of one section in reading order."""
    places = {id(d): i for i, d in enumerate(drafts)}
    for level in range(3):
        for run in _runs(drafts, level):
            earlier = [t for t in _earlier(drafts, places[id(run[0])]) if _may_hold(t, run)]
            if not any(_added(parts, earlier) for parts in (run, run[1:])) and _announced(run):
                highest = max(d.value for d in run)
                whole = next((t for t in earlier if t.value >= highest and t.parent is None), None)
                if whole is not None and not _older_beside(earlier, whole):
                    attach(whole, run, "addend" if complete(run, whole, subset=False) else "subset")


def _older_beside(earlier: Sequence[Draft], whole: Draft) -> bool:
    """Whether some were carried in beside those that came in, so that what follows may be of both."""
    older = (d for d in earlier if d is not whole and d.parent is None and pattern("carried_in").search(d.measure))
    return bool(pattern("came_in").search(whole.measure)) and any(older)


def _added(parts: Sequence[Draft], earlier: Sequence[Draft]) -> bool:
    """Attach parts to the nearest total that they add up to; whether there is one."""
    total = next((t for t in earlier if len(parts) > 1 and sums(parts, t) and not _chance(parts, t)), None)
    if total is not None:
        attach(whole_of(total), parts, "addend")
    return total is not None


def _has_mates(drafts: Sequence[Draft], index: int) -> bool:
    """Whether a count stands in a list itself: 12件、6件、6件 of one list add up by chance."""
    total, text = drafts[index], drafts[index].passage.text
    if text.startswith("、", total.spotted.end):
        return True
    near = drafts[max(0, index - LONGEST) : index]
    before = (d for d in near if d.counts and d.passage is total.passage and d.sentence == total.sentence)
    return any(d.unit == total.unit and ";" not in text[d.spotted.end : total.spotted.lead] for d in before)


def link_unmarked(drafts: Sequence[Draft]) -> None:
    """Lists without a word: two or more parts in one sentence that sum up, or all of it where it all but does."""
    for index, total in enumerate(drafts):
        if not total.counts or added_to(total) or total.value == 0:
            continue
        near = [
            d
            for d in drafts[index + 1 : index + LONGEST]
            if d.passage is total.passage and d.sentence == total.sentence
        ]
        parts = [d for d in unlinked(near) if (d.bracket, d.unit, d.year) == (total.bracket, total.unit, total.year)]
        in_list = _has_mates(drafts, index)
        least = CLOSE_PARTS if in_list else 2
        if total.parent is not None and parts[:1] != drafts[index + 1 : index + 2]:
            continue  # a part's own parts follow it
        for size in range(least, len(parts) + 1):
            if sums(parts[:size], total) and all(p.value for p in parts[:size]) and not _flow(parts[:size]):
                attach(total, parts[:size], "addend")
                break
        else:
            if not in_list and _is_wrong_sum(parts, near, total):
                attach(total, parts, "addend")


def _flow(parts: Sequence[Draft]) -> bool:
    """Whether numbers are what came in and what went out (上年结转1件,办结18件): no list, whatever they add up to."""
    older = any(pattern("carried_in").search(p.measure) for p in parts)
    return older and any(pattern("settled").search(p.own) for p in parts)


def _is_wrong_sum(parts: Sequence[Draft], near: Sequence[Draft], total: Draft) -> bool:
    """Whether all that a sentence goes on to count is a list that all but adds up to its first number, and is wrong.

    Requests that came, were carried over and were answered are none: they add up in another way; and what several
    channels published may be more than all that there is.
    """
    listed = sum(Decimal(p.value) for p in parts)
    channels = any(p.channel and p.channel != total.channel for p in parts)
    if channels and (total.channel or listed > total.value):
        return False
    if len(parts) < CLOSE_PARTS or len(parts) < sum(d.counts for d in near) or not nearly(parts, total):
        return False
    return all(p.value and not pattern("carried").search(p.measure) for p in parts)


def _numbered(drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
    """Lists whose items count on (1. … 2. …, 一是 … 二是 …): the first free count of each, of one kind."""
    run: list[Draft] = []
    number = 0
    for _, sentence in groupby(drafts, key=lambda d: (id(d.passage), d.sentence)):
        first = next((d for d in sentence if d.counts and d.parent is None and d.bracket is None), None)
        found = first and _ORDINAL.match(first.passage.text, first.passage.sentences[first.sentence][0])
        if first is None or not found:
            continue
        at = int(parse_number(found[1]) or 0)
        if run and (at != number + 1 or not alike(first, run[0]) or first.year != run[0].year):
            yield run
            run = []
        run, number = [*run, first], at
    yield run


def link_numbered(drafts: Sequence[Draft]) -> None:
    """Attach the items of a numbered list to a total before it that they add up to, whatever else they tell."""
    places = {id(d): i for i, d in enumerate(drafts)}
    for run in _numbered(drafts):
        if len(run) >= CLOSE_PARTS:
            _added(run, [t for t in _earlier(drafts, places[id(run[0])]) if t.parent not in run and _may_hold(t, run)])


def link_added(drafts: Sequence[Draft]) -> None:
    """What a year added belongs to what there is since the beginning: 累计公开15条,2011年新增3条."""
    counted = [d for d in drafts if d.counts]
    for one, other in pairwise(counted):
        for item, total in ((one, other), (other, one)):
            together = item.passage is total.passage and item.sentence == total.sentence
            words = _words_of(item), _words_of(total)
            grew = together and pattern("grew").search(words[0]) and pattern("since_ever").search(words[1])
            if grew and item.parent is None and alike(item, total) and item.value <= total.value:
                attach(total, [item], "subset")


def _words_of(item: Draft) -> str:
    return item.passage.text[item.start : item.spotted.lead]


def link_shares(drafts: Sequence[Draft]) -> None:
    """A share printed behind a part tells its total: 政策法规类17条,占总体的14.17% is a part of 120."""
    groups: dict[int, tuple[Draft, list[Draft]]] = {}
    for index, (item, share) in enumerate(pairwise(drafts)):
        if item.parent is not None or not item.counts or not item.value or not _is_share(share, item):
            continue
        total = next((t for t in _earlier(drafts, index) if alike(item, t) and _is_ratio(item, t, share)), None)
        if total is not None:
            groups.setdefault(id(total), (total, []))[1].append(item)
    for total, parts in groups.values():
        attach(total, parts, "addend" if complete(parts, total, subset=False) else "subset")


def _is_share(rate: Draft, item: Draft) -> bool:
    """Whether ``rate`` says right behind ``item`` how much of a whole that is."""
    if rate.kind != "rate" or rate.unit != "%" or rate.passage is not item.passage:
        return False
    return bool(pattern("share", "^[,、(]?{}").match(item.passage.text[item.spotted.end : rate.spotted.start]))


def _is_ratio(item: Draft, total: Draft, share: Draft) -> bool:
    """Whether ``item`` is as large a part of ``total`` as a percentage says, to its last digit."""
    said = Decimal(share.value)
    if not 0 < said < ALL:
        return False
    unit = Decimal(1).scaleb(said.as_tuple().exponent)  # type: ignore[arg-type]  # finite by construction
    return abs(Decimal(item.value) * ALL / Decimal(total.value) - said) <= unit / 2


def link_outcomes(drafts: Sequence[Draft]) -> None:
    """What became of requests belongs to those answered, or received; the ways they came to those received."""
    groups: dict[int, tuple[Draft, list[Draft]]] = {}
    for index, item in enumerate(drafts):
        if item.parent is not None or not item.counts or item.indicator is None or not item.value:
            continue
        wanted = ({_ANSWERED, _RECEIVED} if item.indicator in _OUTCOMES else
                  {_RECEIVED} if item.indicator.startswith(_WAY) else set())  # fmt: skip
        total = next(
            (
                t
                for t in reversed(drafts[max(0, index - 5 * BACK) : index])
                if t.indicator in wanted and t.value >= item.value and not _is_such_a_part(t)
            ),
            None,
        )
        if total is not None and alike(item, total) and not older_among(_from(drafts, total, index), total, item):
            groups.setdefault(id(total), (total, []))[1].append(item)
    _link_answered(drafts)
    for total, parts in groups.values():
        attach(total, parts, "addend" if sums(parts, total) else "subset")


def _is_such_a_part(item: Draft) -> bool:
    """Whether a figure is a part of one that states the same (办结21件,其中按时办结20件)."""
    return item.parent is not None and item.parent.indicator == item.indicator


def _from(drafts: Sequence[Draft], total: Draft, end: int) -> Sequence[Draft]:
    """The figures from the one before ``total`` on."""
    first = next(n for n in range(end - 1, -1, -1) if drafts[n] is total)
    return drafts[max(0, first - 1) : end]


def older_among(near: Sequence[Draft], total: Draft, item: Draft) -> bool:
    """Whether an outcome may be one of requests carried in, too: ``near`` is what stands from before the total on."""
    outcome = item.indicator in _OUTCOMES | {_CARRIED_OUT} or pattern("outcomes", "^{}").match(item.own)
    if total.indicator != _RECEIVED or not outcome:
        return False
    return any(d.indicator == _CARRIED and d.value and d.parent is None for d in near)


def _link_answered(drafts: Sequence[Draft]) -> None:
    """Requests answered belong to those received, unless some were carried in and may be among them."""
    for index, item in enumerate(drafts):
        if item.indicator != _ANSWERED or item.parent is not None or not item.value:
            continue
        before = [d for d in drafts[max(0, index - BACK) : index] if d.indicator in (_RECEIVED, _CARRIED) and d.value]
        older = any(c.indicator == _CARRIED for c in item.children)
        if before and not older and all(d.indicator == _RECEIVED for d in before):
            total = before[-1]
            if total.value >= item.value and total.year == item.year and alike(item, total):
                attach(total, [item], "subset")


__all__ = [
    "link_added",
    "link_lists",
    "link_long_lists",
    "link_numbered",
    "link_outcomes",
    "link_shares",
    "link_unmarked",
    "older_among",
]
