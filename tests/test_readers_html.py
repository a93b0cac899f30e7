"""Web pages: encodings that lie, spans, layout tables, hidden text, pictures, offsets."""

from __future__ import annotations

import pytest

from corpora.invent import invent
from corpora.site_render import draw_damage, mhtml_bytes, site_bytes, site_html
from extractor import extract
from extractor.api import extract_content
from extractor.document import Grid, Paragraph
from extractor.readers import read_document


def _page(body: str, charset: str = "utf-8") -> bytes:
    head = f'<html><head><meta charset="{charset}"><title>x</title></head><body>'
    return f"{head}{body}</body></html>".encode()


def _texts(data: bytes) -> list[str]:
    return [b.text for b in read_document(data, "x").blocks if isinstance(b, Paragraph)]


def _grids(data: bytes) -> list[Grid]:
    return [b for b in read_document(data, "x").blocks if isinstance(b, Grid)]


@pytest.mark.parametrize(
    ("encoding", "claim"),
    [("gb18030", "utf-8"), ("gb18030", "gb2312"), ("utf-8", "gb2312"), ("utf-8", ""), ("utf-16", "utf-8")],
)
def test_the_bytes_count_not_the_claim(encoding, claim):
    page = f"<html><head><meta charset={claim}></head><body><p>政府信息公开工作年度报告</p></body></html>"
    assert _texts(page.encode(encoding)) == ["政府信息公开工作年度报告"]


def test_big5_is_read_where_it_is_named():
    page = "<html><head><meta charset=big5></head><body><p>政府信息公開工作年度報告</p></body></html>"
    assert _texts(page.encode("big5")) == ["政府信息公開工作年度報告"]


def test_numbers_and_years_split_over_elements():
    assert _texts(_page("<p>20<span>2</span><b>3</b>年公开<span>15</span><span lang=EN-US>64</span>条</p>")) == [
        "2023年公开1564条"
    ]


def test_hidden_text_scripts_and_comments_are_not_read():
    body = "<p>看得见<span style='display:none'>9</span></p><script>'<p>8</p>'</script><!-- <p>7</p> --><p hidden>6</p>"
    assert _texts(_page(body)) == ["看得见"]


def test_spans_and_missing_cells():
    table = "<table><tr><td rowspan=2>甲<td colspan=2>乙<tr><td>1<td>2<tr><td>丙<td>3</table>"
    (grid,) = _grids(_page(table))
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in grid.cells] == [
        ("甲", 0, 0, 2, 1),
        ("乙", 0, 1, 1, 2),
        ("1", 1, 1, 1, 1),
        ("2", 1, 2, 1, 1),
        ("丙", 2, 0, 1, 1),
        ("3", 2, 1, 1, 1),
    ]


def test_layout_tables_are_walked_through():
    body = (
        "<table><tr><td>正文一</td><td><table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"
        "</td></tr></table>"
    )
    assert _texts(_page(body)) == ["正文一"]
    assert len(_grids(_page(body))) == 1


def test_nothing_of_navigation_and_footer_comes_in():
    for seed in range(12):
        report = extract_content(site_bytes(invent(seed)), "x")
        text = "\n".join(s.text for s in report.sections)
        for furniture in ("ICP备", "网站标识码", "栏目1", "相关链接", "当前位置", "技术支持"):
            assert furniture not in text, (seed, furniture)


def test_offsets_lead_to_the_digits_in_the_source(tmp_path):
    """Every number is found at its offsets in the decoded source of the page."""
    checked = 0
    for seed in range(12):
        damage = draw_damage(invent(seed))
        if damage.split_numbers:
            continue
        page = site_html(invent(seed), damage)
        report = extract_content(page.encode(damage.encoding), "x", figures=False)
        for rows in report.tables.values():
            for value in (v for columns in rows.values() for v in columns.values() if v.status == "reported"):
                assert page[value.evidence.start : value.evidence.end] == value.raw
                checked += 1
    assert checked > 500


def test_a_table_that_is_a_picture_is_unreadable_not_absent():
    report = invent(3)
    page = site_html(report, draw_damage(report))
    start, end = page.index("<table", page.index("三、")), page.index("</table>", page.index("三、")) + 8
    for picture, status in (
        ('<img src="t.png" width="800">', "unreadable"),
        ('<img src="i.gif" width="16">', "absent"),
    ):
        cut = page[:start] + picture + page[end:]
        found = extract_content(cut.encode("utf-8"), "x", figures=False)
        assert "table_missing" in found.review_reasons
        assert found.tables["requests"]["granted"]["total"].status == status


def test_html_by_any_name(tmp_path):
    for name in ("报告.doc", "a", "b.xls", "report 'x' \"y\".pdf"):
        path = tmp_path / name
        path.write_bytes(site_bytes(invent(5)))
        assert extract(path, figures=False).source.reader == "html"


def test_saved_page_without_its_page(tmp_path):
    whole = mhtml_bytes(invent(2))
    assert extract_content(whole, "x", figures=False).source.media_type == "multipart/related"
    broken = whole.replace(b"text/html", b"text/other")
    assert extract_content(broken, "x").error.code == "damaged_file"
