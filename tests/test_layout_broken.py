# ruff: noqa: E501  (the lines of a page are as wide as they are)
"""`pdftotext -layout` text in which a narrow column breaks a number, and rows that a page end pushes together."""

from __future__ import annotations

import pytest

from corpora.making import make_document
from corpora.score import gold_cells
from extractor import extract
from extractor.api import extract_content

HEAD = """某县财政局2022年政府信息公开工作年度报告

三、收到和处理政府信息公开申请情况

                                                       申请人情况
                                                            法人或其他组织
    （本列数据的勾稽关系为：第一项加第二项之       自然                                          总计
          和，等于第三项加第四项之和）               人     商业     科研   社会公益  法律服务  其他
                                                        企业     机构     组织     机构
一、本年新收政府信息公开申请数量                  {new}
二、上年结转政府信息公开申请数量                     0       0       0       0       0      0        0
"""
ROWS = ("natural_person", "commercial_enterprise", "other_organization", "total")


def _row(report, name: str):
    return {c: report.cell(f"requests.{name}.{c}") for c in ROWS}


def _read(text: str):
    return extract_content(text.encode(), "x.txt", figures=False)


def _line(label: str, *numbers: str) -> str:
    ends = (53, 60, 68, 76, 84, 91, 100)
    used = sum(2 if ord(c) > 0x2E80 else 1 for c in label)
    out = label
    for end, number in zip(ends, numbers, strict=False):
        if number:
            out += " " * (end - used - len(number)) + number
            used = end
    return out


def _table(*lines: str) -> str:
    first = _line("", "7,930", "0", "69", "99", "106", "9", "8,213").strip()
    return HEAD.format(new=first) + "\n".join(lines) + "\n四、政府信息公开行政复议、行政诉讼情况\n"


def test_the_half_of_a_number_with_a_separator_is_joined_or_nothing_is_said():
    whole = _line("     （七）总计", "7,930", "0", "69", "99", "106", "2,391", "5")
    text = _table(_line("     3.其他", "2", "0", "0", "0", "0", "564", "566"), _line("", *[""] * 6, "10,59"), whole)
    total = _row(_read(text), "outcome_total")["total"]
    assert total.value == 10595 or total.status == "unreadable"


def test_half_a_number_beside_a_letter_of_an_upright_word_is_a_half():
    row = _line("                  7.属于行政执法案卷", "0", "31", "0", "0", "157", "0", "18")
    after = _line("                  8.属于行政查询事项", "84", "0", "0", "82", "0", "0", "166")
    for letter in ("三", ""):
        report = _read(_table(row, _line(letter, *[""] * 6, "8"), after))
        total = report.cell("requests.refused.enforcement_case_file.total")
        assert total.value == 188 or total.status == "unreadable" or total.confidence < 0.9


CUT = """某县财政局2022年政府信息公开工作年度报告

   三、收到和处理政府信息公开申请情况

                                                                申请人情况
    （本列数据的勾稽关系为：第一项加第二项之                        自然               法人或其他组织

                              - 1 -
        和，等于第三项加第四项之和）                         人     商业     科研     社会公     法律服     其他     总计
                                                    企业     机构     益组织     务机构
    一、本年新收政府信息公开申请数量                          20      4     81              3      96     204
    二、上年结转政府信息公开申请数量                          12      0      0              0       0     12
     （一）予以公开                                   0      0      0              0       0      0
四、政府信息公开行政复议、行政诉讼情况
"""


def test_a_header_that_a_page_end_has_cut_short_proves_no_columns():
    """One column is empty and one header word is on the page before: six words, six numbers, and all of them off."""
    report = _read(CUT)
    right = {"natural_person": 20, "commercial_enterprise": 4, "other_organization": 96, "total": 204}
    for column, cell in _row(report, "new_received").items():
        assert cell.value in (None, right[column])


@pytest.mark.parametrize("seed", [305095, 305099, 306116, 308623])  # a half taken for a number; two rows taken for one
def test_documents_that_were_once_read_wrong(seed, tmp_path):
    path, gold = make_document(seed, "layout", tmp_path)
    report = extract(path, figures=False)
    read = {p: report.cell(p) for p, _, _ in gold_cells(gold)}
    wrong = [
        p for p, v, st in gold_cells(gold) if read[p].confidence >= 0.9 and (read[p].value, read[p].status) != (v, st)
    ]
    assert not wrong
