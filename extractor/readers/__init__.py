"""Readers: one module a medium, chosen by content, never by suffix."""

from __future__ import annotations

from extractor.document import Document
from extractor.errors import EmptyFile, UnsupportedType

# Beginnings of files that have a reader of their own, or none yet: never to be taken for text.
_KNOWN = {
    b"PK\x03\x04": "a ZIP container (DOCX, XLSX, OFD …)",
    b"\xd0\xcf\x11\xe0": "a legacy Office file (DOC, XLS, WPS)",
    b"{\\rtf": "an RTF file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
}


def _refuse(data: bytes, name: str) -> None:
    for magic, what in _KNOWN.items():
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise UnsupportedType(f"{name} is {what}")


def read_document(data: bytes, name: str) -> Document:
    """Read the bytes of a file with the reader its content calls for.

    ``name`` is used in messages only. Raises a ReadError subclass; see extractor/errors.py.
    """
    from extractor.readers.html import looks_like_html, read_html
    from extractor.readers.mhtml import looks_like_mhtml, read_mhtml
    from extractor.readers.pdf import looks_like_pdf, read_pdf
    from extractor.readers.text import read_text

    if not data.strip():
        raise EmptyFile(name)
    if looks_like_pdf(data):
        return read_pdf(data, name)
    _refuse(data, name)
    if looks_like_mhtml(data):
        return read_mhtml(data, name)
    if looks_like_html(data):
        return read_html(data, name)
    return read_text(data, name)
