"""How a PDF looks: rules, sizes, page numbers, where tables are cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from corpora.model import PROACTIVE, RECONSIDERATION, REQUESTS, CellModel, InventedReport
from corpora.parts import load_part

RULES = ("lines", "thin_rects", "cell_boxes", "filled_boxes", "inset_boxes")
PAGE_NUMBERS = ("- {n} -", "— {n} —", "{n}", "第 {n} 页 共 {total} 页", "")
SIDES = ("center", "left", "right")  # where numbers stand in their cells
TEXT_MODES = ("string", "char", "run")
FONTS = {
    "noto-serif": "Noto Serif CJK SC",
    "noto-sans": "Noto Sans CJK SC",
    "noto-sans-mono": "Noto Sans Mono CJK SC",
    "uming": "AR PL UMing CN",
    "ukai": "AR PL UKai CN",
    "wqy": "WenQuanYi Zen Hei",
}


def side_of(cell: CellModel, style: Style) -> str:
    """Where a cell's text stands: center, left or right."""
    if cell.header or cell.vertical:
        return "center"
    return style.numbers if cell.numeric else "left"


@dataclass
class Style:
    """The look of one rendered document; lengths are points."""

    rules: str = "lines"
    closing_rule: bool = False
    open_sides: bool = False
    rule_width: float = 0.5
    page_size: tuple[float, float] = (595.3, 841.9)
    margin: tuple[float, float, float, float] = (72.0, 80.0, 72.0, 72.0)
    body_size: float = 14.0
    table_size: float = 9.0
    header_size: float = 9.0
    pad: float = 4.0
    min_row: float = 20.0
    number_width: float = 1.0
    numbers: str = "center"
    page_number: str = "- {n} -"
    page_number_sides: bool = True
    running_head: bool = False
    shift_even: float = 0.0
    merged_cut: str = "split"
    split_rows: bool = True
    shade_blocks: bool = False
    text_mode: str = "string"
    latin: bool = False
    font: str = "Noto Serif CJK SC"
    repeat_header: bool = False
    cut_before: dict[str, int] = field(default_factory=dict)
    spacer: dict[str, float] = field(default_factory=dict)


def _cuts(rng: Random, report: InventedReport) -> dict[str, int]:
    """Row before which each table is cut; any row but the first may begin a page."""
    cuts = {}
    chances = {PROACTIVE: 0.5, REQUESTS: 0.85, RECONSIDERATION: 0.25}
    for table in report.tables:
        if rng.random() >= chances[table.id]:
            continue
        last = table.n_rows - 1
        first = 1 if rng.random() < 0.1 else max(1, table.header_rows)
        cuts[table.id] = last if rng.random() < 0.15 else rng.randint(min(first, last), last)
    return cuts


def _font(report: InventedReport) -> str:
    """One of the part's fonts, by the name that browsers and typesetters know it by."""
    fonts = [FONTS[f] for f in load_part(report.knobs.part).pdf_fonts if f in FONTS]
    return fonts[report.seed % len(fonts)]


def draw_style(seed: int, report: InventedReport, renderer: str = "reportlab") -> Style:
    """A style by seed; each renderer has habits of its own."""
    rng = Random(f"{seed}-{renderer}")
    weights = (60, 12, 10, 8, 10) if renderer == "reportlab" else (15, 35, 25, 15, 10)
    side = rng.choice((54.0, 72.0, 85.0))
    size = rng.choice((8.0, 9.0, 10.0, 10.5))
    return Style(
        rules=rng.choices(RULES, weights)[0],
        closing_rule=rng.random() < 0.3,
        open_sides=rng.random() < 0.15,
        rule_width=rng.choice((0.25, 0.5, 0.75, 1.0)),
        page_size=rng.choice(((595.3, 841.9), (595.3, 841.9), (612.0, 792.0))),
        margin=(side, rng.choice((72.0, 90.0, 105.0)), side, rng.choice((60.0, 72.0, 100.0))),
        body_size=rng.choice((12.0, 14.0, 16.0)),
        table_size=size,
        header_size=size + rng.choice((0.0, 0.0, 1.0)),
        pad=rng.choice((2.0, 4.0, 6.0)),
        min_row=rng.choice((16.0, 20.0, 26.0)),
        number_width=0.55 if rng.random() < 0.12 else 1.0,
        numbers=Random(f"{seed}-{renderer}-numbers").choices(SIDES, (7, 2, 1))[0],  # with its own draw: the rest stays
        page_number=rng.choice(PAGE_NUMBERS),
        page_number_sides=rng.random() < 0.5,
        running_head=rng.random() < 0.2,
        shift_even=rng.choice((-9.0, 6.0, 14.0)) if rng.random() < 0.3 else 0.0,
        merged_cut=rng.choice(("split", "split", "first", "largest")),
        split_rows=rng.random() < 0.5,
        shade_blocks=rng.random() < 0.3,
        text_mode=rng.choices(TEXT_MODES, (60, 15, 25) if renderer == "reportlab" else (25, 55, 20))[0],
        latin=rng.random() < 0.6,
        font=_font(report),
        repeat_header=report.knobs.repeat_header,
        cut_before=_cuts(rng, report),
    )
