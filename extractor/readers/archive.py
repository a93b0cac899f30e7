"""ZIP containers opened with bounds: no bombs, no password, no names that lead out."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from extractor.errors import DamagedFile, Encrypted, TooLarge

MAX_MEMBER = 96 * 1024 * 1024  # bytes of one part, unpacked; the text of a report has less than 2 MB
MAX_MEMBERS = 5_000


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """The container in some bytes.

    Raises DamagedFile where it is cut off, TooLarge where it has far too many parts.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise DamagedFile(f"{name} ({error})") from error
    if len(archive.namelist()) > MAX_MEMBERS:
        raise TooLarge(f"{name} (a container of {len(archive.namelist())} parts)")
    return archive


def read_member(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    """One part, never more than 96 MB of it, whatever the container claims its size to be.

    Raises DamagedFile, Encrypted or TooLarge.
    """
    try:
        info = archive.getinfo(member)
        if info.flag_bits & 1:
            raise Encrypted(name)
        with archive.open(info) as part:
            content = part.read(MAX_MEMBER + 1)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError) as error:
        raise DamagedFile(f"{name} (its part {member}: {error})") from error
    if len(content) > MAX_MEMBER:
        raise TooLarge(f"{name} (its part {member} unpacks to more than {MAX_MEMBER // 1024 // 1024} MB)")
    return content


def parse_xml(content: bytes, name: str) -> etree._Element:
    """The tree of an XML part; entities, document types and the network are off. Raises DamagedFile."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFile(f"{name} ({error})") from error
