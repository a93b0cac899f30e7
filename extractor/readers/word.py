"""DOCX → Document: merged cells, nested tables, text boxes, tracked changes (ECMA-376, WordprocessingML).

Deleted and moved-away text is not read, inserted text is. Offsets count code points of the paragraphs and
cells in reading order, one line feed after each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zipfile import ZipFile

from lxml import etree

from extractor.document import Block, Cell, Document, Grid, Paragraph, Picture, Piece
from extractor.errors import TooLarge
from extractor.readers.archive import open_archive, parse_xml, read_member
from extractor.readers.tape import Tape

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = "word/document.xml"
MAX_CELLS = 20_000
LONG = 400  # a cell with more characters than this holds an article
_SKIP = frozenset(["del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "sectPr", "tbl", "txbxContent"])
RELATIONS = "word/_rels/document.xml.rels"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PICTURES = frozenset(("drawing", "pict", "object"))


def _local(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _child(node: etree._Element, *names: str) -> etree._Element | None:
    for name in names:
        found = next((c for c in node if _local(c) == name), None)
        if found is None:
            return None
        node = found
    return node


def _value(node: etree._Element | None) -> str | None:
    """The w:val of a property."""
    if node is None:
        return None
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith("}val")), "")


def _off(node: etree._Element | None) -> bool:
    return node is None or _value(node) in ("0", "false", "off")


def _runs(node: etree._Element) -> Iterator[str]:
    """The text of a paragraph as it stands after all changes are accepted."""
    for child in node:
        tag = _local(child)
        if tag in _SKIP:
            continue
        if tag == "t":
            yield child.text or ""
        elif tag == "tab":
            yield " "
        elif tag in ("br", "cr"):
            yield "\n"
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag == "r" and not _off(_child(child, "rPr", "vanish")):
            continue
        else:
            yield from _runs(child)


def paragraph_text(paragraph: etree._Element) -> str:
    """The text of a w:p, text boxes left out."""
    return "".join(_runs(paragraph)).strip()


def _bodies(node: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, out of content controls and insertions too."""
    for child in node:
        tag = _local(child)
        if tag in ("p", "tbl"):
            yield child
        elif tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _bodies(child)


def _rows(table: etree._Element) -> list[etree._Element]:
    """The rows of a table that no tracked change has deleted."""
    rows = []
    for child in table:
        if _local(child) == "tr" and _child(child, "trPr", "del") is None:
            rows.append(child)
        elif _local(child) in ("sdt", "sdtContent", "customXml", "ins"):
            rows += _rows(child)
    return rows


def _row_cells(row: etree._Element) -> list[etree._Element]:
    cells = []
    for child in row:
        if _local(child) == "tc" and _child(child, "tcPr", "cellDel") is None:
            cells.append(child)
        elif _local(child) in ("sdt", "sdtContent", "customXml"):
            cells += _row_cells(child)
    return cells


def _number(node: etree._Element | None, default: int) -> int:
    text = _value(node) or ""
    return min(int(text), 200) if text.isdigit() else default


def cell_text(cell: etree._Element) -> str:
    """The paragraphs of a cell, one a line; a table inside it is read after them."""
    lines = []
    for node in _bodies(cell):
        if _local(node) == "p":
            lines += [paragraph_text(node), *(paragraph_text(p) for p in _boxes(node))]
        else:
            lines += [cell_text(c) for r in _rows(node) for c in _row_cells(r)]
    return "\n".join(line for line in lines if line)


def _boxes(paragraph: etree._Element) -> list[etree._Element]:
    """The paragraphs of text boxes anchored in a paragraph, each once (not its copy for old programs)."""
    boxes = [
        b
        for b in paragraph.iter()
        if _local(b) == "txbxContent" and not any(_local(a) == "Fallback" for a in b.iterancestors())
    ]
    return [p for b in boxes for p in b if _local(p) == "p"]


