"""Sentences of the training part, and the reports before 2019 that they make."""

from __future__ import annotations

from corpora.model import Number
from corpora.prose.writer import CHINESE, Voice, Writer

VAGUE = (("{}余", ""), ("{}多", ""), ("近{}", ""), ("约{}", ""), ("超{}", ""), ("{}", "以上"))


def disclosed_total(w: Writer) -> None:
    """Total with parts after 其中."""
    total = w.rng.randint(60, 9000)
    whole = w.figure(w.rng.choice(("全年主动公开各类政府信息{}", "全年通过门户网站发布信息{}")), total, "条")
    w.say("，其中")
    names = w.rng.sample(["工作动态", "通知公告", "财政资金", "民生保障", "机构职能", "规划计划"], 3)
    for i, (name, part) in enumerate(zip(names, w.parts_of(whole, total, 3), strict=True)):
        w.say("、" if i else "")
        w.figure(name + "类信息{}", part, "条", part_of=whole)
    w.say("。")


def channel_breakdown(w: Writer) -> None:
    """Total with its parts in parentheses."""
    total = w.rng.randint(20, 3000)
    whole = w.figure("各类渠道累计推送消息{}", total, "篇")
    w.say("（")
    for i, (name, part) in enumerate(
        zip(("微信公众号", "政务微博", "短视频账号"), w.parts_of(whole, total, 3), strict=True)
    ):
        w.say("，" if i else "")
        w.figure(name + "{}", part, "篇", part_of=whole)
    w.say("）。")


def approximations(w: Writer) -> None:
    """余, 多, 近, 约, 超, 以上."""
    value = w.rng.randint(2, 90) * 10
    pattern, tail = w.rng.choice(VAGUE)
    w.figure("向群众发放公开指南{}", value, "份", shown=pattern.format(value) + "份" + tail, approximate=True)
    w.say("，受到基层欢迎。")


def ten_thousands(w: Writer) -> None:
    """万, plain and approximate."""
    tenths = w.rng.randint(11, 480)
    text = f"{tenths / 10:g}万"
    vague = w.rng.random() < 0.5
    shown = text + ("余次" if vague else "次")
    w.figure("政务新媒体总阅读量达{}", tenths * 1000, "次", shown=shown, approximate=vague)
    w.say("。")


def rates(w: Writer) -> None:
    """A count and a rate of the same thing."""
    w.figure("年内受理留言{}", w.rng.randint(12, 900), "条")
    w.say("，")
    value: Number = w.rng.choice((100, 99.6, 98.75, 97, 92.3))
    w.figure(w.rng.choice(("按期办结率{}", "满意率达到{}")), value, "%", shown=f"{value}%", kind="rate")
    w.say("。")


def changes(w: Writer) -> None:
    """Growth and fall against the year before."""
    value = w.rng.choice((3.2, 12, 18.4, 25, 40.75))
    w.figure("公开信息总量为{}", w.rng.randint(100, 5000), "条")
    w.say("，")
    if w.rng.random() < 0.5:
        w.figure("同比增长{}", value, "%", shown=f"{value:g}%", kind="change")
    else:
        w.figure("较上年下降{}", -value, "%", shown=f"{value:g}%", kind="change")
    w.say("。")


def number_first(w: Writer) -> None:
    """Number and unit before the noun."""
    w.figure("先后组织{}业务培训", w.rng.randint(2, 19), "场")
    w.say("，")
    w.figure("对{}发布不够及时的栏目逐一督促整改", w.rng.randint(2, 38), "个")
    w.say("。")


def chinese_numerals(w: Writer) -> None:
    """A count written in Chinese numerals."""
    value = w.rng.randint(2, 9)
    w.figure("新设{}政务公开体验点", value, "个", shown=CHINESE[value] + "个")
    w.say("，方便群众就近查询。")


