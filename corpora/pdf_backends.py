"""Two small PDF backends for laid-out pages: reportlab (CID font) and fpdf2 (embedded subset font)."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from corpora.geometry import Page, Rule, Text, paginate
from corpora.model import InventedReport
from corpora.style import Style

CID_FONT = "STSong-Light"
LATIN_FONT = "Times-Roman"
FONT_PACKAGE = "cvttf_NotoSansCJK_Regular"
HERE = Path(__file__).resolve().parent


def _pieces(text: Text, mode: str, measure: Callable[[str, float], float]) -> Iterator[tuple[float, str]]:
    """The strings of a line as the maker shows them: whole, by run of digits, or by character."""
    if mode == "string":
        yield text.x, text.text
        return
    x = text.x
    parts = list(text.text) if mode == "char" else re.findall(r"[!-~]+|[^!-~]+", text.text)
    for part in parts:
        yield x, part
        x += measure(part, text.size)


def _joined(rules: list[Rule]) -> list[Rule]:
    """Rules without repeats, collinear neighbours made one."""
    lines: dict[tuple[bool, float], list[tuple[float, float]]] = {}
    for r in rules:
        flat = r.y0 == r.y1
        key = (flat, round(r.y0 if flat else r.x0, 2))
        lines.setdefault(key, []).append((r.x0, r.x1) if flat else (r.y0, r.y1))
    out = []
    for (flat, at), spans in lines.items():
        start, end = sorted(spans)[0]
        merged = []
        for a, b in sorted(spans)[1:]:
            if a > end + 0.1:
                merged.append((start, end))
                start, end = a, b
            end = max(end, b)
        merged.append((start, end))
        out += [Rule(a, at, b, at) if flat else Rule(at, a, at, b) for a, b in merged]
    return out


class _Pen(ABC):
    """What a backend must draw; y runs from the page top."""

    @abstractmethod
    def line(self, rule: Rule, width: float) -> None:
        """Strokes a line."""

    @abstractmethod
    def rect(self, x: float, y: float, w: float, h: float, fill: float | None, stroke: bool) -> None:
        """Fills and/or strokes a rectangle."""


def _draw_rules(page: Page, style: Style, pen: _Pen) -> None:
    half = style.rule_width / 2
    if style.rules == "inset_boxes":
        for b in page.boxes:
            pen.rect(b.x0 - half, b.y0 - half, b.x1 - b.x0 + 2 * half, b.y1 - b.y0 + 2 * half, 0.0, False)
    for b in page.boxes:
        w, h = b.x1 - b.x0, b.y1 - b.y0
        if style.rules == "inset_boxes":
            pen.rect(b.x0 + half, b.y0 + half, w - 2 * half, h - 2 * half, b.shade, False)
        elif style.rules in ("cell_boxes", "filled_boxes"):
            filled = style.rules == "filled_boxes" or b.shade < 1
            pen.rect(b.x0, b.y0, w, h, b.shade if filled else None, True)
        elif b.shade < 1:
            pen.rect(b.x0, b.y0, w, h, b.shade, False)
    if style.rules not in ("lines", "thin_rects"):
        return
    for r in _joined(page.rules):
        if style.rules == "lines":
            pen.line(r, style.rule_width)
        else:
            pen.rect(r.x0 - half, r.y0 - half, r.x1 - r.x0 + 2 * half, r.y1 - r.y0 + 2 * half, 0.0, False)


class _ReportlabPen(_Pen):
    def __init__(self, canvas: Any, height: float) -> None:
        self.canvas, self.height = canvas, height

    def line(self, rule: Rule, width: float) -> None:
        self.canvas.setLineWidth(width)
        self.canvas.line(rule.x0, self.height - rule.y0, rule.x1, self.height - rule.y1)

    def rect(self, x: float, y: float, w: float, h: float, fill: float | None, stroke: bool) -> None:
        if fill is not None:
            self.canvas.setFillGray(fill)
        self.canvas.rect(x, self.height - y - h, w, h, stroke=int(stroke), fill=int(fill is not None))
        self.canvas.setFillGray(0)


def _is_latin(text: str) -> bool:
    return all("!" <= c <= "~" for c in text)


def render_reportlab(report: InventedReport, path: Path, style: Style) -> None:
    """Writes the report with reportlab and the font STSong-Light, which is not embedded."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(CID_FONT))
    mode = "run" if style.latin and style.text_mode == "string" else style.text_mode

    def font(text: str) -> str:
        return LATIN_FONT if style.latin and _is_latin(text) else CID_FONT

    def measure(text: str, size: float) -> float:
        runs = re.findall(r"[!-~]+|[^!-~]+", text)
        return sum(float(pdfmetrics.stringWidth(r, font(r), size)) for r in runs)

    canvas = Canvas(str(path), pagesize=style.page_size, invariant=1)
    canvas.setTitle(report.title)
    for page in paginate(report, style, measure):
        _draw_rules(page, style, _ReportlabPen(canvas, style.page_size[1]))
        for text in page.texts:
            for x, part in _pieces(text, mode, measure):
                canvas.setFont(font(part), text.size)
                canvas.drawString(x, style.page_size[1] - text.y, part)
        canvas.showPage()
    canvas.save()