class _Reader:
    def __init__(self, media: Callable[[str], bytes]) -> None:
        self.media = media  # relation id → the bytes of a picture
        self.tape = Tape()
        self.blocks: list[Block] = []
        self.cells = 0

    def paragraph(self, text: str) -> None:
        for line in text.split("\n"):
            if line.strip():
                place = self.tape.put(line)
                self.blocks.append(Paragraph(line, (Piece(0, len(line), place),)))

    def read(self, node: etree._Element) -> None:
        for body in _bodies(node):
            if _local(body) == "tbl":
                self.table(body)
                continue
            self.paragraph(paragraph_text(body))
            for box in _boxes(body):
                self.paragraph(paragraph_text(box))
            for table in (t for b in body.iter() if _local(b) == "txbxContent" for t in b if _local(t) == "tbl"):
                self.table(table)
            if any(_local(n) in _PICTURES for n in body.iter()):
                shown = [self.media(i) for n in body.iter() for i in (n.get(f"{_R}embed") or n.get(f"{_R}id"),) if i]
                self.blocks += [Picture(self.tape.put(""), data) for data in shown or [b""]]

    def table(self, table: etree._Element) -> None:
        rows = _rows(table)
        if self._lays_out(rows):
            for row in rows:
                for cell in _row_cells(row):
                    self.read(cell)
            return
        grid = self.grid(rows)
        if grid is not None:
            self.blocks.append(grid)

    @staticmethod
    def _lays_out(rows: list[etree._Element]) -> bool:
        """A table of one column, or one with an article or a real table in a cell, only lays out the page."""
        cells = [c for r in rows for c in _row_cells(r)]
        widest = max((len(_row_cells(r)) for r in rows), default=0)
        nested = any(len(_row_cells(r)) > 1 for c in cells for t in _bodies(c) if _local(t) == "tbl" for r in _rows(t))
        return widest < 2 or nested or (len(rows) < 4 and any(len(cell_text(c)) > LONG for c in cells))

    def grid(self, rows: list[etree._Element]) -> Grid | None:
        """A grid by gridSpan and vMerge."""
        cells: list[Cell] = []
        above: dict[int, int] = {}  # column → index of the cell that may go on below
        for r, row in enumerate(rows):
            column = _number(_child(row, "trPr", "gridBefore"), 0)
            below: dict[int, int] = {}
            for node in _row_cells(row):
                span = _number(_child(node, "tcPr", "gridSpan"), 1)
                merge = _child(node, "tcPr", "vMerge")
                if merge is not None and _value(merge) != "restart" and column in above:
                    index = above[column]
                    old = cells[index]
                    cells[index] = old._replace(rowspan=r - old.row + 1)
                else:
                    text = cell_text(node)
                    index = len(cells)
                    empty = not text and span == 1 and merge is None
                    cells.append(Cell(text, r, column, 1, span, padding=empty, place=self.tape.put(text)))
                    self.cells += 1
                if merge is not None:
                    below[column] = index
                column += span
            above = below
            if self.cells > MAX_CELLS:
                raise TooLarge(f"tables of more than {MAX_CELLS} cells")
        if not cells:
            return None
        width = max(c.column + c.colspan for c in cells)
        return Grid(tuple(cells), len(rows), width, regular=True, place=cells[0].place)


def _media(archive: ZipFile, name: str) -> Callable[[str], bytes]:
    """Where the pictures of a document are: parts of the archive by relation id; those outside it are not fetched."""
    members = set(archive.namelist())
    targets: dict[str, str] = {}
    if RELATIONS in members:
        for relation in parse_xml(read_member(archive, RELATIONS, name), name):
            targets[relation.get("Id", "")] = "word/" + relation.get("Target", "").removeprefix("/word/")

    def media(relation: str) -> bytes:
        target = targets.get(relation, "")
        return read_member(archive, target, name) if target.startswith("word/media/") and target in members else b""

    return media


def read_docx(data: bytes, name: str) -> Document:
    """Read a DOCX file. Raises DamagedFile, Encrypted or TooLarge."""
    archive = open_archive(data, name)
    root = parse_xml(read_member(archive, MAIN, name), name)
    body = _child(root, "body")
    reader = _Reader(_media(archive, name))
    if body is not None:
        reader.read(body)
    return Document(tuple(reader.blocks), "docx", MEDIA_TYPE)
