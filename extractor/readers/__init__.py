"""Readers: one module a medium, chosen by content, never by suffix."""

from __future__ import annotations

from collections.abc import Callable

from extractor.document import Document
from extractor.errors import EmptyFile, Encrypted, MissingDependency, UnsupportedType

# Beginnings of files that have no reader: never to be taken for text.
_SCANS = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")  # pictures that may be pages
_OTHERS = {
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a GZIP archive",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _refuse(data: bytes, name: str) -> None:
    for magic, what in _OTHERS.items():
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:64]):
            raise UnsupportedType(f"{name} is {what}")


def _read_zip(data: bytes, name: str) -> Document:
    from extractor.readers.archive import open_archive
    from extractor.readers.sheets import XLSX, read_workbook
    from extractor.readers.word import MAIN, read_docx

    members = set(open_archive(data, name).namelist())
    if MAIN in members:
        return read_docx(data, name)
    if "xl/workbook.xml" in members or "xl/workbook.bin" in members:
        return read_workbook(data, name, XLSX)
    raise UnsupportedType(f"{name} is an archive or a container of a kind that is not read", hint="Unpack it first.")


def _read_ole(data: bytes, name: str) -> Document:
    """A compound file (Office 97–2003): the names in its directory tell what it holds."""
    from extractor.readers.office import read_legacy
    from extractor.readers.sheets import XLS, read_workbook

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") + b"\x00\x00" in data

    if holds("EncryptedPackage"):
        raise Encrypted(name)
    if holds("WordDocument") or holds("WpsContent"):
        return read_legacy(data, name, ".doc", "application/msword")
    if holds("Workbook") or holds("Book"):
        return read_workbook(data, name, XLS)
    raise UnsupportedType(f"{name} is an Office file without a Word document or workbook in it")


def _read_rtf(data: bytes, name: str) -> Document:
    from extractor.readers.office import read_legacy

    return read_legacy(data, name, ".rtf", "application/rtf")


def _read_picture(data: bytes, name: str) -> Document:
    try:
        from extractor.readers import scan
    except ImportError as error:
        what = f"{name} is a picture; to read scans, {error.name} is needed"
        raise MissingDependency(what, hint="pip install 'nianbao[scan]'") from error
    return scan.read_picture(data, name)


_CONTAINERS: dict[bytes, Callable[[bytes, str], Document]] = {
    b"PK\x03\x04": _read_zip,
    b"PK\x05\x06": _read_zip,
    _OLE: _read_ole,
    b"{\\rtf": _read_rtf,
}


def read_document(data: bytes, name: str) -> Document:
    """Read the bytes of a file with the reader its content calls for; pictures of tables in it are read as scans.

    ``name`` is used in messages only. Raises a ReadError subclass; see extractor/errors.py.
    """
    from extractor.readers.pictures import with_pictures_read

    return with_pictures_read(_read(data, name), name)


def _read(data: bytes, name: str) -> Document:
    from extractor.readers.html import looks_like_html, read_html
    from extractor.readers.mhtml import looks_like_mhtml, read_mhtml
    from extractor.readers.pdf import looks_like_pdf, read_pdf
    from extractor.readers.text import read_text

    if not data.strip():
        raise EmptyFile(name)
    for magic, read in _CONTAINERS.items():
        if data.startswith(magic):
            return read(data, name)
    if looks_like_pdf(data):
        return read_pdf(data, name)
    if data.startswith(_SCANS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return _read_picture(data, name)
    _refuse(data, name)
    if looks_like_mhtml(data):
        return read_mhtml(data, name)
    if looks_like_html(data):
        return read_html(data, name)
    return read_text(data, name)
