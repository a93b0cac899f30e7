"""Where the text of a parsed page stands in its source."""

from __future__ import annotations

import re

from extractor.document import Place, Span

_MARKUP = re.compile(r"(<!--.*?-->|<script\b.*?</script\s*>|<style\b.*?</style\s*>|<[^>]*>)", re.S | re.I)
_PLAIN = re.compile(r"[^\s&<>\"'\xa0\u2000-\u206f]{1,40}")
WINDOW = 200_000  # text is looked for this far ahead of the text before it
MAX_MISSES = 50


class Source:
    """The source of a page with its markup blanked, read from the front to the end.

    libxml2 keeps no offsets. Its text nodes come in the order of the source, so each is found after the
    one before; a node that the parser moved or changed has no place.
    """

    def __init__(self, text: str) -> None:
        parts = _MARKUP.split(text)
        parts[1::2] = [" " * len(markup) for markup in parts[1::2]]
        self._visible = "".join(parts)
        self._position = 0
        self._misses = 0

    def locate(self, text: str) -> Place:
        """The place of the next text node, or an empty one where it is not found."""
        short = text.strip()
        words = [short] if short.isascii() and short.isalnum() else _PLAIN.findall(text)
        if not words or self._misses > MAX_MISSES:
            return Place()
        start = self._find(words[0], self._position)
        if start < 0:
            self._misses += 1
            return Place()
        end = start + len(words[0])
        if len(words) > 1:
            last = self._find(words[-1], max(end, start + len(text.strip()) - len(words[-1]) - 8))
            end = last + len(words[-1]) if 0 <= last <= start + 2 * len(text) + 400 else end
        self._position = end
        return Place(span=Span(start, end))

    def _find(self, word: str, position: int) -> int:
        return self._visible.find(word, position, position + WINDOW)
