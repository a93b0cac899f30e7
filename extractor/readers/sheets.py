"""Workbooks (.xlsx, .xls) → Document: a grid a sheet, its name before it. The page is the number of the sheet.

Offsets count code points of the names and cells in reading order, one line feed after each.
"""

from __future__ import annotations

import io
from typing import Any

from extractor.document import Block, Cell, Document, Grid, Paragraph, Piece
from extractor.errors import DamagedFile, Encrypted, TooLarge
from extractor.readers.tape import Tape

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
MAX_SLOTS = 200_000
MAX_SHEETS = 60


def _printed(value: Any) -> str:
    """A cell as a person sees it: whole numbers without a point."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def _merged(ranges: Any) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """The spans of merged cells by their first slot, and the slots that these cover."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in ranges or []:
        spans[top, left] = (bottom - top + 1, right - left + 1)
        if (bottom - top + 1) * (right - left + 1) > MAX_SLOTS:
            raise TooLarge("a merged cell over the whole sheet")
        covered |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)} - {(top, left)}
    return spans, covered


def _grid(rows: list[list[Any]], ranges: Any, tape: Tape) -> Grid | None:
    spans, covered = _merged(ranges)
    width = max((len(row) for row in rows), default=0)
    if not width or len(rows) * width > MAX_SLOTS:
        if width:
            raise TooLarge(f"a sheet of {len(rows)} × {width} cells")
        return None
    cells = []
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if (r, c) in covered:
                continue
            text = _printed(value).strip()
            down, across = spans.get((r, c), (1, 1))
            padding = not text and (down, across) == (1, 1)
            down = min(down, len(rows) - r)
            cells.append(Cell(text, r, c, down, min(across, width - c), padding=padding, place=tape.put(text)))
    return Grid(tuple(cells), len(rows), width, regular=True, page=tape.page, place=cells[0].place)


def _titles(rows: list[list[Any]]) -> int:
    """How many rows at the top hold one text only: titles of the sheet."""
    count = 0
    for row in rows:
        if sum(bool(_printed(v).strip()) for v in row) > 1:
            break
        count += 1
    return count


def read_workbook(data: bytes, name: str, media_type: str) -> Document:
    """Read all visible sheets. Raises DamagedFile, Encrypted or TooLarge."""
    import python_calamine as calamine

    blocks: list[Block] = []
    tape = Tape()
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        for number, meta in enumerate(book.sheets_metadata[:MAX_SHEETS], 1):
            if meta.typ != calamine.SheetTypeEnum.WorkSheet or meta.visible != calamine.SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            tape.page = number
            if sheet.total_height * sheet.total_width > MAX_SLOTS:
                raise TooLarge(f"{name} (a sheet of {sheet.total_height} × {sheet.total_width} cells)")
            rows = sheet.to_python(skip_empty_area=False)
            rows.append(
                [""] * max((len(row) for row in rows), default=0)
            )  # an empty last row is not kept in the file, only its borders
            for text in (meta.name, *(_printed(v).strip() for row in rows[: _titles(rows)] for v in row)):
                if text:
                    blocks.append(Paragraph(text, (Piece(0, len(text), tape.put(text)),)))
            grid = _grid(rows, sheet.merged_cell_ranges, tape)
            blocks += [grid] if grid is not None else []
    except calamine.PasswordError as error:
        raise Encrypted(name) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise DamagedFile(f"{name} ({error})") from error
    return Document(tuple(blocks), "sheets", media_type, pages=tape.page)
