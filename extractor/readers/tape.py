"""Offsets for media that have no text of their own: what is read is laid end to end on one tape."""

from __future__ import annotations

from extractor.document import Place, Span


class Tape:
    """Counts code points of all paragraphs and cells in reading order, a line feed after each."""

    def __init__(self, page: int | None = None) -> None:
        self.position = 0
        self.page = page

    def put(self, text: str) -> Place:
        """The place of the next text."""
        start = self.position
        self.position += len(text) + 1
        return Place(page=self.page, span=Span(start, start + len(text)))
