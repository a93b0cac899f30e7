"""Figures against gold: which one is which, and what of it is right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.fuzz import partial_ratio

from extractor.evaluate.gold import Gold, GoldFigure
from extractor.evaluate.statistics import Judged
from extractor.report import Figure

SAME_PLACE = 60.0  # likeness of two quotes (rapidfuzz partial ratio, 0–100) that are of one clause
PARTS = ("approximate", "kind", "measure", "indicator", "year", "scope", "channel", "part_role", "same_as")
_MARKS = re.compile(r"[\s，。、；：,;:“”\"'（）()《》]+")


@dataclass
class FigureResult:
    """One document's figures. ``parts`` counts, for each field stated in the gold, (right, n)."""

    found: int = 0
    wanted: int = 0
    matched: int = 0
    wrong_unit: int = 0
    zeros: tuple[int, int, int] = (0, 0, 0)
    links: tuple[int, int, int] = (0, 0, 0)
    indicators: tuple[int, int, int] = (0, 0, 0)
    parts: dict[str, tuple[int, int]] = field(default_factory=dict)
    distractors: tuple[int, int] = (0, 0)
    judged: Judged = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def _plain(text: str | None) -> str:
    return _MARKS.sub("", text or "")


def _same_unit(gold: GoldFigure, figure: Figure) -> bool:
    """Equal units; a zero in words may carry the usual unit or none."""
    return gold.unit == figure.unit or (gold.value == 0 and None in (gold.unit, figure.unit))


def _likeness(gold: GoldFigure, figure: Figure) -> float:
    if gold.section and gold.section != figure.evidence.section:
        return 0.0
    one, other = _plain(gold.text), _plain(figure.evidence.text)
    return float(partial_ratio(one, other)) if one and other else 100.0


def match(gold: Sequence[GoldFigure], found: Sequence[Figure]) -> dict[int, int]:
    """Index of a found figure → index of the gold figure that it is: same value, same place; same unit first.

    Of several that fit alike (没有发生行政复议、行政诉讼 states two zeros), the first goes with the first.
    """
    pairs = []
    for g, truth in enumerate(gold):
        for f, figure in enumerate(found):
            if truth.value != figure.value:
                continue
            likeness = _likeness(truth, figure)
            if likeness >= SAME_PLACE:
                unlike = not _same_unit(truth, figure)
                pairs.append((unlike, -likeness, f + g, f, g))
    out: dict[int, int] = {}
    taken: set[int] = set()
    for *_, f, g in sorted(pairs):
        if f not in out and g not in taken:
            out[f] = g
            taken.add(g)
    return out


def _equal(name: str, truth: Any, got: Any) -> bool:
    return _plain(truth) == _plain(got) if name == "measure" else bool(truth == got)


def _parts(gold: Sequence[GoldFigure], found: Sequence[Figure], pairs: dict[int, int]) -> dict[str, tuple[int, int]]:
    out = {}
    for name in PARTS:
        stated = [(gold[g], found[f]) for f, g in pairs.items() if name in gold[g].model_fields_set]
        if stated:
            right = sum(_equal(name, getattr(t, name), getattr(x, name)) for t, x in stated)
            out[name] = (right, len(stated))
    return out


def _links(gold: Gold, found: Sequence[Figure], pairs: dict[int, int]) -> tuple[int, int, int]:
    """part_of as links from part to total: right, found, wanted."""
    figures = gold.figures or []
    if not any("part_of" in g.model_fields_set for g in figures):
        return 0, 0, 0
    by_id = {figure.id: f for f, figure in enumerate(found)}
    wanted = {(g, total) for g in range(len(figures)) if (total := gold.total_of(g)) is not None}
    linked = [(f, by_id.get(x.part_of)) for f, x in enumerate(found) if x.part_of is not None]
    ours = [(pairs.get(f), pairs.get(t) if t is not None else None) for f, t in linked]
    return sum(link in wanted for link in ours), len(ours), len(wanted)


def _indicators(gold: Sequence[GoldFigure], found: Sequence[Figure], pairs: dict[int, int]) -> tuple[int, int, int]:
    stated = [(gold[g], found[f]) for f, g in pairs.items() if "indicator" in gold[g].model_fields_set]
    lost = [g for g, truth in enumerate(gold) if g not in pairs.values() and truth.indicator]
    right = sum(t.indicator is not None and t.indicator == x.indicator for t, x in stated)
    given = sum(x.indicator is not None for _, x in stated)
    return right, given, sum(t.indicator is not None for t, _ in stated) + len(lost)


def compare_figures(gold: Gold, found: Sequence[Figure]) -> tuple[FigureResult, dict[str, str]]:
    """The result, and for each found figure the id of the gold figure that it is."""
    truth = gold.figures or []
    pairs = match(truth, found)
    good = {f: g for f, g in pairs.items() if _same_unit(truth[g], found[f])}
    false = [x for f, x in enumerate(found) if f not in pairs]
    trapped = [d for d in gold.distractors if any(_plain(d) in _plain(x.evidence.text) for x in false)]
    judged: Judged = Counter((x.confidence, f in good) for f, x in enumerate(found))
    result = FigureResult(
        found=len(found),
        wanted=len(truth),
        matched=len(good),
        wrong_unit=len(pairs) - len(good),
        zeros=(
            sum(truth[g].value == 0 for g in good.values()),
            sum(x.value == 0 for x in found),
            sum(t.value == 0 for t in truth),
        ),
        links=_links(gold, found, pairs),
        indicators=_indicators(truth, found, pairs),
        parts=_parts(truth, found, good),
        distractors=(len(trapped), len(gold.distractors)),
        judged=judged,
        missed=[f"{t.value}{t.unit or ''} {t.text}" for g, t in enumerate(truth) if g not in good.values()],
        false=[f"{x.value}{x.unit or ''} {x.evidence.text}" for f, x in enumerate(found) if f not in good],
    )
    return result, {found[f].id: gold.figure_id(g) for f, g in pairs.items()}
