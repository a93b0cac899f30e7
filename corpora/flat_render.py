"""Writes a report as flattened text, in the ways that crawlers, converters and copying flatten tables."""

from __future__ import annotations

import re
from collections.abc import Callable

from corpora.model import CellModel, InventedReport, TableModel

Rows = list[list[CellModel | None]]


def _grid(table: TableModel) -> Rows:
    """Each cell at its first slot; slots that it covers are None."""
    grid = table.grid()
    return [
        [c if c is not None and (c.row, c.col) == (r, k) else None for k, c in enumerate(row)]
        for r, row in enumerate(grid)
    ]


def _text(cell: CellModel) -> str:
    return re.sub(r"\s", "", cell.text) if cell.vertical or cell.numeric else cell.text.replace("\n", "")


def one_a_line(table: TableModel) -> str:
    """Each cell on a line of its own, a blank line after each; empty cells leave no trace."""
    return "\n\n".join(_text(c) for row in table.rows for c in row if c.text) + "\n"


def pipes(table: TableModel) -> str:
    """A row a line, cells between pipes, a pipe at the end; merged cells and their slots are empty."""
    lines = [" | ".join(_text(c) if c else "" for c in row) + " |" for row in _grid(table)]
    return "\n".join(lines) + "\n"


def pipes_unpadded(table: TableModel) -> str:
    """A row a line between pipes; merged cells are printed once, parents only with their first child."""
    return "\n".join("| " + " | ".join(_text(c) for c in row) + " |" for row in table.rows) + "\n"


def pipe_lines(table: TableModel) -> str:
    """Each row opened by a lone pipe, then a cell a line with a pipe after it."""
    return "".join("|\n" + "".join(f"{_text(c)} |\n" if c.text else "|\n" for c in row) for row in table.rows)


def spaces(table: TableModel) -> str:
    """A row a line, cells parted by one space; empty cells leave no trace."""
    return "\n".join(" ".join(_text(c) for c in row if c.text) for row in table.rows) + "\n"


def markdown(table: TableModel) -> str:
    """A Markdown table: every slot between pipes, a rule under the first line."""
    lines = ["| " + " | ".join(_text(c) if c else "" for c in row) + " |" for row in _grid(table)]
    return "\n".join([lines[0], "|" + " --- |" * table.n_cols, *lines[1:]]) + "\n"


def run_together(table: TableModel) -> str:
    """All cells without any delimiter, a row a line."""
    return "\n".join("".join(_text(c) for c in row) for row in table.rows) + "\n"


def run_on(table: TableModel) -> str:
    """All cells of the table without any delimiter, on one line."""
    return run_together(table).replace("\n", "") + "\n"


STYLES: dict[str, Callable[[TableModel], str]] = {
    "lines": one_a_line,
    "pipes": pipes,
    "pipes-bare": pipes_unpadded,
    "pipe-lines": pipe_lines,
    "spaces": spaces,
    "markdown": markdown,
    "glued": run_together,
    "glued-on": run_on,
}
LOSSY = frozenset(("lines", "spaces", "glued", "glued-on"))  # empty cells leave no trace in these


def flat_text(report: InventedReport, style: str) -> str:
    """The whole report, its tables flattened in one style."""
    parts = [report.title]
    for chapter in report.chapters:
        parts += [chapter.title] if chapter.title else []
        parts += [p.text for p in chapter.paragraphs]
        if chapter.table is not None:
            parts.append(STYLES[style](chapter.table))
            parts += [chapter.table.note_after] if chapter.table.note_after else []
    return "\n".join(parts) + "\n"
