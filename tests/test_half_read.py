"""Labels of scans that were read in half: told by their place in the form, or left unread."""

from __future__ import annotations

from extractor.document import Cell, Document, Grid, Paragraph
from extractor.forms import load_form
from extractor.tables import read_tables
from extractor.tables.align import align
from extractor.tables.labels import header_tables, likeness
from extractor.tables.sheet import regular_strips
from extractor.tables.stitch import stitched

HEADER = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]


def _grid(rows, sure, page=1, edges=(90.0, 150.0, 270.0, 400.0, 520.0)):
    cells = [Cell(text, r, c, sure=sure) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Grid(tuple(cells), len(rows), len(rows[0]), True, page, edges)


def _placed(rows, sure):
    grid = _grid([HEADER, *rows], sure)
    table = load_form("2021").tables["proactive_disclosure"]
    return {p.row.entry.id: p.data.values[0].text for p in align(regular_strips(grid), table).placed}


def test_a_half_read_label_is_placed_by_its_neighbours_in_a_scan_only():
    rows = [["规草", "3", "1", "7"], ["行政规范性文件", "4", "0", "8"]]
    assert _placed(rows, 0.9) == {"rules": "3", "normative_documents": "4"}
    assert _placed(rows, None) == {"normative_documents": "4"}


def test_a_strange_label_or_a_place_with_two_rows_gives_none():
    assert _placed([["合计", "3", "1", "7"], ["行政规范性文件", "4", "0", "8"]], 0.9) == {"normative_documents": "4"}
    rows = [["规草", "3", "1", "7"], ["文件规草", "2", "1", "7"], ["行政规范性文件", "4", "0", "8"]]
    assert _placed(rows, 0.9) == {"normative_documents": "4"}


def test_below_the_head_of_the_labels_stands_a_label_whatever_was_read():
    assert _placed([["规草", "", "", ""], ["行政规范性文件", "4", "0", "8"]], 0.9) == {
        "rules": "",
        "normative_documents": "4",
    }


def test_a_word_of_three_characters_with_a_wrong_one():
    column = next(c for c in load_form("2021").tables["requests"].blocks[0].columns if c.id == "natural_person")
    assert header_tables("目然人") == header_tables("自然人")
    assert likeness("目然人", column) < likeness("自然人", column) and likeness("法定人", column) == 0


def test_crumbs_between_two_pages_part_no_cut_header():
    first = _grid([["", "申请人情况", "", "总计"], ["", "自然人", "商业企业", ""]], 0.9)
    second = _grid([["一、本年新收政府信息公开申请数量", "3", "1", "4"]], 0.9, page=2)
    assert len(stitched([first, Paragraph("T", ()), second])) == 1
    assert len(stitched([first, Paragraph("三、收到和处理", ()), second])) == 3


def _row_where_a_rule_of_the_header_was_lost(sure):
    """本年制发件数 and 本年废止件数 in one header cell, their numbers in two."""
    cells = [Cell("信息内容", 0, 0, sure=sure), Cell("本年制发件数", 0, 1, 1, 2, sure=sure)]
    cells += [Cell("现行有效件数", 0, 3, sure=sure)]
    cells += [Cell(t, 1, c, sure=sure) for c, t in enumerate(["规章", "3", "1", "7"])]
    grid = Grid(tuple(cells), 2, 4, True, 1, (90.0, 150.0, 270.0, 400.0, 520.0))
    reading = read_tables(Document((grid,), "scan" if sure else "pdf", "application/pdf", pages=1))
    found = reading.tables["proactive_disclosure"].cells
    return {c: (r.value, r.status, r.column_score) for (row, c), r in found.items() if row == "rules"}


def test_a_rule_lost_in_the_header_leaves_the_numbers_under_other_words_in_a_scan():
    found = _row_where_a_rule_of_the_header_was_lost(0.95)
    assert found["in_force"] == (7, "reported", 0.99)  # its place is known, but it is not word for word proved
    assert found["issued"][:2] == found["repealed"][:2] == (None, "unreadable")
    assert {status for _, status, _ in _row_where_a_rule_of_the_header_was_lost(None).values()} == {"unreadable"}
