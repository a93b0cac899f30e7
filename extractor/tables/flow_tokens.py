"""Flattened text → tokens: words, values, and slots that are shown to be empty.

However a page was flattened (a cell a line, pipes, single spaces, no delimiter at all), what is left is a
stream of labels and numbers in reading order. Where no delimiter stands between a label, a number and the
next label, the ordinal of that next label is cut off the number first (``3200000326.属于`` is 320000032
and 6.属于).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process

from extractor.document import Paragraph, Place, Span
from extractor.forms import form_ids, label_key, load_form, split_ordinal
from extractor.normalize import fold, is_page_mark, squeeze
from extractor.tables.labels import ACCEPT, best_likeness, key_likeness, words
from extractor.tables.values import is_number_or_dash

PIPES = frozenset("|｜│┃")
_PIPE = re.compile(r"[|｜│┃]")
_CHUNK = re.compile(r"[|｜│┃]|[^\s|｜│┃]+")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$))")  # 商 业 企 业
_SPACED_CHUNK = re.compile(r"[|｜│┃]|[^\s|｜│┃]+(?:(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])[^\s|｜│┃]+)*")
_RULE = re.compile(r"^[\s|:：+=_-]*-{3,}[\s|:：+=_-]*$")  # the line under a Markdown header
_GLUED = re.compile(r"(?<![\d.,，第〔\[])(\d[\d,，]*(?:[.．]\d+)?)(万元|亿元|元|件|条|项)?(?=[^\d]|$)")
_ORDINAL_TAIL = re.compile(r"^[.．、,，)）](?:\s*[^\d\s]|$)")
_ORDINAL = re.compile(r"^[(（]?\d{1,2}[.．、)）]$")
_NOT_A_CELL = re.compile(r"^[年月日号%％届章版]")
_BRACKETS = re.compile(r"[（(][^（()）]{7,400}[)）]")
_ONLY_PIPES = re.compile(r"^[\s|｜│┃]*$")
_DASHES = re.compile(r"^(.*?)([-—–/]+)$", re.S)
_OPEN_NOTE = re.compile(r"^[+-]?\d[\d,.]*[（(][^)）]*$")  # a number with a remark that is cut off
LONG = 90
REMARK = 7  # Chinese characters in brackets that make a remark
COVERED = 0.7  # the share of a run that must be labels for it to be cut into these


class Token(NamedTuple):
    """A word, a value or an empty slot; ``glued`` where no delimiter stood before or after it.

    ``start`` and ``end`` are offsets in its paragraph; ``slot`` counts the pipes before it on its line.
    """

    kind: Literal["word", "value", "empty"]
    text: str
    paragraph: Paragraph
    start: int
    end: int
    line: int
    glued: bool = False
    slot: int = 0

    @property
    def place(self) -> Place:
        """Where it stands, to the character where one piece of the paragraph holds it."""
        return _place(self.paragraph, self.start, self.end)


@cache
def known_labels() -> dict[str, str]:
    """The key of every label of the forms, with its printed form."""
    out: dict[str, str] = {}
    for form_id in form_ids():
        for table in load_form(form_id).tables.values():
            entries = [*table.groups, *(e for b in table.blocks for e in (*b.rows, *b.columns))]
            for entry in entries:
                out.update({k: entry.label for k in entry.keys if k})
            out.update({label_key(b.label): b.label for b in table.blocks if len(table.blocks) > 1})
    for extra in ("信息内容", "申请人情况", "本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和"):
        out[label_key(extra)] = extra
    return out


@cache
def _alternation() -> re.Pattern[str]:
    """Labels glued to each other, longest first, with the ordinal that each prints."""
    ordinal = r"(?:[(（][一二三四五六七八九十][)）]|[一二三四五六七八九十]、|\d[.．、])?"
    labels = sorted({squeeze(v) for v in known_labels().values()} | set(known_labels()), key=len, reverse=True)
    body = "|".join(re.escape(t) for t in labels if len(t) >= 2)
    first = "".join(sorted({t[0] for t in labels})) + "(（一二三四五六七八九十"  # most characters begin no label
    return re.compile(f"(?=[\\d{re.escape(first)}]){ordinal}(?:{body})")


@lru_cache(maxsize=20000)
def best_known(text: str) -> float:
    """How like a text is to the likest label of all forms, 0 to 1."""
    key = label_key(text)
    if not key or len(key) > LONG:
        return 0.0
    if key in known_labels():
        return 1.0
    if len(key) < 4:
        return 0.0
    return best_likeness(key, _long_keys())


@cache
def _long_keys() -> tuple[str, ...]:
    return tuple(k for k in words().cells | known_labels().keys() if len(k) >= 4)


@lru_cache(maxsize=20000)
def like_known(text: str) -> bool:
    """Whether a whole text is a label of the forms, but for a typing error."""
    key = label_key(text)
    return (
        key in known_labels()
        or process.extractOne(key, list(known_labels()), scorer=fuzz.ratio, score_cutoff=85) is not None
    )


def is_ordinal(token: Token) -> bool:
    """Whether a token is the ordinal of the label after it (``2.``)."""
    return bool(_ORDINAL.match(token.text)) or token.text.isdigit()


def _place(paragraph: Paragraph, start: int, end: int) -> Place:
    """Where characters of a paragraph stand, to the character where one piece holds them."""
    for piece in paragraph.pieces:
        if piece.start <= start < piece.end:
            span = piece.place.span
            if span is None:
                return piece.place
            first = span.start + start - piece.start
            return piece.place._replace(span=Span(first, min(first + end - start, max(span.end, first))))
    return Place()


def _without_guidance(text: str) -> str:
    """The text with longer remarks in brackets blanked: forms explain their labels there, and give examples."""

    def blank(found: re.Match[str]) -> str:
        long = sum("\u4e00" <= c <= "\u9fff" for c in found[0]) >= REMARK
        return " " * len(found[0]) if long else found[0]

    return _BRACKETS.sub(blank, text)


def _in_brackets(text: str, at: int) -> bool:
    """Whether a bracket is open at an offset: the 2 in 22（其中修订2） is no ordinal."""
    before = fold(text[:at]).text
    return before.count("(") > before.count(")")


@lru_cache(maxsize=20000)
def _bare_ordinal(number: str, text: str) -> bool:
    """Whether a number before a label is the ordinal that the form prints there (``2 没有现成信息需要另行制作``)."""
    if not re.fullmatch(r"\d", number) or split_ordinal(text)[0]:
        return False
    rows = (e for f in form_ids() for b in load_form(f).tables["requests"].blocks for e in b.rows)
    key = label_key(text)
    return any(e.ordinal == number and any(key_likeness(key, k) >= ACCEPT for k in e.keys) for e in rows)


def _with_ordinals(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens, a number that is the ordinal of the label after it on its line and in its slot made a word."""
    before: tuple[int, int] | None = None
    token = next(tokens, None)
    while token is not None:  # one at a time: who asks whether a line is tabular mostly knows after its first words
        after = next(tokens, None)
        here = (token.line, token.slot)
        ordinal = (
            token.kind == "value"
            and before != here
            and after is not None
            and after.kind == "word"
            and (after.line, after.slot) == here
            and _bare_ordinal(squeeze(token.text), after.text)
        )
        yield token._replace(kind="word") if ordinal else token
        before, token = here, after


