"""Parts that no word and no sum shows, plans, shares in tenths and denials behind their noun."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.data import load_json
from extractor.figures import find_figures, linked_by_rules
from extractor.figures.likely import Row, likelihood, link_likely, traits
from extractor.numerals import find_tenths
from extractor.report import Figure, Section, SectionEvidence

CARD = load_json("confidence/parts.json")


def section(text: str) -> Section:
    return Section(id="overview", title="总体情况", text=text, evidence=SectionEvidence())


def figures(text: str, year: int = 2015) -> list[Figure]:
    return find_figures([section(text)], year)


def parents(text: str) -> dict[int | Decimal, int | Decimal]:
    """Value of a part → value of its total, for every linked figure."""
    found = figures(text)
    value = {f.id: f.value for f in found}
    return {f.value: value[f.part_of] for f in found if f.part_of}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "新增主动公开政府信息290条。当中，机构概况类5条，占1.7%；政策文件类31条，占10.7%；政务动态类62条，占21.4%；其它类192条。",
            {5: 290, 31: 290, 62: 290, 192: 290},
        ),
        (
            "共收到群众意见建议74条。反映较多的为道路养护（31条）、垃圾清运（18条）、路灯（9条）。",
            {31: 74, 18: 74, 9: 74},
        ),
    ],
)
def test_parts_that_do_not_sum_up(text, wanted):
    assert parents(text) == wanted


def test_a_list_is_complete_only_where_it_sums_up():
    text = "当年公开信息{}条。机构概况类5条，占2%；政策文件类31条，占10%；政务动态类62条，占21%；其它类192条。"
    right, short = figures(text.format(290)), figures(text.format(297))
    assert {f.part_role for f in right if f.part_of} == {"addend"}
    assert "addend" not in {f.part_role for f in short if f.part_of and f.part_of == short[0].id} or sum(
        f.value for f in short if f.part_of
    ) == Decimal(290)


def test_after_a_complete_list_nothing_is_a_part_of_its_parts():
    found = parents("收到公开申请7件，其中网上4件、当面3件。不属本镇职责2件，其余1件补正后未再提交。")
    assert set(found.values()) == {7}


def test_what_was_settled_of_other_things_is_no_part():
    assert parents("收到留言93条，办结提案20条。") == {}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=9))
def test_no_part_is_more_than_its_total_and_none_comes_first(numbers):
    nouns = "机构概况类政策文件类政务动态类其他信息解读材料通知公告规划计划财政预算人事任免"
    text = "，".join(f"{nouns[4 * n : 4 * n + 4]}{k}条" for n, k in enumerate(numbers)) + "。"
    drafts = linked_by_rules(section(text), 2015)
    place = {id(d): n for n, d in enumerate(drafts)}
    for item in link_likely(drafts):
        assert item.parent is not None
        assert item.value <= item.parent.value and place[id(item.parent)] < place[id(item)]
        assert not item.parent.zero and item in item.parent.children


def test_likelihoods_are_those_of_the_weights():
    """The short way through the weights gives what adding all of them up gives."""
    drafts = linked_by_rules(section("公开信息157条。机构职能类6条，规划计划类9条，业务动态130条。"), 2015)
    row = Row(drafts)
    for found in (f for at in range(len(drafts)) for f in traits(row, at).values()):
        score = sum(w for names, w in CARD["weights"].items() if set(names.split("*")) <= found)
        assert likelihood(found) == pytest.approx(1 / (1 + math.exp(-CARD["intercept"] - score)))


def test_the_card_says_how_the_model_does_on_series_it_did_not_see():
    left_out = CARD["left_out"]
    given, right = (sum(s[k] for s in left_out.values()) for k in ("given", "right"))
    assert set(left_out) == set(CARD["series"]) and given > 100 and right / given > 0.75


@pytest.mark.parametrize(
    "text",
    [
        "2016年计划新建微信公众号1个。",
        "下一步，拟将公开栏增至50块，力争满意率达到95%。",
        "明年打算再开设3个专栏。",
        "来年把更新周期压到15天，开放日活动办够4场。",
        "2016年将增设政务公开驿站2处。",
    ],
)
def test_what_is_only_planned_is_no_figure(text):
    assert figures(text) == []
    assert [f.value for f in figures(f"公开信息31条。{text}")] == [31]


@pytest.mark.parametrize(
    "text", ["规划计划类信息12条。", "公布招生计划4350名。", "拟批准公示108项。", "将120条信息上网。", "准备材料12份。"]
)
def test_what_only_sounds_like_a_plan(text):
    assert len(figures(text)) == 1


@pytest.mark.parametrize(
    ("text", "value", "vague"),
    [("占六成。", 60, False), ("占近七成,", 70, True), ("同比增长一成八。", 18, False), ("占8成以上。", 80, True)],
)
def test_tenths(text, value, vague):
    found = list(find_tenths(text))
    assert [(q.value, q.rate, q.approximate) for q in found] == [(value, "%", vague)]


@pytest.mark.parametrize("text", ["完成三成员单位", "八成新。", "形成一成套", "由九成为主", "养成。", "两千成。"])
def test_what_is_no_tenth(text):
    assert [q.value for q in find_tenths(text)] in ([], [80]) and (
        text != "完成三成员单位" or not list(find_tenths(text))
    )


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("行政复议、诉讼案件均没有。", ["reconsideration_cases", "litigation_cases"]),
        ("均未收邮寄费，零复议、零诉讼。", [None, "reconsideration_cases", "litigation_cases"]),
        ("没有召开新闻发布会，也没有开展网络访谈。", ["press_conferences", "web_interviews"]),
        ("收费及减免均无。", [None, None]),
        ("检索、复印、邮递费用一律免收。", [None]),
        ("无上年遗留申请。", ["requests_carried_in"]),
        ("没有产生与诉讼、复议有关的费用。", [None]),
        ("我局未制发、废止、修改行政规范性文件。", ["normative_issued", "normative_repealed"]),
        ("受理信息公开申请：无。", ["requests_received"]),
        ("与行政复议、行政诉讼有关的费用支出：无。", [None]),
    ],
)
def test_denials(text, indicators):
    found = figures(text, 2021)
    assert [f.value for f in found] == [0] * len(indicators)
    assert [f.indicator for f in found] == indicators


@pytest.mark.parametrize(
    "text", ["在信息公开平台公开部门文件、工作动态、办事指南等各类信息48条。", "在区政府网上主动公开组织机构信息3条。"]
)
def test_what_names_many_classes_or_one_of_a_site_states_no_indicator(text):
    assert [(f.value, f.indicator) for f in figures(text)] in ([(48, None)], [(3, None)])


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("公报出刊24期，每期发行6.2万份，全年148.8万份。", 1488000, "份"),
        ("订户1.1万，读者座谈1次。", 11000, None),
        ("14个栏目中3个内容陈旧。", 3, "个"),
        ("收到来信836件，813件按规定回复。", 813, "件"),
        ("接受咨询364人次（电话241，上门75，网络48）。", 75, "人次"),
        ("街道办公室有1名兼职人员经办申请。", 1, "名"),
        ("县档案馆、图书馆两处查阅场所对外开放。", 2, "处"),
        ("行政复议3起，两起维持、一起终止。", 2, "起"),
        ("电子阅览室9间，喇叭316只。", 316, "只"),
    ],
)
def test_quantities_that_were_missed_in_unseen_passages(text, value, unit):
    assert (value, unit) in [(f.value, f.unit) for f in figures(text)]
