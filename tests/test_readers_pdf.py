"""PDF pages drawn for the purpose: lines, furniture, rules of every make, broken numbers."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.table import edges_to_intersections, intersections_to_cells
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractor import extract
from extractor.document import Document, Grid
from extractor.readers.pdf import read_pdf
from extractor.readers.pdf_cells import cells_between
from extractor.readers.pdf_grid import edge, straightened, tables_of

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
HEIGHT = 842


def _pdf(*pages: Callable[[Canvas], None]) -> Document:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, HEIGHT))
    for draw in pages:
        canvas.setFont("STSong-Light", 14)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return read_pdf(out.getvalue(), "x.pdf")


def _line(canvas: Canvas, x: float, top: float, text: str, size: int = 14) -> None:
    canvas.setFont("STSong-Light", size)
    canvas.drawString(x, HEIGHT - top - size, text)


def _prose(first: str, foot: str, head: str = "") -> Callable[[Canvas], None]:
    def draw(c: Canvas) -> None:
        if head:
            _line(c, 70, 30, head, 9)
        _line(c, 98, 100, first)
        for i in range(3):
            _line(c, 70, 125 + 25 * i, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十甲乙")
        _line(c, 290, 800, foot, 10)

    return draw


@pytest.mark.parametrize("foot", ["- {} -", "— {} —", "{}", "第 {} 页 共 9 页"])
def test_page_numbers_are_set_aside(foot):
    document = _pdf(_prose("　段落甲", foot.format(1)), _prose("　段落乙", foot.format(2)))
    text = "".join(p.text for p in document.paragraphs())
    assert "段落甲" in text and "段落乙" in text
    assert not any(c.isdigit() or c in "第页共—-" for c in text)


def test_running_heads_are_set_aside():
    document = _pdf(*[_prose("　段落", f"{n}", head="某县人民政府年度报告") for n in range(1, 5)])
    assert not any("某县" in p.text for p in document.paragraphs())


def test_lines_join_over_the_page_end():
    full = "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸子丑"

    def first(c: Canvas) -> None:
        _line(c, 98, 100, full[:30])
        for i in range(10):
            _line(c, 70, 125 + 25 * i, full)

    def second(c: Canvas) -> None:
        _line(c, 70, 100, full)
        _line(c, 70, 125, "到此为止。")
        _line(c, 98, 150, "新的一段。")

    paragraphs = list(_pdf(first, second).paragraphs())
    assert [p.text[-5:] for p in paragraphs] == ["到此为止。", "新的一段。"]
    assert {piece.place.page for piece in paragraphs[0].pieces} == {1, 2}


def _rules_as_lines(c: Canvas, xs: list[int], ys: list[int]) -> None:
    c.setLineWidth(0.5)
    for y in ys:
        c.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
    for x in xs:
        c.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])


def _rules_as_thin_boxes(c: Canvas, xs: list[int], ys: list[int]) -> None:
    for y in ys:
        c.rect(xs[0], HEIGHT - y, xs[-1] - xs[0], 0.6, stroke=0, fill=1)
    for x in xs:
        c.rect(x, HEIGHT - ys[-1], 0.6, ys[-1] - ys[0], stroke=0, fill=1)


def _rules_as_cell_boxes(c: Canvas, xs: list[int], ys: list[int]) -> None:
    for top, bottom in itertools.pairwise(ys):
        for left, right in itertools.pairwise(xs):
            c.rect(left, HEIGHT - bottom, right - left, bottom - top, stroke=1, fill=0)


def _rules_without_sides(c: Canvas, xs: list[int], ys: list[int]) -> None:
    for y in ys:
        c.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
    for x in xs[1:-1]:
        c.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])


def _rules_without_the_last(c: Canvas, xs: list[int], ys: list[int]) -> None:
    for y in ys[:-1]:
        c.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
    for x in xs:
        c.line(x, HEIGHT - ys[0], x, HEIGHT - ys[-1])


@pytest.mark.parametrize(
    "rules",
    [_rules_as_lines, _rules_as_thin_boxes, _rules_as_cell_boxes, _rules_without_sides, _rules_without_the_last],
)
def test_rules_of_every_make_give_the_same_grid(rules):
    xs, ys = [70, 200, 300, 400], [100, 130, 160, 190]

    def draw(c: Canvas) -> None:
        rules(c, xs, ys)
        for r in range(3):
            for k in range(3):
                _line(c, xs[k] + 10, ys[r] + 8, f"{r}{k}", 10)

    (grid,) = _pdf(draw).grids()
    assert isinstance(grid, Grid) and (grid.rows, grid.columns) == (3, 3)
    assert [[c.text for c in grid.row_cells(r)] for r in range(3)] == [[f"{r}{k}" for k in range(3)] for r in range(3)]
    assert all(c.place.page == 1 and c.place.box for c in grid.cells)


def test_number_broken_over_two_lines_is_one_cell():
    def draw(c: Canvas) -> None:
        _rules_as_lines(c, [70, 200, 230], [100, 150, 200])
        _line(c, 80, 110, "行政处罚", 10)
        _line(c, 203, 105, "3985", 10)
        _line(c, 203, 120, "758", 10)
        _line(c, 80, 160, "行政强制", 10)
        _line(c, 203, 160, "0", 10)

    (grid,) = _pdf(draw).grids()
    assert grid.row_cells(0)[1].text == "3985\n758"


def test_bold_imitated_by_printing_twice_is_read_once():
    def draw(c: Canvas) -> None:
        for dx in (0, 0.4):
            _line(c, 98 + dx, 100, "三、收到和处理政府信息公开申请情况111")

    (paragraph,) = _pdf(draw).paragraphs()
    assert paragraph.text == "三、收到和处理政府信息公开申请情况111"


def test_a_framed_picture_or_an_underline_is_no_table():
    def draw(c: Canvas) -> None:
        c.rect(70, 300, 200, 100, stroke=1, fill=0)
        c.line(70, 600, 300, 600)
        _line(c, 98, 100, "这一页只有文字和一个框，没有表格。")

    assert not list(_pdf(draw).grids())


_RULES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(1, 5)), min_size=3, max_size=12)


@settings(max_examples=150, deadline=None)
@given(levels=_RULES, uprights=_RULES)
def test_cells_are_those_that_pdfplumber_finds(levels, uprights):
    """Rules in any order, broken, crossing or doubled: the quick finder and the library agree to the letter."""
    edges = [edge("h", 20.0 * at, 20.0 * y, 20.0 * (at + long), 20.0 * y) for y, at, long in levels]
    edges += [edge("v", 20.0 * x, 20.0 * at, 20.0 * x, 20.0 * (at + long)) for x, at, long in uprights]
    crossings = edges_to_intersections(edges, 3.0, 3.0)
    assert cells_between(crossings) == intersections_to_cells(crossings)


@pytest.mark.parametrize("levels", [0, 2])
@pytest.mark.parametrize("lost", [0, -1])
def test_a_lost_side_is_borrowed_where_it_stood_though_columns_are_equally_wide(levels, lost):
    """A column too many at the other side would shift every number of the row by one."""
    before = [85.0 + 29.5 * k for k in range(16)]
    inner = before[1:] if lost == 0 else before[:-1]
    rules = [edge("v", x + 1, 72.0, x + 1, 107.0) for x in inner]
    rules += [edge("h", before[0] + 1, y, before[-1] + 1, y) for y in (72.0, 107.0)[:levels]]
    (table,) = tables_of(rules, before)
    assert table.xs == pytest.approx([x + 1 for x in before], abs=0.5)


def test_columns_of_one_table_are_not_moved_to_those_of_the_next():
    upper, lower = 120.0, 122.4
    rules = [edge("v", upper, 100, upper, 300), edge("v", lower, 340, lower, 400)]
    rules += [edge("h", 50, y, 200, y) for y in (100, 200, 300, 340, 400)]
    found = sorted(e["x0"] for e in straightened(rules) if e["orientation"] == "v")
    assert found == [upper, lower]


def _pdf_with_a_row_parted():
    """表三 on two pages: of one row the numbers stay on the first, the two lines of its label go to the next."""

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(600, 400))
    xs = [40, 200, *range(250, 601, 50)][:9]
    heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    first = [
        ["", *heads],
        ["一、本年新收政府信息公开申请数量", "5", "1", "0", "0", "0", "0", "6"],
        ["二、上年结转政府信息公开申请数量", *"0000000"],
        ["（一）予以公开", *"2000002"],
        ["", *"3100004"],
    ]
    second = [
        ["（二）部分公开（区分处理的，只计这一情形，不计其他情形）", *[""] * 7],
        ["1.属于国家秘密", *"0000000"],
    ]
    for number, rows in enumerate((first, second)):
        canvas.setFont("STSong-Light", 5)
        if number == 0:
            canvas.drawString(40, 380, "三、收到和处理政府信息公开申请情况")
        for r, row in enumerate(rows):
            for x, text in zip(xs, row, strict=False):
                canvas.drawString(x + 2, 343 - 20 * r, text)
        bottom = 355 - 20 * len(rows)
        closed = range(len(rows)) if number == 0 else range(1, len(rows) + 1)  # open where the page ends
        for r in closed:
            canvas.line(xs[0], 355 - 20 * r, 600, 355 - 20 * r)
        for x in [*xs, 600]:
            canvas.line(x, 355, x, bottom)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_a_label_sent_to_the_next_page_finds_its_numbers(tmp_path):
    path = tmp_path / "parted.pdf"
    path.write_bytes(_pdf_with_a_row_parted())
    report = extract(path)
    assert report.cell("requests.granted_in_part.natural_person").value == Decimal(3)
    assert report.cell("requests.granted_in_part.total").value == Decimal(4)
    assert report.cell("requests.granted.total").value == Decimal(2)
    assert report.cell("requests.refused.state_secret.natural_person").value == Decimal(0)
