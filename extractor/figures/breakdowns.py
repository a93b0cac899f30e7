"""Which figures are parts of which: brackets, 其中, lists before or after their total.

Parts are ``addend`` where the list is complete (it sums up, or it says that it names everything), else
``subset``. 含 and 另有 name subsets unless they sum up exactly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from extractor.figures.clauses import pattern
from extractor.figures.measures import Draft
from extractor.figures.quantities import content_units

# A list of three parts or more that misses its total by at most a twentieth (or one that 其他 closes) names
# everything and is wrong: real reports print 2533 for 2599 and 2160 for 2139. One that misses it by more may
# just be incomplete.
_NEAR = 20
CLOSE_PARTS = 3
_BIG, _FINE = 10_000, 100
_SHARE = re.compile(r"^[,、]?占[^,;。()]{0,8}\d+(?:\.\d+)?%")  # 29件,占6.7%(国家秘密3件 …)
_OPENS_CLAUSE = re.compile(r"[,、]?(?:(?:主要)?包括|包含|含|内[有含]|下有|分别|具体为|[^,;。]{0,12}其中)")
_OPENS_BEFORE = re.compile(r"(?:其中|包括|分别为|分别是|具体为|如下|分为)[:,]?(?:[^:]{0,8}[:])?$")
# how many earlier totals a 其中 at the start of a sentence may refer to
_LOOK_BACK = 3
_TIMES = frozenset({"场次", "条次", "件次", "篇次"})
# no list of a real report is longer; a bound on hostile input
LONGEST = 60


@lru_cache(maxsize=1)
def _open() -> re.Pattern[str]:
    return pattern("open")


def _once(unit: str) -> str:
    """场次 counts what 场 counts, 条次 what 条; 人次 and 户次 do not count people and households."""
    return unit[:-1] if unit in _TIMES else unit


def alike(part: Draft, total: Draft) -> bool:
    """Whether units allow ``part`` to be counted within ``total``."""
    return _units_alike(part.unit, total.unit)


@lru_cache(maxsize=1000)
def _units_alike(part: str | None, total: str | None) -> bool:
    if part is None or total is None or _once(part) == _once(total):
        return True
    return part in content_units() and total in content_units()


def _apart(item: Draft) -> bool:
    return bool(pattern("apart", "{}").match(item.lead.lstrip(",;、(")))


def sums(parts: Sequence[Draft], total: Draft) -> bool:
    """Whether parts add up to a total; to one that was rounded (24.8万余), as exactly as it is told."""
    if not parts:
        return False
    gap = abs(_sum(parts) - Decimal(total.value))
    return gap == 0 or (len(parts) >= CLOSE_PARTS and gap < _rounding(total))


def _rounding(total: Draft) -> Decimal:
    """One in the last place that a big round number tells (1000 of 24.8万), or 0."""
    value = Decimal(total.value)
    if value < _BIG or value % 1000:
        return Decimal(0)
    place = Decimal(1000)
    while value % (place * 10) == 0:
        place *= 10
    return place if place * _FINE <= value else Decimal(0)


def attach(total: Draft, parts: Sequence[Draft], role: str) -> None:
    number = 1 + max((c.breakdown or 0 for c in total.children), default=0)
    for part in parts:
        part.parent, part.role, part.breakdown = total, role, number
        total.children.append(part)


def nearly(parts: Sequence[Draft], total: Draft) -> bool:
    """Whether parts all but add up to a total: a list that names everything, and is wrong."""
    return abs(_sum(parts) - Decimal(total.value)) * _NEAR <= Decimal(total.value)


def _sum(parts: Sequence[Draft]) -> Decimal:
    return sum((Decimal(p.value) for p in parts), Decimal(0))


def complete(parts: Sequence[Draft], total: Draft, *, subset: bool) -> bool:
    """Whether ``parts`` claim to be all of ``total`` (even if they do not sum up)."""
    if sums(parts, total):
        return True
    if subset or len(parts) < 2 or any(p.unit != total.unit for p in parts):
        return False
    listed, whole = _sum(parts), Decimal(total.value)
    closed = bool(pattern("rest", "{}").match(parts[-1].measure)) or listed > whole
    return (closed and abs(listed - whole) * 2 <= whole) or (len(parts) >= CLOSE_PARTS and nearly(parts, total))


def _place(total: Draft, parts: Sequence[Draft], *, subset: bool) -> None:
    """Attach ``parts`` to ``total``; those that 另有 sets apart never count as its addends."""
    apart = [p for p in parts if _apart(p)]
    listed = [p for p in parts if not _apart(p)]
    if listed:
        attach(total, listed, "addend" if complete(listed, total, subset=subset) else "subset")
    if apart:
        attach(total, apart, "subset")


def unlinked(drafts: Sequence[Draft]) -> list[Draft]:
    return [d for d in drafts if d.counts and d.parent is None]


def _brackets(drafts: Sequence[Draft]) -> None:
    """Parts in brackets right behind their total: 894条(含A113条、B30条 …)."""
    groups: dict[tuple[int, int], list[Draft]] = {}
    for item in drafts:
        if item.bracket is not None and item.counts:
            groups.setdefault((id(item.passage), item.bracket), []).append(item)
    for (_, opening), members in groups.items():
        text = members[0].passage.text
        total = _before_bracket(drafts, members[0], opening)
        if total is None or re.search(r"[,;。!?:、)]", _SHARE.sub("", text[total.spotted.end : opening])):
            continue
        inner = text[opening + 1 : members[0].spotted.start]
        subset = bool(pattern("closed_subset", "{}").match(inner))
        parts = [m for m in members if alike(m, total)]
        if m_total := _inner_total(parts):
            parts = [m_total]
        _place(total, parts, subset=subset)


def _before_bracket(drafts: Sequence[Draft], member: Draft, opening: int) -> Draft | None:
    """The last count before the bracket that opens at ``opening``."""
    earlier = [d for d in drafts if d.passage is member.passage and d.counts and d.spotted.end <= opening]
    return earlier[-1] if earlier else None


def _inner_total(parts: Sequence[Draft]) -> Draft | None:
    """The first part, where the rest of the bracket is its own breakdown (其中 inside)."""
    if len(parts) > 1 and _open().search(parts[1].lead) and "其中" in parts[1].lead:
        return parts[0]
    return None


def _opens(item: Draft, before: Draft | None = None) -> bool:
    """Whether a word such as 其中 stands in the clause of ``item`` or right before it, or opens its sentence.

    Clauses without a figure may stand between, so the figure ``before`` counts: 其中,按时公布预算;发布文件5份,…
    """
    text = item.passage.text
    lead = text[item.start : item.spotted.lead]
    head = text[max(0, item.start - 6) : item.start]
    if _OPENS_CLAUSE.match(lead) or _OPENS_BEFORE.search(head):
        return True
    begin = item.passage.sentences[item.sentence][0]
    first = before is None or before.spotted.end <= begin
    return first and item.bracket is None and text.startswith("其中", begin)


def _run(drafts: Sequence[Draft], first: int, total: Draft) -> list[Draft]:
    """The figures from ``first`` on that may be parts: same sentence and bracket, until the next list."""
    out: list[Draft] = []
    for item in drafts[first:]:
        if item.passage is not total.passage or item.sentence != drafts[first].sentence:
            break
        if item.bracket != drafts[first].bracket or not item.counts:
            continue
        if item.parent is not None or (out and _opens(item, out[-1])):
            break
        out.append(item)
        if len(out) == LONGEST:
            break
    return out


def _cut(parts: list[Draft], total: Draft) -> list[Draft]:
    """The longest beginning of ``parts`` that sums up to ``total``, else what the list's own marks hold."""
    fitting = [p for p in parts if alike(p, total)]
    for size in range(len(fitting), 0, -1):
        if sums(fitting[:size], total):
            return fitting[:size]
    out: list[Draft] = []
    marks = _marks(parts, total)
    if len(parts) > CLOSE_PARTS and sums(parts[1:], parts[0]):
        return parts[:1]  # the list is the part's own
    for item in parts:
        same_list = item.unit in {total.unit, *(p.unit for p in fitting[:1])} or (marks == "、" and alike(item, total))
        if not same_list or item.value > total.value or (out and _starts_anew(item, out[-1], marks)):
            break
        out.append(item)
    return out


