"""Quantities with their units, found on characters; what only looks like one is ruled out.

Offsets count characters of a passage's folded text. Units come from ``patterns/units.yaml``,
look-alikes from ``patterns/distractors.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extractor.data import load_yaml
from extractor.figures.clauses import pattern
from extractor.numerals import Quantity, chinese_quantity, find_ascii, find_chinese, find_tenths, tenths_of

_APPROXIMATE_AFTER = re.compile(r"余|多(?![媒元样种渠部])|以上|左右|上下|之多|\+(?![\dA-Za-z])")
_HAS_NUMBER = re.compile(r"[\d〇零一二两三四五六七八九十百千万亿]")
_BARE_LIST = re.compile(r"(?:其中|包括)[:,]?(?:[一-龥“”]{2,12}\d{1,7}[,、;。)]){3,}")
_SHARED_UNIT = re.compile(r"\((?:[一-龥“”]{2,8}\d{1,7}[,、;]?){2,}\)")  # 364人次(电话241,上门75,网络48)
_NAMED_UNIT = re.compile(r"\((\S{1,2})\)[:为]?$")
_TENTHS_OF_YUAN = re.compile(r"([一二三四五六七八九1-9])角")
# A unit is none where it begins a longer word: 个人, 项目, 部门, 家庭, 次数, 件数 …
_NOT_A_UNIT = re.compile(
    r"(?:个人|个体|项目|部门|部分|家庭|家乡|名称|名录|名单|人民|人大|人员|人事|人才|人社|人均|次数|件数|条数|条例|条件|条款|期限|期间|场所|场景|本级|本市|本区|本县|"
    r"处理|处罚|处室|类别|类型|类似|版面|版权|分别|分类|分析|分为|套餐|起草|起诉|通过|通知|通报|通告|轮流|起至|起止|则为|种类|块链|元旦|元素|位于|位列|位居|家里|户籍|字号|级)"
)


@dataclass(frozen=True, slots=True)
class Spotted:
    """A quantity and its unit: ``text[start:end]`` holds number, unit and 余/以上; ``lead`` begins 近/约."""

    value: int | Decimal
    unit: str | None
    kind: str
    start: int
    end: int
    lead: int
    approximate: bool


@lru_cache(maxsize=1)
def _units() -> tuple[re.Pattern[str], dict[str, dict[str, object]]]:
    table: dict[str, dict[str, object]] = {u["name"]: u for u in load_yaml("units.yaml")["units"]}
    names = sorted([*table, *load_yaml("units.yaml")["aliases"]], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names))), table


@lru_cache(maxsize=1)
def _distractors() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(entry["pattern"]) for entry in load_yaml("distractors.yaml"))


@lru_cache(maxsize=1)
def content_units() -> frozenset[str]:
    """Units that count pieces of information: parts in different ones may add up."""
    return frozenset(name for name, unit in _units()[1].items() if unit.get("content"))


def ruled_out(text: str) -> list[tuple[int, int]]:
    """The ranges of ``text`` where numbers are no figures."""
    return [found.span() for shape in _distractors() for found in shape.finditer(text)] + _plans(text)


def _plans(text: str) -> list[tuple[int, int]]:
    """Where the text says what is to be done: from the word of a plan to the end of its sentence."""
    ends = ((found.start(), text.find("。", found.end())) for found in pattern("plans").finditer(text))
    return [(start, end if end >= 0 else len(text)) for start, end in ends]


def _unit_at(text: str, at: int) -> str | None:
    """The unit printed at ``at``, or None; 项 of 项目 and 个 of 个人 are none."""
    found = _units()[0].match(text, at)
    if not found or (_NOT_A_UNIT.match(text, at) and not _counts_people(text, at)):
        return None
    return found.group()


def _counts_people(text: str, at: int) -> bool:
    """Whether 人 at ``at`` ends its word after all: 3人通过 …; 人次 always does."""
    return text.startswith("人次", at)


def _bare(text: str, quantity: Quantity) -> bool:
    """Whether a number without unit stands where one was left out (公开政务信息4287。)."""
    if not pattern("bare_after").match(text[quantity.end : quantity.end + 1]):
        return False
    before = text[max(0, quantity.lead - 8) : quantity.lead]
    if text[quantity.end - 1] in "万亿" and not quantity.chinese:
        return bool(re.search("[一-龥]$", before))  # 订户1.1万
    if quantity.chinese and quantity.value == 0:
        return bool(pattern("zero_words").search(before))
    return bool(pattern("bare_before").search(before))


def _listed(text: str) -> dict[int, str | None]:
    """Where numbers without unit stand in a list, and the unit that they share with the number before its bracket.

    Three or more behind 其中 or 包括 (其中机构信息9,财政信息14,…), or two in brackets (364人次(电话241,上门75)).
    """
    shared = ((f, _unit_before(text, f.start())) for f in _SHARED_UNIT.finditer(text))
    lists = [*((f, None) for f in _BARE_LIST.finditer(text)), *((f, unit) for f, unit in shared if unit)]
    return {f.start() + number.start(): unit for f, unit in lists for number in re.finditer(r"\d+", f.group())}


def _unit_before(text: str, at: int) -> str | None:
    """The unit of the number that ends at ``at``, or None."""
    found = re.search(r"\d([一-龥]{1,3})$", text[max(0, at - 8) : at])
    return found[1] if found and found[1] in _units()[1] else None


def _spot(text: str, quantity: Quantity, listed: Mapping[int, str | None]) -> Spotted | None:
    """``quantity`` with its unit, or None where nothing shows that it counts something."""
    end, approximate = quantity.end, quantity.approximate
    kind = "rate" if quantity.rate else "count"
    unit: str | None = quantity.rate or _unit_at(text, end)
    if unit is None and (shared := listed.get(quantity.start)):
        return Spotted(
            quantity.value, shared, str(_units()[1][shared]["kind"]), quantity.start, end, quantity.lead, False
        )
    named = _NAMED_UNIT.search(text, max(0, quantity.lead - 6), quantity.lead) if unit is None else None
    if named and named[1] in _units()[1]:  # 收到申请总数(件):7
        kind, printed = str(_units()[1][named[1]]["kind"]), named[1]
        return Spotted(quantity.value, printed, kind, quantity.start, end, quantity.lead, approximate)
    if unit is None and quantity.start not in listed and not _bare(text, quantity):
        return None
    if unit and not quantity.rate:
        end += len(unit)
        unit = load_yaml("units.yaml")["aliases"].get(unit, unit)
        kind = str(_units()[1][unit]["kind"])
    value = quantity.value
    if unit == "元" and (tenths := _TENTHS_OF_YUAN.match(text, end)):  # 126元5角
        value, end = value + Decimal(tenths_of(tenths[1])) / 10, tenths.end()
    after = _APPROXIMATE_AFTER.match(text, end)
    if after:
        end, approximate = after.end(), True
    return Spotted(value, unit, kind, quantity.start, end, quantity.lead, approximate)


def _big(digits: str) -> bool:
    """Whether 中文数字 are more than ten: idioms and names hardly go so far."""
    return len(digits) > 1 and any(c in "十百千" for c in digits)


def _chinese_fits(text: str, start: int, end: int) -> bool:
    """Whether 中文数字 at ``start`` to ``end`` stand where a report counts, not inside an idiom."""
    if text[start:end].startswith("百分之"):
        return True
    before = text[max(0, start - 6) : start]
    if text[start:end] == "零":
        return True
    if pattern("chinese_never_before", "{}").search(before):
        return False
    unit = _unit_at(text, end)
    if unit is None:
        # 关注人数超百万: an order of magnitude after a word of counting
        return end - start > 1 and bool(re.search(r"(?:超|近|逾|突破|超过)$", before))
    if unit == "名" and pattern("people").match(text, end + 1):
        return True
    if pattern("chinese_nouns").match(text, end):
        return True
    closes = end + len(unit) == len(text) or text[end + len(unit)] in ",;。、)"
    counted = _big(text[start:end]) or bool(pattern("chinese_before", "{}$").search(before))
    strict = bool(_units()[1].get(unit, {}).get("digits_only")) or (text[start:end] == "一" and unit == "个")
    if closes:
        return bool(before) and before[-1] not in ",;。:(、是" and (counted or not strict or unit == "大类")
    return counted and not strict


def _candidates(text: str) -> Iterator[Quantity]:
    yield from find_ascii(text)
    yield from find_tenths(text)
    for start, end, found in find_chinese(text):
        behind = re.search(r"[\d.](?:[余多])?$", text[max(0, start - 2) : start])  # 9600余|万 is one number
        if not behind and _chinese_fits(text, start, end):
            quantity = chinese_quantity(found)
            if quantity is not None:
                yield quantity


def find_quantities(text: str) -> list[Spotted]:
    """Every quantity that counts something in a passage's folded ``text``, in reading order."""
    if not _HAS_NUMBER.search(text):
        return []
    out: list[Spotted] = []
    listed = _listed(text)
    barred: list[tuple[int, int]] | None = None
    for quantity in _candidates(text):
        spotted = _spot(text, quantity, listed)
        if spotted is None:
            continue
        if barred is None:
            barred = ruled_out(text)
        if not any(start < spotted.end and spotted.start < end for start, end in barred):
            out.append(spotted)
    return sorted(out, key=lambda s: s.start)
