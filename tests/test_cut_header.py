"""A page end cuts a table inside its header: what is left of the header's words hangs below the last rule."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpora.pdf_backends import find_font
from extractor.api import extract_content
from extractor.document import Grid
from extractor.readers.pdf import read_pdf

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
HEIGHT, SIZE, WIDE, LEFT = 842, 9, 28.0, 60.0
XS = [LEFT + WIDE * i for i in range(16)]
LEAVES = [("结果", "维持"), ("结果", "纠正"), ("其他", "结果"), ("尚未", "审结"), ("总", "计")]
NUMBERS = [3, 0, 1, 0, 4, 12, 0, 5, 0, 17, 0, 2, 0, 1, 3]


class _Page:
    """Draws with the origin at the top left."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        canvas.setFont("STSong-Light", SIZE)
        canvas.setLineWidth(0.6)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def word(self, x: float, top: float, text: str) -> None:
        self.canvas.drawString(x, HEIGHT - top - SIZE + 1, text)


def _head(page: _Page, closed: bool, below: bool) -> None:
    """The first page: the leaves of 行政复议 are open below, and their second line hangs under the last rule."""
    for y in (700, 720):
        page.rule(XS[0], y, XS[15], y)
    page.rule(XS[0] if closed else XS[5], 740, XS[15], 740)
    for x in (XS[0], XS[5], XS[15]):
        page.rule(x, 700, x, 740)
    for x in (*XS[1:5], XS[10]):
        page.rule(x, 720, x, 740)
    for x, word in ((XS[0], "行政复议"), (XS[5], "行政诉讼")):
        page.word(x + 3, 705, word)
    page.word(XS[5] + 3, 725, "未经复议直接起诉")
    page.word(XS[10] + 3, 725, "复议后起诉")
    for x, (first, second) in zip(XS, LEAVES, strict=False):
        page.word(x + 3, 729, first)
        if below:
            page.word(x + 3, 741, second)


def _rest(page: _Page) -> None:
    """The second page: the other leaves beside the empty rest of the first five, and the numbers."""
    for y in (80, 110, 130):
        page.rule(XS[0], y, XS[15], y)
    for x in XS:
        page.rule(x, 80, x, 130)
    for i, (first, second) in enumerate([*LEAVES, *LEAVES], 5):
        page.word(XS[i] + 3, 83, first)
        page.word(XS[i] + 3, 95, second)
    for x, number in zip(XS, NUMBERS, strict=False):
        page.word(x + 4, 115, str(number))


UPRIGHT = ("结结其尚", "果果他未总", "维纠结审计", "持正果结")  # words set upright, as they hang out of their cells


def _report(closed: bool = False, below: bool = True, hanging: Sequence[str] = ()) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, HEIGHT))
    page = _Page(canvas)
    page.word(150, 60, "某县财政局2022年政府信息公开工作年度报告")
    page.word(LEFT, 680, "四、政府信息公开行政复议、行政诉讼情况")
    _head(page, closed, below)
    for k, letters in enumerate(hanging):
        for x, letter in zip(XS, letters, strict=False):
            page.word(x + 9, 745 + 10 * k, letter)
    canvas.showPage()
    page = _Page(canvas)
    _rest(page)
    page.word(LEFT, 200, "五、存在的主要问题及改进情况")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _numbers(report) -> list[int | None]:
    rows = report.tables["reconsideration_litigation"]
    return [cell.value for row in rows.values() for cell in row.values()]


def test_a_digital_table_cut_inside_its_header_is_read():
    assert _numbers(extract_content(_report(), "x.pdf")) == NUMBERS


def _cut_html(leaves: str = "") -> bytes:
    """A table whose first five leaves a page end has left without their words, or with some letters of them."""
    first = f"<tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr><tr>{'<td></td>' * 5}"
    first += "<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr>"
    names = "".join(f"<td>{a}{b}</td>" for a, b in LEAVES)
    numbers = "".join(f"<td>{n}</td>" for n in NUMBERS)
    table = f"<table>{first}<tr>{leaves or '<td></td>' * 5}{names * 2}</tr><tr>{numbers}</tr></table>"
    title = "<h1>某县财政局2022年政府信息公开工作年度报告</h1><h2>四、政府信息公开行政复议、行政诉讼情况</h2>"
    return f"{title}{table}".encode()


def test_columns_whose_names_a_page_end_took_are_told_by_their_places():
    assert _numbers(extract_content(_cut_html(), "r.html")) == NUMBERS
    letters = "<td>结</td><td>纠</td><td>其结</td><td></td><td>计</td>"
    assert _numbers(extract_content(_cut_html(letters), "r.html")) == NUMBERS
    other = "<td>总</td><td>纠</td><td>其结</td><td></td><td>计</td>"  # the first of the five is no 总计
    assert None in _numbers(extract_content(_cut_html(other), "r.html"))


