"""The one grammar of numbers, on characters.

Input is text folded by :func:`extractor.normalize.fold` (full-width digits are ASCII there). Read are
ASCII digits with thousands separators and decimals, 中文数字, the multipliers 百 千 万 亿 with decimals
(6.7万 is 67000), the rates % and ‰, 百分之…, and the words that make a number approximate. Values are
``int`` where the number is whole and exact ``Decimal`` otherwise, never ``float``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Rate = Literal["", "%", "‰"]

CHINESE_DIGITS = "〇零一二两三四五六七八九十百千万亿"
# 千 before a measure of physics is no multiplier: 5千米 is a length.
_MULTIPLIERS = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}
_SCALE = r"(?:[百千]?[万亿]|万亿|千(?![克米瓦卡])|百(?!分))"
_BEFORE = "大约|大概|接近|超过|突破|不少于|不低于|至少|将近|近|约|超|逾"
# after a number 多 always says "more than"
_MORE = "余|多"
_ASCII = re.compile(
    rf"(?P<before>{_BEFORE})?"
    r"(?P<sign>(?<=[为达幅率:])-)?"
    r"(?<![\d.A-Za-z])(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d{1,15})(?P<fraction>\.\d{1,12})?(?!\.?\d)"
    rf"(?P<more1>[余多](?=[百千万亿]))?(?P<scale>{_SCALE})?"
    r"(?:(?<=万)(?P<rest>[1-9])千)?"  # 3万4千
    rf"(?P<rate>[%‰])?(?P<more2>{_MORE})?"
)
_CHINESE = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<hundredths>百分之)?"
    rf"(?P<digits>[{CHINESE_DIGITS}]{{1,20}})(?:点(?P<fraction>[〇零一二三四五六七八九]{{1,12}}))?"
    rf"(?:(?P<more1>{_MORE})(?P<scale>[万亿]))?(?P<more2>{_MORE})?"  # 三十余万
)
# 占六成, 近七成, 增长一成八: tenths, where a word of share or change or a stop proves them
_TENTHS = re.compile(
    rf"(?P<before>{_BEFORE}|不到|不足)?(?<![十百千万\d分])"
    r"(?P<tenths>[一二三四五六七八九\d])成(?P<hundredths>[一二三四五六七八九半\d])?(?P<more>以上|左右|多|上下)?(?=[,;。、)]|$)"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in folded text.

    ``start`` and ``end`` delimit the number itself: digits, multiplier, % and 余/多, without the words
    before it. ``lead`` is where such a word (近, 约, 超过) begins, else equal to ``start``.
    """

    value: int | Decimal
    start: int
    end: int
    approximate: bool = False
    rate: Rate = ""
    lead: int = -1
    chinese: bool = False


def exact(number: Decimal) -> int | Decimal:
    """``number`` as int where it is whole, else as Decimal."""
    return int(number) if number == number.to_integral_value() else number


def parse_digits(digits: str, scale: str = "") -> int | Decimal:
    """ASCII digits (thousands commas allowed) times the multiplier characters in ``scale``."""
    plain = digits.replace(",", "")
    if not scale:
        return Decimal(plain) if "." in plain else int(plain)
    factor = 1
    for char in scale:
        factor *= _MULTIPLIERS[char]
    return exact(Decimal(plain) * factor)


def parse_chinese(digits: str, fraction: str = "") -> int | Decimal | None:
    """The value of one isolated 中文数字 token, or None where it is not a well-formed number.

    The whole part goes through cn2an; decimals are read digit by digit, so that no float arises.
    """
    import cn2an  # loaded only when a Chinese numeral stands where a figure can be

    token = "一" + digits if digits[0] in "百千万亿" else digits
    try:
        whole = int(cn2an.cn2an(token.replace("〇", "零"), "smart"))
    except ValueError:  # cn2an's word for "not a number", such as 三百五十百
        return None
    if not fraction:
        return whole
    decimals = "".join(str("零一二三四五六七八九".index(c.replace("〇", "零"))) for c in fraction)
    return Decimal(f"{whole}.{decimals}")


def _ascii_quantity(found: re.Match[str]) -> Quantity:
    text = found["digits"] + (found["fraction"] or "")
    value = parse_digits(text, found["scale"] or "")
    if found["rest"]:
        value = exact(Decimal(value) + int(found["rest"]) * 1000)
    start = found.start("sign") if found["sign"] else found.start("digits")
    rate: Rate = "%" if found["rate"] == "%" else "‰" if found["rate"] else ""
    return Quantity(
        value=-value if found["sign"] else value,
        start=start,
        end=found.end(),
        approximate=bool(found["before"] or found["more1"] or found["more2"]),
        rate=rate,
        lead=found.start("before") if found["before"] else start,
    )


def find_ascii(text: str) -> Iterator[Quantity]:
    """Every number written with digits, in order."""
    return (_ascii_quantity(found) for found in _ASCII.finditer(text))


def find_chinese(text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Where runs of Chinese numerals stand: start, end and the match for :func:`chinese_quantity`.

    Most such runs are no numbers (一般, 统一, 万众), so the caller judges the place before it converts.
    """
    for found in _CHINESE.finditer(text):
        yield found.start("hundredths") if found["hundredths"] else found.start("digits"), found.end(), found


def chinese_quantity(found: re.Match[str]) -> Quantity | None:
    """The number in a match of :func:`find_chinese`, or None where it is none."""
    value = parse_chinese(found["digits"], found["fraction"] or "")
    if value is None:
        return None
    if found["scale"]:
        value = exact(Decimal(value) * _MULTIPLIERS[found["scale"]])
    start = found.start("hundredths") if found["hundredths"] else found.start("digits")
    # 百万 without a number before it is an order of magnitude
    vague = found["digits"][0] in "百千万亿" and not found["hundredths"]
    return Quantity(
        value=value,
        start=start,
        end=found.end(),
        approximate=bool(found["before"] or found["more1"] or found["more2"] or vague),
        rate="%" if found["hundredths"] else "",
        lead=found.start("before") if found["before"] else start,
        chinese=True,
    )


def _tenths_quantity(found: re.Match[str]) -> Quantity:
    value = 10 * tenths_of(found["tenths"]) + tenths_of(found["hundredths"] or "0")
    start = found.start("tenths")
    vague = bool(found["before"] or found["more"])
    lead = found.start("before") if found["before"] else start
    return Quantity(value, start, found.end(), vague, "%", lead, chinese=True)


def tenths_of(char: str) -> int:
    """The value of one digit, ASCII or Chinese; 半 is five tenths."""
    return 5 if char == "半" else int(char) if char.isdecimal() else "零一二三四五六七八九".index(char)


def find_tenths(text: str) -> Iterator[Quantity]:
    """Every share told in tenths (六成, 一成八), as a percentage."""
    return (_tenths_quantity(found) for found in _TENTHS.finditer(text))


def parse_number(text: str) -> int | Decimal | None:
    """The value of a string that is one number and nothing else, or None."""
    found = _ASCII.fullmatch(text)
    if found and not (found["before"] or found["more1"] or found["more2"] or found["rate"]):
        return _ascii_quantity(found).value
    chinese = _CHINESE.fullmatch(text)
    if chinese and not (chinese["before"] or chinese["more1"] or chinese["more2"] or chinese["hundredths"]):
        quantity = chinese_quantity(chinese)
        return quantity.value if quantity else None
    return None
