"""Breakdowns whose total stands in another sentence, numbers side by side, years and changes beside other years."""

from __future__ import annotations

from decimal import Decimal

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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("局长信箱收到留言93条，答复91条。", {91: 93}),
        ("食品抽检4905批次，检出不合格137批次。", {137: 4905}),
        ("下发问题清单，指出问题17个，完成整改16个。", {16: 17}),
        ("共收到申请31件。已办结30件。", {30: 31}),
        ("举办新闻发布会47场，其中主要负责同志出席29场次。", {29: 47}),
        ("收到申请31件，上年结转2件，办结30件。", {}),  # some of those settled came in before
        ("收到申请31件，答复30件（含上年度结转2件）。", {2: 30}),
        ("收到留言93条，办结提案20条。", {}),
    ],
)
def test_what_is_settled_is_a_part_of_what_came_in(text, wanted):
    assert links(text) == wanted


def test_a_long_list_goes_before_sums_within_it():
    text = (
        "共处理申请186件。予以公开82件；部分公开15件；不予公开9件；"
        "无法提供58件；不予处理6件；其他处理9件；其余7件结转至2022年。"
    )
    assert links(text) == dict.fromkeys([82, 15, 9, 58, 6, 7], 186)


def test_numbers_of_one_list_add_up_by_chance():
    assert links("新收申请44件。从内容看，征地拆迁12件、职称评审6件、其他6件、户籍20件。") == dict.fromkeys(
        [12, 6, 20], 44
    )


def test_parts_of_a_part_follow_it():
    text = "被申请行政复议11件，维持8件、撤销1件、撤回2件；被提起行政诉讼7件，一审5件、二审2件。"
    assert links(text) == {8: 11, 1: 11, 2: 7, 5: 7}  # 2 stands twice; not 5 + 2 + 1 of the 8


def test_parts_of_a_rounded_total():
    text = (
        "全市公开政府信息24.8万余条。政府网站公开17.9万条；政务微博公开31260条；"
        "政务微信公开22875条；其他方式公开1.5万条。"
    )
    assert links(text) == dict.fromkeys([179000, 31260, 22875, 15000], 248000)


def test_zeros_belong_to_the_list_that_a_total_ends():
    assert links("收取检索费0元、复制费312.5元、邮寄费1146元，共1458.5元。") == dict.fromkeys(
        [0, Decimal("312.5"), 1146], Decimal("1458.5")
    )


def test_a_total_may_skip_what_is_counted_otherwise():
    text = "官方微博发布3128条；微信公众号推送412期1655条；头条号502条；以上账号合计发布5285条。"
    assert links(text) == dict.fromkeys([3128, 1655, 502], 5285)


def test_other_brackets_hold_parts_too():
    assert links("公开信息10326条（网上7015条〔县政府网站4120条、部门网站2895条〕，公开栏3311条）。") == {
        7015: 10326, 3311: 10326, 4120: 7015, 2895: 7015,
    }  # fmt: skip


def test_years_side_by_side():
    found = figures("全县收到的申请逐年上升，2021年、2022年、2023年分别为41件、56件和73件。")
    assert [(f.value, f.year, f.indicator) for f in found] == [
        (41, 2021, "requests_received"), (56, 2022, "requests_received"), (73, 2023, "requests_received"),
    ]  # fmt: skip


def test_what_a_number_is_compared_with_counts_the_same():
    found = figures("收到政府信息公开申请28415件，比2010年的31102件下降8.64%。")
    assert [(f.indicator, f.year) for f in found[:2]] == [("requests_received", 2023), ("requests_received", 2010)]


def test_parts_do_not_state_the_indicator_of_their_total():
    found = figures("共收到政府信息公开申请44件，其中自然人申请39件，企业申请5件。")
    assert [f.indicator for f in found] == ["requests_received", None, None]


def test_of_two_that_state_one_indicator_neither_is_the_whole():
    found = figures("承办人大代表建议14件、政协提案22件。")
    assert [f.indicator for f in found] == [None, None]