class _Line:
    def __init__(self, paragraph: Paragraph, number: int) -> None:
        self.paragraph, self.number = paragraph, number
        self.text = _without_guidance(paragraph.text)
        self.slot = 0

    def token(self, kind: Literal["word", "value"], start: int, end: int, glued: bool = False) -> Token:
        return Token(kind, self.text[start:end], self.paragraph, start, end, self.number, glued, self.slot)

    def chunk(self, start: int, end: int) -> Iterator[Token]:
        """The tokens of a run without white space or pipes."""
        text = self.text[start:end]
        if text.isdecimal() or is_number_or_dash(text) or _OPEN_NOTE.match(text):
            yield self.token("value", start, end)
            return
        if _ORDINAL.match(text):
            yield self.token("word", start, end)
            return
        at = 0
        for found in _GLUED.finditer(text):
            first, last = found.span()
            if _NOT_A_CELL.match(text[last:]) or (
                first == 0 and _ORDINAL_TAIL.match(text[found.end(1) :]) and len(found[1]) < 3
            ):
                continue
            if not found[2] and _ORDINAL_TAIL.match(text[last:]) and not _in_brackets(text, last):
                last -= 1  # the last digit is the ordinal of the label that follows
            if last <= first or text[first:last].endswith((",", "，")) or first < at:
                continue
            if first > at:
                yield from self.words(start + at, start + first, glued=True)
            yield self.token("value", start + first, start + last, glued=True)
            at = last
        if at < len(text):
            yield from self.words(start + at, end, glued=at > 0)

    def words(self, start: int, end: int, glued: bool) -> Iterator[Token]:
        """A run of words; where it is several labels glued together, each for itself."""
        text = self.text[start:end]
        dashes = _DASHES.match(text) if glued else None
        if dashes:  # a label, then cells that hold dashes
            if dashes[1]:
                yield from self.words(start, start + dashes.end(1), glued=False)
            yield self.token("value", start + dashes.start(2), end, glued=True)
            return
        if len(text) < 6 or best_known(text) == 1.0:
            yield self.token("word", start, end, glued)
            return
        folded = fold(text)
        labels = list(_alternation().finditer(folded.text))
        if sum(len(f.group()) for f in labels) < COVERED * len(folded.text):
            labels = []  # labels named in other words: 含行政确认、行政处罚、行政强制
        at = 0
        for found in labels:
            first, last = folded.back(*found.span())
            if first > at:
                yield self.token("word", start + at, start + first, glued)
            yield self.token("word", start + first, start + last, glued)
            at = last
        if at < len(text):
            yield self.token("word", start + at, end, glued)


