"""Tables that lie flattened in running text, found by the labels of the forms and lifted out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractor.document import Block, Document, Grid, Paragraph
from extractor.forms import label_key
from extractor.normalize import squeeze
from extractor.tables.flow_tokens import Token, best_known, known_labels, like_known, tokens_of
from extractor.tables.labels import ACCEPT, is_certain_header, is_title, row_tables

READERS = frozenset(("text-plain", "text-paged", "html", "docx", "word-legacy"))
GAP = 3  # lines without anything tabular that may stand inside a table
PROSE = 60  # a longer line with a full stop and no run of digits is prose
_SENTENCE = re.compile(r"[。；;！？]")
_PARTED = re.compile(r"[|｜│┃]|\d{3}")  # a heading has no pipes and no numbers
_CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．]")
_NO_WORDS = re.compile(r"[\s\d.,|｜│┃/—–-]*")


@dataclass(frozen=True)
class FlowGrid(Grid):
    """A table lying in running text, as tokens."""

    tokens: tuple[Token, ...] = ()


def _is_tabular(paragraph: Paragraph) -> bool:
    """Whether a line is made of labels and values only."""
    if len(paragraph.text) > PROSE and "。" in paragraph.text and not _PARTED.search(paragraph.text):
        return False
    if _NO_WORDS.fullmatch(paragraph.text):
        return True
    text = squeeze(paragraph.text)
    strange_share = 0.1 if _SENTENCE.search(text) else 0.4
    tokens: list[Token] = []
    known = strange = 0
    for token in tokens_of([(0, paragraph)]):
        tokens.append(token)
        if token.kind == "word":
            size = len(squeeze(token.text))
            is_known = _part_of_label(squeeze(token.text))
            known, strange = known + is_known * size, strange + (not is_known) * size
            if strange > strange_share * len(text):
                return False  # most lines of prose end here, at their first words
    return strange <= strange_share * (known + strange) and not _is_heading(text, tokens)


def _is_heading(text: str, tokens: list[Token]) -> bool:
    """Whether a line is the heading of a chapter, and not a row such as 二、上年结转政府信息公开申请数量."""
    if not _CHAPTER.match(text) or _PARTED.search(text):
        return False
    names = [t.text for t in tokens if t.kind == "word"]
    return not (like_known("".join(names)) or any(like_known(n) for n in names[:1]))


def _part_of_label(text: str) -> bool:
    key = label_key(text)
    if len(key) <= 3 or best_known(text) >= ACCEPT:
        return True
    return any(key in k for k in known_labels())


def _regions(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """Ranges of blocks in which lines are tabular, short gaps bridged."""
    marks = [isinstance(b, Paragraph) and len(b.text) < 20_000 and _is_tabular(b) for b in blocks]
    start: int | None = None
    last = -1
    for index, mark in enumerate([*marks, False]):
        if mark:
            start = index if start is None else start
            last = index
        elif start is not None and (index == len(blocks) or index - last > GAP or _ends(blocks[index])):
            yield start, last + 1
            start = None


def _ends(block: Block) -> bool:
    """What no table goes on over: another table, a chapter heading, a sentence."""
    if not isinstance(block, Paragraph):
        return True
    text = squeeze(block.text)
    return _is_heading(text, list(tokens_of([(0, block)]))) or (bool(_SENTENCE.search(text)) and len(text) > 30)


def _holds_table(tokens: list[Token]) -> bool:
    names = {squeeze(t.text) for t in tokens if t.kind == "word"}
    rows = sum(bool(row_tables(n)) and len(label_key(n)) >= 4 for n in names)
    heads = sum(is_certain_header(n) or is_title(n) for n in names)
    return rows + heads >= 3 and (rows >= 6 or any(t.kind != "word" for t in tokens))


def lift_tables(document: Document) -> Document:
    """The document with each flattened table as one block of its own, out of the running text."""
    if document.reader not in READERS:
        return document
    blocks = list(document.blocks)
    out: list[Block] = []
    done = 0
    for start, end in _regions(blocks):
        lines = [(i, b) for i, b in enumerate(blocks[start:end], start) if isinstance(b, Paragraph)]
        tokens = list(tokens_of(lines))
        if _holds_table(tokens):
            out += blocks[done:start]
            place = tokens[0].place
            out.append(FlowGrid((), 0, 0, regular=False, page=place.page, place=place, tokens=tuple(tokens)))
            done = end
    out += blocks[done:]
    reader = document.reader
    if any(isinstance(b, FlowGrid) for b in out):
        reader = f"{reader}-flow" if reader != "text-plain" else "text-flow"
    return Document(tuple(out), reader, document.media_type, document.pages, document.notes)
