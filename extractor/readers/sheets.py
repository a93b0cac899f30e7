"""Workbooks (.xlsx, .xls) → Document: a grid a sheet, its name before it. The page is the number of the sheet.

Offsets count code points of the names and cells in reading order, one line feed after each.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from extractor.document import Block, Cell, Document, Grid, Paragraph, Piece
from extractor.errors import DamagedFile, Encrypted, TooLarge
from extractor.readers import sheets_raw
from extractor.readers.archive import open_archive, read_member
from extractor.readers.tape import Tape

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
BINARY = "xl/workbook.bin"
LONG = 12  # characters of a row's number or a column's letters; more only say the same: far
FAR = 20 * sheets_raw.MAX_SLOTS  # slots from the first of a sheet to its last
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")


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
        if (bottom - top + 1) * (right - left + 1) > sheets_raw.MAX_SLOTS:
            raise TooLarge("a merged cell over the whole sheet")
        covered |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)} - {(top, left)}
    return spans, covered


def _grid(rows: list[list[Any]], ranges: Any, tape: Tape) -> Grid | None:
    spans, covered = _merged(ranges)
    width = max((len(row) for row in rows), default=0)
    if not width or len(rows) * width > sheets_raw.MAX_SLOTS:
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


def _in_a_process(data: bytes) -> Any:
    """The sheets as ``sheets_raw`` finds them in a process of its own, bounded in time and memory.

    That the library asks for more memory than there is ends the process, and no exception tells of it.
    """
    command = [sys.executable, "-I", str(Path(sheets_raw.__file__))]
    done = subprocess.run(command, input=data, capture_output=True, timeout=2 * sheets_raw.SECONDS, check=False)
    return json.loads(done.stdout or '{"error": "the workbook library broke down over it", "kind": ""}')


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number


def _extent(part: bytes) -> int:
    """Slots of the smallest table from the first cell of a sheet that holds every cell and row it names."""
    found = _REFERENCE.findall(part)
    rows = max((int(number[:LONG]) for _, number in found), default=1)
    columns = max((_column(letters[:LONG]) for letters, _ in found), default=1)
    return rows * max(columns, 1)


def _reaches_far(data: bytes, name: str) -> bool:
    """Whether a cell or row of an .xlsx stands so far out that a table up to it might not fit in memory.

    Binary workbooks (.xlsb) and parts that cannot be unpacked do not tell, and count as far.
    """
    archive = open_archive(data, name)
    members = archive.namelist()
    if BINARY in members:
        return True
    try:
        return any(_extent(read_member(archive, m, name)) > FAR for m in members if m.endswith(".xml"))
    except DamagedFile:
        return True


def _sheets(data: bytes, name: str, media_type: str) -> list[dict[str, Any]]:
    import python_calamine as calamine

    bounded = media_type == XLS or _reaches_far(data, name)
    try:
        found = _in_a_process(data) if bounded else sheets_raw.sheets_of(data)
    except calamine.PasswordError as error:
        raise Encrypted(name) from error
    except subprocess.TimeoutExpired as error:
        raise DamagedFile(f"{name} (no answer in {2 * sheets_raw.SECONDS} s)") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise DamagedFile(f"{name} ({error})") from error
    if isinstance(found, dict):
        if found["kind"] == "PasswordError":
            raise Encrypted(name)
        raise DamagedFile(f"{name} ({found['error']})")
    return list(found)


def read_workbook(data: bytes, name: str, media_type: str) -> Document:
    """Read all visible sheets. Raises DamagedFile, Encrypted or TooLarge."""
    blocks: list[Block] = []
    tape = Tape()
    for sheet in _sheets(data, name, media_type):
        if "large" in sheet:
            raise TooLarge(f"{name} (a sheet of {' × '.join(map(str, sheet['large']))} cells)")
        tape.page = sheet["number"]
        rows = sheet["rows"]
        rows.append([""] * max((len(row) for row in rows), default=0))  # an empty last row is not kept in the file
        for text in (sheet["name"], *(_printed(v).strip() for row in rows[: _titles(rows)] for v in row)):
            if text:
                blocks.append(Paragraph(text, (Piece(0, len(text), tape.put(text)),)))
        grid = _grid(rows, sheet["merged"], tape)
        blocks += [grid] if grid is not None else []
    return Document(tuple(blocks), "sheets", media_type, pages=tape.page)
