"""Figures from sentences with planted quantities: values, places, meaning, parts."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.figures import find_figures
from extractor.report import Figure, Section, SectionEvidence

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
NOUNS = ["主动公开政府信息", "发布政策解读", "收到群众来信", "办理网上申请", "开展业务培训"]


def section(text: str, name: str = "overview") -> Section:
    return Section(id=name, title="总体情况", text=text, evidence=SectionEvidence())


def figures(text: str, year: int | None = 2023) -> list[Figure]:
    return find_figures([section(text)], year)


def rows(text: str) -> list[tuple[Any, str | None, str | None, str | None]]:
    return [(f.value, f.unit, f.part_of, f.part_role) for f in figures(text)]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(NOUNS), st.integers(0, 10**7), st.sampled_from("条件次")),
        min_size=1,
        max_size=6,
    )
)
def test_planted_quantities_come_back_with_their_places(planted: list[tuple[str, int, str]]) -> None:
    text = "全年" + "，".join(f"{noun} {number} {unit}" for noun, number, unit in planted) + "。"
    found = figures(text)
    assert [(f.value, f.unit) for f in found] == [(number, unit) for _, number, unit in planted]
    for figure, (noun, number, unit) in zip(found, planted, strict=True):
        evidence = figure.evidence
        assert text[evidence.start : evidence.end] == evidence.text
        assert noun in evidence.text and f"{number} {unit}" in evidence.text and noun in figure.measure


@settings(deadline=None)
@given(
    st.text(
        alphabet="公开政府信息条件12３，。（）：；、其中含共计余多近约万“”《》\n %一两零未收到申请行政复议",
        max_size=120,
    )
)
def test_any_text_gives_valid_figures(text: str) -> None:
    found = figures(text)
    ids = [f.id for f in found]
    assert ids == [f"f{n}" for n in range(1, len(ids) + 1)]
    for f in found:
        assert text[f.evidence.start : f.evidence.end] == f.evidence.text
        assert f.part_of is None or f.part_of in ids
        assert (f.part_of is None) == (f.part_role is None) == (f.breakdown is None)
        assert f.measure and 0 < f.confidence < 1


def test_two_levels_of_breakdown() -> None:
    text = "网站公开信息130条，其中概况类20条、动态类40条、目录类70条（含财政30条、人事25条、其他15条）。"
    assert rows(text) == [
        (130, "条", None, None),
        (20, "条", "f1", "addend"),
        (40, "条", "f1", "addend"),
        (70, "条", "f1", "addend"),
        (30, "条", "f4", "addend"),
        (25, "条", "f4", "addend"),
        (15, "条", "f4", "addend"),
    ]


def test_contained_and_apart_are_subsets() -> None:
    text = "受理申请900件，答复880件（含上年度结转申请12件，另有32件顺延到下年度答复）。"
    assert rows(text)[2:] == [(12, "件", "f2", "subset"), (32, "件", "f2", "subset")]


def test_adopted_is_a_subset_of_received() -> None:
    assert rows("收到意见800条，采纳41条。")[1] == (41, "条", "f1", "subset")


def test_incomplete_list_is_a_subset() -> None:
    assert rows("公开信息393条，其中包括教育信息150条。")[1] == (150, "条", "f1", "subset")


def test_list_that_misses_its_total_stays_a_breakdown() -> None:
    text = "公开信息2599条，其中动态1200条、公告800条、其他533条。"
    assert {role for *_, role in rows(text)[1:]} == {"addend"}


def test_two_breakdowns_of_one_total() -> None:
    text = "收到申请30件。其中，网络申请20件，信函申请10件。其中，自然人申请25件，企业申请5件。"
    assert [(f.part_of, f.breakdown) for f in figures(text)[1:]] == [
        ("f1", 1),
        ("f1", 1),
        ("f1", 2),
        ("f1", 2),
    ]


def test_total_after_its_parts() -> None:
    text = "发布动态90条、简报11期、公告20条，合计共121条。"
    assert [p for _, _, p, _ in rows(text)] == ["f4", "f4", "f4", None]


def test_semicolon_list() -> None:
    text = "公开信息60条，其中：财政类10条；民生类20条；其他类30条。"
    assert [role for *_, role in rows(text)] == [None, "addend", "addend", "addend"]


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("开展3次网上评查。", "开展网上评查"),
        ("492项政务服务事项实现一窗办理。", "政务服务事项实现一窗办理"),
        ("公开政府信息，共12条。", "公开政府信息"),
        ("公开项目审批、通知公告等各类政府信息36条。", "公开项目审批、通知公告等各类政府信息"),
        ("接到395件居民问题，已办结。", "接到居民问题"),
    ],
)
def test_measure(text: str, measure: str) -> None:
    assert figures(text)[0].measure == measure


def test_generic_measure_takes_the_heading() -> None:
    found = figures("（3）推进食品药品安全信息公开。全年共发布信息77条。")
    assert found[0].measure.startswith("推进食品药品安全信息公开")


def test_share_speaks_of_the_item_before() -> None:
    found = figures("网络申请1303件，占86.92%；信函申请172件，占11.47%。")
    assert [f.measure for f in found if f.kind == "rate"] == ["网络申请占比", "信函申请占比"]


def test_falls_are_negative_changes() -> None:
    found = figures("公开信息较去年回落12.3%，访问量同比增长5%。")
    assert [(f.kind, f.value) for f in found] == [("change", Decimal("-12.3")), ("change", 5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年，我区未收到依申请公开。", [("requests_received", "件")]),
        (
            "全年没有发生因政府信息公开申请行政复议和提起行政诉讼的情况。",
            [("reconsideration_cases", "件"), ("litigation_cases", "件")],
        ),
        ("未向公民收取任何费用。", [(None, "元")]),
        ("未收取信息处理费。", [("info_processing_fee", "元")]),
        ("我镇本年度无申请。", [("requests_received", "件")]),
        ("2021年，没有向信息公开申请人收费的情况。", [(None, "元")]),
        ("未产生诉讼相关的费用支出。", [(None, None)]),
        ("全年未收到任何形式的信息公开方面的咨询。", [(None, None)]),
        ("无结转下年度申请。", [("requests_carried_out", "件")]),
        ("全年未发生泄密事件。", [(None, None)]),
        ("没有出现因申请引发的行政复议被撤销、行政诉讼败诉的情况。", [(None, None), (None, None)]),
        ("全年没有需要回应的重大舆情。", [(None, None)]),
        ("本镇没有不予公开的信息。", [(None, None)]),
        ("我局未就信息公开收取费用。", [(None, None)]),
        ("收费及费用减免的情况均未发生。", [(None, None), (None, None)]),
        ("我乡收到与信息公开有关的行政复议申请0件。", [("reconsideration_cases", "件")]),
    ],
)
def test_explicit_zeros(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(f.indicator, f.unit) for f in figures(text) if f.value == 0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "未经审核的信息一律不准发布。",
        "核准企业资质条。",
        "无其他需要报告的事项。",
        "无正当理由大量反复申请。",
    ],
)
def test_no_figures(text: str) -> None:
    assert figures(text) == []


def test_year_scope_channel() -> None:
    found = figures("2021年，全县通过政府门户网站发布信息2017条。", 2022)[0]
    assert (found.value, found.year, found.scope, found.channel) == (2017, 2021, "全县", "政府门户网站")


def test_year_of_comparison_and_carrying_is_not_the_figures_own() -> None:
    assert figures("较2021年增加申请，收到申请30件，结转2024年办理2件。", 2023)[-1].year == 2023
    assert figures("自2012年起累计公开信息979条。", 2016)[0].year == 2016
    assert figures("从2008年5月1日起开展信息公开，配备了3名工作人员。", 2016)[0].year == 2016


def test_lines_cut_by_the_page_are_joined() -> None:
    text = "通过文字、图片等形式进一步加强政策解读工作，全年制作各类政策解读材料\n21 个。"
    found = figures(text)[0]
    assert (found.value, found.unit) == (21, "个") and "\n" in found.evidence.text


def test_hostile_text_is_read_in_time() -> None:
    for text in (
        "共计" * 3000 + "x1条",
        "(" * 5000 + "1条",
        "1条、" * 3000,
        "a." * 20000 + "1条",
        "9" * 50000,
        "其中" * 3000 + "2条",
    ):
        find_figures([section(text)], 2023)


def test_text_sample_matches_its_gold() -> None:
    """The samples in PDF run through the whole pipeline elsewhere; this one is text as it stands."""
    gold_file = ROOT / "tests" / "gold" / "sifangtai-2022.txt.gold.json"
    source = SAMPLES / "sifangtai-2022.txt"
    if not (gold_file.exists() and source.exists()):
        pytest.skip("the samples lie outside the repository")
    body = source.read_text("utf-8").split("一、总体情况", 1)[1].split("二、主动公开政府信息情况", 1)[0]
    found, gold = figures(body, 2022), json.loads(gold_file.read_text("utf-8"))["figures"]
    positions = {f.id: n for n, f in enumerate(found)}
    assert [(f.value, f.unit, f.approximate, f.kind, positions.get(f.part_of or "")) for f in found] == [
        (Decimal(str(g["value"])), g["unit"], g["approximate"], g["kind"], g["part_of"]) for g in gold
    ]
    for figure, entry in zip(found, gold, strict=True):
        assert entry["text"] in figure.evidence.text or figure.evidence.text in entry["text"] or figure.kind == "rate"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015年行政复议、行政诉讼均为0件。", ["reconsideration_cases", "litigation_cases"]),
        ("行政复议和行政诉讼各0起。", ["reconsideration_cases", "litigation_cases"]),
        ("召开新闻发布会、在线访谈均为0次。", ["press_conferences", "web_interviews"]),
        ("受理涉及信息公开事务的行政复议申请0件。", ["reconsideration_cases"]),
        ("公开财政预算、决算信息0条。", ["cat_fiscal"]),
    ],
)
def test_one_printed_zero_of_several_things_is_a_zero_of_each(text: str, expected: list[str]) -> None:
    found = figures(text)
    assert [f.indicator for f in found] == expected
    assert all(f.evidence.text.endswith(("0件", "0起", "0次", "0条")) for f in found)
    assert len({f.evidence.start for f in found}) == len(found)


@pytest.mark.parametrize(
    "text", ["行政复议、行政诉讼均为0件，其中维持0件、纠正0件。", "行政复议、行政诉讼均为0件(其中维持0件)。"]
)
def test_a_zero_of_several_things_that_is_broken_down_stays_whole(text: str) -> None:
    found = figures(text)
    assert found[0].value == 0 and {f.part_of for f in found[1:]} == {found[0].id}


def test_what_one_channel_published_is_not_all():
    for text, indicator in (
        ("在市政府门户网站，我局主动公开信息3748条。", "disclosed_website"),
        ("我局以门户网站为主要渠道，全年主动公开政府信息915条。", "disclosed_total"),
        ("通过政府网站、公众号等方式主动公开政府信息812条。", "disclosed_total"),
    ):
        assert figures(text)[0].indicator == indicator