def interpretations(w: Writer) -> None:
    """Subsets without any mark, and a total after its parts."""
    a, b = w.rng.randint(3, 60), w.rng.randint(2, 40)
    total = len(w.figures) + 2
    w.figure("全年发布文字解读{}", a, "篇", part_of=total)
    w.say("、")
    w.figure("图表解读{}", b, "篇", part_of=total)
    w.say("，")
    w.figure("合计{}", a + b, "篇")
    w.say("。")


def consultations(w: Writer) -> None:
    """Received, of which adopted: a subset."""
    total = w.rng.randint(10, 400)
    whole = w.figure("就重大决策公开征集意见，共收到意见建议{}", total, "条")
    w.say("，")
    w.figure("采纳{}", w.rng.randint(1, total), "条", part_of=whole)
    w.say("。")


def normative(w: Writer) -> None:
    """Normative documents, in agreement with table 二 where it prints them."""
    count = w.facts.normative if w.facts.normative is not None else w.rng.randint(1, 20)
    if count == 0:
        w.zero("本年度没有制发行政规范性文件", "件")
    else:
        w.figure("本年度制发行政规范性文件{}", count, "件")
    w.say("。")


def money(w: Writer) -> None:
    """An amount in yuan or 万元."""
    if w.rng.random() < 0.5:
        cents = w.rng.randint(100, 900000)
        amount: Number = cents * 100
        w.figure("安排公开专项经费{}", amount, "元", shown=f"{cents / 100:g}万元", kind="amount")
    else:
        w.figure("公开栏目改版投入{}", w.rng.randint(3, 90) * 1000, "元", kind="amount")
    w.say("。")


def meetings(w: Writer) -> None:
    """Plain counts with people and sessions."""
    w.figure("召开专题会议{}", w.rng.randint(1, 12), "次")
    w.say("，")
    w.figure("参训人员{}", w.rng.randint(20, 900), "人次")
    w.say("。")


def year_like(w: Writer) -> None:
    """A number that looks like a year."""
    w.figure("乡镇专栏更新内容{}", w.rng.randint(1990, 2035), "条")
    w.say("。")


def traps(w: Writer) -> None:
    """Numbers that are no figures: document numbers, dates, hotlines, slogans."""
    year = w.facts.year
    w.trap(
        w.rng.choice(
            (
                f"认真贯彻〔{year}〕{w.rng.randint(2, 60)}号文件要求，严格执行“三审三校”制度。",
                "依托12345政务服务便民热线，做到“一号答”，打通“最后一公里”。",
                f"{year}年{w.rng.randint(1, 12)}月{w.rng.randint(1, 28)}日，新版公开指南正式启用。",
                "对照《中华人民共和国政府信息公开条例》第二十条，修订“1+N”公开目录。",
                "围绕“十四五”规划实施，持续推进“一网通办”和“两微一端”建设。",
            )
        )
    )


def requests_sentence(w: Writer) -> None:
    """What the text says of the requests, in agreement with table 三 where it prints the numbers."""
    received = w.facts.received
    if received is None:
        w.say("依申请公开渠道保持畅通，答复文书进一步规范。")
        return
    if received == 0:
        w.zero(w.rng.choice(("本年度未收到政府信息公开申请", "全年无政府信息公开申请")), "件")
        w.say("。")
        return
    w.figure("全年新收政府信息公开申请{}", received, "件")
    if w.facts.carried_in:
        w.say("，")
        w.figure("上年结转{}", w.facts.carried_in, "件")
    w.say("，均依法依规予以办理。")


def disputes_sentence(w: Writer) -> None:
    """Reconsideration and litigation, zeros in words."""
    for count, name in ((w.facts.reconsideration, "行政复议"), (w.facts.litigation, "行政诉讼")):
        if count == 0:
            w.zero(w.rng.choice(("未发生因政府信息公开引起的{}", "无政府信息公开{}案件")).format(name), "件")
            w.say("。")
        elif count is not None:
            w.figure(f"因政府信息公开引起的{name}" + "{}", count, "件")
            w.say("。")


