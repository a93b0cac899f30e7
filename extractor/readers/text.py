"""Text files → Document: the encoding found without being told, then the style of flattening."""

from __future__ import annotations

import re

from extractor.document import Block, Document, Paragraph, Piece, Place, Span
from extractor.readers.decoding import decode
from extractor.readers.text_layout import is_layout, read_layout
from extractor.readers.text_tab import is_tab_led, read_tab_led

MANY_PIPES = 40  # a text with more has its columns kept by pipes, not by spaces


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
    elif is_layout(text) and text.count("|") < MANY_PIPES:
        blocks, reader = read_layout(text), "text-layout"
    else:
        blocks, reader = _plain(text), "text-plain"
    return Document(tuple(blocks), reader, "text/plain")
