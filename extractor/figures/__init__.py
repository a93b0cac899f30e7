"""Figures: the quantities that the prose of a report states.

Numbers and units are found on characters first; then what they count, whose parts they are and which
known indicator they state. Nothing here depends on a tokenizer.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractor.data import load_json
from extractor.figures.beside import share_names, zeros_apart
from extractor.figures.breakdowns import break_down, link_settled
from extractor.figures.clauses import passages, pattern
from extractor.figures.indicators import keep_fitting, keep_wholes, match, match_bare
from extractor.figures.likely import call_complete, link_likely
from extractor.figures.links import (
    link_added,
    link_lists,
    link_long_lists,
    link_numbered,
    link_outcomes,
    link_shares,
    link_unmarked,
)
from extractor.figures.measures import Draft, complete_measure, draft, name_again, set_kind
from extractor.figures.quantities import find_quantities
from extractor.figures.setting import is_aim, set_context
from extractor.figures.zeros import find_zeros
from extractor.report import Figure, FigureEvidence, Section

__all__ = ["evidence_class", "find_figures", "linked_by_rules", "numbered"]

LOOK_BACK = 40  # figures that a total may be taken up from


def _drafts(section: Section, report_year: int | None) -> list[Draft]:
    """The drafts of one section in reading order, with measure, kind and context, without parts."""
    out: list[Draft] = []
    for passage in passages(section):
        spotted = find_quantities(passage.text)
        own: list[Draft] = []
        for index in range(len(spotted)):
            item = draft(passage, spotted, index)
            set_kind(item)
            share_names(item, spotted, index, own)
            name_again(item, [*out[-LOOK_BACK:], *own])
            complete_measure(item, own)
            if item.measure:
                set_context(item, own, report_year)
            if item.measure and not is_aim(item, report_year):
                own.append(item)
        zeros = list(find_zeros(passage, spotted))
        for zero in zeros:
            set_context(zero, [], report_year)
            keep_fitting(zero)
        out += sorted([*own, *zeros], key=lambda d: (d.spotted.start, d.spotted.end))
    return out


def _inherit(item: Draft) -> None:
    """A part takes from its total what its own words leave open."""
    parent = item.parent
    if parent is None:
        return
    if pattern("generic_part").fullmatch(item.measure) and parent.measure not in item.measure:
        item.measure = f"{parent.measure}{item.measure}"
    item.scope = item.scope or parent.scope
    item.channel = item.channel or parent.channel


def evidence_class(figure: Figure) -> str:
    """The class of evidence whose measured frequency is the confidence of ``figure``."""
    if figure.value == 0 and not any(c in figure.evidence.text for c in "0０零〇"):
        return "denial"
    place = "part" if figure.part_of else "alone"
    known = "known" if figure.indicator else "unknown"
    return f"{figure.kind}.{place}.{known}"


def _confidence(figure: Figure) -> float:
    table = load_json("confidence/figures.json")["classes"]
    entry = table.get(evidence_class(figure)) or table["other"]
    return float(entry["confidence"])


def _figure(item: Draft, number: int, numbers: dict[int, str], text: str) -> Figure:
    start, end = item.passage.back(item.start, max(item.end, item.start + 1))
    raw = text[start:end]
    start += len(raw) - len(raw.lstrip())
    end -= len(raw) - len(raw.rstrip())
    plain = Figure(
        id=f"f{number}",
        indicator=item.indicator,
        measure=item.measure,
        value=item.value,
        unit=item.unit,
        approximate=item.spotted.approximate,
        kind=item.kind,  # type: ignore[arg-type]  # one of the four by construction
        year=item.year,
        scope=item.scope,
        channel=item.channel,
        part_of=numbers[id(item.parent)] if item.parent else None,
        part_role=item.role,  # type: ignore[arg-type]
        breakdown=item.breakdown,
        confidence=0,
        evidence=FigureEvidence(section=item.passage.section, start=start, end=end, text=text[start:end]),
    )
    return plain.model_copy(update={"confidence": _confidence(plain)})


def _name(item: Draft) -> None:
    """Give a draft its indicator, with what its total adds to its words."""
    item.indicator = item.indicator or match_bare(item)
    _inherit(item)
    item.indicator = item.indicator or match(item)


def linked_by_rules(section: Section, report_year: int | None) -> list[Draft]:
    """The figures of a section in reading order, parts of totals as far as words and sums show them."""
    drafts = _drafts(section, report_year)
    break_down(drafts)
    link_long_lists(drafts)
    link_unmarked(drafts)
    link_lists(drafts)
    link_numbered(drafts)
    link_added(drafts)
    link_settled(drafts)
    for item in drafts:
        _name(item)
    link_outcomes(drafts)
    return drafts


def numbered(drafts: Sequence[tuple[Draft, str]]) -> list[Figure]:
    """The figures that drafts are, each with the text of its section, with ids ``f1`` … in that order."""
    numbers = {id(item): f"f{n}" for n, (item, _) in enumerate(drafts, 1)}
    return [_figure(item, n, numbers, text) for n, (item, text) in enumerate(drafts, 1)]


def find_figures(sections: Sequence[Section], report_year: int | None) -> list[Figure]:
    """Every figure the prose of ``sections`` states, with ids ``f1`` … in reading order.

    Evidence offsets are code points of the section's text: ``text[start:end]`` is the evidence's text.
    ``report_year`` is the year of figures whose sentence names none.
    """
    found: list[tuple[Draft, str]] = []
    for section in sections:
        drafts = linked_by_rules(section, report_year)
        for item in link_likely(drafts):
            _name(item)
        link_shares(drafts)
        call_complete(drafts)
        drafts = [own for item in drafts for own in zeros_apart(item)]
        keep_wholes(drafts)
        found += [(item, section.text) for item in drafts]
    return numbered(found)
