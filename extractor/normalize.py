"""Characters folded for matching, with the way back to the original offsets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import opencc

SHORT = 60  # labels and cells come again and again: what they fold to is kept
_QUOTES = str.maketrans(dict.fromkeys("“”„‟″〃「」『』'‘’＂＇`´", '"'))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣", "-"))
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD])


# 項(xiàng): some mirror pages put the reading of a character behind it; the tone mark tells it from other brackets
_READING = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,4}[)）]")


_PAGE_MARK = re.compile(r"^[-·.]+\d{1,4}[-·.]+$|^第\d{1,4}页([/,]?共\d{1,4}页)?$")
_PAGE_NUMBER = re.compile(r"^[-·.]*\d{1,4}[-·.]*$|^第?\d{1,4}页?[/,]?(共\d{1,4}页)?$")


def is_page_mark(text: str, *, bare: bool = False) -> bool:
    """Whether a line only numbers a page (-3-, 第3页共4页); ``bare`` where a lone number can be no cell."""
    return len(text) < 200 and bool((_PAGE_NUMBER if bare else _PAGE_MARK).match(squeeze(text)))


@cache
def _converter() -> opencc.OpenCC:
    """OpenCC's table from traditional to simplified characters; loaded when the first is met."""
    import opencc

    return opencc.OpenCC("t2s")


def simplified(char: str) -> str:
    """One character in its simplified form. Nearly all simplified ones are in GB2312 and are not looked up."""
    if not "\u4e00" <= char <= "\u9fff":
        return char
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        changed = str(_converter().convert(char))
        return changed if len(changed) == 1 else char
    return char


@lru_cache(maxsize=65536)
def fold_char(char: str) -> str:
    """One character folded: NFKC, simplified, straight quotes, one dash; invisible characters vanish."""
    if ord(char) in _INVISIBLE:
        return ""
    return simplified(unicodedata.normalize("NFKC", char)).translate(_QUOTES).translate(_DASHES)


class _Folding(dict[int, str]):
    """A table for ``str.translate`` that fills itself with folded characters."""

    def __init__(self, *, drop_space: bool) -> None:
        self.drop_space = drop_space
        self.single: set[str] = set()  # characters that stay one character

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "".join(c for c in fold_char(char) if not (self.drop_space and c.isspace()))
        if len(folded) == 1:
            self.single.add(char)
        self[code] = folded
        return folded


_SQUEEZING, _SPACED = _Folding(drop_space=True), _Folding(drop_space=False)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; ``origin[i]`` is the offset of folded character ``i`` in the original."""

    text: str
    origin: tuple[int, ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of the folded range ``start`` to ``end``."""
        if start >= end:
            return self.origin[start], self.origin[start]
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str, *, drop_space: bool = True) -> Folded:
    """Fold ``text`` character by character, so that every offset leads back.

    White space inside Chinese text carries no meaning (PDFs put it around every number), so it is
    dropped unless ``drop_space`` is false. Readings in brackets (規(guī)章) are dropped.
    """
    text = _without_readings(text)
    table = _SQUEEZING if drop_space else _SPACED
    folded = text.translate(table)
    if table.single.issuperset(text):
        return Folded(folded, tuple(range(len(text) + 1)))
    origin = [offset for offset, code in enumerate(map(ord, text)) for _ in table[code]]
    return Folded(folded, (*origin, len(text)))


def squeeze(text: str) -> str:
    """Folded text without white space: what labels are compared by."""
    return _squeezed(text) if len(text) <= SHORT else _without_readings(text).translate(_SQUEEZING)


def _without_readings(text: str) -> str:
    if "(" in text or "（" in text:
        return _READING.sub(lambda m: "\u200b" * len(m[0]), text)
    return text


@lru_cache(maxsize=65536)
def _squeezed(text: str) -> str:
    return _without_readings(text).translate(_SQUEEZING)
