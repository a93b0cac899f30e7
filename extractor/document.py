"""What every reader returns: a Document of paragraphs and grids, each with its place.

Coordinates are PDF points from the top left corner of the page. Offsets count code points of the
decoded text of the file (start inclusive, end exclusive). A reader knows nothing of forms.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Box(NamedTuple):
    """A rectangle on a page, in points: left, top, right, bottom."""

    x0: float
    top: float
    x1: float
    bottom: float

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0), min(self.top, other.top), max(self.x1, other.x1), max(self.bottom, other.bottom)
        )


class Span(NamedTuple):
    """Code points ``start`` to ``end`` of the decoded text."""

    start: int
    end: int


class Place(NamedTuple):
    """Where something stands: a page with a box, offsets in a text, or both."""

    page: int | None = None
    box: Box | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters ``start`` to ``end`` of a paragraph's text stand at ``place``."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its lines joined; ``pieces`` lead back to the page or file."""

    text: str
    pieces: tuple[Piece, ...]
    heading_like: bool = False

    @property
    def page(self) -> int | None:
        """The page the paragraph begins on, from 1, where there are pages."""
        return self.pieces[0].place.page if self.pieces else None


Told = Literal["read", "split", "spaced"]


class Cell(NamedTuple):
    """One cell: the text as printed (lines separated by a line feed) and the slots it covers.

    ``padding`` is true for an empty cell that may stand in for a merged one (some pages write no spans).
    ``told`` says how it was told from its neighbours: ``read`` (it is printed apart), ``split`` (cut out of
    characters that run together), ``spaced`` (by its distance from columns that other rows show).
    ``sure`` is the recogniser's own score of the characters of a scan (None: they are certain), not a measured
    probability; ``others`` are other readings of the same ink with their scores.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    padding: bool = False
    told: Told = "read"
    sure: float | None = None
    others: tuple[tuple[str, float], ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it stands on one page or in one run of text.

    ``regular`` is true where columns and spans are known (ruled PDF tables). It is false for
    flattened text, where each row is just a list of cells and ``column`` counts within the row.
    ``edges`` are the x positions of the column boundaries, where known.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    regular: bool
    page: int | None = None
    edges: tuple[float, ...] = ()
    place: Place = field(default_factory=Place)

    def row_cells(self, row: int) -> list[Cell]:
        """The cells that begin in ``row``, from left to right."""
        return sorted((c for c in self.cells if c.row == row), key=lambda c: c.column)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that nobody has read: it may be a table. ``data`` are its bytes, where the file holds them."""

    place: Place = field(default_factory=Place)
    data: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class Chapter:
    """A chapter with its paragraphs; ``tables`` and ``pictures`` count what else is printed in it.

    ``id`` is a chapter id of the output contract, ``title`` the heading as printed.
    """

    id: str
    title: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: int = 0
    pictures: int = 0
    heading: Paragraph | None = None

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(p.text for p in self.paragraphs)

    def place(self, start: int, end: int) -> Place:
        """Where characters ``start`` to ``end`` of ``text`` stand: page and box of their lines."""
        starts, offset = [], 0
        for paragraph in self.paragraphs:
            starts.append(offset)
            offset += len(paragraph.text) + 1
        index = bisect_right(starts, start) - 1
        paragraph, base = self.paragraphs[index], starts[index]
        pieces = [p for p in paragraph.pieces if p.start < end - base and p.end > start - base]
        if not pieces:
            return Place()
        page = pieces[0].place.page
        box: Box | None = None
        for piece in pieces:
            if piece.place.page == page and piece.place.box is not None:
                box = piece.place.box.union(box) if box else piece.place.box
        return Place(page=page, box=box, span=pieces[0].place.span)


Block = Paragraph | Grid | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: blocks in reading order.

    ``reader`` names the module and style that read it (``text-tab``, ``text-layout``, ``pdf``);
    ``notes`` are things the reader noticed and could not mend (``cid_text``, ``image_pages``).
    """

    blocks: tuple[Block, ...]
    reader: str
    media_type: str
    pages: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def recognised(self) -> bool:
        """Whether some of it is a picture whose characters were recognised: a scan, a page, a table."""
        pictures = self.reader == "scan" or "scanned_pages" in self.notes
        return pictures or any(c.sure is not None for g in self.grids() for c in g.cells)

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in reading order."""
        return (b for b in self.blocks if isinstance(b, Paragraph))

    def grids(self) -> Iterator[Grid]:
        """The grids in reading order."""
        return (b for b in self.blocks if isinstance(b, Grid))
