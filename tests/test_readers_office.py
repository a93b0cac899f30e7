"""Word files and workbooks: merged cells, tracked changes, text boxes, pictures, LibreOffice missing or failing."""

from __future__ import annotations

import io
import zipfile

import pytest

from corpora.invent import invent
from corpora.office_render import docx_bytes, xlsx_bytes
from extractor.api import extract_content
from extractor.document import Grid, Paragraph, Picture
from extractor.errors import DamagedFile, MissingDependency, TooLarge
from extractor.readers import archive, office, read_document
from extractor.readers.word import MAIN

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def _docx(body: str, prolog: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(MAIN, f"{prolog}<w:document {NS} {MC}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _blocks(body: str):
    return read_document(_docx(body), "x").blocks


def test_changes_are_read_as_accepted():
    body = (
        "<w:p><w:r><w:t>公开</w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>21</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>99</w:t></w:r><w:r><w:t>条</w:t></w:r></w:p>"
    )
    assert [b.text for b in _blocks(body)] == ["公开21条"]


def test_deleted_rows_are_not_read():
    rows = "".join(
        f"<w:tr>{'<w:trPr><w:del/></w:trPr>' if n == 2 else ''}<w:tc>{_p('行')}</w:tc><w:tc>{_p(str(n))}</w:tc></w:tr>"
        for n in (1, 2, 3)
    )
    (grid,) = _blocks(f"<w:tbl>{rows}</w:tbl>")
    assert [c.text for c in grid.cells] == ["行", "1", "行", "3"]


def test_text_boxes_are_read_once_and_pictures_noticed():
    box = f"<w:txbxContent>{_p('框内')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    blocks = _blocks(body)
    assert [b.text for b in blocks if isinstance(b, Paragraph)] == ["框外", "框内"]
    assert any(isinstance(b, Picture) for b in blocks)


def test_merged_cells():
    def cell(text, props=""):
        return f"<w:tc><w:tcPr>{props}</w:tcPr>{_p(text)}</w:tc>"

    top = cell("甲", '<w:vMerge w:val="restart"/>') + cell("乙", '<w:gridSpan w:val="2"/>')
    rows = f"<w:tr>{top}</w:tr><w:tr>{cell('', '<w:vMerge/>')}{cell('1')}{cell('2')}</w:tr>"
    (grid,) = _blocks(f"<w:tbl>{rows}</w:tbl>")
    assert isinstance(grid, Grid)
    assert [(c.text, c.rowspan, c.colspan) for c in grid.cells] == [
        ("甲", 2, 1),
        ("乙", 1, 2),
        ("1", 1, 1),
        ("2", 1, 1),
    ]


def test_entities_and_document_types_stay_off():
    bomb = "<!DOCTYPE d [" + '<!ENTITY a "0123456789">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += '<!ENTITY %s "%s">' % (name, f"&{before};" * 10)  # noqa: UP031
    bomb += '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for entity in ("&i;", "&x;"):
        data = _docx(_p(f"前{entity}后"), prolog=bomb)
        try:
            text = "".join(b.text for b in read_document(data, "x").blocks)
        except DamagedFile:
            continue
        assert "root:" not in text and len(text) < 100


def test_zip_bomb_is_bounded(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBER", 1_000_000)
    with pytest.raises(TooLarge):
        read_document(_docx("<w:p/>" + " " * 5_000_000), "x")


def test_files_cut_off():
    for whole in (docx_bytes(invent(1)), xlsx_bytes(invent(1))):
        for share in (0.1, 0.5, 0.9, 0.99):
            assert extract_content(whole[: int(len(whole) * share)], "x").error.code in ("damaged_file", "encrypted")


def test_without_libreoffice(monkeypatch):
    monkeypatch.setattr(office, "office_program", lambda: None)
    failed = extract_content(b"{\\rtf1 text}", "a.rtf")
    assert failed.error.code == "missing_dependency"
    assert "apt-get install" in failed.error.hint
    with pytest.raises(MissingDependency):
        office.convert({"a": b""}, ".doc")


def test_libreoffice_that_makes_nothing_or_hangs(monkeypatch, tmp_path):
    silent, hangs = tmp_path / "silent", tmp_path / "hangs"
    silent.write_text("#!/bin/sh\nexit 0\n")
    hangs.write_text("#!/bin/sh\nsleep 60\n")
    for program in (silent, hangs):
        program.chmod(0o755)
        monkeypatch.setattr(office, "office_program", lambda p=program: str(p))
        monkeypatch.setattr(office, "START_S", 1)
        monkeypatch.setattr(office, "EACH_S", 0)
        assert extract_content(b"{\\rtf1 text}", "a.rtf").error.code == "damaged_file"


def test_formula_results_and_decimals_in_workbooks():
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", 3, "/", None],
        ["行政规范性文件", 12, 0, 96171.6],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    report = extract_content(out.getvalue(), "x", figures=False)
    cells = report.tables["proactive_disclosure"]
    found = [
        (cells[r][c].value, cells[r][c].status)
        for r in ("rules", "normative_documents")
        for c in ("issued", "repealed", "in_force")
    ]
    assert [s for _, s in found] == ["reported", "dash", "blank", "reported", "reported", "reported"]
    assert [str(v) for v, _ in found] == ["3", "None", "None", "12", "0", "96171.6"]
