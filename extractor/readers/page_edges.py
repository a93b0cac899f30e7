"""Running heads and page numbers of text that was taken off printed pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractor.normalize import is_page_mark, squeeze

EDGE = 2  # lines at the top and bottom of a page that may be running heads
_NUMBER = re.compile(r"^[\d,.]+$")  # a lone number at the edge of a page may be a cell

Line = tuple[int, str]  # offset and text, stripped


def _counted(pages: Sequence[Sequence[Line]], edge: int) -> set[int]:
    """The offsets of bare page numbers at one edge of the pages: they count the pages up, one by one."""
    ends = [page[edge] for page in pages if len(page) >= 2 * EDGE]
    found: dict[int, set[int]] = {}
    for number, (at, text) in enumerate(ends):
        if text.isascii() and text.isdigit() and len(text) <= 4:
            found.setdefault(int(text) - number, set()).add(at)
    return next((ats for ats in found.values() if len(ats) >= max(2, len(ends) - 1)), set())


def running_heads(pages: Sequence[Sequence[Line]]) -> set[int]:
    """The offsets of page numbers, and of lines that stand at the edge of most pages, all but the first."""
    if len(pages) < 2:
        return set()
    edges = [{*page[:EDGE], *page[-EDGE:]} for page in pages]
    often = Counter(text for edge in edges for text in {t for _, t in edge})
    heads = {t for t, n in often.items() if n >= max(2, len(pages) - 1) and not _NUMBER.match(squeeze(t))}
    first = {t: min(at for edge in edges for at, text in edge if text == t) for t in heads}
    numbers = {at for edge in edges for at, text in edge if is_page_mark(text)}
    numbers |= {at for edge in (*range(EDGE), *range(-EDGE, 0)) for at in _counted(pages, edge)}
    return numbers | {at for edge in edges for at, text in edge if text in heads and at != first[text]}
