"""How a label of the form comes to be printed: variants, ordinals, brackets, quotes, spaces, line breaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from corpora.forms import Entry
from corpora.model import Knobs
from corpora.parts import load_part

CHAPTER_TITLES: dict[str, tuple[str, ...]] = {
    "overview": ("一、总体情况", "一、工作基本情况", "一、总体概述"),
    "proactive_disclosure": (
        "二、主动公开政府信息情况",
        "二、行政机关主动公开政府信息情况",
        "二、主动公开政府信息的情况",
    ),
    "requests": ("三、收到和处理政府信息公开申请情况", "三、行政机关收到和处理政府信息公开申请情况"),
    "reconsideration_litigation": (
        "四、政府信息公开行政复议、行政诉讼情况",
        "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "四、政府信息公开行政复议和行政诉讼情况",
        "四、政府信息公开行政复议行政诉讼情况",
    ),
    "problems_improvements": (
        "五、存在的主要问题及改进情况",
        "五、存在的主要问题和改进措施",
        "五、存在问题及改进情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
    ),
    "other_matters": ("六、其他需要报告的事项", "六、其他需要报告事项", "六、其它需要报告的事项"),
}
BROKEN = {
    "商业企业": "商业\n企业",
    "科研机构": "科研\n机构",
    "结果维持": "结果\n维持",
    "结果纠正": "结果\n纠正",
    "其他结果": "其他\n结果",
    "尚未审结": "尚未\n审结",
}
SHORT_HEADERS = 6
LONG_LABEL = 8


def chapter_title(rng: Random, chapter: str, knobs: Knobs, own: Mapping[str, tuple[str, ...]]) -> str:
    """The printed chapter title: the usual one, or one of the part's own."""
    titles = (CHAPTER_TITLES[chapter][0], *own[chapter]) if own else CHAPTER_TITLES[chapter]
    return rng.choice(titles) if knobs.title_variants else titles[0]


def restyle(text: str, knobs: Knobs) -> str:
    """Ordinals, brackets and quotation marks in the habit of this report."""
    text = re.sub(r"^(\d)\.", rf"\1{knobs.ordinal_style}", text)
    opening, closing = (knobs.quotes[0], knobs.quotes[-1]) if knobs.quotes else ("", "")
    text = text.replace("“", opening).replace("”", closing)
    if knobs.half_brackets:
        text = text.replace("（", "(").replace("）", ")")
    return text


def damaged(rng: Random, text: str, knobs: Knobs) -> str:
    """A long label with one slip of the hand; which slips there are depends on the part of the corpus."""
    if not knobs.slip_rate or len(text) < LONG_LABEL or rng.random() >= knobs.slip_rate:
        return text
    kind = load_part(knobs.part).label_damage
    at = rng.randrange(4, len(text) - 1)  # ordinals stand in front
    if kind == "replaced or dropped":
        kind = rng.choice(("replaced", "dropped"))
    if kind == "replaced":
        return text[:at] + rng.choice("政信工的有关") + text[at + 1 :]
    if kind == "dropped":
        return text[:at] + text[at + 1 :]
    if kind == "doubled":
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]  # swapped


def _variant(rng: Random, entry: Entry, knobs: Knobs) -> str:
    if not entry.variants or rng.random() >= knobs.variant_rate:
        return entry.label
    chosen = rng.choice(entry.variants)
    ordinal = re.match(r"\d\.|（[一二三四五六七]）", entry.label)
    if ordinal and not chosen.startswith(ordinal.group()):
        chosen = ordinal.group() + chosen
    return chosen


def row_label(rng: Random, entry: Entry, knobs: Knobs) -> str:
    """The printed label of a row."""
    label = entry.label if entry.id == "outcome_total" else _variant(rng, entry, knobs)
    if entry.id == "outcome_total" and knobs.heji:
        label = "（七）合计"
    return damaged(rng, restyle(label, knobs), knobs)


def column_label(rng: Random, entry: Entry, knobs: Knobs) -> str:
    """The printed label of a column header, with letter spaces or line breaks where the report has them."""
    total = "合计" if knobs.heji else "总计"
    label = restyle(total if entry.id == "total" else _variant(rng, entry, knobs), knobs)
    if knobs.spaced_headers and len(label) <= SHORT_HEADERS:
        return " ".join(label)
    return BROKEN.get(label, label) if knobs.broken_headers else label


def article_label(text: str, knobs: Knobs) -> str:
    """The block title 第二十条第（一）项 in this report's habit."""
    if knobs.article_space:
        text = text.replace("条第", "条 第")
    return restyle(text, knobs)
