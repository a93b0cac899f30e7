"""Characters of a PDF page → lines → paragraphs; page numbers and running heads set aside."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from extractor.document import Box, Paragraph, Piece, Place
from extractor.normalize import is_page_mark, squeeze

MARGIN = 0.12  # the share of the page height where furniture stands
CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")

Char = dict[str, Any]


@dataclass(slots=True)
class Line:
    """One printed line: its text, box, page (from 1) and type size in points."""

    text: str
    box: Box
    page: int
    size: float


def box_of(chars: list[Char]) -> Box:
    """The box around characters, rounded to a hundredth of a point."""
    return Box(
        round(float(min(c["x0"] for c in chars)), 2),
        round(float(min(c["top"] for c in chars)), 2),
        round(float(max(c["x1"] for c in chars)), 2),
        round(float(max(c["bottom"] for c in chars)), 2),
    )


def split_lines(chars: list[Char]) -> list[list[Char]]:
    """Characters grouped into lines by vertical overlap, each from left to right."""
    lines: list[list[Char]] = []
    bounds: list[tuple[float, float]] = []
    for char in sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2):
        middle = (char["top"] + char["bottom"]) / 2
        if bounds and bounds[-1][0] < middle < bounds[-1][1]:
            lines[-1].append(char)
        else:
            lines.append([char])
            slack = (char["bottom"] - char["top"]) * 0.25
            bounds.append((char["top"] + slack, char["bottom"] - slack))
    return [sorted(line, key=lambda c: float(c["x0"])) for line in lines]


def line_text(chars: list[Char]) -> str:
    """The text of a line; a wide gap becomes a space, spaces beside Chinese characters vanish."""
    out = ""
    last: Char | None = None
    for char in chars:
        text = char["text"]
        if text.isspace():
            text = " "
        elif "\u2e80" <= text <= "\u2fdf":  # radicals that some makers write for the characters (⼀ for 一)
            text = unicodedata.normalize("NFKC", text)
        if not text.isspace() and last is not None and char["x0"] - last["x1"] > 0.45 * char["size"]:
            out += " "
        out += text
        last = char
    out = re.sub(r" +", " ", out).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", out)


def cell_text(chars: list[Char]) -> str:
    """The text of a cell, a line feed between its lines."""
    return "\n".join(t for t in (line_text(line) for line in split_lines(chars)) if t)


def page_lines(chars: list[Char], page: int) -> list[Line]:
    """The printed lines of a page, from top to bottom."""
    lines = []
    for group in split_lines(chars):
        text = line_text(group)
        if text:
            sizes = Counter(round(float(c["size"]), 1) for c in group)
            lines.append(Line(text, box_of(group), page, sizes.most_common(1)[0][0]))
    return lines


def _in_margin(line: Line, height: float) -> bool:
    return line.box.bottom < MARGIN * height or line.box.top > (1 - MARGIN) * height


def drop_furniture(pages: list[list[Line]], heights: list[float]) -> list[list[Line]]:
    """Set aside page numbers and running heads: they would otherwise stand inside sentences.

    A page number is a lone number among the outermost lines of a page; a running head is the same
    text (digits aside) in the margin of at least half of the pages, and of at least two.
    """
    seen: Counter[str] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        seen.update({_head_key(line) for line in lines if _in_margin(line, height)})
    repeated = {k for k, n in seen.items() if n >= max(2, len(pages) / 2)}
    kept = []
    for lines, height in zip(pages, heights, strict=True):
        outer = {id(line) for line in (*lines[:2], *lines[-2:])}
        kept.append(
            [
                line
                for line in lines
                if not (
                    _in_margin(line, height)
                    and (
                        (id(line) in outer and is_page_mark(line.text, bare=True))
                        or (len(pages) > 1 and _head_key(line) in repeated)
                    )
                )
            ]
        )
    return kept


def _head_key(line: Line) -> str:
    return f"{round(line.box.top / 6)}:{re.sub(r'[0-9]+', '#', squeeze(line.text))}"


class ParagraphBuilder:
    """Joins lines to paragraphs, over page ends too; ``flush`` ends a paragraph (at a table)."""

    def __init__(self, left: float, right: float) -> None:
        self.left, self.right = left, right
        self.done: list[Paragraph] = []
        self._lines: list[Line] = []

    def add(self, line: Line) -> None:
        """Take the next line in reading order."""
        if self._lines and self._begins_new(self._lines[-1], line):
            self.flush()
        self._lines.append(line)

    def _begins_new(self, last: Line, line: Line) -> bool:
        size = max(last.size, line.size, 1.0)
        if abs(last.size - line.size) > 0.2 * size:
            return True
        if last.box.x1 < self.right - 2.5 * size:  # the last line ended early
            return True
        indented = line.box.x0 > self.left + 1.2 * size
        if last.page != line.page:
            return indented
        return indented or line.box.top - last.box.bottom > 2.5 * size

    def flush(self) -> None:
        """End the paragraph that is being built."""
        if not self._lines:
            return
        text, pieces = "", []
        for line in self._lines:
            joint = " " if text and text[-1].isascii() and text[-1].isalnum() and _ascii_word(line.text) else ""
            start = len(text) + len(joint)
            text += joint + line.text
            pieces.append(Piece(start, len(text), Place(page=line.page, box=line.box)))
        self.done.append(Paragraph(text, tuple(pieces)))
        self._lines = []


def _ascii_word(text: str) -> bool:
    return text[:1].isascii() and text[:1].isalpha()


def body_margins(pages: list[list[Line]], width: float) -> tuple[float, float]:
    """The left and right edge of the running text, in points.

    Right is where most long lines end; left is the smallest x at which many lines begin.
    """
    long_lines = [line for lines in pages for line in lines if line.box.x1 - line.box.x0 > 0.5 * width]
    if not long_lines:
        return 0.0, width
    lefts = Counter(round(line.box.x0 / 4) for line in long_lines)
    common = [k for k, n in lefts.items() if n >= max(1, 0.1 * len(long_lines))]
    rights = sorted(line.box.x1 for line in long_lines)
    return min(common or lefts) * 4.0, rights[int(0.75 * (len(rights) - 1))]
