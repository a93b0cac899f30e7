"""Speed of the figures: reports a second beside jieba's own cutting of the same text, and time against length.

`python -m benchmarks.prose` reads invented prose of about 2,500 characters a report in one warm process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from corpora.invent import invent_early
from extractor.api import extract_content
from extractor.figures import find_figures
from extractor.report import Report, Section, SectionEvidence

REPORTS, WARM_UP = 60, 10
CHARACTERS = 2500
LENGTHS = (10_000, 100_000, 1_000_000)


def prose(seed: int, characters: int = CHARACTERS) -> str:
    """At least so many characters of invented chapters, cut at the end of a paragraph."""
    out: list[str] = []
    while sum(map(len, out)) < characters:
        out += [p.text for c in invent_early(seed).chapters for p in c.paragraphs]
        seed += 1
    return "\n".join(out)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def figures_of(text: str) -> int:
    """How many figures the text states."""
    section = Section(id="overview", title="", text=text, evidence=SectionEvidence())
    return len(find_figures([section], 2020))


def whole_report(text: str) -> int:
    """The same, from bytes to the report."""
    page = f"某县2015年政府信息公开工作年度报告\n一、概述\n{text}\n".encode()
    report = extract_content(page, "prose.txt")
    assert isinstance(report, Report)
    return len(report.figures)


def main() -> None:
    """Measure and print."""
    import jieba

    jieba.initialize()
    texts = [prose(900_000 + 7 * n) for n in range(WARM_UP + REPORTS)]
    for text in texts[:WARM_UP]:
        whole_report(text)
        list(jieba.cut(text))
    rows = []
    for name, work in (
        ("figures", figures_of),
        ("whole report", whole_report),
        ("jieba.cut", lambda t: list(jieba.cut(t))),
    ):
        rows.append((name, statistics.median(_seconds(lambda t=t, w=work: w(t)) for t in texts[WARM_UP:])))  # type: ignore[misc]
    print(f"{REPORTS} reports, median {statistics.median(map(len, texts)):.0f} characters")
    for name, seconds in rows:
        print(f"{name:14} {1 / seconds:8.0f} reports/s   {seconds / rows[-1][1]:5.2f} x jieba")
    print("characters   figures   seconds   microseconds a character")
    for length in LENGTHS:
        text = prose(1_000_000, length)
        began = time.perf_counter()
        found = figures_of(text)
        seconds = time.perf_counter() - began
        print(f"{len(text):10} {found:9} {seconds:9.2f} {seconds / len(text) * 1e6:12.2f}")


if __name__ == "__main__":
    main()
