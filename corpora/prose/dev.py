"""Sentences of the development part: other words, other orders, other bodies."""

from __future__ import annotations

from corpora.prose.writer import Voice, Writer


def site_columns(w: Writer) -> None:
    """A total after its mark, parts in a semicolon list."""
    total = w.rng.randint(30, 5000)
    names = ["要闻动态栏目{}", "公示公告栏目{}", "法规公文栏目{}"]
    w.breakdown("本年度门户网站更新稿件{}", "篇", total, names, ("，包括：", "；", "。"))


def parallel_counts(w: Writer) -> None:
    """A plain run of counts in one sentence."""
    w.figure("编发政务简报{}", w.rng.randint(2, 60), "期")
    w.say("、")
    w.figure("公众号推文{}", w.rng.randint(20, 900), "篇")
    w.say("、")
    w.figure("宣传展板{}", w.rng.randint(2, 40), "块")
    w.say("。")


def share_of_total(w: Writer) -> None:
    """A percentage attached to the count before it."""
    part = w.rng.randint(5, 400)
    w.figure("通过网络渠道提交的留言{}", part, "条")
    w.say("，")
    value = w.rng.choice((12.5, 33.3, 48.06, 71, 90.9))
    w.figure("占留言总量的{}", value, "%", shown=f"{value:g}%", kind="rate")
    w.say("。")


def fans(w: Writer) -> None:
    """Followers in 万."""
    tenths = w.rng.randint(12, 990)
    w.figure("官方账号粉丝数突破{}", tenths * 1000, "人", shown=f"{tenths / 10:g}万人", approximate=True)
    w.say("。")


def supervision(w: Writer) -> None:
    """Number first, then a long noun."""
    w.figure("对{}信息更新不及时、链接失效的下属单位网页下发整改通知", w.rng.randint(2, 25), "家")
    w.say("。")


def chinese_sessions(w: Writer) -> None:
    """Chinese numerals with 次 and 期."""
    value = w.rng.randint(2, 9)
    shown = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九")[value] + "次"
    w.figure("局党组先后{}专题研究政务公开工作", value, "次", shown=shown)
    w.say("。")


def staff_now(w: Writer) -> None:
    """Staff, full and part time."""
    w.figure("现有专职人员{}", w.rng.randint(1, 9), "人", indicator="staff_full_time")
    w.say("，")
    w.figure("兼职人员{}", w.rng.randint(2, 30), "人", indicator="staff_part_time")
    w.say("。")


def proposals(w: Writer) -> None:
    """人大建议 and 政协提案."""
    w.figure("承办人大代表建议{}", w.rng.randint(1, 80), "件")
    w.say("、")
    w.figure("政协委员提案{}", w.rng.randint(1, 80), "件")
    w.say("，办理结果全部上网公开。")


def fall_of_requests(w: Writer) -> None:
    """A fall, its sign in the verb."""
    value = w.rng.choice((4.7, 11, 26.5))
    w.figure("网站访问量{}", w.rng.randint(3000, 90000), "人次")
    w.say("，")
    w.figure("同比减少{}", -value, "%", shown=f"{value:g}%", kind="change")
    w.say("。")


def small_money(w: Writer) -> None:
    """Yuan with decimals."""
    cents = w.rng.randint(100, 99999)
    amount = cents / 100
    w.figure("印制办事手册支出{}", amount, "元", shown=f"{amount:.2f}元", kind="amount")
    w.say("。")


def requests(w: Writer) -> None:
    """Requests with what was carried over and granted."""
    received, granted = w.facts.received, w.facts.granted
    if received is None:
        w.say("严格落实依申请公开首问负责制。")
        return
    if received == 0:
        w.zero("没有收到公民、法人和其他组织提出的政府信息公开申请", "件", "requests_received")
        w.say("。")
        return
    w.figure("共收到政府信息公开申请{}", received, "件", indicator="requests_received")
    if granted:
        w.say("，")
        w.figure("其中予以公开{}", granted, "件", part_of=len(w.figures) - 1, indicator="requests_granted")
    w.say("。")