def test_a_grid_goes_on_past_upright_words_that_hang_out_of_it():
    report = extract_content(_report(below=False, hanging=UPRIGHT), "x.pdf")
    assert _numbers(report) == NUMBERS


def test_a_scanned_table_cut_inside_its_header_is_read():
    pytest.importorskip("rapidocr", reason="needs nianbao[scan]")
    if find_font() is None:
        pytest.skip("no Chinese font to draw the page with")
    import pypdfium2

    document = pypdfium2.PdfDocument(_report())
    pages = [document[i].render(scale=200 / 72).to_pil().convert("L") for i in range(len(document))]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200))
    document.close()
    assert _numbers(extract_content(out.getvalue(), "x.tiff")) == NUMBERS


def _first_grid(data: bytes) -> tuple[list[str], list[str]]:
    document = read_pdf(data, "x.pdf")
    grid = next(b for b in document.blocks if isinstance(b, Grid))
    return [c.text for c in grid.cells], [p.text for p in document.paragraphs()]


def test_words_hang_only_below_open_cells():
    cells, _ = _first_grid(_report())
    assert "结果\n维持" in cells and "总\n计" in cells
    cells, free = _first_grid(_report(closed=True))
    assert "结果" in cells and any("维持纠正" in text for text in free)


def test_a_cut_header_with_a_word_that_is_a_row_label_too():
    """其他 heads a column and names a row: among pieces of header words (商业 over 企业) it is the header's."""
    head = (
        "<tr><td rowspan=4 colspan=3>（本列数据的勾稽关系）</td><td colspan=7>申请人情况</td></tr>"
        "<tr><td rowspan=3>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=3>总计</td></tr>"
        "<tr><td>商业</td><td>科研</td><td>社会</td><td>法律</td><td>其他</td></tr>"
        "<tr><td>企业</td><td>机构</td><td>公益组织</td><td>服务机构</td><td></td></tr>"
    )
    numbers = "".join(f"<td>{n}</td>" for n in (7, 1, 2, 3, 4, 5, 22))
    row = f"<tr><td colspan=3>一、本年新收政府信息公开申请数量</td>{numbers}</tr>"
    title = "<h1>某县财政局2022年政府信息公开工作年度报告</h1><h2>三、收到和处理政府信息公开申请情况</h2>"
    report = extract_content(f"{title}<table>{head}{row}</table>".encode(), "r.html")
    assert [c.value for c in report.tables["requests"]["new_received"].values()] == [7, 1, 2, 3, 4, 5, 22]


def _requests(head: str) -> list[int | None]:
    numbers = "".join(f"<td>{n}</td>" for n in (7, 1, 2, 3, 4, 5, 22))
    row = f"<tr><td colspan=3>一、本年新收政府信息公开申请数量</td>{numbers}</tr>"
    title = "<h1>某县财政局2022年政府信息公开工作年度报告</h1><h2>三、收到和处理政府信息公开申请情况</h2>"
    report = extract_content(f"{title}<table>{head}{row}</table>".encode(), "r.html")
    return [c.value for c in report.tables["requests"]["new_received"].values()]


def test_the_outer_columns_may_have_lost_their_names():
    words = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    head = (
        "<tr><td rowspan=2 colspan=3>（本列数据的勾稽关系）</td><td colspan=7>申请人情况</td></tr>"
        "<tr><td></td><td colspan=5>法人或其他组织</td><td></td></tr>"
        f"<tr><td colspan=3></td><td></td>{''.join(f'<td>{w}</td>' for w in words)}<td></td></tr>"
    )
    assert _requests(head) == [7, 1, 2, 3, 4, 5, 22]
    assert _requests(head.replace("<td>科研机构</td>", "<td>大专院校</td>"))[2] is None  # that is no column of the form


def test_header_words_go_on_below_rows_that_a_page_end_has_emptied():
    pieces = ["<td>商业</td><td>科研</td><td>社会公</td><td>法律服</td><td>其</td>"]
    pieces += ["<td>企业</td><td>机构</td><td>益组织</td><td>务机构</td><td>他</td>"]
    empty = "<tr><td colspan=3></td><td colspan=7></td></tr>"
    head = (
        "<tr><td rowspan=3 colspan=3>（本列数据的勾稽关系）</td><td colspan=7>申请人情况</td></tr>"
        "<tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr>"
        f"<tr>{pieces[0]}</tr>{empty}{empty}<tr><td colspan=3></td><td></td>{pieces[1]}<td></td></tr>"
    )
    assert _requests(head) == [7, 1, 2, 3, 4, 5, 22]
