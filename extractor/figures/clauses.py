"""Passages of a section: folded text with the way back, sentences, brackets and headings.

All offsets named here count characters of :attr:`Passage.text`; :meth:`Passage.back` leads to code
points of the section's text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from extractor.data import load_yaml
from extractor.normalize import fold
from extractor.report import Section

_OPENING_QUOTES, _CLOSING_QUOTES = "“„『「‘", "”〞』」’"
# ① and its like fold to bare digits; they number items, so they become the stop that they stand for
_CIRCLED = dict.fromkeys((*range(9312, 9372), *range(10102, 10132), *range(12881, 12992)), ";")
_HARD_STOP = "。！？!?:：;；”）)】"
_ITEM = re.compile(
    r"^(?:第[一二三四五六七八九十]+[章节部]|[\(（][一二三四五六七八九十\d]{1,3}[\)）]|[一二三四五六七八九十]{1,3}[、.．是]"
    r"|\d{1,2}[、.．](?!\d)|附件|附表)"
)
_ANGLED = re.compile(r"〔(?!\d{4}〕)([^〔〕]*)〕")  # brackets as others, but for those of document numbers
_BLANK = re.compile(
    r"(?<=[\u4e00-\u9fff,、;])\(\d+(?:[.,]\d+)*\)(?=[万亿]?[余多]?(?:条|件|人|篇|次|处|个|场|期|份|项|名|户|批))"
)
_CHAPTER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十]+[章节部])")
_INLINE_HEADING = re.compile(
    r"^(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}[、.是]|\d{1,2}[、.])(?P<title>[^,;。]{2,30}?)[。:]"
)
_SENTENCE = re.compile(r"[^。!?]+[。!?]?")
# a line shorter than this that ends without a stop is a heading, not a line cut by the page width
_LINE_WIDTH = 20
_HEADING_WIDTH = 32

LONGEST = 3000


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """The entries of ``patterns/prose.yaml``, each list joined to one alternation, longest first."""
    out: dict[str, str] = {}
    for key, value in load_yaml("prose.yaml").items():
        if isinstance(value, str):
            out[key] = value
        elif value and isinstance(value[0], str):
            out[key] = "|".join(sorted(value, key=len, reverse=True))
    return out


@lru_cache(maxsize=256)
def pattern(key: str, shape: str = "{}") -> re.Pattern[str]:
    """The compiled alternation of an entry, set into ``shape`` (``{}`` stands for it)."""
    return re.compile(shape.replace("{}", f"(?:{words()[key]})"))


def _pairs(text: str, opening: str, closing: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for at, char in enumerate(text):
        if char == opening:
            stack.append(at)
        elif char == closing and stack:
            begin = stack.pop()
            pairs[begin], pairs[at] = at, begin
    return pairs


@dataclass(frozen=True)
class Passage:
    """One paragraph of a section, with the heading it stands under and that of its chapter."""

    section: str
    text: str
    origin: tuple[int, ...]
    heading: str
    chapter: str = ""

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Code points of the section's text for the range ``start`` to ``end`` (not empty)."""
        return self.origin[start], self.origin[end - 1] + 1

    @cached_property
    def brackets(self) -> dict[int, int]:
        """Offsets of matching round brackets, both ways; unmatched ones are left out."""
        return _pairs(self.text, "(", ")")

    @cached_property
    def quotes(self) -> dict[int, int]:
        """Offsets of matching quotes and title marks, both ways; quotes may nest."""
        return _pairs(self.text, "“", "”") | _pairs(self.text, "《", "》")

    @cached_property
    def _owners(self) -> list[int | None]:
        """For each character where the innermost matched bracket around it opens."""
        owners: list[int | None] = []
        stack: list[int] = []
        for at in range(len(self.text)):
            partner = self.brackets.get(at)
            if partner is not None and partner < at:
                stack.pop()
            owners.append(stack[-1] if stack else None)
            if partner is not None and partner > at:
                stack.append(at)
        return owners

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of the sentences; a full stop inside brackets ends none."""
        out: list[tuple[int, int]] = []
        for found in _SENTENCE.finditer(self.text):
            if out and self.bracket_of(found.start()) is not None:
                out[-1] = (out[-1][0], found.end())
            else:
                out.append(found.span())
        return tuple(out)

    def bracket_of(self, at: int) -> int | None:
        """Where the innermost bracket around ``at`` opens, or None."""
        return self._owners[at]

    def sentence_of(self, at: int) -> int:
        """The index of the sentence that holds ``at``."""
        return max(bisect_right(self.sentences, (at, len(self.text) + 1)) - 1, 0)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the paragraphs of ``text``; lines cut only by a page's width are joined."""
    start = 0
    for found in re.finditer(r"\n|$", text):
        line = text[start : found.start()]
        following = text[found.end() :].lstrip(" \t\u3000")
        body = line.rsplit("\n", 1)[-1].strip()
        cut = len(body) >= _LINE_WIDTH and body[-1] not in _HARD_STOP
        if cut and following and following[0] != "\n" and not _ITEM.match(following):
            continue
        if line.strip():
            yield start, found.start()
        start = found.end()
        if found.end() >= len(text):
            return


def _directed(text: str, original: str, origin: tuple[int, ...]) -> str:
    """Folded text with its quotes opened and closed again (folding makes them all straight)."""
    if '"' not in text:
        return text
    out, inside = list(text), False
    for at, char in enumerate(text):
        if char != '"':
            continue
        source = original[origin[at]]
        opens = source in _OPENING_QUOTES or (source not in _CLOSING_QUOTES and not inside)
        out[at], inside = ("“", True) if opens else ("”", False)
    return "".join(out)


def _filled_in(text: str, origin: Sequence[int]) -> tuple[str, Sequence[int]]:
    """The text without the brackets of a template's blanks: 更新政务信息(1204)条."""
    brackets = {at for found in _BLANK.finditer(text) for at in (found.start(), found.end() - 1)}
    if not brackets:
        return text, origin
    kept = [k for k in range(len(text)) if k not in brackets]
    return "".join(text[k] for k in kept), [*(origin[k] for k in kept), origin[len(text)]]


def _is_heading(text: str) -> bool:
    return len(text) <= _HEADING_WIDTH and text[-1] not in "。;,!?" and not re.search(r"\d[条件次个项期份]", text)


def _portions(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of at most ``LONGEST`` characters, cut after a stop: context is looked for within a passage.

    Paragraphs are shorter; without the bound, text that never ends a line would take quadratic time.
    """
    start = 0
    while len(text) - start > LONGEST:
        window = text[start : start + LONGEST]
        cut = max(window.rfind("。"), window.rfind(";")) + 1 or window.rfind(",") + 1 or LONGEST
        yield start, start + cut
        start += cut
    yield start, len(text)


def passages(section: Section) -> Iterator[Passage]:
    """The paragraphs of ``section``, each with the heading it stands under."""
    heading = chapter = section.title
    for start, end in _lines(section.text):
        source = section.text[start:end].translate(_CIRCLED)
        folded = fold(source)
        text = _ANGLED.sub(r"(\1)", _directed(folded.text, source, folded.origin))
        text, places = _filled_in(text, folded.origin)
        if not text:
            continue
        inline = _INLINE_HEADING.match(text)
        if _is_heading(text):
            heading = text
            chapter = text if _CHAPTER.match(text) else chapter
        elif inline:
            heading = inline["title"]
        origin = tuple(o + start for o in places)
        for a, b in _portions(text):
            yield Passage(section.id, text[a:b], origin[a : b + 1], heading, chapter)