def fee_sentence(w: Writer) -> None:
    """信息处理费, as chapter six must report it."""
    amount = w.rng.choice((0, 0, 0, 20, 380, 3940))
    style = w.rng.randrange(3)
    if amount == 0 and style == 0:
        w.zero(f"{w.facts.year}年度未收取政府信息公开信息处理费", "元")
    elif amount == 0 and style == 1:
        w.zero("本年度无收取信息处理费情况", "元")
    else:
        w.figure("全年收取政府信息公开信息处理费{}", amount, "元", kind="amount")
    w.say("，除此之外没有其他需要报告的事项。")


def preamble(w: Writer) -> None:
    """Where the report comes from: dates, addresses, telephone and postcode, and no figure."""
    year, rng = w.facts.year, w.rng
    w.trap(
        f"本报告由{w.facts.agency}依照《中华人民共和国政府信息公开条例》（国务院令第711号）编制。"
        f"数据统计期限自{year}年1月1日起至{year}年12月31日止。如有疑问，请与{w.facts.place}政务公开科联系"
        f"（地址：{w.facts.place}槐荫路{rng.randint(1, 300)}号，邮编：{rng.randint(100000, 999999)}，"
        f"电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}）。"
    )


def problems(w: Writer) -> None:
    """Chapter five: hardly any figure."""
    w.say(
        f"{w.facts.year}年，{w.facts.place}政务公开取得一定进展，但公开内容的深度、解读形式的多样性仍需提升。"
        f"{w.facts.year + 1}年，将着力做好以下工作：一是健全动态更新机制；二是丰富解读形式；"
        "三是加强队伍培训。"
    )


def early_total(w: Writer) -> None:
    """Before 2019: what was disclosed this year and since the regulations came into force."""
    w.figure(f"{w.facts.year}年，全{w.facts.place[-1]}新增主动公开政府信息{{}}", w.rng.randint(80, 9000), "条")
    w.say(f"；截至{w.facts.year}年12月31日，")
    w.figure("历年累计公开{}", w.rng.randint(9000, 90000), "条")
    w.say("。")


def early_categories(w: Writer) -> None:
    """A list of categories, total first."""
    total = w.rng.randint(50, 4000)
    names = ["机构设置类{}", "政策法规类{}", "行政执法类{}", "业务工作类{}"]
    w.breakdown("在主动公开的信息中，全文电子化信息{}", "条", total, names, ("。其中：", "；", "。"))


def early_requests(w: Writer) -> None:
    """Requests by the way they came in."""
    total = w.rng.randint(5, 400)
    names = ["当面申请{}", "信函申请{}", "网络申请{}"]
    w.breakdown("受理信息公开申请共{}", "件", total, names, ("（", "，", "）。"))
    w.zero("没有发生收费情况", "元")
    w.say("。")


def early_visits(w: Writer) -> None:
    """Visits, phone calls and reading rooms."""
    w.figure("公共查阅点接待群众{}", w.rng.randint(30, 4000), "人次")
    w.say("，")
    w.figure("接听咨询电话{}", w.rng.randint(20, 900), "次")
    w.say("，")
    w.figure("设置查阅点{}", w.rng.randint(2, 30), "个", indicator="public_access_points")
    w.say("。")


def early_staff(w: Writer) -> None:
    """Who does the work."""
    w.figure("全市系统配备专职工作人员{}", w.rng.randint(2, 40), "名", indicator="staff_full_time")
    w.say("、")
    w.figure("兼职工作人员{}", w.rng.randint(2, 90), "名", indicator="staff_part_time")
    w.say("。")


VOICE = Voice(
    families=(
        disclosed_total,
        channel_breakdown,
        approximations,
        ten_thousands,
        rates,
        changes,
        number_first,
        chinese_numerals,
        interpretations,
        consultations,
        normative,
        money,
        meetings,
        year_like,
    ),
    early=(early_total, early_categories, early_requests, early_visits, early_staff),
    requests=requests_sentence,
    disputes=disputes_sentence,
    fee=fee_sentence,
    preamble=preamble,
    problems=problems,
    traps=traps,
)