def _marks(parts: Sequence[Draft], total: Draft) -> str:
    """The stop that separates the first two parts: 、 or , or ;"""
    if len(parts) < 2:
        return ","
    first = parts[0]
    between = first.passage.text[first.spotted.end : parts[1].spotted.lead]
    mark = next((c for c in between if c in ",;、"), ",")
    return mark if mark != ";" or not _inside(first, total) else ","


def _inside(first: Draft, total: Draft) -> bool:
    """Whether a list begins in the clause of its total, so that a semicolon ends both: 3次,其中A1次;召开会议2次."""
    return total.sentence == first.sentence and ":" not in first.passage.text[total.spotted.end : first.spotted.lead]


def _starts_anew(item: Draft, last: Draft, marks: str) -> bool:
    """Whether a stronger stop than the list's own parts ``item`` from ``last``."""
    between = item.passage.text[last.spotted.end : item.spotted.lead]
    stronger = {"、": ",;", ",": ";", ";": ""}[marks]
    new_verb = re.match(r"[,;](?:同时|并|全年|此外|组织|开展|召开|举办|共|累计)", between)
    return any(c in stronger for c in between) or bool(new_verb)


def _totals(drafts: Sequence[Draft], first: int) -> list[Draft]:
    """The figures that a list beginning at ``first`` may break down, nearest first."""
    item = drafts[first]
    earlier = [d for d in drafts[:first] if d.passage is item.passage and d.counts and d.bracket == item.bracket]
    earlier = [d for d in earlier if d.year == item.year] or earlier
    same = [d for d in earlier if d.sentence == item.sentence]
    before = sorted((d for d in earlier[::-1] if d.sentence >= item.sentence - 1), key=lambda d: d.role == "addend")
    pool = same[::-1] or before[:_LOOK_BACK]
    out: list[Draft] = []
    for total in pool:
        out.append(total)
        if total.parent is not None and total.parent not in pool:
            out.append(total.parent)
    return out


