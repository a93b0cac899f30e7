"""Web pages saved as one file (MHTML, RFC 2557; what Word and browsers call 单个文件网页) → Document."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.message import Message

from extractor.document import Document
from extractor.errors import DamagedFile
from extractor.readers.html import read_html

_HEAD = re.compile(rb"(?im)^content-type:\s*multipart/(?:related|mixed|alternative)|^content-type:\s*text/html")


def looks_like_mhtml(data: bytes) -> bool:
    """Whether the bytes begin with the header of a MIME message that holds a web page."""
    head = data[:4096]
    return (
        bool(re.match(rb"\s*[A-Za-z-]{2,40}:\s", head))
        and b"mime-version:" in head.lower()
        and bool(_HEAD.search(head))
    )


def _page(message: Message) -> Message | None:
    return next((p for p in message.walk() if p.get_content_type() == "text/html"), None)


def _pictures(message: Message) -> dict[str, bytes]:
    """The pictures saved with the page, by the address or content id that the page calls them by."""
    out: dict[str, bytes] = {}
    for part in message.walk():
        content = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if isinstance(content, bytes):
            names = (part.get("Content-Location"), f"cid:{str(part.get('Content-ID') or '').strip('<>')}")
            out.update({str(n): content for n in names if n})
    return out


def read_mhtml(data: bytes, name: str) -> Document:
    """Read the first web page in a MIME message, with the pictures saved with it.

    Offsets count code points of the decoded page. Raises DamagedFile where there is no page in it.
    """
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    page = _page(message)
    content = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(content, bytes) or not content.strip():
        raise DamagedFile(f"{name} (a saved web page without the page itself)")
    declared = page.get_content_charset()
    document = read_html(content, name, (declared,) if declared else (), _pictures(message))
    return replace(document, media_type="multipart/related")
