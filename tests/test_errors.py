"""Everything that is no readable report: the right code, a hint, no traceback, bounded time."""

from __future__ import annotations

import io
import os
import random
import sys
import time
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from extractor import extract, extract_many
from extractor.errors import NianbaoError, ReadError, UnsupportedType
from extractor.report import Failure


def _pdf(
    pages: int = 1, text: str = "", password: str | None = None, owner: str | None = None, image: bool = False
) -> bytes:
    out = io.BytesIO()
    lock = StandardEncryption(password or "", ownerPassword=owner) if password is not None else None
    c = canvas.Canvas(out, encrypt=lock)
    for _ in range(pages):
        if text:
            c.drawString(72, 700, text)
        if image:
            from PIL import Image

            picture = Image.new("L", (200, 280), 255)
            for x in range(0, 200, 3):
                picture.putpixel((x, x), 0)
            c.drawImage(ImageReader(picture), 0, 0, 595, 842)
        c.showPage()
    c.save()
    return out.getvalue()


def _code(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        extract(path)
    assert caught.value.message and caught.value.hint
    assert "Traceback" not in caught.value.message
    return caught.value.code


def _file(tmp_path: Path, content: bytes, name: str = "a file 报告.bin") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n\t ", "empty_file"),
        (random.Random(1).randbytes(20_000), "unsupported_type"),
        (b"\x00" * 5000, "unsupported_type"),
        (b"PK\x03\x04" + b"x" * 500, "damaged_file"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 500, "unsupported_type"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "not_a_report"),
        (b"<!DOCTYPE html><html><head><script>render()</script></head><body></body></html>", "unreadable"),
        ("会议纪要\n今天讨论了三个议题，共有十二人参加。\n".encode(), "not_a_report"),
        (
            "关于做好2023年政府信息公开工作年度报告编制工作的通知\n各单位：请于1月31日前报送。\n".encode(),
            "not_a_report",
        ),
        (b"%PDF-1.7\n" + b"garbage" * 100 + b"\n%%EOF", "damaged_file"),
        (b"%PDF-1.7\n" + b"garbage" * 100, "damaged_file"),
    ],
    ids=[
        "empty",
        "white",
        "random",
        "zeros",
        "zip",
        "ole",
        "html",
        "script-page",
        "memo",
        "notice",
        "junk-pdf",
        "cut-junk-pdf",
    ],
)
def test_bytes(tmp_path, content, code):
    assert _code(_file(tmp_path, content)) == code


def test_missing_file(tmp_path):
    assert _code(tmp_path / "nothing.pdf") == "not_found"


def test_folder(tmp_path):
    assert _code(tmp_path) == "is_a_folder"


def test_link_loop(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert _code(loop) == "not_found"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path):
    path = _file(tmp_path, b"text")
    path.chmod(0)
    assert _code(path) == "no_permission"


def test_truncated_pdf(tmp_path):
    whole = _pdf(3, "words " * 12)
    for share in (0.2, 0.5, 0.9, 0.98):
        assert _code(_file(tmp_path, whole[: int(len(whole) * share)])) == "damaged_file"


def test_encrypted(tmp_path):
    assert _code(_file(tmp_path, _pdf(1, "words", password="secret"))) == "encrypted"


def test_owner_password_only_is_read(tmp_path):
    """A file that opens without a password is read, and found to be no report."""
    assert (
        _code(_file(tmp_path, _pdf(1, "These are some words on a page", password="", owner="owner"))) == "not_a_report"
    )


def test_400_blank_pages(tmp_path):
    path = _file(tmp_path, _pdf(400))
    began = time.monotonic()
    assert _code(path) == "unreadable"
    assert time.monotonic() - began < 20


def test_pictures_only(tmp_path):
    with pytest.raises(ReadError) as caught:
        extract(_file(tmp_path, _pdf(2, image=True)))
    assert caught.value.code in (
        "missing_dependency",
        "unreadable",
        "not_a_report",
    )  # without nianbao[scan], and with it


def test_extract_many_does_not_raise(tmp_path):
    paths = [tmp_path / "no", _file(tmp_path, b"", "empty"), _file(tmp_path, b"\x00" * 99, "zeros")]
    results = list(extract_many(paths))
    assert [r.error.code for r in results if isinstance(r, Failure)] == ["not_found", "empty_file", "unsupported_type"]
    assert all(r.report.status == "error" for r in results if isinstance(r, Failure))


def _all_errors(base: type[NianbaoError] = NianbaoError) -> list[type[NianbaoError]]:
    return [e for sub in base.__subclasses__() for e in (sub, *_all_errors(sub))]


def test_every_error_has_its_own_code_and_hint():
    errors = [e for e in _all_errors() if e is not ReadError]
    assert len({e.code for e in errors}) == len(errors)
    assert all(e.hint and "{detail}" in e.template for e in errors)


def test_a_device_is_no_document():
    with pytest.raises(UnsupportedType, match="device"):
        extract("/dev/zero")
