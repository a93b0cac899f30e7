"""Breakdowns whose total stands in another sentence, numbers side by side, years and changes beside other years."""

from __future__ import annotations

import pytest

from extractor.figures import find_figures
from extractor.report import Section, SectionEvidence


def figures(text: str, section: str = "overview"):
    return find_figures([Section(id=section, title="", text=text, evidence=SectionEvidence())], 2023)


def links(text: str) -> dict[int, int]:
    """Value of a part → value of its total."""
    found = figures(text)
    by_id = {f.id: f.value for f in found}
    return {f.value: by_id[f.part_of] for f in found if f.part_of}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("全区共收到申请438件。当面申请173件,传真3件,邮件26件,网上申请141件,信函95件。", [173, 3, 26, 141, 95]),
        ("全区共收到申请438件。当面申请173件;传真3件;邮件26件;网上申请141件;信函95件。", [173, 3, 26, 141, 95]),
        ("发布信息210条。\n网站发布120条;\n微信发布60条;\n公告栏公布30条。", [120, 60, 30]),
    ],
)
def test_numbers_that_add_up_belong_to_an_earlier_total(text, wanted):
    assert links(text) == {part: sum(wanted) for part in wanted}


def test_two_small_numbers_may_add_up_by_chance():
    assert links("开展检查7次。\n召开会议3次，印发通报4次。") == {}


def test_a_phrase_announces_a_list_that_does_not_add_up():
    found = figures("公开政府信息252条。从载体看，网站发布198条，电子屏32条，宣传栏26条。")
    assert [f.part_of for f in found] == [None, "f1", "f1", "f1"]


def test_figures_of_another_year_are_no_parts():
    assert links("公开信息35.2万条，比上年的29.8万条净增5.4万条。") == {}


def test_outcomes_belong_to_the_requests_answered():
    found = figures("一、依申请公开\n全年办结申请53件。予以公开24件，不予公开3件，无法提供20件。", "overview")
    assert [(f.indicator, f.part_of, f.part_role) for f in found[1:]] == [
        ("requests_granted", "f1", "subset"),
        ("requests_refused", "f1", "subset"),
        ("requests_unable", "f1", "subset"),
    ]


def test_several_breakdowns_of_one_total():
    text = "新收申请44件。从主体看，自然人39件、企业5件；从方式看，网络28件、信函13件、当面3件。"
    found = figures(text)
    assert {f.part_of for f in found[1:]} == {"f1"}
    assert [f.breakdown for f in found[1:]] == [1, 1, 2, 2, 2]


def test_names_of_numbers_side_by_side():
    found = figures("社会组织登记49条（成立、变更、注销分别为13条、29条、7条）。")
    assert [(f.measure[-2:], f.value) for f in found[1:]] == [("成立", 13), ("变更", 29), ("注销", 7)]
    found = figures("城市低保1236户、2018人。")
    assert [(f.measure, f.value, f.unit) for f in found] == [("城市低保", 1236, "户"), ("城市低保", 2018, "人")]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("累计查询3万4千多人次。", 34000, "人次"),
        ("发放联系卡三十余万张。", 300000, "张"),
        ("阅读量9600余万次。", 96000000, "次"),
        ("访问量达203万4千多次。", 2034000, "次"),
        ("收到申请总数(件)：7", 7, "件"),
    ],
)
def test_numbers_as_reports_write_them(text, value, unit):
    found = figures(text)
    assert [(f.value, f.unit) for f in found] == [(value, unit)]


@pytest.mark.parametrize(
    ("text", "year", "kind", "value"),
    [
        ("发布信息1120条，较2022年的963条增加157条。", 2022, "count", 963),
        ("发布信息1120条，较2022年的963条增加157条。", 2023, "change", 157),
        ("受理投诉87起，较2022年少14起。", 2023, "change", -14),
    ],
)
def test_years_and_changes_beside_another_year(text, year, kind, value):
    assert (year, kind, value) in [(f.year, f.kind, f.value) for f in figures(text)]


def test_a_list_without_units_behind_its_total():
    found = figures("公开信息123条，其中机构信息9，通知公告31，财政信息14，民生公益52，政策文件17。")
    assert [(f.value, f.part_of) for f in found[1:]] == [(v, "f1") for v in (9, 31, 14, 52, 17)]
    assert figures("其中重点工作3，难点2。") == []
