"""Sentences of the test part. They are not tuned on: see corpora/test-log.csv for when they were run."""

from __future__ import annotations

from corpora.prose.writer import Voice, Writer


def year_of_disclosure(w: Writer) -> None:
    """Total in front, parts after 按类别分."""
    total = w.rng.randint(40, 7000)
    names = ["政策文件类{}", "人事信息类{}", "行政许可和处罚类{}", "其他类{}"]
    w.breakdown("依托政府网站公开信息共计{}", "条", total, names, ("，按类别分，", "，", "。"))


def platforms(w: Writer) -> None:
    """Platforms in parentheses, each with its verb."""
    total = w.rng.randint(30, 2500)
    names = ["政务微信发布{}", "政务微博发布{}", "今日头条号发布{}"]
    w.breakdown("政务新媒体全年发布作品{}", "条", total, names, ("（其中", "、", "）。"))


def two_levels(w: Writer) -> None:
    """A breakdown with a breakdown of its first part."""
    total = w.rng.randint(60, 3000)
    first, second = w.split(total, 2)
    whole = w.figure("公开财政信息{}", total, "条")
    w.say("，其中")
    part = w.figure("预决算信息{}", first, "条", part_of=whole)
    if first > 1:
        a, b = w.split(first, 2)
        w.say("（")
        w.figure("政府预决算{}", a, "条", part_of=part)
        w.say("、")
        w.figure("部门预决算{}", b, "条", part_of=part)
        w.say("）")
    w.say("、")
    w.figure("专项资金信息{}", second, "条", part_of=whole)
    w.say("。")


def interviews(w: Writer) -> None:
    """Leaders, online, and questions answered."""
    w.figure("主要负责同志走进直播间{}", w.rng.randint(1, 15), "次")
    w.say("，")
    w.figure("回应网民关切{}", w.rng.randint(3, 300), "条")
    w.say("。")


def vague_people(w: Writer) -> None:
    """Approximate counts of people and leaflets."""
    people, sheets = w.rng.randint(3, 90) * 100, w.rng.randint(2, 50) * 100
    w.figure("活动现场解答群众咨询{}", people, "人次", shown=f"{people}多人次", approximate=True)
    w.say("，")
    w.figure("派发宣传单近{}", sheets, "份", approximate=True)
    w.say("。")


def readers(w: Writer) -> None:
    """Visits in 万, with a decimal."""
    hundredths = w.rng.randint(120, 9900)
    text = f"{hundredths / 100:g}万人次"
    w.figure("网站独立访客数为{}", hundredths * 100, "人次", shown=text)
    w.say("。")


def on_time(w: Writer) -> None:
    """Rates after a dash of nouns."""
    value = w.rng.choice((100, 98.2, 95))
    w.figure(
        "依申请公开答复按时率为{}", value, "%", shown=f"{value:g}%", kind="rate", indicator="requests_on_time_rate"
    )
    w.say("。")


def growth(w: Writer) -> None:
    """Growth with 比上年."""
    value = w.rng.choice((2.4, 16, 37.9))
    w.figure("全年发布政策解读{}", w.rng.randint(3, 200), "篇", indicator="policy_interpretations")
    w.say("，")
    w.figure("比上年增加{}", value, "%", shown=f"{value:g}%", kind="change")
    w.say("。")


def inspections(w: Writer) -> None:
    """Inspections and what they found, unit first."""
    w.figure("开展{}政务新媒体专项检查", w.rng.randint(2, 12), "轮")
    w.say("，")
    w.figure("注销长期停更的账号{}", w.rng.randint(1, 20), "个")
    w.say("。")


def spoken_numbers(w: Writer) -> None:
    """Chinese numerals, ten and more."""
    value = w.rng.randint(11, 19)
    shown = "十" + "一二三四五六七八九"[value - 11] + "个"
    w.figure("政务公开专区覆盖{}社区", value, "个", shown=shown)
    w.say("。")


def opinions(w: Writer) -> None:
    """Solicited, received, adopted."""
    w.figure("组织重大决策意见征集{}", w.rng.randint(2, 20), "次")
    w.say("，")
    got = w.rng.randint(8, 300)
    whole = w.figure("征集公众意见{}", got, "条", indicator="opinions_received")
    w.say("，")
    w.figure("采纳{}", w.rng.randint(1, got), "条", part_of=whole, indicator="opinions_adopted")
    w.say("。")


def documents(w: Writer) -> None:
    """Normative documents, or none."""
    count = w.facts.normative if w.facts.normative is not None else w.rng.randint(1, 20)
    if count:
        w.figure("新制定行政规范性文件{}", count, "件", indicator="normative_issued")
    else:
        w.zero("未制定行政规范性文件", "件", "normative_issued")
    w.say("。")


def budget(w: Writer) -> None:
    """万元, with decimals."""
    hundredths = w.rng.randint(50, 90000)
    text = f"{hundredths / 100:g}万元"
    w.figure("政府采购合同公告金额{}", hundredths * 100, "元", shown=text, kind="amount")
    w.say("。")


def training(w: Writer) -> None:
    """Training: sessions and people."""
    w.figure("举办业务轮训班{}", w.rng.randint(1, 9), "期")
    w.say("，")
    w.figure("受训干部{}", w.rng.randint(20, 600), "人", indicator="training_people")
    w.say("。")


