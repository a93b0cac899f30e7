"""Hostile files: bounded in time and memory, the right error, never a traceback."""

from __future__ import annotations

import io
import json
import random
import re
import resource
import subprocess
import sys
import time
import zipfile
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpora.flat_render import flat_text
from corpora.invent import invent
from corpora.making import text_or_web_bytes
from corpora.office_render import docx_bytes, xls_bytes, xlsx_bytes
from corpora.site_render import mhtml_bytes, site_bytes
from corpora.text_render import tab_led
from extractor.api import extract_content
from extractor.report import Failure

ROOT = Path(__file__).resolve().parent.parent
SOUND = {
    "site": lambda: site_bytes(invent(1)),
    "mhtml": lambda: mhtml_bytes(invent(2)),
    "docx": lambda: docx_bytes(invent(1)),
    "xlsx": lambda: xlsx_bytes(invent(1)),
    "xls": lambda: xls_bytes(invent(1)),
    "pdf": lambda: (ROOT / "corpora" / "samples" / "demo.pdf").read_bytes(),
    "tab": lambda: tab_led(invent(4)).encode(),
    "pipes": lambda: flat_text(invent(4), "pipes").encode("gb18030"),
    "glued": lambda: flat_text(invent(0), "glued-on").encode(),
}


def small_scan(kind: str) -> bytes:
    """A little table with numbers as a picture of two pages where the kind allows it."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (520, 360), "white")
    draw = ImageDraw.Draw(page)
    for at in range(40, 321, 70):
        draw.line((30, at, 490, at), fill="black", width=2)
    for at in range(30, 491, 115):
        draw.line((at, 40, at, 320), fill="black", width=2)
    for n in range(16):
        draw.text((60 + n % 4 * 115, 60 + n // 4 * 70), str(n * 37), fill="black", font_size=26)
    out, more = io.BytesIO(), {"save_all": True, "append_images": [page]} if kind in ("TIFF", "PDF") else {}
    page.save(out, kind, **more)
    return out.getvalue()


SCANS = {
    f"scan-{k.lower()}": partial(small_scan, k) for k in ("PNG", "JPEG", "TIFF", "WEBP", "PDF") if find_spec("cv2")
}
SOUND |= SCANS


def _page(body: str) -> bytes:
    return f"<html><body><p>2023年政府信息公开工作年度报告</p>{body}</body></html>".encode()


HOSTILE = {
    "deep tags": _page("<div>" * 50_000 + "深" + "</div>" * 50_000),
    "deep tables": _page("<table><tr><td>" * 3_000 + "1"),
    "many cells": _page(
        "<table>"
        + "<tr>"
        + "<td>1</td>" * 1000
        + "</tr>" * 1
        + ("<tr>" + "<td>1</td>" * 1000 + "</tr>") * 120
        + "</table>"
    ),
    "huge spans": _page("<table>" + "<tr><td rowspan=65534 colspan=1000>1</td><td>2</td></tr>" * 400 + "</table>"),
    "unclosed": _page("<td><p><b><table><tr><td>" * 2_000),
    "attributes": _page("<p " + " ".join(f"a{i}='{'x' * 50}'" for i in range(20_000)) + ">x</p>"),
    "long line": ("第二十条第（一）项信息内容本年制发件数" * 60_000).encode(),
    "digits": ("规章" + "1" * 3_000_000).encode(),
    "pipes": ("|" * 2_000_000).encode(),
    "glued digits": ("（一）予以公开" + "12" * 45 + "\n").encode() * 500,
    "brackets": ("（" * 500_000).encode(),
    "nuls": _page("<p>一、总体\x00情况</p>\x00" * 100),
    "surrogates": "一、总体情况\n".encode() + b"\xed\xa0\x80\xed\xb0\x80" * 200,
    "entities": _page("&#x110000;&#xD800;&#0;&amp;" * 2_000),
    "markup in text": ("<" * 300_000).encode(),
    "mime": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_answered_in_time(name):
    start = time.perf_counter()
    answer = extract_content(HOSTILE[name], name)
    assert time.perf_counter() - start < 20
    if isinstance(answer, Failure):
        assert answer.error.code in ("not_a_report", "too_large", "unsupported_type", "damaged_file", "unreadable")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 * 1024 * 1024  # KiB


def _damaged(data: bytes, rng: random.Random) -> bytes:
    """A sound file with some of its bytes cut, doubled, changed or moved."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(out) or 1)
        kind = rng.randrange(5)
        if kind == 0:
            del out[at : at + rng.randint(1, 200)]
        elif kind == 1:
            out[at:at] = out[max(at - 100, 0) : at]
        elif kind == 2:
            out[at : at + 1] = rng.randbytes(rng.randint(1, 4))
        elif kind == 3:
            del out[at:]
        else:
            out[at:at] = rng.choice((b"\x00", b"<", b"|", b"\n\n", b"<td>", "（".encode(), b"&", b"9999999999"))
        if not out:
            break
    return bytes(out)


