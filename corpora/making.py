"""Makes one document with its gold in a medium, by the makers of the part that its seed belongs to."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpora import office_other, office_render
from corpora.dress import DRESSES
from corpora.flat_render import STYLES, flat_text
from corpora.html_render import OFFICE, find_program, report_html
from corpora.invent import invent, invent_early
from corpora.model import InventedReport
from corpora.parts import Part, load_part
from corpora.pdf_render import RENDERERS, available, draw_style, render
from corpora.scan_render import MEDIA as SCANS
from corpora.scan_render import dpi_of, scan
from corpora.site_render import draw_damage, mhtml_bytes, site_bytes
from corpora.text_render import CODECS, encode, layout, tab_led

Maker = Callable[[InventedReport], bytes]

TEXT_MEDIA = ("tab", "layout", "html", *STYLES)
EARLY = "early"  # a report before 2019: prose alone
WEB: Mapping[str, tuple[Maker, str]] = {"site": (site_bytes, "html"), "mhtml": (mhtml_bytes, "mht")}
OFFICE_KINDS = ("docx", "xlsx", "xls", "doc", "rtf")
BY_LIBREOFFICE = {"python": ("doc", "rtf"), "libreoffice": ("docx", "xls", "doc", "rtf")}
PROSE = ("figures", "distractors")  # workbooks hold the tables alone
TAKEN_OFF = {"pdftotext": ["-layout"], "pdftotext-plain": [], "pdftotext-raw": ["-raw"]}  # text taken off a PDF
PDF_MEDIA = tuple(RENDERERS)
DEFAULT_MEDIA = ("tab", "layout", "reportlab", "fpdf2")


def media_here(part: str = "train") -> list[str]:
    """The media that can be made on this machine by the makers of a part."""
    chosen, office = load_part(part), find_program(OFFICE) is not None
    kinds = [k for k in OFFICE_KINDS if office or k not in BY_LIBREOFFICE[chosen.office]]
    tools = list(TAKEN_OFF) if shutil.which("pdftotext") and chosen.pdf_for_text in available() else []
    scans = list(SCANS) if find_spec("cv2") and set(chosen.pdf) & set(available()) else []
    return [*TEXT_MEDIA, EARLY, *WEB, *kinds, *available(), *tools, *scans]


def _text(report: InventedReport, medium: str) -> str:
    if medium == "html":
        return report_html(report, draw_style(report.seed, report, "html"))
    if medium in STYLES:
        return flat_text(report, medium)
    return layout(report) if medium == "layout" else tab_led(report)


def _office_bytes(report: InventedReport, kind: str, part: Part) -> bytes:
    makers = office_render if part.office == "python" else office_other
    made: bytes = getattr(makers, f"{kind}_bytes")(report)
    return made


def text_or_web_bytes(seed: int, medium: str) -> bytes:
    """The report of this seed as a text, a web page, or an office file that needs no program."""
    report = invent(seed)
    part = load_part(report.knobs.part)
    if medium in WEB:
        return WEB[medium][0](report)
    return _office_bytes(report, medium, part) if medium in OFFICE_KINDS else _text(report, medium).encode()


def printer_of(report: InventedReport) -> str:
    """The PDF maker whose print of this report is scanned: all those of its part in turn, as far as they are here."""
    makers = [m for m in load_part(report.knobs.part).pdf if m in available()]
    return makers[report.seed % len(makers)]


def families_of(report: InventedReport, medium: str) -> dict[str, str]:
    """What a document is made of, as far as it varies within its part: the families that results are broken down by."""
    part, knobs = load_part(report.knobs.part), report.knobs
    out = {"forms": f"{knobs.form_proactive}+{knobs.form_requests}", "numbers": knobs.profile}
    if medium in WEB:
        damage = draw_damage(report)
        spans = "padded" if damage.pad else "other spans" if damage.other_spans else "spans"
        out |= {"site": damage.style, "spans": spans if part.name == "train" else "spans"}
    if medium in RENDERERS or medium in TAKEN_OFF:
        maker = part.pdf_for_text if medium in TAKEN_OFF else medium
        style = draw_style(report.seed, report, maker)
        out |= {"renderer": maker, "font": "STSong-Light" if maker == "reportlab" else style.font}
        if maker in ("reportlab", "fpdf2"):
            out |= {"rules": style.rules, "text": style.text_mode}
    if medium in SCANS:
        out |= {"renderer": printer_of(report), "grade": medium, "dpi": str(dpi_of(report))}
    if medium in STYLES or medium in ("tab", "layout"):
        out["flattening"] = medium
    blanks = {"blank_rate": knobs.blank_rate, "blank_zeros": knobs.blank_zeros, "dashes": knobs.dash_rate}
    oddities = {"column": knobs.blank_column, "totals": knobs.blank_totals, "row": knobs.missing_row, **blanks}
    return out | {"gaps": "+".join(k for k, v in oddities.items() if v) or "none"}


def write(report: InventedReport, medium: str, folder: Path) -> Path:
    """Writes one document and its gold; text takes another encoding with every seed."""
    name, part = f"{report.seed:05d}-{medium}", load_part(report.knobs.part)
    if medium in TAKEN_OFF:
        path = folder / f"{name}.txt"
        pdf = render(report, part.pdf_for_text, folder / f"{name}.pdf")
        subprocess.run(["pdftotext", *TAKEN_OFF[medium], str(pdf), str(path)], check=True, timeout=60)
        pdf.unlink()
    elif medium in SCANS:
        path = scan(report, medium.removeprefix("scan-"), printer_of(report), folder / f"{name}.pdf")
    elif medium in WEB:
        make, suffix = WEB[medium]
        path = folder / f"{name}.{suffix}"
        path.write_bytes(make(report))
    elif medium in OFFICE_KINDS:
        path = folder / f"{name}.{medium}"
        path.write_bytes(_office_bytes(report, medium, part))
    elif medium in RENDERERS:
        path = render(report, medium, folder / f"{name}.pdf")
    else:
        path = folder / f"{name}.{'html' if medium == 'html' else 'txt'}"
        kind = "utf-8" if medium == "html" else list(CODECS)[report.seed % len(CODECS)]
        text = _text(report, medium)
        path.write_bytes(encode(text if medium == "html" else DRESSES[part.dress](text), kind))
    made = {"medium": medium, "part": part.name, "families": families_of(report, medium)}
    stated = {k: v for k, v in report.gold.items() if k not in PROSE or medium not in ("xlsx", "xls")}
    gold = json.dumps({**stated, "made": made}, ensure_ascii=False, indent=1)
    Path(f"{path}.gold.json").write_text(gold + "\n", "utf-8")
    return path


def make_document(seed: int, medium: str, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Invents the report of this seed, writes it to the folder, and gives its path and gold."""
    report = invent_early(seed) if medium == EARLY else invent(seed)
    return write(report, medium, folder), report.gold
