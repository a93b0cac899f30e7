"""Renders an invented report to PDF with whichever of five makers is here."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

from corpora.html_render import BROWSERS, OFFICE, find_program, render_chromium, render_libreoffice
from corpora.model import InventedReport
from corpora.pdf_backends import find_font, render_fpdf2, render_reportlab
from corpora.style import Style, draw_style
from corpora.typst_render import render_typst

Renderer = Callable[[InventedReport, Path, Style], None]
RENDERERS: dict[str, Renderer] = {
    "reportlab": render_reportlab,
    "fpdf2": render_fpdf2,
    "libreoffice": render_libreoffice,
    "chromium": render_chromium,
    "typst": render_typst,
}


def available() -> list[str]:
    """The renderers that work on this machine."""
    here = {
        "reportlab": importlib.util.find_spec("reportlab") is not None,
        "fpdf2": importlib.util.find_spec("fpdf") is not None and find_font() is not None,
        "libreoffice": find_program(OFFICE) is not None,
        "chromium": find_program(BROWSERS) is not None,
        "typst": importlib.util.find_spec("typst") is not None,
    }
    return [name for name in RENDERERS if here[name]]


def render(report: InventedReport, renderer: str, path: str | Path, style: Style | None = None) -> Path:
    """Writes the report as PDF to `path`; without a style, one is drawn from the report's seed."""
    target = Path(path)
    RENDERERS[renderer](report, target, style or draw_style(report.seed, report, renderer))
    return target


__all__ = ["RENDERERS", "Style", "available", "draw_style", "render"]
