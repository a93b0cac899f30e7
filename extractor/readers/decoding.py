"""Bytes → text: the encoding found without being told."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from extractor.errors import TooLarge, UnsupportedType

MAX_BYTES = 64 * 1024 * 1024
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHINESE = {"utf-8", "gb18030", "big5", "big5hkscs"}  # of what pages declare only these hold Chinese
_SIMPLIFIED = {"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "hz"}  # pages that name these print GB18030


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 has zero bytes beside every ASCII character: on odd places little-endian, on even big."""
    head = data[:4096]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) < 0.02 * len(head) or min(odd, even) > 0.6 * max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _known(name: str) -> str | None:
    """A declared encoding by the name Python has for it; GB2312 and GBK are read as GB18030."""
    if name.lower() in _SIMPLIFIED:
        return "gb18030"
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a name with a NUL in it
        return None
    return known if known in _CHINESE else None


def _candidates(data: bytes, declared: Iterable[str]) -> list[str]:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return [name]
    utf16 = _utf16_without_bom(data)
    if utf16:
        return [utf16]
    stated = [k for d in declared if (k := _known(d))]
    # UTF-8 first: other bytes hardly ever pass for it, while much passes for GB18030 or Big5
    return list(dict.fromkeys(["utf-8", *stated, "gb18030"]))


def _plausible(text: str) -> bool:
    """Text that a person wrote: hardly any control or unassigned characters, and some words."""
    sample = text[:200_000]
    odd = {c for c in set(sample) if _is_odd(c)}
    return bool(sample.strip()) and (sum(c in odd for c in sample) if odd else 0) <= 0.002 * len(sample)


@lru_cache(maxsize=65536)
def _is_odd(char: str) -> bool:
    """A control character, one that Unicode does not assign, or one of private use."""
    return unicodedata.category(char) in {"Cc", "Cn", "Co"} and char not in "\t\r\n\f\v\x1a"


def decode(data: bytes, name: str, declared: Iterable[str] = ()) -> str:
    """Bytes to text: byte order marks, UTF-8, UTF-16 without mark, a declared encoding, GB18030.

    What the bytes are counts for more than what they claim to be. Characters that are damaged become
    U+FFFD only where nearly all of the text is sound (a file cut in mid-character, a page with some
    bytes of another encoding). Raises UnsupportedType where the bytes are no text, TooLarge above 64 MB.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{name} ({len(data) // 1024 // 1024} MB of text)")
    candidates = _candidates(data, declared)
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _plausible(text):
            return text
    for encoding in candidates:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= max(2, len(text) // 2000) and _plausible(text):
            return text
    raise UnsupportedType(f"{name} (no text in UTF-8, UTF-16 or GB18030)")


def declared_charsets(head: bytes) -> list[str]:
    """The encodings that the head of a web page names."""
    return [m.decode("ascii") for m in re.findall(rb"(?i)(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", head)]