def _outgrown(best: tuple[Draft, list[Draft]], longer: list[Draft]) -> bool:
    """Whether a list goes on with a number that its nearest total cannot hold, so that it is another total's list."""
    total, parts = best
    return longer[: len(parts)] == parts and any(p.value > total.value for p in longer[len(parts) :][:1])


def _lists(drafts: Sequence[Draft]) -> None:
    """Lists that a word introduces: 1564条,其中A293条、B377条 …"""
    for first, item in enumerate(drafts):
        if item.parent is not None or not item.counts or not _opens(item, drafts[first - 1] if first else None):
            continue
        totals = [t for t in _totals(drafts, first) if t.kind == item.kind]
        best: tuple[Draft, list[Draft]] | None = None
        for total in totals:
            parts = _cut(_run(drafts, first, total), total)
            if len(parts) > 1 and sums(parts, total):
                best = (total, parts)
                break
            closer = best is None or (best[0].unit != best[1][0].unit and parts and parts[0].unit == total.unit)
            too_big = best is not None and _outgrown(best, parts) and _sum(parts) <= total.value
            if (closer or too_big) and parts and alike(parts[0], total):
                best = (total, parts)
        if best:
            lead = item.passage.text[item.start : item.spotted.lead]
            _place(whole_of(best[0]), best[1], subset=bool(pattern("closed_subset", "{}").match(lead)))


def whole_of(total: Draft) -> Draft:
    """What a list breaks down: not what of it was done in some manner (其中全文电子化52条), if that is as much."""
    above = total.parent
    manner = above is not None and above.value == total.value and pattern("manner").search(total.own)
    return whole_of(above) if above is not None and manner else total


def added_to(total: Draft) -> bool:
    return any(c.role == "addend" for c in total.children)


def _total_after(drafts: Sequence[Draft]) -> None:
    """Totals that follow their parts: 90条、11期 …合计共130条."""
    for index, total in enumerate(drafts):
        lead = total.passage.text[total.start : total.spotted.lead]
        if not total.counts or added_to(total) or not pattern("total_after", "{}").search(lead):
            continue
        before = [
            d
            for d in drafts[max(0, index - LONGEST) : index]
            if d.passage is total.passage and d.bracket == total.bracket
        ]
        free = [d for d in unlinked(before) if alike(d, total) and d.sentence >= total.sentence - 1]
        parts = _adding_up(free, total) or _adding_up([d for d in free if d.unit == total.unit], total)
        if parts:
            attach(total, parts, "addend")


def _adding_up(before: Sequence[Draft], total: Draft) -> list[Draft]:
    """The last two or more that add up to a total, with the zeros of their list."""
    size = next((n for n in range(2, len(before) + 1) if before[-n].value and sums(before[-n:], total)), 0)
    while 0 < size < len(before) and not before[-size - 1].value and before[-size - 1].sentence == total.sentence:
        size += 1
    return list(before[len(before) - size :])


def link_settled(drafts: Sequence[Draft]) -> None:
    """采纳 of 收到, 办结 of 受理, 合格 of 抽检: a subset that no word marks."""
    for index, item in enumerate(drafts):
        if item.parent is not None or not item.counts or not pattern("settled").search(item.own):
            continue
        for total in reversed(drafts[max(0, index - LONGEST) : index]):
            if total.passage is not item.passage or total.sentence < item.sentence - 1:
                break
            if may_settle(item, total):
                attach(total, [item], "subset")
                break


def may_settle(item: Draft, total: Draft) -> bool:
    """Whether ``item`` may be what was done with a part of ``total``: of the same things, if it names any."""
    if not (total.counts and alike(item, total) and total.value >= item.value and total.year == item.year):
        return False
    added = pattern("all_due").search(total.measure)  # 加上上年结转4件,应办77件
    begin = total.end if added else total.passage.sentences[total.sentence][0]
    around = [item.passage.text[begin : item.start], *(c.measure for c in item.children)]
    if (
        any("结转" in words for words in around)
        or not pattern("unsettled").search(total.measure)
        or pattern("settled").search(total.own)
    ):
        return False  # answered may be what came in before, too
    things = pattern("settled", "(?:[均已都共]|全部|部分|全[年省市县区]|作出|完成|依法|按时|按期)*{}(?:的)?").sub(
        "", item.own
    )
    return not things or any(things[k : k + 2] in total.measure for k in range(len(things) - 1))


def break_down(drafts: Sequence[Draft]) -> None:
    """Set ``parent``, ``role`` and ``breakdown`` of the drafts of one section, given in reading order.

    No list goes beyond its passage, so each is looked at for itself: time grows with length, not with its square.
    """
    for _, group in groupby(drafts, key=lambda d: id(d.passage)):
        own = list(group)
        _brackets(own)
        _lists(own)
        _total_after(own)
