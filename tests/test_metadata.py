"""Chapters and metadata, with sentences of our own."""

from __future__ import annotations

import pytest

from extractor.api import extract_content
from extractor.data import load_yaml
from extractor.document import Paragraph
from extractor.metadata import _agency, find_title, is_report_title
from extractor.report import Failure, Report
from extractor.segment import chapter_by_words, chapter_id

HEAD = "沐溪县教育局2023年政府信息公开工作年度报告\n"
BODY = (
    "本报告由沐溪县教育局依据《中华人民共和国政府信息公开条例》编制。"
    "统计期限自2023年1月1日至2023年12月31日止。\n一、总体情况\n2023年，我局主动公开信息12条。\n"
    "二、主动公开政府信息情况\n见附表。\n三、收到和处理政府信息公开申请情况\n见附表。\n"
    "四、政府信息公开行政复议、行政诉讼情况\n无。\n五、存在的主要问题及改进情况\n还有差距。\n六、其他需要报告的事项\n无其他需要报告的事项。\n"
)


def _report(text: str) -> Report:
    report = extract_content(text.encode(), "x")
    assert isinstance(report, Report), report.error
    return report


@pytest.mark.parametrize("title", load_yaml("titles.yaml")["report_title"]["examples"]["match"])
def test_titles(title):
    assert is_report_title(title)


@pytest.mark.parametrize("title", load_yaml("titles.yaml")["report_title"]["examples"]["other"])
def test_no_titles(title):
    assert not is_report_title(title)


def _chapter_titles():
    return [(t, c["id"]) for c in load_yaml("titles.yaml")["chapters"] for t in c["titles"]]


def _examples_by_words():
    return [(t, c["id"]) for c in load_yaml("titles.yaml")["chapters"] for t in c["examples"]]


@pytest.mark.parametrize(("title", "chapter"), [*_examples_by_words(), ("四、政府信息公开的收费及减免情况", None)])
def test_words_of_a_numbered_heading_name_its_chapter(title, chapter):
    assert chapter_by_words(title) == chapter


@pytest.mark.parametrize(("title", "chapter"), _chapter_titles())
def test_chapter_titles_name_their_own_chapter(title, chapter):
    assert chapter_id("三、" + title) == chapter


def test_plain_report():
    report = _report(HEAD + BODY)
    meta = report.report
    assert (meta.year, meta.agency.name, meta.agency.level) == (2023, "沐溪县教育局", "department")
    assert (meta.period.start, meta.period.end) == ("2023-01-01", "2023-12-31")
    assert meta.form_expected == "2021" and meta.form is None
    assert meta.legal_basis == ["中华人民共和国政府信息公开条例"]
    assert [s.id for s in report.sections] == [
        "preamble", "overview", "proactive_disclosure", "requests", "reconsideration_litigation",
        "problems_improvements", "other_matters",
    ]  # fmt: skip


def test_missing_tables_are_absent_and_said():
    report = _report(HEAD + BODY)
    assert report.review_reasons == ["low_confidence", "table_missing"]
    assert {v.status for t in report.tables.values() for r in t.values() for v in r.values()} == {"absent"}
    assert all(v.value is None for t in report.tables.values() for r in t.values() for v in r.values())


def test_title_year_that_disagrees():
    report = _report(HEAD.replace("2023", "2022") + BODY)
    assert report.report.year == 2023
    assert "year_conflict" in report.review_reasons
    check = next(c for c in report.checks if c.id == "meta.title_year")
    assert (check.passed, check.left, check.right) == (False, 2022, 2023)


def test_year_in_chinese_digits():
    assert _report(HEAD.replace("2023", "二〇二三") + BODY).report.year == 2023


def test_damaged_dates_are_no_dates():
    report = _report(HEAD + BODY.replace("2023年12月31日", "2023年12月45日"))
    assert report.report.period.end is None
    assert report.report.year == 2023


def test_published_and_signed_dates():
    assert _report(HEAD + "发布日期：2024-01-30\n" + BODY).report.publication_date == "2024-01-30"
    assert _report(HEAD + BODY + "2024年1月18日\n").report.publication_date == "2024-01-18"


