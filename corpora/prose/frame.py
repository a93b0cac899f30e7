"""Where the sentences stand: chapter one of a report with tables, and the chapters of one before 2019."""

from __future__ import annotations

from corpora.model import Chapter, Paragraph
from corpora.prose.writer import Family, Voice, Writer

HEADS = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")
EARLY = (
    ("overview", "一、概述"),
    ("proactive_disclosure", "二、主动公开政府信息的情况"),
    ("requests", "三、依申请公开政府信息的情况"),
    ("problems_improvements", "四、存在的主要问题及改进措施"),
)


def paragraph(w: Writer, *families: Family) -> Paragraph:
    """What these families say, one after another."""
    for family in families:
        family(w)
    return Paragraph(w.take())


def overview(w: Writer, voice: Voice) -> list[Paragraph]:
    """The five prescribed parts of chapter one."""
    pool = list(w.rng.sample(voice.families, w.rng.randint(min(6, len(voice.families)), len(voice.families))))
    out = []
    for i, head in enumerate(HEADS):
        w.say(f"（{'一二三四五'[i]}）{head}情况。")
        said = pool[i % 4 :: 4] if i != 4 else pool[1::4]
        if head == "依申请公开":
            said = [voice.requests, *([voice.disputes] if w.rng.random() < 0.5 else [])]
        if w.rng.random() < 0.6:
            said = [*said, voice.traps]
        out.append(paragraph(w, *said))
    return out


def early_report(w: Writer, voice: Voice) -> list[Chapter]:
    """A report of 2008–2018: prose alone, every figure in it."""
    pool = list(w.rng.sample(voice.early, len(voice.early)))
    general = list(w.rng.sample(voice.families, min(6, len(voice.families))))
    said: dict[str, list[Family]] = {
        "overview": [voice.traps, *general[:2]],
        "proactive_disclosure": [*pool[:3], *general[2:]],
        "requests": [*pool[3:], voice.traps],
        "problems_improvements": [voice.problems],
    }
    chapters = [Chapter("preamble", "", [paragraph(w, voice.preamble)])]
    for name, title in EARLY:
        w.section = name
        chapters.append(Chapter(name, title, [paragraph(w, family) for family in said[name]]))
    return chapters
