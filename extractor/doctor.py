"""What is installed, what is missing for which media and how to get it, and whether reading works here."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from extractor import data
from extractor.api import extract_content
from extractor.errors import NianbaoError
from extractor.forms import form_ids
from extractor.report import Report
from extractor.version import __version__

State = Literal["ok", "missing", "failed"]
_CORE = ("pdfplumber", "pypdfium2", "lxml", "pydantic", "spacy", "jieba", "python-calamine", "opencc")
_EXTRAS = {
    "scan": ("onnxruntime", "rapidocr", "opencv-python-headless", "numpy", "pillow"),
    "data": ("pyarrow", "duckdb", "pandas", "xlsxwriter", "zstandard"),
    "review": ("jinja2", "matplotlib"),
    "cluster": ("fsspec",),
}
_GIVES = {
    "scan": "pictures, image-only PDFs",
    "data": "Parquet, DuckDB, Stata, workbooks, .zst",
    "review": "pages with plots",
    "cluster": "addresses such as s3://",
}
_PAGE = (
    "试县2023年政府信息公开工作年度报告\n一、总体情况\n2023年，主动公开政府信息1564条，其中概况类信息293条。\n"
    "二、主动公开政府信息情况\n第二十条第（一）项\n信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数\n"
    "规章 | 0 | 0 | 0\n行政规范性文件 | 12 | 3 | 46\n"
)
DIGITS = "20231564"


@dataclass(frozen=True)
class Finding:
    """One line of the examination: what, its state, and what to say or do about it."""

    name: str
    state: State
    text: str


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _extra(name: str) -> Finding:
    found = {p: _version(p) for p in _EXTRAS[name]}
    lacking = [p for p, v in found.items() if v is None]
    if lacking:
        text = f"{_GIVES[name]}: not available without {', '.join(lacking)} (pip install 'nianbao[{name}]')"
        return Finding(f"nianbao[{name}]", "missing", text)
    return Finding(f"nianbao[{name}]", "ok", f"{_GIVES[name]} ({', '.join(f'{p} {v}' for p, v in found.items())})")


def _libreoffice() -> Finding:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return Finding("LibreOffice", "ok", f"Word .doc, .wps and .rtf ({found})")
    hint = "apt-get install --no-install-recommends libreoffice-writer"
    return Finding("LibreOffice", "missing", f"Word .doc, .wps and .rtf are not read without it ({hint})")


def _reading() -> Finding:
    """A short report read in memory: its cell and its figures must come out."""
    report = extract_content(_PAGE.encode(), "self-test")
    if not isinstance(report, Report):
        return Finding("reading", "failed", report.error.message)
    cell = report.cell("proactive_disclosure.normative_documents.in_force").value
    figures = [f.value for f in report.figures]
    right = cell == 46 and figures == [1564, 293]
    return Finding("reading", "ok" if right else "failed", f"a cell ({cell}) and figures ({figures}) of a short report")


def _recognition() -> Finding:
    """Digits drawn as a picture and recognised."""
    try:
        import numpy as np
        from PIL import Image, ImageDraw, ImageFont

        from extractor.readers.scan.recognise import recogniser

        picture = Image.new("L", (260, 60), 255)
        ImageDraw.Draw(picture).text((12, 8), DIGITS, fill=0, font=ImageFont.load_default(36))
        line = recogniser().read([np.asarray(picture)], [True])[0]
    except ImportError as error:
        return Finding(
            "recognition", "missing", f"scans are not read without {error.name} (pip install 'nianbao[scan]')"
        )
    except NianbaoError as error:
        return Finding("recognition", "missing", f"{error.message} ({error.hint})")
    return Finding("recognition", "ok" if line.text == DIGITS else "failed", f"{DIGITS} in a picture reads {line.text}")


def examine() -> Iterator[Finding]:
    """Everything, one after another."""
    yield Finding("nianbao", "ok", f"{__version__}, patterns {data.version()}, forms {', '.join(form_ids())}")
    yield Finding("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    lacking = [p for p in _CORE if _version(p) is None]
    core = ", ".join(f"{p} {_version(p)}" for p in _CORE if p not in lacking)
    yield Finding(
        "core", "failed" if lacking else "ok", f"{core}{' — missing: ' + ', '.join(lacking) if lacking else ''}"
    )
    yield from (_extra(name) for name in _EXTRAS)
    yield _libreoffice()
    yield _reading()
    yield _recognition()
