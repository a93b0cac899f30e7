"""What a quantity counts: measure, kind and sign, and the clause that states it.

A :class:`Draft` is a figure in the making. Offsets count characters of its passage's folded text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractor.figures.clauses import Passage, pattern
from extractor.figures.quantities import Spotted

_PEOPLE = frozenset("名人位")
_CHINESE = frozenset("一二两三四五六七八九十")
_STOPS = ",;。!?:("
_TAIL_STOPS = ",;。!?:()、"
_QUOTED = re.compile(r"“[^“”]*”[、和及]?")
_BRACKETED = re.compile(r"\([^()]*\)")
_JOINED = re.compile(r"(?:以及|及|和|与)$")
_AMONG = re.compile(r"^[^,;。:()]{0,10}[^集其]中(?:有|的|仅有?|只有)?$")  # 14个栏目中|3个内容陈旧
_COMPARES = re.compile(r"(?:[与同和]|相?[较比])(?:20\d\d年|上一?年度?|去年|往年|同期)(?:同期)?(?:相比|比较)?[,:]$")
_ITEM_TITLE = re.compile(
    r"^(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}[、.是]|\d{1,2}[、.])(?P<title>[^,;。]{2,30})[。:]"
)
# a measure longer than this is a whole sentence; quoted titles in it are cut out
_LONG = 40
# how many quantities back a clause can reach; a bound on hostile input
_NEAR = 40


@dataclass(slots=True)
class Draft:
    """A figure before it gets its id: where it stands, what it counts, whose part it is."""

    passage: Passage
    spotted: Spotted
    sentence: int
    bracket: int | None
    start: int
    end: int
    lead: str = ""
    measure: str = ""
    own: str = ""  # the measure in its own words alone
    kind: str = "count"
    value: int | Decimal = 0
    year: int | None = None
    scope: str | None = None
    channel: str | None = None
    parent: Draft | None = None
    role: str | None = None
    breakdown: int | None = None
    indicator: str | None = None
    unit: str | None = None
    zero: bool = False
    children: list[Draft] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of numbers side by side, from this one on
    years: list[int] = field(default_factory=list)  # of numbers of several years side by side, from this one on

    @property
    def counts(self) -> bool:
        """Whether it can have parts or be one."""
        return self.kind in {"count", "amount"} and not self.zero


def trim(text: str) -> str:
    """``text`` without the words of time and measure at its ends (全年, 其中, 共计 …)."""
    before, after = (
        pattern("fillers_before", "^(?:{}|[,、;:。(-])"),
        pattern("fillers_after", "(?:{}|[,、;:。(-])$"),
    )
    last = None
    while text != last:
        last = text
        text = after.sub("", before.sub("", text))
    return text


def _skip_back(passage: Passage, at: int) -> int:
    """``at`` moved to where the bracket, quote or title that closes there opens."""
    pairs = {")": passage.brackets, "”": passage.quotes, "》": passage.quotes}.get(passage.text[at])
    return pairs.get(at, at) if pairs else at


def clause_start(passage: Passage, at: int, before: list[Spotted]) -> int:
    """Where the clause that leads up to ``at`` begins.

    It begins after a stop, after the quantity before it, or after a 、 that follows a quantity; other
    、 join nouns (文件、公告等信息5条).
    """
    text, index = passage.text, at - 1
    ends = {s.end for s in before[-_NEAR:]}
    while index >= 0:
        if index + 1 in ends:
            return index + 1
        char = text[index]
        if char in _STOPS or (char == "、" and _follows_quantity(text, index, ends)):
            return index + 1
        index = _skip_back(passage, index) - 1
    return 0


def _follows_quantity(text: str, at: int, ends: set[int]) -> bool:
    """Whether the clause before the 、 at ``at`` holds a quantity of its own."""
    begin = at
    while begin > 0 and text[begin - 1] not in _STOPS:
        begin -= 1
    return any(begin < end <= at for end in ends)


def _tail(passage: Passage, spotted: Spotted, following: Spotted | None) -> tuple[str, bool]:
    """The words after a quantity up to the next stop or quantity, and whether a quantity ends them."""
    text, end = passage.text, spotted.end
    limit = following.lead if following else len(text)
    while end < limit and text[end] not in _TAIL_STOPS:
        end += 1
    return text[spotted.end : end], end == limit and following is not None


def plain(text: str) -> str:
    """A measure without brackets and, where it is long, without quoted titles."""
    text = _BRACKETED.sub("", text)
    if len(text) > _LONG:
        last = None
        while text != last:  # inner quotes first
            last, text = text, _QUOTED.sub("", text)
        text = re.sub("了?等", "", text, count=1)
    return text


def _noun_after(lead: str, tail: str, followed: bool) -> str:
    """The counted noun where it stands after the number (开展3次网上评查, 492项政务服务事项), else ''."""
    named = not lead or pattern("rest", "{}$").match(lead)
    if named and (outcome := pattern("outcomes", "^{}").match(tail)):  # 3宗予以公开、5宗不予公开
        return outcome.group()
    if not tail or pattern("no_noun", "^{}").match(tail) or not re.match(r"[一-龥“《A-Za-z]", tail):
        return ""
    open_lead = not lead or bool(pattern("scope", "^{}$").match(lead))
    if not open_lead and not pattern("count_verbs", "{}(?:了|过)?$").search(lead):
        return ""
    if not followed:
        return tail
    # the tail runs into the next number, so its verb belongs to that: 389个政务新媒体|发布信息500条
    verb = pattern("count_verbs").search(tail, 2)
    return tail[: verb.start()] if verb else tail if open_lead else ""


def _wider(passage: Passage, begin: int, before: list[Spotted]) -> int | None:
    """The start of the clause before ``begin`` that names what is counted, if it holds no quantity."""
    if begin <= 0 or passage.text[begin - 1] not in ",:(、":
        return None
    wider = clause_start(passage, begin - 1, before)
    if any(wider <= s.start < begin or s.end == wider for s in before[-_NEAR:]):
        return None
    return wider


def _chain(spotted: list[Spotted], index: int) -> tuple[int, int]:
    """First and last of the quantities that follow each other without a word: 6大类30条109项工作任务."""
    first = last = index
    while first > 0 and spotted[first - 1].end == spotted[first].lead:
        first -= 1
    while last + 1 < len(spotted) and spotted[last].end == spotted[last + 1].lead:
        last += 1
    return first, last


def draft(passage: Passage, spotted: list[Spotted], index: int) -> Draft:
    """The draft of quantity ``index`` with its measure and clause."""
    own = spotted[index]
    first, last = _chain(spotted, index)
    before, anchor = spotted[:first], spotted[first].lead
    begin = clause_start(passage, anchor, before)
    raw = passage.text[begin:anchor]
    behind = any(s.end == begin for s in before[-1:])
    joined = behind and (_JOINED.search(raw) or _AMONG.match(raw))  # 1名专职人员及3名兼职人员
    named = own.unit and pattern("chinese_nouns").match(passage.text, own.end - len(own.unit))
    if (behind and _AMONG.match(raw)) or (named and passage.text[own.start] in _CHINESE):
        begin, raw = anchor, ""
    lead, end = "" if joined else trim(plain(raw)), own.end
    tail, followed = _tail(passage, spotted[last], spotted[last + 1] if last + 1 < len(spotted) else None)
    holder = own.unit in _PEOPLE and pattern("has_people", "{}").search(raw)
    noun = _noun_after("" if holder else lead, tail.removeprefix("的"), followed) if own.kind != "rate" else ""
    measure = lead
    if trim(noun):
        measure, end = trim(plain(lead + noun)), spotted[last].end + tail.index(noun) + len(noun)
    elif not lead and (wider := _wider(passage, begin, before)) is not None:
        begin, measure = wider, trim(plain(passage.text[wider:anchor]))
    sentence, bracket = passage.sentence_of(own.start), passage.bracket_of(own.start)
    out = Draft(passage, own, sentence, bracket, begin, end, raw, measure, own=measure)
    out.kind, out.value, out.unit = own.kind, own.value, own.unit
    return out


def set_kind(item: Draft) -> None:
    """Change instead of level where the verb says so; a fall is negative."""
    lead = item.passage.text[item.start : item.spotted.lead]
    rising, falling = pattern("rise", "{}$").search(lead), pattern("fall", "{}$").search(lead)
    alone = not trim(_level(lead)) and pattern("rise_or_fall").search(lead)  # 较2018年的963条增加163条
    begin = item.passage.sentences[item.sentence][0]
    before = item.passage.text[max(begin, item.start - _NEAR) : item.start]  # 与去年相比,来信减少9封
    compared = item.kind == "rate" or pattern("compared").search(lead) or alone or _COMPARES.search(before)
    if item.kind == "change" or ((rising or falling) and compared):
        item.kind = "change"
        if falling and item.value > 0:
            item.value = -item.value


def topic(item: Draft) -> str:
    """The heading above a draft that says what its sentence is about, or ''."""
    title = item.passage.heading
    for start, end in item.passage.sentences[: item.sentence + 1]:
        found = _ITEM_TITLE.match(item.passage.text[start:end])
        title = found["title"] if found else title
    title = re.sub(r"^(?:\([^()]{1,3}\)|[一二三四五六七八九十\d]{1,3}[、.是])", "", title)
    return "" if pattern("plain_headings").search(title) else title.strip("。:")


def _before_in_sentence(item: Draft, drafts: list[Draft]) -> Draft | None:
    """The nearest count before ``item`` in its sentence: what a share or a rate speaks of."""
    for other in reversed(drafts):
        if other.sentence != item.sentence:
            return None
        if other.kind in {"count", "amount"}:
            return other
    return None


def _only_change(measure: str) -> bool:
    """Whether a measure says that something changed, but not what: 较上年减少."""
    return bool(pattern("compared", "^(?:比|较)?{}?").match(measure)) and _level(measure) in {"", "比", "较"}


def _level(measure: str) -> str:
    """A measure without its words of comparison and change: 公开信息 of 公开信息同比增长."""
    for key in ("rise", "fall"):
        measure = pattern(key, "{}$").sub("", measure)
    return pattern("compared", "{}.*$").sub("", measure)


def _clause_between(base: Draft, item: Draft) -> str:
    """The clause between a rate and the count before it, if it is an adverbial (在…检查中,合格率100%)."""
    words = item.passage.text[base.end : item.start].strip(",;、。")
    found = re.fullmatch(r"在(?P<what>[^,;]{4,})中", words)
    return trim(found["what"]) if found else ""


def _object(measure: str) -> str:
    """The noun that the verb of ``measure`` governs: 政府信息公开申请 of 受理政府信息公开申请, or ''."""
    found = pattern("verb_object", "{}").search(measure)
    return str(found["object"]) if found else ""


def _object_before(item: Draft, drafts: list[Draft]) -> str:
    """What the last verb with an object in the sentence governs, or ''."""
    near = [d for d in reversed(drafts[-_NEAR:]) if d.sentence == item.sentence and d.kind in {"count", "amount"}]
    earlier = (_object(d.measure) for d in near)
    return next((noun for noun in earlier if noun), "")


def complete_measure(item: Draft, drafts: list[Draft]) -> None:
    """Name what a share, a bare rate or a generic 发布信息 speaks of; ``drafts`` come before ``item``."""
    base = _before_in_sentence(item, drafts)
    lead = item.passage.text[item.start : item.spotted.lead]
    alone = item.kind == "rate" and not item.measure
    last = drafts[-1] if drafts and drafts[-1].sentence == item.sentence else None
    if not item.measure and last and item.start == last.spotted.end:
        item.measure, item.start = last.measure, last.start
    elif item.kind == "change" and last and _only_change(item.measure):
        item.measure = f"{_level(last.measure)}{item.measure}"
        item.start = last.start
    elif item.kind == "rate" and base and (alone or pattern("share", "{}").fullmatch(lead)):
        item.measure, item.start = f"{base.measure}占比", base.start
    elif item.kind == "rate" and base and pattern("generic").fullmatch(item.measure):
        item.measure = f"{_clause_between(base, item) or base.measure}{item.measure}"
    elif pattern("bare_verb").fullmatch(item.measure) and (noun := _object_before(item, drafts)):
        item.measure += noun
    elif not item.measure and pattern("total_after", "{}").search(lead):
        item.measure = topic(item) or lead.strip(",;、")
    elif not item.measure and last and (last.kind == "change" or last.unit != item.unit):
        item.measure = _level(last.measure)  # 净增8600人,达到6.4万人
    elif base and item.kind == "count" and pattern("compared_with", "{}(?:为|是)?").fullmatch(item.measure or lead):
        item.measure = base.measure  # whatever else it is measured by, it is of another year
    elif pattern("generic").fullmatch(item.measure) and item.bracket is None and topic(item):
        item.measure = f"{topic(item)}：{item.measure}" if item.measure else topic(item)
    if not item.measure and item.kind in {"count", "amount"}:
        item.measure = _said_of_some(item, drafts)


def _said_of_some(item: Draft, drafts: list[Draft]) -> str:
    """What is said of some of the things just counted (813件按规定回复), or of all once more (全年148.8万份)."""
    text = item.passage.text
    near = next((d for d in reversed(drafts) if d.unit == item.unit and d.sentence >= item.sentence - 1), None)
    if near is None:
        return ""
    end = next((k for k in range(item.spotted.end, len(text)) if text[k] in _TAIL_STOPS), len(text))
    said = trim(text[item.spotted.end : end])
    if said and re.fullmatch(r"[一-龥“”]{1,16}", said):
        item.end = end
        return said
    lead = text[item.start : item.spotted.lead].strip(",;、")
    return near.measure if lead and near.sentence == item.sentence else ""


def name_again(item: Draft, earlier: Sequence[Draft]) -> None:
    """Name a total that is taken up again, as 157条中, like the figure of the same value and unit before it."""
    if not item.measure and re.match(r"[^,;。]{0,8}(?:当中|中)[,有的]", item.passage.text[item.spotted.end :][:12]):
        same = (d for d in reversed(earlier) if (d.value, d.unit) == (item.value, item.unit))
        item.measure = next((d.measure for d in same), "")
