"""Writes a report as HTML, and turns that into PDF with LibreOffice or Chromium where these are installed."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from corpora.model import CellModel, InventedReport, TableModel
from corpora.style import Style, side_of

TIMEOUT = 120
OFFICE = ("soffice", "libreoffice")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_program(names: tuple[str, ...]) -> str | None:
    """The first of these programs that is installed."""
    return next((p for n in names if (p := shutil.which(n))), None)


def _cell(cell: CellModel, style: Style) -> str:
    if cell.vertical:
        text = "<br>".join(html.escape(c) for c in re.sub(r"\s", "", cell.text))
    else:
        text = html.escape(cell.text).replace("\n", "<br>")
    counts = (("rowspan", cell.rowspan), ("colspan", cell.colspan))
    spans = "".join(f' {name}="{count}"' for name, count in counts if count > 1)
    align = side_of(cell, style)
    shade = ' bgcolor="#c6d9f1"' if cell.shaded and style.shade_blocks else ""
    return f'<td{spans}{shade} align="{align}" valign="middle"><p align="{align}">{text or "&nbsp;"}</p></td>'


def table_html(table: TableModel, style: Style) -> str:
    """One table as HTML."""
    total = sum(table.weights)
    columns = "".join(f'<col width="{w / total:.2%}">' for w in table.weights)
    rows = ["<tr>" + "".join(_cell(c, style) for c in row) + "</tr>" for row in table.rows]
    head = table.header_rows if style.repeat_header else 0
    body = "".join(rows)
    if head:
        body = f"<thead>{''.join(rows[:head])}</thead><tbody>{''.join(rows[head:])}</tbody>"
    return f'<table border="1" cellspacing="0" width="100%"><colgroup>{columns}</colgroup>{body}</table>'


def _css(style: Style) -> str:
    width, height = style.page_size
    left, top, right, bottom = style.margin
    return (
        f"@page {{ size: {width}pt {height}pt; margin: {top}pt {right}pt {bottom}pt {left}pt; }}\n"
        f"body {{ font-family: '{style.font}','SimSun',serif; font-size: {style.body_size}pt; }}\n"
        "p { margin: 0; line-height: 150%; } p.text { text-indent: 2em; }\n"
        "table { border-collapse: collapse; }\n"
        f"td {{ border: {style.rule_width}pt solid #000; padding: {style.pad / 2}pt; }}\n"
        f"td p {{ font-size: {style.table_size}pt; line-height: 125%; }}\n"
    )


def report_html(report: InventedReport, style: Style) -> str:
    """The whole report as one HTML page; spacers push the tables over page ends."""
    parts = [f'<h2 align="center">{html.escape(report.title)}</h2>']
    for chapter in report.chapters:
        if chapter.title:
            parts.append(f'<p class="text"><b>{html.escape(chapter.title)}</b></p>')
        parts += [f'<p class="text">{html.escape(p.text)}</p>' for p in chapter.paragraphs]
        if chapter.table is None:
            continue
        gap = style.spacer.get(chapter.table.id, 20.0 * style.cut_before.get(chapter.table.id, 0))
        parts.append(f'<p style="margin-top: {gap}pt">&nbsp;</p>')
        parts.append(table_html(chapter.table, style))
        if chapter.table.note_after:
            parts.append(f"<p>{html.escape(chapter.table.note_after)}</p>")
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{html.escape(report.title)}</title>"
        f"<style>{_css(style)}</style></head><body>{''.join(parts)}</body></html>"
    )


def _run(command: list[str], made: Path) -> None:
    done = subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=False)
    if done.returncode != 0 or not made.exists():
        raise RuntimeError(f"{Path(command[0]).name} failed ({done.returncode}): {done.stderr[-300:]!r}")


def render_chromium(report: InventedReport, path: Path, style: Style) -> None:
    """Prints the HTML with a headless browser."""
    program = find_program(BROWSERS)
    if program is None:
        raise FileNotFoundError("no Chromium here")
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(report_html(report, style), "utf-8")
        _run(
            [
                program,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={made}",
                page.as_uri(),
            ],
            made,
        )
        shutil.copyfile(made, path)


def render_libreoffice(report: InventedReport, path: Path, style: Style) -> None:
    """Converts the HTML with LibreOffice, in a profile of its own."""
    program = find_program(OFFICE)
    if program is None:
        raise FileNotFoundError("no LibreOffice here")
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(report_html(report, style), "utf-8")
        profile = (Path(folder) / "profile").as_uri()
        _run(
            [
                program,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--infilter=HTML (StarWriter)",
                "--convert-to",
                "pdf:writer_pdf_Export",
                "--outdir",
                folder,
                str(page),
            ],
            made,
        )
        shutil.copyfile(made, path)