def _rows_open_with_pipes(texts: list[str]) -> bool:
    """Whether rows begin with a pipe, as in Markdown; a pipe at the front then parts no cells."""
    rows = [t for t in texts if _PIPE.search(t) and not _ONLY_PIPES.match(t)]
    return sum(bool(_PIPE.match(t)) for t in rows) >= 0.8 * max(len(rows), 1)


def tokens_of(lines: Sequence[tuple[int, Paragraph]]) -> Iterator[Token]:
    """The tokens of numbered lines. Two pipes with nothing between them are an empty slot."""
    return _with_ordinals(_tokens(lines))


def _tokens(lines: Sequence[tuple[int, Paragraph]]) -> Iterator[Token]:
    opened = _rows_open_with_pipes([p.text.strip() for _, p in lines])
    after_pipe, before = False, ""
    for number, paragraph in lines:
        if _RULE.match(paragraph.text) or is_page_mark(paragraph.text):
            continue
        line = _Line(paragraph, number)
        text = line.text
        chunks = _SPACED_CHUNK if len(_SPACED.findall(text)) >= 4 else _CHUNK
        no_cell_before = len(text) - len(text.lstrip()) if opened and not _ONLY_PIPES.match(text) else -1
        for found in chunks.finditer(text):
            start, end = found.span()
            chunk = found[0]
            if chunk in PIPES:
                if after_pipe and start != no_cell_before:
                    yield Token("empty", "", paragraph, start, start, number, slot=line.slot)
                    before = ""
                after_pipe = True
                line.slot += 1
                continue
            after_pipe = False
            slash = chunk in "/／" and before.endswith("增")  # 本 年 增 / 减
            for token in [line.token("word", start, end)] if slash else line.chunk(start, end):
                before = token.text
                yield token