def test_places_of_different_scope_state_it_each():
    found = figures("全区收到政府信息公开申请95件，区政府收到政府信息公开申请17件。")
    assert [f.indicator for f in found] == ["requests_received", "requests_received"]


def test_zeros_in_one_clause_come_in_its_order():
    found = figures("没有因信息公开工作被举报、复议或诉讼。")
    assert [f.indicator for f in found] == ["complaints", "reconsideration_cases", "litigation_cases"]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("全年未收取信息处理费。", "info_processing_fee"),
        ("未收取检索、复制、邮寄费用。", None),
        ("减免：无。", None),
        ("没有发生行政申诉。", None),
        ("无上年结转件。", "requests_carried_in"),
        ("没有制发行政规范性文件。", "normative_issued"),
        ("专职人员一个也没有。", "staff_full_time"),
    ],
)
def test_zeros_in_words(text, indicator):
    assert [(f.value, f.indicator) for f in figures(text)] == [(0, indicator)]


def test_the_blanks_of_a_template_are_filled_in():
    found = figures("更新政务信息（1204）条，其中概况类信息（31）条、政务动态信息（1173）条，关注人数（1.28）万人。")
    assert [(f.value, f.unit, f.part_of) for f in found] == [
        (1204, "条", None), (31, "条", "f1"), (1173, "条", "f1"), (12800, "人", None),
    ]  # fmt: skip
    assert found[1].evidence.text == "其中概况类信息（31）条"


def test_numbered_items_are_no_figures():
    assert figures("（1）件数逐年上升。（2）条目更新及时。") == []


@pytest.mark.parametrize(
    "text",
    [
        "主动公开政府信息100条。网站发布60条，微信发布45条，微博发布20条，公告栏公布10条，电视播出8条。",
        "网站发布100条，微信发布45条，微博发布20条，公开栏公布18条，电视播出10条，广播播出12条。",
        "网站发布100条，微信发布40条，微博发布20条，公开栏公布20条，电视播出13条。",
    ],
)
def test_channels_that_overlap_are_no_breakdown_of_each_other(text):
    """Nothing announces a list: numbers that all but add up, or two that do, are no finding about the report."""
    assert links(text) == {}


def test_a_list_that_a_colon_opens_may_be_wrong():
    parts = [2, 3, 1, 6, 30, 131]
    names = ["机构领导", "师资培训", "校园建设", "评聘职称", "学费标准", "中小学教学"]
    listed = "，".join(f"{n}{k}条" for n, k in zip(names, parts, strict=True))
    assert links(f"主动公开的171条按类别为：{listed}。") == dict.fromkeys(parts, 171)


def test_a_total_is_not_named_after_its_last_part():
    found = figures("通过微博发布信息20篇，微信推送30期，共计50条。")
    assert [f.indicator for f in found] == ["disclosed_weibo", None, None]
    assert "微信" not in found[2].measure


def test_a_denial_is_one_zero():
    found = figures("上年度也无结转，本年新收申请3件。")
    assert [(f.indicator, f.value) for f in found] == [("requests_carried_in", 0), ("requests_received", 3)]


def test_what_is_moved_is_not_planned():
    assert [f.indicator for f in figures("将312项政务服务事项进驻大厅。")] == ["service_items"]
    assert [f.indicator for f in figures("将召开新闻发布会3场。")] == [None]


def test_a_noun_behind_its_number_is_not_the_next_ones():
    found = figures("配备了1名专职工作人员及3名兼职工作人员。")
    assert [(f.value, f.indicator) for f in found] == [(1, "staff_full_time"), (3, "staff_part_time")]


def test_a_year_that_was_carried_over_is_not_the_numbers():
    assert [f.year for f in figures("共受理申请0件，2021年未转结申请，行政复议0件。")][-1] == 2023


def test_the_items_of_another_house_are_not_the_bodys():
    assert [f.indicator for f in figures("市图书馆主动公开政府信息988条。")] == [None]


