"""Web pages → Document: the article found among navigation and footers, tables with their spans.

Offsets are code points of the page's source, so that every value can be found there again. Scripts are
never run, nothing is fetched, hidden elements are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from extractor.document import Block, Document, Grid, Paragraph, Picture, Piece, Place
from extractor.errors import DamagedFile, Unreadable
from extractor.readers.decoding import declared_charsets, decode
from extractor.readers.html_grid import data_tables, table_grid
from extractor.readers.html_source import Source
from extractor.readers.pictures import data_of_uri

_SKIP = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "select",
        "option",
        "textarea",
        "button",
        "iframe",
        "object",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "o:p",
        "st1:chsdate",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
MIN_PICTURE = 120  # pixels
LINKED = 0.6  # a line with a greater share of its characters in links is navigation
_FURNITURE = frozenset(["nav", "footer", "aside"])
_TRAIL = re.compile(r"位置\s*[:：]|[>＞»›→]\s*\S")  # 当前位置：首页 > 政务公开
_CHAPTER = re.compile(r"^\s*[一二三四五六七八九十]{1,2}\s*[、.．]")
_TAGS = re.compile(rb"(?i)<(?:html|head|body|table|div|p|span|td|tr|meta|title|br|!doctype)\b[^<>]{0,2000}>")


def looks_like_html(data: bytes) -> bool:
    """Whether the bytes are a web page or a piece of one, whatever the name of the file says."""
    head = data[:65536]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[1:2] == b"\x00":
        head = head.replace(b"\x00", b"")
    start = head.lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return True
    return len(_TAGS.findall(head)) >= (3 if start.startswith(b"<") else 12)


@dataclass(slots=True)
class _Line:
    """Running text being gathered: its characters and where they stand."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    linked: int = 0  # characters inside links

    def add(self, text: str, place: Place, linked: bool) -> None:
        clean = re.sub(r"[ \t\r\n\f\v]+", " ", text)
        if not self.text or self.text.endswith((" ", "\u3000", "\xa0")):
            clean = clean.lstrip()
        if clean:
            start = len(self.text)
            self.text += clean
            self.linked += len(clean) if linked else 0
            self.pieces.append(Piece(start, len(self.text), place))


@dataclass(slots=True)
class _Found:
    """A block with the chain of elements it stands in, outermost first."""

    block: Block
    chain: tuple[etree._Element, ...]
    links: bool = False


class _Walker:
    """Turns the tree into blocks, depth first, without recursion into Python's limits."""

    def __init__(self, source: Source, attached: Mapping[str, bytes]) -> None:
        self.source, self.attached = source, attached
        self.data: set[etree._Element] = set()
        self.found: list[_Found] = []
        self.line = _Line()
        self.chain: list[etree._Element] = []
        self.in_link = 0

    def flush(self) -> None:
        text = self.line.text.rstrip()
        if text.strip():
            links = self.line.linked > LINKED * len(text)
            self.found.append(_Found(Paragraph(text, tuple(self.line.pieces)), tuple(self.chain), links))
        self.line = _Line()

    def walk(self, root: etree._Element) -> None:
        """Start and end events of the tree; a skipped element's subtree is left out."""
        self.data = data_tables(root)
        events = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: etree._Element | None = None
        for event, node in events:
            if event == "start":
                if self._start(node):
                    skipped = node
                    events.skip_subtree()
            elif event == "end" and node is not skipped:
                self._end(node)
            else:
                if node is skipped:
                    self.chain.pop()
                self._tail(node)
        self.flush()

    def _start(self, node: etree._Element) -> bool:
        """Open an element; true where its inside is not to be walked."""
        tag = str(node.tag).lower()
        if tag not in _INLINE:
            self.flush()
        self.chain.append(node)
        if tag == "img" and not _icon(node):
            source = node.get("src") or ""
            shown = self.attached.get(source) or data_of_uri(source)
            self.found.append(_Found(Picture(data=shown), tuple(self.chain)))
        style = node.get("style")
        if tag in _SKIP or (style and _HIDDEN.search(style)) or node.get("hidden") is not None:
            return True
        if tag == "table" and node in self.data:
            grid = table_grid(node, self.source)
            if grid is not None:
                self.found.append(_Found(grid, tuple(self.chain)))
            return True
        self.in_link += tag == "a"
        if node.text:
            self.line.add(node.text, self.source.locate(node.text), self.in_link > 0)
        return False

    def _end(self, node: etree._Element) -> None:
        tag = str(node.tag).lower()
        if tag not in _INLINE:
            self.flush()
        self.in_link -= tag == "a"
        self.chain.pop()
        self._tail(node)

    def _tail(self, node: etree._Element) -> None:
        if node.tail:
            self.line.add(node.tail, self.source.locate(node.tail), self.in_link > 0)


