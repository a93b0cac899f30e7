"""Scans: what is printed is read back from pictures, what cannot be read is doubtful, and bad pictures do no harm."""

from __future__ import annotations

import io
import sys

import pytest

pytest.importorskip("cv2", reason="needs nianbao[scan]")
pytest.importorskip("rapidocr", reason="needs nianbao[scan]")
pytest.importorskip("onnxruntime", reason="needs nianbao[scan]")

import cv2
import numpy as np
from PIL import Image

from corpora.invent import invent
from corpora.making import make_document
from corpora.pdf_render import render
from corpora.score import Tally
from extractor import extract
from extractor.api import extract_content
from extractor.confidence import CAP
from extractor.readers.scan.clean import cleaned, slant_of, turned
from extractor.readers.scan.images import picture_pages
from extractor.readers.scan.lines import lines_in, without_dust
from extractor.readers.scan.recognise import recogniser
from extractor.report import Failure, Report
from tests.conftest import ROOT, SAMPLES


def _tally(medium, folder, seeds):
    tally = Tally()
    for seed in seeds:
        path, gold = make_document(seed, medium, folder)
        tally.add(extract(path, figures=False), gold, path.name)
    return tally


@pytest.mark.parametrize("grade", ["office", "stamp"])
def test_scanned_reports_are_read(grade, tmp_path):
    tally = _tally(f"scan-{grade}", tmp_path, range(1))
    assert not tally.silent
    assert tally.share("number") >= 0.97 and tally.share("zero") >= 0.97


@pytest.mark.slow
@pytest.mark.parametrize(("grade", "floor"), [("clean", 0.99), ("photocopy", 0.6), ("fax", 0.15), ("photo", 0.9)])
def test_bad_copies_never_lie(grade, floor, tmp_path):
    tally = _tally(f"scan-{grade}", tmp_path, range(6))
    assert not tally.silent
    assert tally.share("number") >= floor


def _pictures(path, dpi=200):
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = [document[i].render(scale=dpi / 72).to_pil().convert("RGB") for i in range(len(document))]
    document.close()
    return pages


def _pairs(one, other):
    """The cells of one report, each with its like in another."""
    return [
        (v, other.tables[t][r][c]) for t, rows in one.tables.items() for r, cs in rows.items() for c, v in cs.items()
    ]


def _file(pages, kind, **more):
    buffer = io.BytesIO()
    pages[0].save(buffer, kind, **more)
    return buffer.getvalue()


@pytest.mark.skipif(not SAMPLES.exists(), reason="needs the sample reports")
def test_a_real_report_scanned_gives_its_digital_reading():
    path = SAMPLES / "hongze-2023.pdf"
    pages = _pictures(path)
    digital = extract(path, figures=False)
    scanned = extract_content(_file(pages, "PDF", save_all=True, append_images=pages[1:], resolution=200), "x")
    assert isinstance(scanned, Report)
    pairs = _pairs(digital, scanned)
    same = sum((a.value, a.status) == (b.value, b.status) for a, b in pairs)
    assert same / len(pairs) >= 0.998
    assert all(b.evidence.page and b.evidence.box for _, b in pairs)


@pytest.fixture(scope="module")
def table_page(tmp_path_factory):
    """The pages of an invented report as pictures, and its gold."""
    report = invent(4)
    pdf = render(report, "reportlab", tmp_path_factory.mktemp("scan") / "a.pdf")
    return _pictures(pdf), report.gold


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_files_of_several_pages(kind, table_page):
    pages, gold = table_page
    report = extract_content(_file(pages, kind, save_all=True, append_images=pages[1:]), "x", figures=False)
    assert isinstance(report, Report), report.error
    assert report.source.pages == len(pages)
    tally = Tally()
    tally.add(report, gold, kind)
    assert tally.share("number") >= 0.99


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_of_one_page(kind, table_page):
    pages, _ = table_page
    report = extract_content(_file(pages[1:2], kind, quality=90), "x", figures=False)
    assert not isinstance(report, Failure), report.error
    assert report.source.media_type == f"image/{kind.lower()}"
    cells = [v for rows in report.tables.values() for columns in rows.values() for v in columns.values()]
    assert sum(v.status == "reported" for v in cells) > 5


@pytest.mark.parametrize("degrees", [-4.0, -0.7, 0.3, 2.5])
def test_slant_is_found(degrees, table_page):
    grey = np.asarray(table_page[0][1].convert("L"))
    assert slant_of(turned(grey, degrees)) == pytest.approx(-degrees, abs=0.15)


