"""Text files: encodings found without being told, and styles of flattening."""

from __future__ import annotations

import pytest

from corpora.flat_render import flat_text
from corpora.invent import invent
from corpora.text_render import layout
from extractor.api import extract
from extractor.document import Grid, Paragraph
from extractor.errors import UnsupportedType
from extractor.readers import read_document
from extractor.readers.text import decode

TEXT = "某县2022年政府信息公开工作年度报告\n一、总体情况\n全年主动公开政府信息１２条，“三安全一稳定”。\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030"])
def test_encodings(encoding):
    assert decode(TEXT.encode(encoding), "x").lstrip("\ufeff") == TEXT


def test_bom_is_dropped():
    assert decode(b"\xef\xbb\xbf" + TEXT.encode(), "x")[0] == "某"


def test_text_cut_in_mid_character_is_read():
    assert decode(TEXT.encode()[:-2], "x").startswith(TEXT[:20])


def test_random_bytes_are_refused():
    with pytest.raises(UnsupportedType):
        decode(bytes(range(256)) * 40, "x")


TAB = (
    "二、主动公开政府信息情况\n\t信息内容\n\t本年制发件数\n\t本年废止件数\n\t现行有效\n件数\n\n"
    "\t规章\n\t0\n\t\n\t12\n3\n\n三、下一章\n正文。\n"
)


def test_tab_led_cells():
    document = read_document(TAB.encode(), "x")
    assert document.reader == "text-tab"
    paragraph, grid, chapter, prose = document.blocks
    assert isinstance(grid, Grid) and not grid.regular
    assert [[c.text for c in grid.row_cells(r)] for r in range(2)] == [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效\n件数"],
        ["规章", "0", "", "12\n3"],
    ]
    assert isinstance(paragraph, Paragraph) and isinstance(chapter, Paragraph) and isinstance(prose, Paragraph)
    assert chapter.text == "三、下一章"


def test_offsets_lead_to_the_characters():
    document = read_document(("\ufeff" + TAB).encode(), "x")
    text = TAB
    for grid in document.grids():
        for cell in grid.cells:
            span = cell.place.span
            assert span is not None
            assert text[span.start : span.end].replace("\n", "").strip() == cell.text.replace("\n", "")
    for paragraph in document.paragraphs():
        span = paragraph.pieces[0].place.span
        assert span is not None and text[span.start : span.end] == paragraph.text


def test_a_chapter_right_after_a_number_does_not_continue_the_cell():
    document = read_document(TAB.replace("3\n\n三、", "3\n三、").encode(), "x")
    assert any(p.text == "三、下一章" for p in document.paragraphs())


LAYOUT = """
     二、主动公开政府信息情况

   信息内容          本年制发件数    本年废止件数    现行有效件数

   规章                 1           0           11

   行政规范性文件            8           2           66
   第三种文件              7           3           65
   第四种文件              6           4           64


                    - 3 -
\f   行政许可          447228     1     2

      三、下一章
      某年度报告的正文写到这里是一行很长很长的文字，它一直写到右边才换
行，所以两行是一段。
"""


def test_layout_pages_and_paragraphs():
    document = read_document(LAYOUT.encode(), "x")
    assert document.reader == "text-layout"
    assert not any("3" in p.text for p in document.paragraphs())
    assert [p.text for p in document.paragraphs()][-1].endswith("所以两行是一段。")


def test_running_heads_and_page_numbers_are_set_aside_but_cells_stay():
    pages = [
        "年度报告\n一、总体情况\n甲\n行政处罚\n1\n",
        "年度报告\n行政强制\n6\n乙\n2\n",
        "年度报告\n丙\n0\n0\n丁\n3\n",
    ]
    document = read_document("\f".join(pages).encode(), "x.txt")
    lines = [b.text for b in document.blocks]
    assert document.reader == "text-paged"
    assert lines == ["年度报告", "一、总体情况", "甲", "行政处罚", "行政强制", "6", "乙", "丙", "0", "0", "丁"]


def test_a_lone_number_at_the_end_of_a_page_may_be_a_cell():
    document = read_document("一\n二\n三\n行政处罚\n7\f四\n五\n六\n行政强制\n7\f".encode(), "x.txt")
    assert [b.text for b in document.blocks].count("7") == 2


def test_where_spaces_tell_columns_one_unknown_header_makes_all_unsure(tmp_path):
    report = invent(12)
    text = layout(report)
    start = text.index("复议后起诉")
    for name, printed in (("whole", text), ("damaged", text[:start] + text[start:].replace("其他", "具它", 1))):
        path = tmp_path / f"{name}.txt"
        path.write_text(printed, "utf-8")
        rows = extract(path).tables["reconsideration_litigation"]["litigation_after_reconsideration"]
        read = [v.confidence for v in rows.values() if v.status == "reported"]
        assert read and all(c >= 0.99 for c in read) == (name == "whole")
        assert name == "whole" or max(read) < 0.99


@pytest.mark.parametrize("style", ["markdown", "pipes", "lines"])
def test_a_row_that_has_no_room_is_absent_whatever_other_labels_have_slips(style, tmp_path):
    text = flat_text(invent(11), style)
    slip = text.replace("重复申请", "重夏申请", 1)
    begin, end = (slip.index(f"{n}.{name}") for n, name in ((2, "没有现成"), (3, "补正后")))
    begin, end = (slip.rindex("\n", 0, at) for at in (begin, end)) if style != "lines" else (begin, end)
    path = tmp_path / "a.txt"
    path.write_text(slip[:begin] + slip[end:], "utf-8")
    table = extract(path).tables["requests"]
    assert {v.status for v in table["unable_to_provide.needs_creation"].values()} == {"absent"}
    assert "absent" not in {v.status for v in table["unable_to_provide.unclear_after_correction"].values()}


def _disputes_row(slots: list[str]) -> str:
    """A report a cell a line, a lone pipe before each row, whose table 四 prints these cells."""
    text = flat_text(invent(11), "pipe-lines").replace("\r\n", "\n")
    start = text.index("\n", text.rindex("总计 |"))
    end = text.index("\n\n", start)
    return text[:start] + "\n|" + "".join(f"\n{s} |" if s else "\n|" for s in slots) + text[end:]


@pytest.mark.parametrize(
    ("slots", "told"),
    [
        (["1", "", "", "", "1", "", "4", "", "", "4", "", "", "", "", ""], True),
        (["", "", "", "", "", "", "4", "", "", "4", "", "", "", "", ""], True),
        (["", "", "", "", "", "", "", "", "", "", "", "0", "0", "", ""], False),  # no sum tells which pipe is a cell
    ],
)
def test_a_lone_pipe_too_many_is_told_by_the_sums_or_not_at_all(slots, told, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(_disputes_row(slots), "utf-8")
    rows = extract(path).tables["reconsideration_litigation"]
    read = [v for row in rows.values() for v in row.values()]
    if told:
        assert [v.value for v in read] == [int(s) if s else None for s in slots]
        assert {v.status for v in read} == {"reported", "blank"} and max(v.confidence for v in read) < 0.99
    else:
        assert {v.status for v in read} == {"unreadable"}