def requests(w: Writer) -> None:
    """Requests new, carried in, carried out."""
    received, carried = w.facts.received, w.facts.carried_in
    if received is None:
        w.say("依申请公开工作流程进一步优化。")
        return
    if received == 0:
        w.zero("全年未接到政府信息公开申请", "件", "requests_received")
        w.say("。")
        return
    w.figure("新收到政府信息公开申请{}", received, "件", indicator="requests_received")
    if carried:
        w.say("，")
        w.figure("上年度结转办理{}", carried, "件", indicator="requests_carried_in")
    if w.facts.carried_out:
        w.say("，")
        w.figure("结转下年度继续办理{}", w.facts.carried_out, "件", indicator="requests_carried_out")
    w.say("。")


def disputes(w: Writer) -> None:
    """Reconsideration and litigation."""
    for count, name, indicator in (
        (w.facts.reconsideration, "行政复议", "reconsideration_cases"),
        (w.facts.litigation, "行政诉讼", "litigation_cases"),
    ):
        if count == 0:
            w.zero(f"全年没有因信息公开引发的{name}", "件", indicator)
            w.say("。")
        elif count is not None:
            w.figure(f"涉及政府信息公开的{name}案件{{}}", count, "件", indicator=indicator)
            w.say("。")


def fee(w: Writer) -> None:
    """信息处理费."""
    amount = w.rng.choice((0, 0, 40, 1250))
    if amount == 0:
        w.zero("按照规定，本年度未发生信息处理费收取情况", "元", "info_processing_fee")
    else:
        w.figure("依规收取信息处理费共{}", amount, "元", kind="amount", indicator="info_processing_fee")
    w.say("。")


def preamble(w: Writer) -> None:
    """Where to write to, with everything that has digits in it."""
    year, rng = w.facts.year, w.rng
    street = f"{w.facts.place}东湖大道{rng.randint(1, 900)}号综合楼{rng.randint(2, 12)}层{rng.randint(201, 1299)}室"
    w.trap(
        f"按照国务院办公厅公开办关于年度报告格式的通知（国办公开办函〔2021〕30号）要求，由{w.facts.agency}编制本报告，"
        f"全文包括六个部分。统计时段为{year}年1月1日到{year}年12月31日。通信地址：{street}，"
        f"邮政编码{rng.randint(100000, 999999)}，传真{rng.randint(2000000, 8999999)}，"
        f"电子邮箱zwgk{rng.randint(10, 999)}@example.cn。"
    )


def problems(w: Writer) -> None:
    """Chapter five, with a plan's name."""
    w.trap(
        f"对照“十四五”时期目标，仍存在两方面不足：一是基层公开标准化水平不高，二是政策解读深度不够。"
        f"{w.facts.year + 1}年将以“1+3+N”公开体系为抓手，于6月底前完成专区改造。"
    )


def traps(w: Writer) -> None:
    """Hotlines, slogans, classes, dates and article numbers."""
    year, rng = w.facts.year, w.rng
    w.trap(
        rng.choice(
            (
                f"认真落实《条例》第{rng.randint(19, 30)}条至第{rng.randint(31, 40)}条，坚持“五公开”贯穿全流程。",
                f"{year}年{rng.randint(1, 12)}月，与12345、110等热线建立联动机制，实现“一号对外”。",
                f"参加全省第{rng.randint(2, 20)}期政务公开培训班学习，对标“一级二类”服务窗口建设。",
                f"依据政发〔{year - 1}〕{rng.randint(2, 99)}号、政办〔{year}〕{rng.randint(2, 99)}号文件完善制度。",
                "聚焦“一老一小”、高校毕业生等重点人群，打造“15分钟”便民服务圈。",
            )
        )
    )


def early_disclosed(w: Writer) -> None:
    """Early report: channels one by one."""
    total = w.rng.randint(100, 6000)
    names = ["政府网站公开{}", "政府公报公开{}", "公告栏公开{}"]
    w.breakdown("全年主动公开政府信息{}", "条", total, names, ("，其中通过", "，通过", "。"))


def early_ways(w: Writer) -> None:
    """Early report: requests and answers."""
    total = w.rng.randint(4, 300)
    whole = w.figure("收到政府信息公开申请{}", total, "件", indicator="requests_received")
    w.say("，")
    w.figure("已答复{}", total, "件", part_of=whole)
    w.say("，")
    w.figure("答复率{}", 100, "%", shown="100%", kind="rate")
    w.say("。")


def early_points(w: Writer) -> None:
    """Early report: reading points and their visitors."""
    value = w.rng.randint(3, 60) * 100
    w.figure("在档案馆、图书馆设立查阅场所{}", w.rng.randint(2, 9), "处", indicator="public_access_points")
    w.say("，")
    w.figure("接待查阅人员{}", value, "人次", shown=f"{value}余人次", approximate=True)
    w.say("。")


def early_disputes(w: Writer) -> None:
    """Early report: neither reconsideration nor litigation."""
    w.zero("无行政复议案件", "件", "reconsideration_cases")
    w.say("，")
    w.zero("无行政诉讼案件", "件", "litigation_cases")
    w.say("。")


def early_gazette(w: Writer) -> None:
    """Early report: the gazette."""
    w.figure("编印政府公报{}", w.rng.randint(4, 24), "期", indicator="gazette_issues")
    w.say("，")
    w.figure("免费赠阅{}", w.rng.randint(10, 90) * 100, "册", indicator="gazette_copies")
    w.say("。")


VOICE = Voice(
    families=(
        year_of_disclosure,
        platforms,
        two_levels,
        interviews,
        vague_people,
        readers,
        on_time,
        growth,
        inspections,
        spoken_numbers,
        opinions,
        documents,
        budget,
        training,
    ),
    early=(early_disclosed, early_ways, early_points, early_disputes, early_gazette),
    requests=requests,
    disputes=disputes,
    fee=fee,
    preamble=preamble,
    problems=problems,
    traps=traps,
)