def damaged(data: bytes, rng: random.Random) -> bytes:
    """As ``_damaged``; of a ZIP mostly one member is, since a damaged archive is refused before anything is read."""
    if not data.startswith(b"PK") or rng.random() < 0.2:
        return _damaged(data, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = rng.choice([i for i in old.namelist() if i.endswith(".xml")])
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _damaged(content, rng) if name == victim else content)
    return out.getvalue()


@pytest.mark.parametrize("name", SOUND)
def test_damaged_files_never_crash(name):
    """The fuzzing target of each reader, on a short run; `python -m tests.fuzz` runs it for as long as asked."""
    sound = SOUND[name]()
    rng = random.Random(name)
    for _ in range(4 if name in SCANS else 60):
        answer = extract_content(damaged(sound, rng), name, figures=False)
        if isinstance(answer, Failure):
            assert answer.error.code != "crashed", answer.error.message


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "fuzz_corpus").iterdir()), ids=lambda p: p.name)
def test_what_fuzzing_found_stays_mended(path):
    answer = extract_content(path.read_bytes(), path.name, figures=False)
    assert not isinstance(answer, Failure) or answer.error.code != "crashed"


@pytest.mark.parametrize("slot", ["XFD1048576", "ZZZZZZ4000000000", "A" + "9" * 5000])
def test_a_cell_named_far_out_does_not_take_all_memory(slot):
    """The library lays a table out up to the furthest cell, and running out of memory there ends the process."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND["xlsx"]())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if "/worksheets/" in name:
                last = re.findall(rb'r="([A-Z]+[0-9]+)"', part)[-1]
                part = part.replace(b'r="' + last + b'"', f'r="{slot}"'.encode())
            new.writestr(name, part)
    answer = extract_content(out.getvalue(), "far.xlsx", figures=False)
    assert isinstance(answer, Failure) and answer.error.code in ("damaged_file", "too_large"), answer


def test_a_page_that_cannot_be_loaded_is_a_damaged_file():
    pytest.importorskip("cv2")
    broken = (ROOT / "tests" / "fuzz_corpus" / "scan-pdf-page-lost").read_bytes()
    answer = extract_content(broken, "scan.pdf", figures=False)
    assert isinstance(answer, Failure) and answer.error.code == "damaged_file" and "page 2" in answer.error.message


@pytest.mark.parametrize("charset", ["zlib", "undefined", "a\x00b", "idna", "no-such"])
def test_a_declared_charset_is_only_a_hint(charset):
    head = f"<html><head><meta charset='{charset}'></head>"
    answer = extract_content(head.encode() + text_or_web_bytes(1, "html"), "page", figures=False)
    assert not isinstance(answer, Failure)


def test_names_with_spaces_quotes_and_chinese(tmp_path):
    path = tmp_path / "某县 “2023” 年'报告' (1).doc"
    path.write_bytes(site_bytes(invent(1)))
    done = subprocess.run(
        [sys.executable, "cli.py", "extract", str(path), "--no-figures"], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["source"]["path"] == str(path)
