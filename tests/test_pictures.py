"""Tables that stand as pictures in Word files and web pages are read in their place."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest

pytest.importorskip("cv2")
pytest.importorskip("rapidocr")

from corpora.invent import invent
from corpora.office_render import docx_bytes
from corpora.score import gold_cells
from extractor.api import extract_content
from extractor.report import Report

SEED = 5
HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、行政复议、行政诉讼情况")


def _last_table_as_picture():
    """A picture of the page of 表四, cut out of a rendered report; and the report's gold."""
    import pypdfium2

    from corpora.pdf_render import render

    report = invent(SEED)
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = render(report, "reportlab", Path(folder) / "a.pdf")
        document = pypdfium2.PdfDocument(path)
        for index in range(len(document)):
            text = document[index].get_textpage().get_text_bounded().replace("\r\n", "")
            if "行政复议" in text and "未经复议" in text.replace(" ", ""):
                page = document[index]
                picture = page.render(scale=150 / 72).to_pil()
                buffer = io.BytesIO()
                picture.save(buffer, "PNG", dpi=(150, 150))
                return report, buffer.getvalue()
    raise AssertionError("no page with that table")


@pytest.fixture(scope="module")
def shown():
    return _last_table_as_picture()


def _right(result, report):
    assert isinstance(result, Report)
    gold = [(p, v, s) for p, v, s in gold_cells(report.gold) if p.startswith("reconsideration_litigation.")]
    return sum((result.cell(p).value, result.cell(p).status) == (v, s) for p, v, s in gold), len(gold)


def _page(source: str) -> str:
    text = "".join(f"<p>{i}</p>" for i in (*HEADINGS[:2], "本年度情况正常。", HEADINGS[2]))
    return (
        f"<html><body><h1>某市2022年政府信息公开工作年度报告</h1><p>一、总体情况</p>{text}<img src='{source}'>"
        "<p>五、存在的主要问题及改进情况</p></body></html>"
    )


def test_a_picture_in_the_page_itself(shown):
    report, picture = shown
    page = _page("data:image/png;base64," + base64.b64encode(picture).decode())
    right, n = _right(extract_content(page.encode(), "a.html"), report)
    assert right == n == 15


def test_a_picture_saved_with_the_page(shown):
    report, picture = shown
    parts = [
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n\n--B\n"
        "Content-Type: text/html; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\nContent-Location: http://example.cn/a.html\n\n" + _page("p/t4.png"),
        "\n--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Location: p/t4.png\n\n"
        + base64.encodebytes(picture).decode()
        + "\n--B--\n",
    ]
    right, n = _right(extract_content("".join(parts).encode(), "a.mht"), report)
    assert right == n == 15


def test_a_picture_nobody_has_is_unreadable_not_absent():
    result = extract_content(_page("http://example.cn/t4.png").encode(), "a.html")
    assert isinstance(result, Report)
    assert result.cell("reconsideration_litigation.reconsideration.total").status == "unreadable"


def test_a_picture_in_a_word_file(shown):
    report, picture = shown
    plain = docx_bytes(invent(SEED))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    body = members["word/document.xml"].decode()
    last = body.rindex("<w:tbl>")
    end = body.rindex("</w:tbl>") + len("</w:tbl>")
    drawing = (
        '<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rIdPic"/>'
        "</w:drawing></w:r></w:p>"
    )
    members["word/document.xml"] = (body[:last] + drawing + body[end:]).encode()
    relations = members["word/_rels/document.xml.rels"].decode()
    members["word/_rels/document.xml.rels"] = relations.replace(
        "</Relationships>", '<Relationship Id="rIdPic" Type="image" Target="media/t4.png"/></Relationships>'
    ).encode()
    members["word/media/t4.png"] = picture
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    right, n = _right(extract_content(out.getvalue(), "a.docx"), report)
    assert right == n == 15


def _pdf(picture: bytes, box: tuple[float, float, float, float], lines: list[str], hidden: str = "") -> bytes:
    """A page with a picture in a box, lines of print, and text that is not seen (as bad recognition leaves it)."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842))
    page.drawImage(ImageReader(io.BytesIO(picture)), *box)
    text = page.beginText(20, 20)
    text.setTextRenderMode(3)
    text.setFont("Helvetica", 8)
    text.textLine(hidden)
    page.drawText(text)
    page.setFont("STSong-Light", 12)
    for k, line in enumerate(lines):
        page.drawString(60, 800 - 18 * k, line)
    page.showPage()
    page.save()
    return out.getvalue()


def test_a_text_layer_that_is_no_chinese_is_not_believed(shown):
    report, picture = shown
    content = _pdf(picture, (0, 0, 595, 842), [], "lIl1 ~oO0 TbIb fi] wvV" * 6)
    right, n = _right(extract_content(content, "a.pdf"), report)
    assert right == n == 15


def test_a_picture_of_a_table_in_a_printed_page(shown):
    report, picture = shown
    lines = ["某市2022年政府信息公开工作年度报告", "一、总体情况", "本年度各项工作均按要求完成。", *HEADINGS]
    right, n = _right(extract_content(_pdf(picture, (60, 60, 447, 632), lines), "a.pdf"), report)
    assert right == n == 15
