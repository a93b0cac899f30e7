"""Makes one document with its gold in a medium: text flattenings, HTML, or PDF by one of four makers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from corpora.flat_render import STYLES, flat_text
from corpora.html_render import OFFICE, find_program, report_html
from corpora.invent import invent
from corpora.model import InventedReport
from corpora.office_render import doc_bytes, docx_bytes, rtf_bytes, xls_bytes, xlsx_bytes
from corpora.pdf_render import RENDERERS, available, draw_style, render
from corpora.site_render import mhtml_bytes, site_bytes
from corpora.text_render import CODECS, encode, layout, tab_led

TEXT_MEDIA = ("tab", "layout", "html", *STYLES)
BYTE_MEDIA = {"site": (site_bytes, "html"), "mhtml": (mhtml_bytes, "mht")}
BYTE_MEDIA |= {"docx": (docx_bytes, "docx"), "xlsx": (xlsx_bytes, "xlsx"), "xls": (xls_bytes, "xls")}
OFFICE_MEDIA = {"doc": (doc_bytes, "doc"), "rtf": (rtf_bytes, "rtf")}
TAKEN_OFF = {"pdftotext": ["-layout"], "pdftotext-plain": [], "pdftotext-raw": ["-raw"]}  # text taken off a PDF
PDF_MEDIA = tuple(RENDERERS)
DEFAULT_MEDIA = ("tab", "layout", "reportlab", "fpdf2")


def media_here() -> list[str]:
    """The media that can be made on this machine."""
    tools = list(TAKEN_OFF) if shutil.which("pdftotext") else []
    office = list(OFFICE_MEDIA) if find_program(OFFICE) else []
    return [*TEXT_MEDIA, *BYTE_MEDIA, *available(), *office, *tools]


def _text(report: InventedReport, medium: str) -> str:
    if medium == "html":
        return report_html(report, draw_style(report.seed, report, "html"))
    if medium in STYLES:
        return flat_text(report, medium)
    return tab_led(report) if medium == "tab" else layout(report)


def text_or_web_bytes(seed: int, medium: str) -> bytes:
    """The report of this seed as a text, a web page, or an office file that needs no program."""
    report = invent(seed)
    return BYTE_MEDIA[medium][0](report) if medium in BYTE_MEDIA else _text(report, medium).encode()


def write(report: InventedReport, medium: str, folder: Path) -> Path:
    """Writes one document and its gold; text takes another encoding with every seed."""
    name = f"{report.seed:05d}-{medium}"
    if medium in TAKEN_OFF:
        path = folder / f"{name}.txt"
        pdf = render(report, "reportlab", folder / f"{name}.pdf")
        subprocess.run(["pdftotext", *TAKEN_OFF[medium], str(pdf), str(path)], check=True, timeout=60)
        pdf.unlink()
    elif medium in (makers := BYTE_MEDIA | OFFICE_MEDIA):
        make, suffix = makers[medium]
        path = folder / f"{name}.{suffix}"
        path.write_bytes(make(report))
    elif medium in TEXT_MEDIA:
        path = folder / f"{name}.{'html' if medium == 'html' else 'txt'}"
        kind = "utf-8" if medium == "html" else list(CODECS)[report.seed % len(CODECS)]
        path.write_bytes(encode(_text(report, medium), kind))
    else:
        path = render(report, medium, folder / f"{name}.pdf")
    gold = json.dumps(report.gold, ensure_ascii=False, indent=1)
    Path(f"{path}.gold.json").write_text(gold + "\n", "utf-8")
    return path


def make_document(seed: int, medium: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Invents the report of this seed, writes it to the folder, and gives its path and gold."""
    report = invent(seed)
    return write(report, medium, folder), report.gold
