"""Office files of the test part: LibreOffice writes the Word files from a web page, XlsxWriter the workbooks."""

from __future__ import annotations

import io

from corpora.html_render import report_html
from corpora.model import InventedReport
from corpora.office_render import NAMES, converted
from corpora.pdf_render import draw_style

WRITER = "--infilter=HTML (StarWriter)"


def _word(report: InventedReport, kind: str) -> bytes:
    page = report_html(report, draw_style(report.seed, report, "html"))
    return converted(page.encode(), "html", kind, WRITER)


def docx_bytes(report: InventedReport) -> bytes:
    """DOCX as LibreOffice writes it."""
    return _word(report, "docx:MS Word 2007 XML")


def doc_bytes(report: InventedReport) -> bytes:
    """A Word 97–2003 file as LibreOffice writes it."""
    return _word(report, "doc:MS Word 97")


def rtf_bytes(report: InventedReport) -> bytes:
    """RTF as LibreOffice writes it."""
    return _word(report, "rtf:Rich Text Format")


def xlsx_bytes(report: InventedReport) -> bytes:
    """All tables on one sheet, under each other, every value as text."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, wrapped = book.add_worksheet("附表"), book.add_format({"text_wrap": True, "border": 1})
    row = 0
    sheet.write_string(row, 0, report.title)
    for table in report.tables:
        row += 2
        sheet.write_string(row, 0, f"{NAMES[table.id]}：")
        row += 1
        for cell in table.cells:
            top, last = row + cell.row, cell.col + cell.colspan - 1
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_range(top, cell.col, top + cell.rowspan - 1, last, cell.text, wrapped)
            else:
                sheet.write_string(top, cell.col, cell.text, wrapped)
        row += table.n_rows
    book.close()
    return out.getvalue()


def xls_bytes(report: InventedReport) -> bytes:
    """That workbook, saved by LibreOffice as Excel 97–2003."""
    return converted(xlsx_bytes(report), "xlsx", "xls:MS Excel 97")
