"""The checks of a report: equations of the form, sums in the prose, text against table.

A check that fails is a finding about the report. Nothing here changes a value.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Literal

from extractor.data import load_yaml
from extractor.forms import Equation
from extractor.report import Check, Figure

_NORMATIVE = "proactive_disclosure.normative_documents"
_RECONSIDERATION = "reconsideration_litigation.reconsideration.total"
_LITIGATION = (
    "reconsideration_litigation.litigation_direct.total",
    "reconsideration_litigation.litigation_after_reconsideration.total",
)
_NEW, _CARRIED_IN = "requests.new_received.total", "requests.carried_in.total"

# check id, indicator, and the readings of the table it may agree with, the usual first; each a sum of cells
_TEXT_CHECKS: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...] = (
    ("txt.new_received", "requests_received", ((_NEW,), (_NEW, _CARRIED_IN))),
    ("txt.carried_in", "requests_carried_in", ((_CARRIED_IN,),)),
    ("txt.outcome_total", "requests_completed", (("requests.outcome_total.total",),)),
    ("txt.carried_out", "requests_carried_out", (("requests.carried_out.total",),)),
    ("txt.granted", "requests_granted", (("requests.granted.total",),)),
    ("txt.granted_in_part", "requests_granted_in_part", (("requests.granted_in_part.total",),)),
    ("txt.reconsideration", "reconsideration_cases", ((_RECONSIDERATION,),)),
    ("txt.litigation", "litigation_cases", (_LITIGATION,)),
    ("txt.normative_issued", "normative_issued", ((f"{_NORMATIVE}.issued",),)),
    ("txt.normative_repealed", "normative_repealed", ((f"{_NORMATIVE}.repealed",),)),
    ("txt.normative_in_force", "normative_in_force", ((f"{_NORMATIVE}.in_force",),)),
)
# rows and columns of 表四 by what a part of 行政复议 is called
_OUTCOMES = {
    "维持": "upheld",
    "纠正": "corrected",
    "其他": "other",
    "其它": "other",
    "尚未审结": "pending",
    "未审结": "pending",
}

Number = int | Decimal
Numbers = Mapping[str, Number | None]  # by ``table.row.column``


def _sum(numbers: Numbers, paths: Sequence[str]) -> Number | None:
    """The sum of the cells, or None where one has no value."""
    total: Number = 0
    for path in paths:
        number = numbers.get(path)
        if number is None:
            return None
        total += number
    return total


def _check(
    check_id: str,
    kind: str,
    severity: Literal["error", "warning", "info"],
    left: Number | None,
    right: Number | None,
    cells: Sequence[str],
    *,
    op: str = "=",
    certain: bool = True,
) -> Check:
    """A check of ``left op right``; neither passed nor failed without both sides or certainty."""
    if left is None or right is None:
        return Check(id=check_id, kind=kind, severity=severity, passed=None, cells=list(cells))
    passed = left <= right if op == "<=" else left == right
    return Check(
        id=check_id,
        kind=kind,
        severity=severity,
        passed=passed if certain else None,
        left=left,
        right=right,
        difference=left - right,
        cells=list(cells),
    )


def undecided(checks: Iterable[Check], unsure: Container[str]) -> list[Check]:
    """The checks, those that fail with a cell of a scan that was hardly read neither passed nor failed.

    ``unsure`` holds the paths of such cells. What fails there is the reading, not the report; a sum that comes out all
    the same has passed.
    """
    return [
        c.model_copy(update={"passed": None}) if c.passed is False and any(p in unsure for p in c.cells) else c
        for c in checks
    ]


def equation_checks(equations: Sequence[Equation], numbers: Numbers) -> Iterator[Check]:
    """One check for each equation of the form."""
    for e in equations:
        left, right = _sum(numbers, e.left), _sum(numbers, e.right)
        yield _check(e.id, e.kind, e.severity, left, right, [*e.left, *e.right], op=e.op)


def breakdown_checks(figures: Sequence[Figure]) -> Iterator[Check]:
    """One check for each complete breakdown in the prose: the total against the sum of its addends."""
    by_id = {f.id: f for f in figures}
    parts = [f for f in figures if f.part_of and f.part_role == "addend"]
    parts.sort(key=lambda f: (list(by_id).index(f.part_of or ""), f.breakdown or 0))
    for (total_id, number), group in groupby(parts, key=lambda f: (f.part_of or "", f.breakdown or 1)):
        members = list(group)
        total = by_id[total_id]
        certain = not any(m.approximate for m in [total, *members])
        right: Number = sum((m.value for m in members), 0)
        cells = [total_id, *(m.id for m in members)]
        yield _check(f"breakdown.{total_id}.{number}", "breakdown", "error", total.value, right, cells, certain=certain)


def _comparable(figure: Figure, year: int | None, broad: bool) -> bool:
    """Whether a figure speaks of the year and the bodies that the table covers."""
    if figure.approximate or figure.kind == "change" or (year is not None and figure.year not in (None, year)):
        return False
    # 市本级 or 某局 beside 全市 is a smaller body than the table of the whole region
    return not (broad and figure.scope and not figure.scope.startswith(("全", "我", "各")))


def _report_year(figures: Sequence[Figure]) -> int | None:
    """The year most figures are of: the report's own, which figures take where none is named."""
    years = [f.year for f in figures if f.year is not None]
    return max(set(years), key=years.count) if years else None


