"""Text files → Document: the encoding found without being told, then the style of flattening."""

from __future__ import annotations

import re

from extractor.document import Block, Document, Paragraph, Piece, Place, Span
from extractor.normalize import is_page_mark
from extractor.readers.decoding import decode
from extractor.readers.page_edges import Line, running_heads
from extractor.readers.text_layout import is_layout, read_layout
from extractor.readers.text_tab import is_tab_led, read_tab_led

MANY_PIPES = 40  # a text with more has its columns kept by pipes, not by spaces


def _pages(text: str) -> list[list[Line]]:
    """The lines that hold something; form feeds part the pages."""
    pages: list[list[Line]] = []
    for page in re.finditer(r"[^\f]+", text):
        lines = re.finditer(r"[^\r\n]+", page.group())
        stripped = ((page.start() + f.start(), f.group()) for f in lines if f.group().strip())
        pages.append([(at + len(line) - len(line.lstrip()), line.strip()) for at, line in stripped])
    return pages


def _is_paged(pages: list[list[Line]]) -> bool:
    """Whether the text was taken off printed pages, which breaks numbers over lines and parts them from labels."""
    return len(pages) > 1 or sum(is_page_mark(t) for page in pages for _, t in page) > 1


def _plain(pages: list[list[Line]]) -> list[Block]:
    """Each line that is not empty is a paragraph; page numbers and repeated running heads are left out."""
    blocks: list[Block] = []
    heads = running_heads(pages)
    for start, line in (line for page in pages for line in page if line[0] not in heads):
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
        pages = _pages(text)
        blocks, reader = _plain(pages), "text-paged" if _is_paged(pages) else "text-plain"
    return Document(tuple(blocks), reader, "text/plain")