def test_a_page_half_in_shadow_is_kept_whole():
    page = np.full((800, 600, 3), 230, np.uint8)
    page[:, :300] -= 60  # a shadow
    cv2.circle(page, (300, 220), 90, (40, 40, 210), 12)  # a seal, red: blue comes first
    page[400:403, 50:550] = page[600:603, 50:550] = 20  # rules, in the shadow and out of it
    grey, _ = cleaned(page)
    assert grey[399:404, 60:280].min(axis=0).max() < 90 and grey[599:604, 320:540].min(axis=0).max() < 90
    assert grey[120:320, 200:400].min() > 170
    assert grey[700, 100] > 235 and grey[700, 500] > 235


def test_a_figure_printed_in_red_is_ink_and_black_under_a_seal_stays():
    page = np.full((800, 600, 3), 250, np.uint8)
    cv2.putText(page, "15", (40, 100), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 255), 3)
    cv2.circle(page, (300, 400), 100, (60, 50, 220), 14)
    cv2.putText(page, "78", (180, 410), cv2.FONT_HERSHEY_SIMPLEX, 1, (30, 30, 30), 3)
    page[620:623, 40:560] = (0, 0, 255)  # a rule in red
    grey, _ = cleaned(page)
    assert grey[75:105, 40:80].min() < 120 and grey[621, 100] < 120
    assert grey[385:412, 180:215].min() < 60 and grey[290:380, 200:400].min() > 230


def test_lines_are_told_apart_and_strokes_of_one_character_are_not():
    page = np.full((200, 300), 255, np.uint8)
    page[20:23, 30:60] = page[40:44, 25:65] = 0  # 二
    page[90:118, 30:60] = 0
    page[140:168, 30:60] = 0
    assert len(lines_in(page, (0, 0, 300, 200), 150)) == 3


def test_points_of_numbers_are_no_dust():
    page = np.full((60, 200), 255, np.uint8)
    page[10:34, 20:32] = page[10:34, 44:56] = 0  # two digits
    page[32:34, 36:38] = 0  # the point between them
    page[50:52, 150:152] = 0  # a speck
    cleaned_page = without_dust(page, 150)
    assert cleaned_page[33, 37] == 0 and cleaned_page[51, 151] == 255


def test_digits_alone_are_thought_of_in_numbers():
    reader = recogniser()
    assert "0" in [reader.characters[i] for i in reader.numeric]
    assert all(len(c) <= 1 for c in (reader.characters[i] for i in reader.numeric))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "damaged_file"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 400, "damaged_file"),
        (b"II*\x00" + b"\xff" * 400, "damaged_file"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\x00" * 40, "damaged_file"),
    ],
)
def test_broken_pictures(data, code):
    failed = extract_content(data, "x")
    assert isinstance(failed, Failure)
    assert failed.error.code == code


def test_blank_pages_and_bombs():
    blank = _file([Image.new("RGB", (1654, 2339), "white")], "PNG")
    assert extract_content(blank, "x").error.code == "unreadable"
    bomb = _file([Image.new("1", (30_000, 30_000))], "PNG")
    assert extract_content(bomb, "x").error.code == "too_large"
    huge = _file([Image.new("L", (20_000, 2_000), 255)], "PNG")
    assert extract_content(huge, "x").error.code in ("unreadable", "too_large")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    for name in [n for n in sys.modules if n.startswith("extractor.readers.scan")]:
        monkeypatch.delitem(sys.modules, name)
    import extractor.readers as readers

    monkeypatch.delattr(readers, "scan", raising=False)
    monkeypatch.setitem(sys.modules, "cv2", None)
    failed = extract_content(b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "x")
    assert failed.error.code == "missing_dependency"
    assert "nianbao[scan]" in failed.error.hint


def test_exif_turns_a_picture_upright():
    picture = Image.new("RGB", (300, 200), "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    page = next(picture_pages(_file([picture], "JPEG", exif=exif), "x"))
    assert page.pixels.shape[0] > page.pixels.shape[1]


def test_the_demo_scan_is_packaged():
    path = ROOT / "corpora" / "samples" / "demo-scan.pdf"
    report = extract(path, figures=False)
    assert report.source.reader == "scan"
    digital = extract(ROOT / "corpora" / "samples" / "demo.pdf", figures=False)
    pairs = _pairs(digital, report)
    assert sum((a.value, a.status) == (b.value, b.status) for a, b in pairs) / len(pairs) >= 0.99


def test_figures_of_a_scan_are_never_sure():
    """Their classes were measured on certain text; this text was recognised."""
    report = extract(ROOT / "corpora" / "samples" / "demo-scan.pdf")
    assert report.figures and max(f.confidence for f in report.figures) <= CAP
    assert report.source.ocr and not extract(ROOT / "corpora" / "samples" / "demo.pdf").source.ocr
