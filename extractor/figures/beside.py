"""Numbers side by side (A、B、C分别为1、2、3件): each has a name of its own, or a year, or they share one.

And names side by side (A、B均为0件): each has a zero of its own where each is a known indicator.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.figures.indicators import match, match_bare
from extractor.figures.measures import Draft, plain, trim
from extractor.figures.quantities import Spotted

_BESIDE = re.compile(r"[、和]|与(?![^、和及与]{0,12}(?:有关|相关))|(?<![涉以普])及|以及|、和")
_YEARS = re.compile(r"(?:(?:19|20)\d\d年?(?:度|底)?[、和及与,]?){2,}(?=分别)")


def _side_by_side(text: str, spotted: list[Spotted], index: int) -> int:
    """How many quantities from ``index`` on stand side by side, parted by 、 or 和 alone."""
    count = 1
    while index + count < len(spotted):
        between = text[spotted[index + count - 1].end : spotted[index + count].lead]
        if not _BESIDE.fullmatch(between):
            break
        count += 1
    return count


def _name_years(item: Draft, run: int) -> bool:
    """Whether the names of numbers side by side are years: 2023年、2024年、2025年分别为41件、56件和73件."""
    found = _YEARS.search(item.lead)
    years = [int(y) for y in re.findall(r"\d{4}", found.group())] if found else []
    if found is None or len(years) != run:
        return False
    item.years, item.names = years, []
    item.measure = trim(_YEARS.sub("", item.measure)) or trim(plain(item.passage.text[item.start : item.spotted.lead]))
    return True


def share_names(item: Draft, spotted: list[Spotted], index: int, drafts: list[Draft]) -> None:
    """Give each of several numbers side by side its name (A、B分别为1、2件), or the name they share (5户、8人)."""
    text = item.passage.text
    if _side_by_side(text, spotted, index) > 1 and "分别" in item.lead:
        item.names = re.split(r"[、和及与]|以及", trim(item.measure))
        run = _side_by_side(text, spotted, index)
        if _name_years(item, run):
            return
        if len(item.names) == run:
            item.measure = item.names[0]
        else:
            item.names = []
        return
    last = drafts[-1] if drafts else None
    if last is None or item.measure or index == 0 or last.spotted is not spotted[index - 1]:
        return
    if not _BESIDE.fullmatch(text[last.spotted.end : item.spotted.lead]):
        return
    item.names, item.years, item.start = last.names[1:], last.years[1:], last.start
    item.measure = item.names[0] if item.names else last.measure


def zeros_apart(item: Draft) -> list[Draft]:
    """The zeros that one printed 0 states of several things, each known (行政复议、行政诉讼均为0件); else the draft.

    A zero that is broken down stays whole: its parts are of all of the things.
    """
    if item.value or item.kind != "count" or item.zero or item.children:
        return [item]
    names = _BESIDE.split(re.sub("的?各$", "", item.measure))
    each: list[Draft] = []
    at = item.start
    for name in names if len(names) > 1 else []:
        at = max(at, item.passage.text.find(name, at)) if each else at
        own = replace(item, measure=name, own=name, start=at, indicator=None, children=[])
        own.indicator = match_bare(own) or match(own) or match(replace(own, measure=name + names[-1][-2:]))
        each.append(own)
    known = {own.indicator for own in each}
    return each if len(known) > 1 and None not in known else [item]