def find_font() -> Path | None:
    """The font file of the installed font package, if any."""
    spec = importlib.util.find_spec(FONT_PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    fonts = sorted(f for p in places for f in Path(p).rglob("*.[ot]tf"))
    return fonts[0] if fonts else None


def _alphabet() -> str:
    """Every character that an invented report can print."""
    files = [*HERE.rglob("*.py"), HERE / "parts.yaml", *(HERE.parent / "patterns" / "forms").glob("*.yaml")]
    chars = {c for f in files for c in f.read_text("utf-8") if c.isprintable()}
    return "".join(sorted(chars | set(map(chr, range(32, 127)))))


@cache
def _subset_font() -> Path:
    """The font cut down to the alphabet once, in the temporary folder: whole fonts load slowly."""
    from fontTools import subset

    source = find_font()
    if source is None:
        raise FileNotFoundError(f"font package {FONT_PACKAGE} is not installed")
    alphabet = _alphabet()
    key = hashlib.sha256((source.name + alphabet).encode()).hexdigest()[:16]
    target = Path(tempfile.gettempdir()) / f"corpora-{key}{source.suffix}"
    if not target.exists():
        options = subset.Options(notdef_outline=True, hinting=False, layout_features=[])
        font = subset.load_font(str(source), options)
        cutter = subset.Subsetter(options)
        cutter.populate(text=alphabet)
        cutter.subset(font)
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / target.name
            subset.save_font(font, str(draft), options)
            target.write_bytes(draft.read_bytes())
    return target


class _FpdfPen(_Pen):
    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf

    def line(self, rule: Rule, width: float) -> None:
        self.pdf.set_line_width(width)
        self.pdf.line(rule.x0, rule.y0, rule.x1, rule.y1)

    def rect(self, x: float, y: float, w: float, h: float, fill: float | None, stroke: bool) -> None:
        if fill is not None:
            self.pdf.set_fill_color(round(fill * 255))
        self.pdf.rect(x, y, w, h, style=("D" if stroke else "") + ("F" if fill is not None else ""))


def render_fpdf2(report: InventedReport, path: Path, style: Style) -> None:
    """Writes the report with fpdf2 and an embedded subset of a Noto font."""
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format=style.page_size)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(datetime(report.year + 1, 1, 20, tzinfo=UTC))
    pdf.add_font("cjk", fname=str(_subset_font()))
    pdf.set_font("cjk", size=10)
    widths: dict[str, float] = {}

    def measure(text: str, size: float) -> float:
        for c in text:
            if c not in widths:
                widths[c] = float(pdf.get_string_width(c)) / 10
        return sum(widths[c] for c in text) * size

    pdf.set_line_width(style.rule_width)
    pages = paginate(report, style, measure)
    for page in pages:
        pdf.add_page()
        pdf.set_line_width(style.rule_width)
        _draw_rules(page, style, _FpdfPen(pdf))
        for text in page.texts:
            pdf.set_font("cjk", size=text.size)
            for x, part in _pieces(text, style.text_mode, measure):
                pdf.text(x, text.y, part)
    pdf.output(str(path))
