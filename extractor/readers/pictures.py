"""Pictures inside Word files and web pages: one that shows a table is read as a scan, in its place."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from extractor.document import Block, Document, Grid, Picture
from extractor.errors import ReadError

LEAST = 3_000  # bytes: a smaller picture is an icon
MOST = 20  # pictures of a document that are looked at
ROWS = 2  # a table has as many at least
KINDS = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"RIFF")


def data_of_uri(uri: str) -> bytes:
    """The bytes of a ``data:`` address with base64; nothing is fetched from anywhere."""
    head, _, body = uri.partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        return b""
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError):
        return b""


def _blocks(picture: Picture, name: str) -> list[Block]:
    """What a picture shows, if there is a table in it; else the picture, still unread."""
    from extractor.readers import scan

    try:
        shown = scan.read_picture(picture.data, name)
    except ReadError:
        return [Picture(picture.place)]
    tables = [b for b in shown.blocks if isinstance(b, Grid) and b.rows >= ROWS]
    return list(shown.blocks) if tables else [Picture(picture.place)]


def with_pictures_read(document: Document, name: str) -> Document:
    """The document, its pictures of tables replaced by what they show, where the scan reader is installed."""
    worth = [b for b in document.blocks if isinstance(b, Picture) and len(b.data) >= LEAST and b.data.startswith(KINDS)]
    if not worth:
        return document
    try:
        import extractor.readers.scan  # noqa: F401
    except ImportError:
        return replace(document, notes=(*document.notes, "image_pages"))
    chosen = {id(p) for p in worth[:MOST]}
    blocks = [
        shown
        for block in document.blocks
        for shown in (_blocks(block, name) if isinstance(block, Picture) and id(block) in chosen else [block])
    ]
    return replace(document, blocks=tuple(blocks))
