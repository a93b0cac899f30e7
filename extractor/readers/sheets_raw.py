"""The sheets of a workbook by python-calamine, as plain JSON. Runs as a program of its own for some files.

Damaged .xls files, and sheets with cells far out, can make calamine loop or ask for all memory, which no
exception ends; as a process of its own it is bounded: ``python sheets_raw.py < FILE`` writes a JSON list of
sheets or ``{"error": …}``.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import suppress
from typing import Any

MAX_SLOTS = 200_000
MAX_SHEETS = 60
MEMORY = 2 * 1024**3
SECONDS = 20


def sheets_of(data: bytes) -> list[dict[str, Any]]:
    """The visible sheets: ``number``, ``name``, ``rows``, ``merged`` (first and last slot), or ``large`` (its size)."""
    import python_calamine as calamine

    book = calamine.load_workbook(io.BytesIO(data))
    out: list[dict[str, Any]] = []
    for number, meta in enumerate(book.sheets_metadata[:MAX_SHEETS], 1):
        if meta.typ != calamine.SheetTypeEnum.WorkSheet or meta.visible != calamine.SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        found: dict[str, Any] = {"number": number, "name": meta.name}
        if sheet.total_height * sheet.total_width > MAX_SLOTS:
            found["large"] = [sheet.total_height, sheet.total_width]
        else:
            found |= {"rows": sheet.to_python(skip_empty_area=False), "merged": list(sheet.merged_cell_ranges or [])}
        out.append(found)
    return out


def _limit() -> None:
    """Bound memory and time, where the system can."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read a workbook from standard input, write its sheets as JSON."""
    _limit()
    try:
        answer: Any = sheets_of(sys.stdin.buffer.read())
    except BaseException as error:  # panics of the library are no Exception; the parent reports them
        answer = {"error": str(error) or type(error).__name__, "kind": type(error).__name__}
    json.dump(answer, sys.stdout, default=str)


if __name__ == "__main__":
    main()
