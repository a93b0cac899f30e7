"""Where and when a figure holds: its year, scope and channel, as far as its sentence ties them to the number."""

from __future__ import annotations

import re

from extractor.figures.clauses import pattern
from extractor.figures.measures import Draft, clause_start

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?!份?来|间)")
_ANOTHERS = re.compile(  # compared with, carried over, or since when
    r"较|比|与|结转|转结|转入|顺延|同期|印发"
    r"|以来|[年度]起|(?:[月日]|以后)起(?!至|到)|《|规划|计划|工作要点"
)
_OWN_YEAR = re.compile(r"(?:((?:19|20)\d\d)年|[比较](?:上年|去年|上一年))(?:的|为|\(|同期的?)[近约]?$")


def _last(name: str, text: str) -> str | None:
    found = list(pattern(name).finditer(text))
    return found[-1].group() if found else None


def _broad_scope(text: str) -> str | None:
    """A scope from earlier in the sentence, if it is one that a whole sentence can have (全市, 我局)."""
    found = _last("scope", text)
    return found if found and found[0] in "全我本各" else None


def _channels(text: str) -> str | None:
    names = dict.fromkeys(m.group().strip("“”") for m in pattern("channels").finditer(text))
    return "、".join(names) or None


def _year(text: str, default: int | None) -> int | None:
    """The last year a sentence names before the number, unless it is compared with or carried over.

    A year right before the number (较2018年的963条, 较上年(41件)) is always its own.
    """
    if own := _OWN_YEAR.search(text):
        return int(own[1]) if own[1] else default - 1 if default is not None else None
    for found in reversed(list(_YEAR.finditer(text))):
        around = text[max(0, found.start() - 4) : found.end() + 6]
        if not _ANOTHERS.search(around):
            return int(found.group(1))
    return default


def set_context(item: Draft, drafts: list[Draft], report_year: int | None) -> None:
    """Year, scope and channel as far as the sentence ties them to the number."""
    text = item.passage.text
    begin = item.passage.sentences[item.sentence][0] if item.passage.sentences else 0
    clause = text[item.start : item.end]
    item.year = item.years[0] if item.years else _year(text[begin : item.spotted.start], report_year)
    item.scope = _last("scope", clause) or _broad_scope(text[begin : item.start])
    near = clause_start(item.passage, max(item.start - 1, 0), [])
    quiet = not drafts or drafts[-1].spotted.start < near
    item.channel = _channels(clause) or (_channels(text[near : item.start]) if quiet else None)


def is_aim(item: Draft, report_year: int | None) -> bool:
    """Whether a number is only aimed at: 2024年将增设驿站2处 in the report on 2023."""
    if report_year is None or item.year is None or item.year <= report_year:
        return False
    text, begin = item.passage.text, item.passage.sentences[item.sentence][0]
    named = text.rfind(str(item.year), begin, item.spotted.start)
    return named >= 0 and bool(pattern("aims").search(text, named, item.spotted.lead))