def roles(text: str) -> dict[int, str]:
    """Value of a part → addend or subset."""
    return {f.value: f.part_role for f in figures(text) if f.part_of}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "发布政府信息共972条，主要包括决策事项6项、政策文件135件、解读材料14篇、动态信息588条等。",
            {6: 972, 135: 972, 14: 972, 588: 972},
        ),
        (
            "全年发布各类信息83条，更新目录7类。其中，按时公布部门预算等财政信息；发布文件5份，执法类信息41条，抽检类信息12条。",
            {5: 83, 41: 83, 12: 83},
        ),
        (
            "主动公开信息共236条，其中：\n1.累计公开规章类信息15条，2011年新增3条；\n2.累计公开概况类信息9条，2011年新增1条；\n"
            "3.累计公开计划类信息174条，2011年新增116条；\n4.累计公开收费类信息38条，2011年新增5条。",
            {15: 236, 9: 236, 174: 236, 38: 236, 3: 15, 1: 9, 116: 174, 5: 38},
        ),
        ("2023年新增公开信息104条，历年累计公开信息229条。", {104: 229}),
        (
            "主动公开信息120条。\n法规类17条，占总体的14.17%；规划计划类5条，占4.17%；机构职能类9条（占7.5%）。",
            {17: 120, 5: 120, 9: 120},
        ),
        ("主动公开信息120条。\n走访群众17户，占12.00%。", {}),
    ],
)
def test_parts_by_their_introduction_their_numbers_or_their_shares(text, wanted):
    assert links(text) == wanted


def test_a_list_that_all_but_adds_up_is_a_wrong_sum():
    assert roles("全年公开信息94条，网站公开60条，微信公开20条，公开栏公开10条。") == {
        60: "addend",
        20: "addend",
        10: "addend",
    }
    assert roles("全年公开信息194条，网站公开60条，微信公开20条，公开栏公开10条。").get(60) != "addend"
    assert "addend" not in roles("收到申请148件，上年度结转3件，办结146件，结转下年度办理5件。").values()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # a list in the clause of its total ends with the clause
        ("召开发布会13次，其中局长出席5次；参加访谈4次。", {5: 13}),
        # 其中 at the head of a sentence speaks of the whole, not of the last item of the list before
        ("收到申请31件，其中自然人20件、企业11件。已全部答复，其中予以公开19件，信息不存在12件。",
         {20: 31, 11: 31, 19: 31, 12: 31}),
        # what was done in some manner is no kind of thing
        ("公开信息52条，其中全文电子化的52条。机构类5条、法规类11条、动态类33条、其他类3条。",
         {52: 52, 5: 52, 11: 52, 33: 52, 3: 52}),
        # what came in and what went out is no list: 19 = 1 + 18 by chance
        ("新收申请19件，上年结转1件，办结18件。", {}),
        # with requests carried in, outcomes are not of those received alone
        ("新收公开申请31件，上年结转2件。办理结果：予以公开18件，部分公开4件，不予公开3件。", {}),
        # a list that adds up to its own first item
        ("公开信息900条。其中网站发布430条，要闻200条，文件150条，解读80条。", {430: 900, 200: 430, 150: 430, 80: 430}),
    ],
)  # fmt: skip
def test_where_a_list_ends_and_whose_it_is(text, wanted):
    assert links(text) == wanted


def test_lists_within_a_list_leave_it_whole():
    text = (
        "新增主动公开信息55条。其中机构类18条，内有领导成员9条、机构职能3条、其他6条；工作类14条，其中计划总结5条、"
        "通知公告9条；政策文件类6条；民生事项类9条；财政管理类8条。"
    )
    found = figures(text)
    assert [f.part_of for f in found] == [None, "f1", *["f2"] * 3, "f1", *["f6"] * 2, *["f1"] * 3]
    assert {f.part_role for f in found[1:]} == {"addend"}
