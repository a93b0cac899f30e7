"""Text files → Document: the encoding found without being told, then the style of flattening."""

from __future__ import annotations

import re
import unicodedata

from extractor.document import Block, Document, Paragraph, Piece, Place, Span
from extractor.errors import TooLarge, UnsupportedType
from extractor.readers.text_layout import is_layout, read_layout
from extractor.readers.text_tab import is_tab_led, read_tab_led

MAX_BYTES = 64 * 1024 * 1024
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 has zero bytes beside every ASCII character: on odd places little-endian, on even big."""
    head = data[:4096]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) < 0.02 * len(head) or min(odd, even) > 0.6 * max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _candidates(data: bytes) -> list[str]:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return [name]
    utf16 = _utf16_without_bom(data)
    return [utf16] if utf16 else ["utf-8", "gb18030"]


def _plausible(text: str) -> bool:
    """Text that a person wrote: hardly any control or unassigned characters, and some words."""
    sample = text[:200_000]
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\r\n\f\v\x1a" for c in sample)
    return bool(sample.strip()) and odd <= 0.002 * len(sample)


def decode(data: bytes, name: str) -> str:
    """Bytes to text: byte order marks, UTF-8, UTF-16 without mark, GB18030 (which holds GBK).

    Characters that are damaged become U+FFFD only where nearly all of the text is sound (a file cut
    in mid-character); otherwise UnsupportedType is raised.
    """
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{name} ({len(data) // 1024 // 1024} MB of text)")
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _plausible(text):
            return text
    for encoding in _candidates(data):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= max(2, len(text) // 2000) and _plausible(text):
            return text
    raise UnsupportedType(f"{name} (neither a PDF nor text in UTF-8, UTF-16 or GB18030)")


def _plain(text: str) -> list[Block]:
    """Each line that is not empty is a paragraph."""
    blocks: list[Block] = []
    for found in re.finditer(r"[^\r\n\f]+", text):
        line = found.group().strip()
        if line:
            start = found.start() + found.group().index(line[0])
            place = Place(span=Span(start, start + len(line)))
            blocks.append(Paragraph(line, (Piece(0, len(line), place),)))
    return blocks


def read_text(data: bytes, name: str) -> Document:
    """Read a text file: tab-led cells, ``pdftotext -layout`` output, or plain paragraphs.

    Raises UnsupportedType where the bytes are no text, TooLarge above 64 MB.
    """
    text = decode(data, name)
    if is_tab_led(text):
        blocks, reader = read_tab_led(text), "text-tab"
    elif is_layout(text):
        blocks, reader = read_layout(text), "text-layout"
    else:
        blocks, reader = _plain(text), "text-plain"
    return Document(tuple(blocks), reader, "text/plain")
