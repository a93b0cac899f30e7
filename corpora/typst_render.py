"""Prints a report to PDF with typst: another typesetter, other fonts, tables that it breaks over pages itself."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from corpora.model import CellModel, InventedReport, TableModel
from corpora.style import Style, side_of


def _string(text: str) -> str:
    """A typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _cell(cell: CellModel, style: Style) -> str:
    text = "\n".join(re.sub(r"\s", "", cell.text)) if cell.vertical else cell.text
    align = side_of(cell, style)
    shade = ', fill: rgb("#dddddd")' if cell.shaded and style.shade_blocks else ""
    spans = f"x: {cell.col}, y: {cell.row}, colspan: {cell.colspan}, rowspan: {cell.rowspan}"
    return f"table.cell({spans}, align: {align} + horizon{shade}, {_string(text)})"


def _table(table: TableModel, style: Style) -> str:
    columns = ", ".join(f"{w:g}fr" for w in table.weights)
    cells = ",\n".join(_cell(c, style) for c in table.cells)
    return (
        f"#text(size: {style.table_size}pt, table(columns: ({columns}), stroke: {style.rule_width}pt, "
        f"inset: {style.pad}pt, {cells}))\n"
    )


def _source(report: InventedReport, style: Style) -> str:
    width, height = style.page_size
    left, top, right, bottom = style.margin
    number = style.page_number.replace("{n}", "#context counter(page).display()").replace(
        "{total}", "#context counter(page).final().first()"
    )
    parts = [
        f"#set page(width: {width}pt, height: {height}pt, margin: (left: {left}pt, top: {top}pt, right: {right}pt, "
        f"bottom: {bottom}pt), footer: align(center)[{number}])",
        f'#set text(font: ("{style.font}", "Noto Serif CJK SC"), size: {style.body_size}pt, lang: "zh")',
        "#set par(first-line-indent: 2em, justify: true)",
        f"#align(center, text(size: {style.body_size + 6}pt, {_string(report.title)}))",
    ]
    for chapter in report.chapters:
        parts += [f"#par(strong({_string(chapter.title)}))"] if chapter.title else []
        parts += [f"#par({_string(p.text)})" for p in chapter.paragraphs]
        if chapter.table is not None:
            parts.append(f"#v({20.0 * style.cut_before.get(chapter.table.id, 0)}pt)")
            parts.append(_table(chapter.table, style))
            parts += [f"#par({_string(chapter.table.note_after)})"] if chapter.table.note_after else []
    return "\n\n".join(parts)


def render_typst(report: InventedReport, path: Path, style: Style) -> None:
    """Writes the report as PDF with typst."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.typ"
        source.write_text(_source(report, style), "utf-8")
        typst.compile(str(source), output=str(path))