def test_old_years_have_no_national_form_yet():
    report = _report(HEAD.replace("2023", "2012") + BODY.replace("2023", "2012"))
    assert report.report.form_expected is None and report.tables == {}


def test_flattened_table_in_running_text_is_unreadable_not_absent():
    flat = "规章 0 0 0\n行政规范性文件 6 0 16\n行政许可 31\n行政处罚 26\n行政强制 0\n行政事业性收费 0\n"
    report = _report(HEAD + BODY.replace("见附表。\n三、", flat + "三、"))
    statuses = {v.status for r in report.tables["proactive_disclosure"].values() for v in r.values()}
    assert statuses == {"unreadable"}
    assert "unreadable_cells" in report.review_reasons


def test_heading_run_in_with_its_text():
    report = _report(HEAD + BODY.replace("一、总体情况\n", "一、总体情况。"))
    assert [s.id for s in report.sections][:2] == ["preamble", "overview"]


@pytest.mark.parametrize(
    "item", ["（一）主动公开政府信息情况", "(一)主动公开政府信息情况", "1.主动公开情况", "一)主动公开情况"]
)
def test_a_part_of_the_overview_is_no_chapter(item):
    """A real page names its first part as chapter 二 is named; the table was then looked for in the wrong place."""
    report = _report(HEAD + BODY.replace("一、总体情况\n", f"一、总体情况\n{item}\n"))
    assert [s.id for s in report.sections][1:4] == ["overview", "proactive_disclosure", "requests"]
    assert item in next(s.text for s in report.sections if s.id == "overview")


def test_notice_about_reports_is_no_report():
    notice = "关于编制2023年政府信息公开工作年度报告的通知\n各单位应于月底前报送。\n"
    assert isinstance(extract_content(notice.encode(), "x"), Failure)


@pytest.mark.parametrize(
    ("page", "first", "body"),
    [
        ("2022年砚溪县住房和城乡建设局|政府信息公开工作年度报告", 0, "砚溪县住房和城乡建设局"),
        ("砚溪县|2022年度|政府信息公开工作年度报告", 0, "砚溪县"),
        ("首页|政府信息公开|年度报告|砚溪县水利局2022年政府信息公开|工作年度报告", 3, "砚溪县水利局"),
        ("首页|2022年政府信息公开工作年度报告", 1, None),
        ("砚溪县财政局关于2022年度政府信息公开工作的报告", 0, "砚溪县财政局"),
    ],
)
def test_titles_on_several_lines(page, first, body):
    lines = page.split("|")
    found = find_title([Paragraph(line, ()) for line in lines])
    assert found == "".join(lines[first:])
    assert _agency(found, "").name == body


def test_a_menu_is_no_title():
    assert find_title([Paragraph(t, ()) for t in ("政府信息公开", "年度报告", "2023-01-20 来源：本站")]) is None


@pytest.mark.parametrize(
    "lines",
    [
        ["棠渚区农业农村局2025年政府信息公开工作年度报告本报告由棠渚区农业农村局依照条例编制。"],
        ["棠渚区农业农村局2025年政府信息公天工作年度报告", "本报告由我局编制。"],
        ["棠渚区农业农村局2025年政府信息公开工作年度报", "生"],
    ],
)
def test_titles_as_scans_have_them(lines):
    """Run in with the first paragraph, with a character misread, or with its last one lost."""
    title = find_title([Paragraph(line, ()) for line in lines])
    assert title is not None and title.startswith("棠渚区") and len(title) < 28
    assert _agency(title, "").name == "棠渚区农业农村局"


def test_a_report_that_says_by_whom_and_by_what_law_it_was_made():
    assert _agency(None, "本报告由芷坞区人民政府依照《条例》编制。").name == "芷坞区人民政府"


@pytest.mark.parametrize(
    ("name", "division"),
    [
        ("槿渚街道市场监督管理局", None),
        ("金华市市场监督管理局", "金华市"),
        ("广州市白云区市政管理局", "广州市"),
        ("津市市人民政府", "津市市"),
        ("柳市镇人民政府", "柳市镇"),
        ("洪泽区市场监督管理局", "洪泽区"),
    ],
)
def test_the_division_is_the_place_in_a_bodys_name(name, division):
    assert _agency(f"{name}2022年政府信息公开工作年度报告", "").division.name == division
