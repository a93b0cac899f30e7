"""The grammar of numbers: every way a report writes one is read back, with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.normalize import fold
from extractor.numerals import (
    chinese_quantity,
    find_ascii,
    find_chinese,
    parse_chinese,
    parse_digits,
    parse_number,
)

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """``number`` (below 10^8) in 中文数字: an oracle independent of the reader."""
    if number == 0:
        return "零"
    high, low = divmod(number, 10_000)
    out = chinese(high) + "万" if high else ""
    if high and 0 < low < 1000:
        out += "零"
    pending = False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, low = divmod(low, size)
        if digit:
            out += ("零" if pending and out[-1] != "零" else "") + _DIGITS[digit] + unit
        pending = not digit and bool(out)
    return out


@settings(deadline=None)
@given(st.integers(0, 10**14))
def test_integers_stay_int(number: int) -> None:
    found = next(find_ascii(f"公开{number}条"))
    assert found.value == number and type(found.value) is int
    assert f"公开{number}条"[found.start : found.end] == str(number)


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_thousands_separators(number: int) -> None:
    assert next(find_ascii(f"公开{number:,}条")).value == number


@settings(deadline=None)
@given(st.integers(0, 10**8), st.integers(0, 9999))
def test_decimals_are_exact(whole: int, part: int) -> None:
    text = f"{whole}.{part:04d}"
    assert str(next(find_ascii(f"收费{text}元")).value) == text


@settings(deadline=None)
@given(st.decimals("0.01", "9999", places=2), st.sampled_from(["万", "亿"]))
def test_multipliers_expand(number: Decimal, scale: str) -> None:
    found = next(find_ascii(f"访问{number}{scale}次"))
    assert found.value == number * {"万": 10**4, "亿": 10**8}[scale]


@settings(deadline=None)
@given(st.integers(0, 99_999_999))
def test_chinese_round_trip(number: int) -> None:
    assert parse_number(chinese(number)) == number


@settings(deadline=None)
@given(st.integers(0, 10**9))
def test_full_width_reads_the_same_and_leads_back(number: int) -> None:
    wide = str(number).translate({48 + n: chr(0xFF10 + n) for n in range(10)})
    text = f"公开 {wide} 条"
    folded = fold(text)
    found = next(find_ascii(folded.text))
    start, end = folded.back(found.start, found.end)
    assert found.value == number and text[start:end] == wide


@pytest.mark.parametrize(
    ("text", "value", "approximate"),
    [
        ("28余条", 28, True),
        ("近300个", 300, True),
        ("6.7万余条", 67000, True),
        ("160多万", 1600000, True),
        ("127.33亿元", 12733000000, False),
        ("1.18万条", 11800, False),
        ("3000多人次", 3000, True),
        ("20多次", 20, True),
        ("突破50万", 500000, True),
        ("536万", 5360000, False),
    ],
)
def test_written_forms(text: str, value: int, approximate: bool) -> None:
    found = next(find_ascii(text))
    assert (found.value, found.approximate) == (value, approximate)


def test_rates() -> None:
    assert next(find_ascii("占97.8%")).rate == "%"
    assert next(find_ascii("占3‰")).rate == "‰"
    quantity = chinese_quantity(next(find_chinese("百分之九十八点五"))[2])
    assert quantity is not None and (quantity.value, quantity.rate) == (Decimal("98.5"), "%")


@pytest.mark.parametrize("text", ["", "条", "1.2.3.4", "三百五十百", "1,23"])
def test_no_number(text: str) -> None:
    assert parse_number(text) is None


def test_versions_and_long_digit_runs_are_no_numbers() -> None:
    assert [q.value for q in find_ascii("IPv6网址192.168.1.1")] == []
    assert list(find_ascii("1" * 5000)) == []
    assert parse_digits("12,345") == 12345
    assert parse_chinese("两千三百") == 2300