def _icon(image: etree._Element) -> bool:
    """A picture too small to hold a table, by its stated size."""
    sizes = [re.match(r"\s*(\d+)", image.get(k) or "") for k in ("width", "height")]
    return any(s is not None and int(s[1]) < MIN_PICTURE for s in sizes)


def _is_mark(block: Block) -> bool:
    """What an article has and navigation has not: tables, and headings of numbered chapters."""
    if isinstance(block, Grid):
        return True
    return isinstance(block, Paragraph) and bool(_CHAPTER.match(block.text))


def _article(found: list[_Found]) -> etree._Element | None:
    """The innermost element around all tables and numbered headings."""
    chains = [f.chain[:-1] if isinstance(f.block, Grid) else f.chain for f in found if _is_mark(f.block)]
    if len(chains) < 3:
        return None
    common = chains[0]
    for chain in chains[1:]:
        n = next((i for i, (a, b) in enumerate(zip(common, chain, strict=False)) if a is not b), None)
        common = common[: min(len(common), len(chain)) if n is None else n]
    return common[-1] if common else None


def _kept(found: list[_Found]) -> Iterator[Block]:
    """The article; of what stands before it, headings and plain lines (dates, index numbers) but no links."""
    article = _article(found)
    inside = [article is None or any(e is article for e in f.chain) for f in found]
    first = inside.index(True) if True in inside else 0
    for index, item in enumerate(found):
        if (inside[index] or index < first) and not _furniture(item, inside[index]):
            yield item.block


def _furniture(item: _Found, inside: bool) -> bool:
    """Navigation and footers; outside the article also lines that are mostly links."""
    named = any(str(e.tag).lower() in _FURNITURE for e in item.chain)
    trail = isinstance(item.block, Paragraph) and bool(_TRAIL.search(item.block.text))
    return not _is_mark(item.block) and (named or ((item.links or trail) and not inside))


def _parse(text: str, name: str) -> etree._Element:
    """The tree of a page. libxml2 mends broken markup; entities and the network are off."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=False, huge_tree=False)
    clean = text.replace("\x00", " ").encode("utf-8", "replace")
    try:
        root = etree.fromstring(clean, parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise DamagedFile(f"{name} ({error})") from error
    if root is None:
        raise Unreadable(f"{name} (a web page without content)")
    return root


def read_html(
    data: bytes, name: str, declared: tuple[str, ...] = (), attached: Mapping[str, bytes] | None = None
) -> Document:
    """Read a web page or a piece of one.

    ``declared`` are encodings named outside the page (a MIME header), ``attached`` pictures by address. Raises
    UnsupportedType where the bytes are no text, DamagedFile or Unreadable where the page cannot be parsed or is empty.
    """
    text = decode(data, name, [*declared, *declared_charsets(data[:4096])])
    root = _parse(text, name)
    walker = _Walker(Source(text), attached or {})
    walker.walk(root)
    blocks = tuple(_kept(walker.found))
    if not any(not isinstance(b, Picture) for b in blocks):
        raise Unreadable(f"{name} (a web page without text; it may be built by scripts)")
    return Document(blocks, "html", "text/html")
