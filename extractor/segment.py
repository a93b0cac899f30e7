"""Paragraphs → chapters. Tables stay out of the text; every character keeps its way home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from extractor.data import load_yaml
from extractor.document import Block, Chapter, Document, Grid, Paragraph, Picture
from extractor.forms import label_key
from extractor.normalize import squeeze
from extractor.report import Section, SectionEvidence

_ORDINAL = re.compile(r"^([一二三四五六七八九十]{1,2})[、.,:]")
_ITEM = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.])")  # （一）主动公开情况 is a part of a chapter
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_REPORT = re.compile(
    r"^[^。,，;；:：]{0,40}(?:19|20)\d\d年?度?[^。,，;；:：]{0,14}政府信息公开[^。,，;；:：]{0,8}(?:报告|年报)$"
)
_LATER = frozenset(("requests", "reconsideration_litigation", "problems_improvements", "other_matters"))
LIKE = 80  # a chapter title this like a known one (0 to 100) is that chapter
MAX_TITLE = 45


def section_of(chapter: Chapter) -> Section:
    """A chapter as the output has it."""
    places = [p.place for q in chapter.paragraphs for p in q.pieces]
    if chapter.heading is not None:
        places = [p.place for p in chapter.heading.pieces] + places
    pages = [p.page for p in places if p.page is not None and p.box is not None]
    spans = [p.span for p in places if p.span is not None]
    evidence = SectionEvidence(
        page=min(pages, default=None),
        end_page=max(pages, default=None),
        start=min((s.start for s in spans), default=None),
        end=max((s.end for s in spans), default=None),
    )
    return Section(id=chapter.id, title=chapter.title, text=chapter.text, evidence=evidence)


@cache
def _known_titles() -> tuple[tuple[str, str], ...]:
    chapters = load_yaml("titles.yaml")["chapters"]
    return tuple((label_key(title), c["id"]) for c in chapters for title in c["titles"])


@lru_cache(maxsize=20000)
def chapter_id(title: str) -> str | None:
    """The id of the chapter that a title names, or None. The ordinal is ignored."""
    key = label_key(title)
    best, found = 0.0, None
    for known, chapter in _known_titles():
        score = 100.0 if key == known else fuzz.ratio(key, known) if min(len(key), len(known)) >= 5 else 0.0
        if score > best:
            best, found = score, chapter
    return found if best >= LIKE else None


def chapter_by_words(title: str) -> str | None:
    """The chapter that a numbered heading names by its words; only for headings that stand in order."""
    key = label_key(title)
    named = [c["id"] for c in load_yaml("titles.yaml")["chapters"] if re.search(c["words"], key)]
    return named[0] if named else None


def _ordinal(text: str) -> int | None:
    """The number of a chapter heading (十一、 is 11), or None."""
    found = _ORDINAL.match(text)
    if not found:
        return None
    tens, _, ones = found[1].rpartition("十")
    if "十" not in found[1]:
        return _DIGITS.get(found[1])
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + _DIGITS.get(ones, 0)


def _heading(paragraph: Paragraph, last: int) -> tuple[str | None, str] | None:
    """(chapter id or None, title) where a paragraph is a chapter heading, else None."""
    text = squeeze(paragraph.text)
    if len(text) > MAX_TITLE or re.search(r"[;；,，]$", text) or _ITEM.match(text):
        return None
    ordinal = _ordinal(text)
    known = chapter_id(text)
    if text.endswith("。") and not (known and ordinal):
        return None
    if ordinal is None:  # headings without a number are believed only where the words are known
        return (known, paragraph.text) if known and len(text) >= 6 else None
    if known or ordinal == last + 1:
        return known or chapter_by_words(text), paragraph.text
    return None


def _run_in(paragraph: Paragraph) -> tuple[str, int] | None:
    """A known chapter heading that runs into its text (一、总体情况。2023年…): id and length of the heading."""
    found = re.match(r"[一二三四五六七八九十]{1,2}、([^。：:\s]{4,40})[。：: ]", paragraph.text)
    known = chapter_id(found[1]) if found else None
    return (known, found.end()) if known and found else None


def _cut(paragraph: Paragraph, at: int) -> tuple[Paragraph, Paragraph]:
    """A paragraph in two at a character offset."""
    head = tuple(replace(p, end=min(p.end, at)) for p in paragraph.pieces if p.start < at)
    tail = tuple(replace(p, start=max(p.start - at, 0), end=p.end - at) for p in paragraph.pieces if p.end > at)
    return Paragraph(paragraph.text[:at], head), Paragraph(paragraph.text[at:], tail)


def _expanded(document: Document) -> Iterator[Block]:
    for block in document.blocks:
        if isinstance(block, Paragraph) and (found := _run_in(block)):
            yield from _cut(block, found[1])
        else:
            yield block


def split_reports(document: Document) -> list[Document]:
    """The reports of a document (a compilation, two years one after the other); mostly there is one.

    A report begins anew at a title of its own, or at its first chapter, after chapters with tables were seen.
    """
    starts = [0]
    seen: set[str] = set()
    last = 0
    for index, block in enumerate(document.blocks):
        if not isinstance(block, Paragraph):
            continue
        if len(seen & _LATER) >= 2 and (_begins(block) or (_ordinal_one(block) and "overview" in seen)):
            starts.append(index)
            seen, last = set(), 0
        found = _heading(block, last)
        if found is not None:
            last = _ordinal(squeeze(block.text)) or last + 1
            seen |= {found[0]} if found[0] else set()
    pieces = pairwise([*starts, len(document.blocks)])
    return [document] if len(starts) == 1 else [replace(document, blocks=document.blocks[a:b]) for a, b in pieces]


def _begins(paragraph: Paragraph) -> bool:
    return bool(_REPORT.match(squeeze(paragraph.text)))


def _ordinal_one(paragraph: Paragraph) -> bool:
    text = squeeze(paragraph.text)
    return _ordinal(text) == 1 and len(text) <= MAX_TITLE and chapter_id(text) == "overview"


def split_chapters(document: Document) -> list[Chapter]:
    """The chapters of a document in order; what stands before the first is the preamble."""
    chapters = [Chapter("preamble", "")]
    last, others = 0, 0
    seen: set[str] = set()
    for block in _expanded(document):
        if isinstance(block, Grid):
            chapters[-1].tables += 1
            continue
        if isinstance(block, Picture):
            chapters[-1].pictures += 1
            continue
        found = _heading(block, last)
        if found is None:
            chapters[-1].paragraphs.append(block)
            continue
        known, title = found
        last = _ordinal(squeeze(block.text)) or last + 1
        if known is None or known in seen:
            others += 1
            known = f"other-{others}"
        seen.add(known)
        chapters.append(Chapter(known, title.strip().rstrip("。：: "), heading=block))
    return _with_overview([c for c in chapters if c.paragraphs or c.heading or c.tables])


def _with_overview(chapters: list[Chapter]) -> list[Chapter]:
    """The form begins with the overview: a first chapter of another name, right before 二、主动公开, is that."""
    ids = [c.id for c in chapters]
    at = ids.index("other-1") if "other-1" in ids else -1
    follows = ids[at + 1 : at + 2] == ["proactive_disclosure"]
    if at >= 0 and "overview" not in ids and follows and _ordinal(squeeze(chapters[at].title)) == 1:
        chapters[at].id = "overview"
    return chapters
