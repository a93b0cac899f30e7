"""What was read from one page of paper, and pages → blocks: the same for digital and for scanned pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.document import Block, Box, Grid
from extractor.readers.pdf_lines import Line, ParagraphBuilder, body_margins, drop_furniture


@dataclass(slots=True)
class PageContent:
    """A page: its size in points, the lines outside tables, the tables, and how much it holds of what."""

    number: int
    width: float
    height: float
    lines: list[Line]
    grids: list[Grid]
    characters: int
    cid: int = 0
    images: int = 0
    pictures: list[Box] = field(default_factory=list)  # those that take a good part of the page
    garbled: bool = False  # a picture of the whole page, with a text layer that is no Chinese


def blocks_of(pages: list[PageContent]) -> list[Block]:
    """Paragraphs and tables in reading order, page furniture set aside, paragraphs joined over page ends."""
    kept = drop_furniture([p.lines for p in pages], [p.height for p in pages])
    left, right = body_margins(kept, max(p.width for p in pages))
    builder = ParagraphBuilder(left, right)
    blocks: list[Block] = []
    for page, lines in zip(pages, kept, strict=True):
        items: list[tuple[float, Line | Grid]] = [(line.box.top, line) for line in lines]
        items += [(g.place.box.top, g) for g in page.grids if g.place.box]
        for _, item in sorted(items, key=lambda i: i[0]):
            if isinstance(item, Line):
                builder.add(item)
                continue
            builder.flush()
            blocks += builder.done
            builder.done = []
            blocks.append(item)
    builder.flush()
    return blocks + list(builder.done)
