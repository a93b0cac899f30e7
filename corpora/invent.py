"""Invents a report from a seed: knobs, cells, prose and gold."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from corpora import prose
from corpora.forms import Form, failed_equations, load_form
from corpora.labels import chapter_title
from corpora.model import (
    PROACTIVE,
    RECONSIDERATION,
    REQUESTS,
    Chapter,
    InventedReport,
    Knobs,
    Number,
    TableModel,
)
from corpora.parts import PARTS, Part, load_part
from corpora.tables import ExtraRow, proactive_table, reconsideration_table, requests_table
from corpora.values import (
    ORGANISATIONS,
    PrintedTable,
    Values,
    gold_of,
    plant_violation,
    print_table,
    proactive_values,
    reconsideration_values,
    request_values,
    show,
)

MISTAKES = 0.3  # of the breakdowns in such a report; seen: one complete breakdown of nine does not add up
SLIPS = 0.08  # of the long labels in such a report


def draw_knobs(rng: Random, part: Part) -> Knobs:
    """Knobs as real reports have them: most ordinary, each oddity now and then."""

    def odd(chance: float) -> bool:
        return rng.random() < chance

    pairs = (("2021", "2021"), ("2019", "2019"), ("2021", "2019"), ("2019", "2021"))
    forms = rng.choices(pairs, (60, 24, 12, 4))[0]
    return Knobs(
        form_proactive=forms[0],
        form_requests=forms[1],
        profile=rng.choices(("zero", "small", "large"), (25, 45, 30))[0],
        blank_rate=rng.choice((0.02, 0.1, 0.3)) if odd(0.2) else 0.0,
        blank_zeros=odd(0.08),
        dash_rate=rng.choice((0.02, 0.1, 0.25)) if odd(0.15) else 0.0,
        dash_sign=rng.choice(part.dash_signs),
        blank_column=odd(0.1),
        blank_totals=odd(0.03),
        violations=rng.choice((1, 1, 2)) if odd(0.2) else 0,
        missing_row=odd(0.12),
        extra_proactive_row=odd(0.08),
        extra_requests_row=odd(0.06),
        variant_rate=rng.choice((0.1, 0.4)) if odd(0.35) else 0.0,
        ordinal_style=rng.choice(part.ordinals) if odd(0.3) else ".",
        half_brackets=odd(0.2),
        quotes=rng.choice(part.quotes) if odd(0.2) else "“”",
        article_space=odd(0.2),
        heji=odd(0.1),
        spaced_headers=odd(0.12),
        broken_headers=odd(0.6),
        vertical_headers=odd(0.1),
        vertical_stub=odd(0.7),
        repeat_header=odd(0.15),
        title_variants=odd(0.4),
        preamble=odd(0.85),
        footnote=odd(0.15),
        thousands=odd(0.1),
        fullwidth_rate=rng.choice((0.05, 1.0)) if odd(0.08) else 0.0,
        unit_in_cell=odd(0.15),
        number_space=odd(0.25),
        part=part.name,
    )


def _with_slips(knobs: Knobs, seed: int) -> Knobs:
    """Every fifth report misprints breakdowns, every fourth has slips in its labels."""
    return replace(knobs, mistake_rate=MISTAKES * (seed % 5 == 2), slip_rate=SLIPS * (seed % 4 == 1))


def _body(rng: Random, part: Part) -> tuple[str, str]:
    """An invented place and the agency that reports."""
    place = rng.choice(part.first) + rng.choice(part.second) + rng.choice(part.levels)
    return place, place + rng.choice(part.agencies)


def _extra_proactive(rng: Random, form: Form, knobs: Knobs) -> ExtraRow | None:
    if not knobs.extra_proactive_row:
        return None
    texts = [show(rng, rng.randint(0, 9), knobs).text for _ in form.blocks[0].columns]
    return ExtraRow(PROACTIVE, form.blocks[0].rows[-1].id, "其他主动公开文件", texts)


def _extra_requests(rng: Random, knobs: Knobs) -> tuple[ExtraRow | None, dict[str, int]]:
    """An unknown row of （三）, and the numbers it adds to the printed totals."""
    if not knobs.extra_requests_row:
        return None, {}
    count = rng.randint(1, 9) if rng.random() < 0.3 else 0
    numbers = {"natural_person": count, **dict.fromkeys(ORGANISATIONS, 0), "total": count}
    texts = [show(rng, n, knobs).text for n in numbers.values()]
    label = rng.choice(("8.其他不予公开情形", "9.其他不予公开情形"))
    return ExtraRow(REQUESTS, "refused", label, texts), numbers


def _drop_row(rng: Random, forms: dict[str, Form], printed: dict[str, PrintedTable]) -> None:
    """Leaves one row out of the print."""
    if rng.random() < 0.4:
        rows = [r.id for b in forms[PROACTIVE].blocks if len(b.rows) > 1 for r in b.rows]
        del printed[PROACTIVE][rng.choice(rows)]
        return
    rows = [r.id for r in forms[REQUESTS].data_rows if r.id not in ("outcome_total", "new_received")]
    del printed[REQUESTS][rng.choice(rows)]


def _numbers(printed: PrintedTable) -> dict[str, dict[str, Number | None]]:
    return {row: {c: p.value for c, p in cells.items()} for row, cells in printed.items()}


def _whole(printed: PrintedTable, row: str, column: str) -> int | None:
    cell = printed.get(row, {}).get(column)
    return int(cell.value) if cell is not None and cell.value is not None else None


def _facts(year: int, place: str, agency: str, printed: dict[str, PrintedTable]) -> prose.Facts:
    dispute = printed[RECONSIDERATION]
    direct = _whole(dispute, "litigation_direct", "total")
    after = _whole(dispute, "litigation_after_reconsideration", "total")
    return prose.Facts(
        year,
        place,
        agency,
        received=_whole(printed[REQUESTS], "new_received", "total"),
        carried_in=_whole(printed[REQUESTS], "carried_in", "total"),
        granted=_whole(printed[REQUESTS], "granted", "total"),
        carried_out=_whole(printed[REQUESTS], "carried_out", "total"),
        reconsideration=_whole(dispute, "reconsideration", "total"),
        litigation=None if direct is None or after is None else direct + after,
        normative=_whole(printed[PROACTIVE], "normative_documents", "issued"),
    )


def _chapters(rng: Random, w: prose.Writer, tables: dict[str, TableModel], part: Part) -> list[Chapter]:
    chapters, voice = [], part.voice
    if w.knobs.preamble:
        chapters.append(Chapter("preamble", "", [prose.paragraph(w, voice.preamble)]))
    for name in ("overview", *tables, "problems_improvements", "other_matters"):
        w.section = name
        chapter = Chapter(name, chapter_title(rng, name, w.knobs, part.chapter_titles))
        if name in tables:
            chapter.table = tables[name]
        elif name == "overview":
            chapter.paragraphs = prose.overview(w, voice)
        elif name == "problems_improvements":
            chapter.paragraphs = [prose.paragraph(w, voice.problems)]
        else:
            chapter.paragraphs = [prose.paragraph(w, voice.fee)]
        chapters.append(chapter)
    return chapters


def _footnote(rng: Random, tables: dict[str, TableModel], year: int) -> None:
    table = tables[rng.choice(list(tables))]
    table.note_after = rng.choice(
        (f"注：以上数据统计截至{year}年12月31日。", f"备注：本表口径与{year - 1}年度保持一致。")
    )


def _values(rng: Random, forms: dict[str, Form], knobs: Knobs, added: dict[str, int]) -> dict[str, Values]:
    values = {
        PROACTIVE: proactive_values(rng, forms[PROACTIVE], knobs.profile),
        REQUESTS: request_values(rng, forms[REQUESTS], knobs.profile, added),
        RECONSIDERATION: reconsideration_values(rng, forms[RECONSIDERATION], knobs.profile),
    }
    for _ in range(knobs.violations):
        plant_violation(rng, values)
    return values


def _gold(
    head: dict[str, Any], forms: dict[str, Form], printed: dict[str, PrintedTable], writer: prose.Writer
) -> dict[str, Any]:
    mixed = len({form.id for form in forms.values()}) > 1  # 表四 is the same in both forms, so nobody can tell
    told = [t for t in forms if not (mixed and t == RECONSIDERATION)]
    failed = [f for t, form in forms.items() for f in failed_equations(form, t, _numbers(printed[t]))]
    return {
        "report": {**head, "table_forms": {t: form.id for t, form in forms.items() if t in told}},
        "tables": {t: gold_of(form, t, printed[t]) for t, form in forms.items()},
        "figures": [f.gold() for f in writer.figures],
        "failed_checks": [*failed, *writer.mistakes],
        "distractors": writer.traps,
    }


def invent_early(seed: int) -> InventedReport:
    """A report of 2008–2018, in prose alone; its gold has no tables."""
    rng, chosen = Random(f"early-{seed}"), load_part(part_of_seed(seed))
    knobs = _with_slips(draw_knobs(rng, chosen), seed)
    place, agency = _body(rng, chosen)
    year = rng.randint(2008, 2018)
    title = chosen.report_titles[seed % len(chosen.report_titles)].format(agency=agency, year=year)
    writer = prose.Writer(rng, knobs, prose.Facts(year, place, agency))
    chapters = prose.early_report(writer, chosen.voice)
    figures = [{k: v for k, v in f.gold().items() if k != "section"} for f in writer.figures]
    gold = {
        "report": {"title": title, "year": year, "agency": {"name": agency}},
        "figures": figures,
        "failed_checks": writer.mistakes,
        "distractors": writer.traps,
    }
    return InventedReport(seed, knobs, agency, year, title, chapters, gold)


def part_of_seed(seed: int) -> str:
    """The part that a seed belongs to: each has its own range; small seeds, which the tests use, are train."""
    return max(
        (p for p in PARTS if load_part(p).first_seed <= seed), key=lambda p: load_part(p).first_seed, default="train"
    )


def invent(seed: int, knobs: Knobs | None = None) -> InventedReport:
    """The report of this seed; the same seed and knobs give the same report."""
    rng, part = Random(seed), load_part(part_of_seed(seed))
    drawn = draw_knobs(rng, part)
    knobs = knobs or _with_slips(drawn, seed)
    place, agency = _body(rng, part)
    recent = knobs.form_requests == "2021" or rng.random() < 0.4
    year = rng.randint(2021, 2025) if recent else rng.randint(2019, 2020)
    title = part.report_titles[seed % len(part.report_titles)].format(agency=agency, year=year)
    requests_form = load_form(knobs.form_requests)
    forms = {
        PROACTIVE: load_form(knobs.form_proactive),
        REQUESTS: requests_form,
        RECONSIDERATION: requests_form,
    }
    extra_one = _extra_proactive(rng, forms[PROACTIVE], knobs)
    extra_two, added = _extra_requests(rng, knobs)
    values = _values(rng, forms, knobs, added)
    printed = {t: print_table(rng, t, v, knobs) for t, v in values.items()}
    if knobs.missing_row:
        _drop_row(rng, forms, printed)
    if extra_one and extra_one.after not in printed[PROACTIVE]:
        extra_one.after = forms[PROACTIVE].blocks[0].rows[0].id
    tables = {
        PROACTIVE: proactive_table(rng, forms[PROACTIVE], printed[PROACTIVE], knobs, extra_one),
        REQUESTS: requests_table(rng, forms[REQUESTS], printed[REQUESTS], knobs, extra_two),
        RECONSIDERATION: reconsideration_table(rng, requests_form, printed[RECONSIDERATION], knobs),
    }
    if knobs.footnote:
        _footnote(rng, tables, year)
    writer = prose.Writer(rng, knobs, _facts(year, place, agency, printed))
    chapters = _chapters(rng, writer, tables, part)
    gold = _gold({"title": title, "year": year, "agency": {"name": agency}}, forms, printed, writer)
    extras = [{"table": e.table, "label": e.label, "texts": e.texts} for e in (extra_one, extra_two) if e]
    return InventedReport(seed, knobs, agency, year, title, chapters, gold, extras)