def disputes(w: Writer) -> None:
    """Reconsideration and litigation in one breath."""
    first, second = w.facts.reconsideration, w.facts.litigation
    if first == 0 and second == 0:
        w.zero("无因政府信息公开被申请行政复议的情况", "件", "reconsideration_cases")
        w.say("，")
        w.zero("也无被提起行政诉讼的情况", "件", "litigation_cases")
        w.say("。")
        return
    if first:
        w.figure("被申请行政复议{}", first, "件", indicator="reconsideration_cases")
        w.say("。")
    if second:
        w.figure("被提起行政诉讼{}", second, "件", indicator="litigation_cases")
        w.say("。")


def fee(w: Writer) -> None:
    """信息处理费 as an amount or as none."""
    amount = w.rng.choice((0, 0, 15, 260))
    if amount == 0:
        w.zero("我单位本年度没有收取信息处理费", "元", "info_processing_fee")
    else:
        w.figure("本年度发出收费通知，收取信息处理费{}", amount, "元", kind="amount", indicator="info_processing_fee")
    w.say("。无其他需要报告的事项。")


def preamble(w: Writer) -> None:
    """Dates and a telephone number."""
    year = w.facts.year
    w.trap(
        f"根据《政府信息公开条例》第五十条规定，现公布{w.facts.agency}{year}年度报告。所列数据的统计期限为"
        f"{year}年1月1日至12月31日。联系电话：0{w.rng.randint(310, 999)}-{w.rng.randint(2000000, 8999999)}。"
    )


def problems(w: Writer) -> None:
    """Problems and plans, numbered."""
    w.trap(
        "（一）主要问题：1.部分栏目更新频次偏低；2.解读材料形式较为单一。"
        f"（二）改进措施：{w.facts.year + 1}年将建立“周提醒、月通报”机制，抓好“三个清单”。"
    )


def traps(w: Writer) -> None:
    """Numbers that are none: index numbers, slogans, meetings."""
    year, rng = w.facts.year, w.rng
    w.trap(
        rng.choice(
            (
                f"深入学习党的二十大精神，落实{year}年政务公开工作要点和“放管服”改革第{rng.randint(3, 30)}次会议部署。",
                f"严格执行《机关公文管理办法》（办发〔{year}〕{rng.randint(2, 80)}号）第{rng.randint(3, 30)}条。",
                "持续擦亮“5·15政务公开日”品牌，推广“7×24小时不打烊”服务。",
                f"信息索引号01{rng.randint(1000000, 9999999)}/{year}-{rng.randint(10000, 99999)}已统一编制。",
            )
        )
    )


def early_sum(w: Writer) -> None:
    """Early report: total after its parts."""
    a, b = w.rng.randint(20, 900), w.rng.randint(20, 900)
    total = len(w.figures) + 2
    w.figure("公开规范性文件和政策类信息{}", a, "条", part_of=total)
    w.say("、")
    w.figure("公开工作动态类信息{}", b, "条", part_of=total)
    w.say("，")
    w.figure("共计{}", a + b, "条")
    w.say("。")


def early_hall(w: Writer) -> None:
    """Early report: service hall and leaflets."""
    w.figure("政务大厅办理各类事项{}", w.rng.randint(900, 90000), "件", indicator="service_cases")
    w.say("，")
    value = w.rng.randint(2, 80) * 100
    w.figure("印发办事指南{}", value, "册", shown=f"{value}余册", approximate=True)
    w.say("。")


def early_nothing(w: Writer) -> None:
    """Early report: nothing came in."""
    w.zero("本年度未收到公民书面申请", "件", "requests_received")
    w.say("，")
    w.zero("未发生行政复议", "件", "reconsideration_cases")
    w.say("。")


def early_conferences(w: Writer) -> None:
    """Early report: press conferences."""
    w.figure("举行新闻发布会{}", w.rng.randint(1, 30), "场", indicator="press_conferences")
    w.say("，")
    w.figure("组织在线访谈{}", w.rng.randint(1, 40), "期", indicator="web_interviews")
    w.say("。")


VOICE = Voice(
    families=(
        site_columns,
        parallel_counts,
        share_of_total,
        fans,
        supervision,
        chinese_sessions,
        staff_now,
        proposals,
        fall_of_requests,
        small_money,
    ),
    early=(early_sum, early_hall, early_nothing, early_conferences),
    requests=requests,
    disputes=disputes,
    fee=fee,
    preamble=preamble,
    problems=problems,
    traps=traps,
)
