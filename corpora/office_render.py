"""Writes a report as DOCX (with python-docx), XLSX, XLS, and through LibreOffice as DOC and RTF."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

from corpora.html_render import OFFICE, TIMEOUT, find_program
from corpora.model import CellModel, InventedReport, TableModel

NAMES = {"proactive_disclosure": "表一", "requests": "表二", "reconsideration_litigation": "表三"}


def _text(cell: CellModel) -> str:
    return "\n".join(re.sub(r"\s", "", cell.text)) if cell.vertical else cell.text


def _track(paragraph: Any, rng: Random) -> None:
    """A tracked change: a number that was deleted stands before the text, its replacement is marked inserted."""
    from docx.oxml import OxmlElement

    gone, added = OxmlElement("w:del"), OxmlElement("w:ins")
    run = deepcopy(paragraph.runs[0]._r)
    for node in run.findall("{*}t"):
        node.tag = node.tag.replace("}t", "}delText")
        node.text = str(rng.randint(100, 999))
    gone.append(run)
    first = paragraph.runs[0]._r
    first.addprevious(gone)
    first.addprevious(added)
    added.append(first)


def _docx_table(document: Any, table: TableModel, rng: Random, tracked: bool) -> None:
    made = document.add_table(rows=table.n_rows, cols=table.n_cols)
    made.style = "Table Grid"
    slots = [[made.cell(r, c) for c in range(table.n_cols)] for r in range(table.n_rows)]
    for cell in table.cells:
        slot = slots[cell.row][cell.col]
        if cell.rowspan > 1 or cell.colspan > 1:
            slot = slot.merge(slots[cell.row + cell.rowspan - 1][cell.col + cell.colspan - 1])
        lines = _text(cell).split("\n")
        slot.text = lines[0]
        for line in lines[1:]:
            slot.add_paragraph(line)
        if tracked and cell.numeric and lines[0] and rng.random() < 0.1:
            _track(slot.paragraphs[0], rng)


def docx_bytes(report: InventedReport) -> bytes:
    """The report as DOCX; now and then with tracked changes, or inside a table that lays out the page."""
    import docx

    rng = Random(report.seed)
    tracked = report.seed % 3 == 1
    document = docx.Document()
    target = document.add_table(rows=1, cols=1).cell(0, 0) if report.seed % 7 == 3 else document
    target.add_paragraph(report.title)
    for chapter in report.chapters:
        if chapter.title:
            target.add_paragraph(chapter.title)
        for paragraph in chapter.paragraphs:
            target.add_paragraph(paragraph.text)
        if chapter.table is not None:
            holder = target if target is document else _Nested(target)
            _docx_table(holder, chapter.table, rng, tracked)
            if chapter.table.note_after:
                target.add_paragraph(chapter.table.note_after)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Nested:
    """A table cell as the place for tables."""

    def __init__(self, cell: Any) -> None:
        self.cell = cell

    def add_table(self, rows: int, cols: int) -> Any:
        from docx.shared import Pt

        made = self.cell.add_table(rows, cols)
        for column in made.columns:
            column.width = Pt(40)
        return made


def _sheet_value(cell: CellModel) -> str | int | float:
    if cell.numeric and re.fullmatch(r"\d{1,9}", cell.text):
        return int(cell.text)
    if cell.numeric and re.fullmatch(r"\d{1,9}\.\d*[1-9]", cell.text):
        return float(cell.text)
    return _text(cell)


def xlsx_bytes(report: InventedReport) -> bytes:
    """The tables as a workbook, a sheet each."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for table in report.tables:
        sheet = book.create_sheet(NAMES[table.id])
        sheet.cell(1, 1, report.title)
        for cell in table.cells:
            value = _sheet_value(cell)
            if value != "":
                sheet.cell(cell.row + 2, cell.col + 1, value)
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_cells(
                    start_row=cell.row + 2,
                    start_column=cell.col + 1,
                    end_row=cell.row + 1 + cell.rowspan,
                    end_column=cell.col + cell.colspan,
                )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls_bytes(report: InventedReport) -> bytes:
    """The tables as a workbook of Excel 97–2003."""
    import xlwt

    book = xlwt.Workbook()
    for table in report.tables:
        sheet = book.add_sheet(NAMES[table.id])
        sheet.write(0, 0, report.title)
        for cell in table.cells:
            last = cell.row + cell.rowspan, cell.col + cell.colspan - 1
            value = _sheet_value(cell)
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.write_merge(cell.row + 1, last[0], cell.col, last[1], value)
            elif value != "":
                sheet.write(cell.row + 1, cell.col, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def converted(content: bytes, suffix: str, kind: str, *options: str) -> bytes:
    """The bytes of a file as LibreOffice saves it anew in another kind."""
    program = find_program(OFFICE)
    if program is None:
        raise FileNotFoundError("no LibreOffice here")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"report.{suffix}"
        source.write_bytes(content)
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", *options, "--convert-to", kind]
        subprocess.run([*command, "--outdir", folder, str(source)], capture_output=True, timeout=TIMEOUT, check=True)
        return (Path(folder) / f"report.{kind.partition(':')[0]}").read_bytes()


def doc_bytes(report: InventedReport) -> bytes:
    """The report as a Word 97–2003 file."""
    return converted(docx_bytes(report), "docx", "doc")


def rtf_bytes(report: InventedReport) -> bytes:
    """The report as RTF."""
    return converted(docx_bytes(report), "docx", "rtf")