def _stated(figures: Sequence[Figure], indicator: str, year: int | None) -> list[Figure]:
    stated = [f for f in figures if f.indicator == indicator]
    broad = any(f.scope and f.scope.startswith("全") for f in stated)
    return [f for f in stated if _comparable(f, year, broad)]


def text_checks(figures: Sequence[Figure], numbers: Numbers, year: int | None = None) -> Iterator[Check]:
    """Text against table, one check for each quantity that both state.

    收到 is used for what came in new and for that plus what was carried in: either agrees. Where the
    text states a quantity more than once, the first statement that agrees counts.
    """
    year = year if year is not None else _report_year(figures)
    for check_id, indicator, readings in _TEXT_CHECKS:
        candidates: list[Check] = []
        for figure in _stated(figures, indicator, year):
            for cells in readings:
                right = _sum(numbers, cells)
                candidates.append(
                    _check(
                        check_id,
                        "text_vs_table",
                        "warning",
                        figure.value if right is not None else None,
                        right,
                        [figure.id, *cells],
                    )
                )
        if candidates:
            yield next((c for c in candidates if c.passed), candidates[0])


def run_checks(
    equations: Sequence[Equation], numbers: Numbers, figures: Sequence[Figure], metadata_checks: Sequence[Check]
) -> list[Check]:
    """All checks of a report, in the order: form, prose, text against table, metadata."""
    return [
        *equation_checks(equations, numbers),
        *breakdown_checks(figures),
        *text_checks(figures, numbers),
        *metadata_checks,
    ]


def _cells_of(figure: Figure, by_id: dict[str, Figure]) -> list[str]:
    """The cells that state what ``figure`` states, by meaning."""
    entries = {raw["id"]: raw.get("cells", []) for raw in load_yaml("indicators.yaml")}
    if figure.indicator:
        return list(entries.get(figure.indicator, []))
    parent = by_id.get(figure.part_of or "")
    if parent is not None and parent.indicator == "reconsideration_cases":
        column = next((c for word, c in _OUTCOMES.items() if word in figure.measure), None)
        return [f"reconsideration_litigation.reconsideration.{column}"] if column else []
    return []


def link_same_as(figures: Sequence[Figure], numbers: Numbers) -> list[Figure]:
    """The figures, with ``same_as`` set where a cell means the same and holds the same value."""
    by_id, year = {f.id: f for f in figures}, _report_year(figures)
    out: list[Figure] = []
    for figure in figures:
        path = None
        if not figure.approximate and figure.kind != "change" and figure.year in (None, year):
            path = next((p for p in _cells_of(figure, by_id) if numbers.get(p) == figure.value), None)
        out.append(figure.model_copy(update={"same_as": path}) if path else figure)
    return out
