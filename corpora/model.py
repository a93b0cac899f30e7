"""The renderer-neutral model of an invented report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PROACTIVE = "proactive_disclosure"
REQUESTS = "requests"
RECONSIDERATION = "reconsideration_litigation"
TABLE_IDS = (PROACTIVE, REQUESTS, RECONSIDERATION)

Number = int | float


@dataclass(frozen=True)
class CellModel:
    """One printed cell: its text, its place in the grid and what it stands for."""

    text: str
    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    vertical: bool = False
    shaded: bool = False
    path: str | None = None

    @property
    def numeric(self) -> bool:
        """Whether the cell holds a value rather than a label."""
        return self.path is not None


@dataclass
class TableModel:
    """A table as a list of cells on a grid; `weights` are the relative column widths."""

    id: str
    cells: list[CellModel]
    n_rows: int
    n_cols: int
    weights: list[float]
    header_rows: int = 0
    note_after: str | None = None

    @property
    def rows(self) -> list[list[CellModel]]:
        """Cells grouped by the row in which they start, from left to right."""
        grouped: list[list[CellModel]] = [[] for _ in range(self.n_rows)]
        for cell in sorted(self.cells, key=lambda c: (c.row, c.col)):
            grouped[cell.row].append(cell)
        return grouped

    def grid(self) -> list[list[CellModel | None]]:
        """For every grid position the cell that covers it."""
        out: list[list[CellModel | None]] = [[None] * self.n_cols for _ in range(self.n_rows)]
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.rowspan):
                for c in range(cell.col, cell.col + cell.colspan):
                    out[r][c] = cell
        return out


@dataclass
class Paragraph:
    """One paragraph of prose; `level` 0 is body text, 1 a sub-heading."""

    text: str
    level: int = 0


@dataclass
class Chapter:
    """A chapter: printed title, paragraphs, and the table it holds, if any."""

    id: str
    title: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    table: TableModel | None = None


@dataclass
class Figure:
    """A quantity planted in the prose. `part_of` is the index of its total in the report's list."""

    value: Number
    unit: str | None
    text: str
    approximate: bool = False
    kind: str = "count"
    part_of: int | None = None
    section: str = ""
    indicator: str | None = None

    def gold(self) -> dict[str, Any]:
        """The figure as a gold item."""
        said = {"indicator": self.indicator} if self.indicator else {}
        return {
            "value": self.value,
            "unit": self.unit,
            "approximate": self.approximate,
            "kind": self.kind,
            "text": self.text,
            "part_of": self.part_of,
            **({"section": self.section} if self.section else {}),
            **said,
        }


@dataclass(frozen=True)
class Printed:
    """A value as printed in a cell, with what a perfect reader would report."""

    text: str
    value: Number | None
    status: str


@dataclass
class Knobs:
    """What makes one invented report differ from another; every rate is a probability."""

    form_proactive: str = "2021"
    form_requests: str = "2021"
    profile: str = "small"
    blank_rate: float = 0.0
    blank_zeros: bool = False
    dash_rate: float = 0.0
    dash_sign: str = "/"
    blank_column: bool = False
    blank_totals: bool = False
    violations: int = 0
    missing_row: bool = False
    extra_proactive_row: bool = False
    extra_requests_row: bool = False
    variant_rate: float = 0.0
    ordinal_style: str = "."
    half_brackets: bool = False
    quotes: str = "“”"
    article_space: bool = False
    heji: bool = False
    spaced_headers: bool = False
    broken_headers: bool = True
    vertical_headers: bool = False
    vertical_stub: bool = True
    repeat_header: bool = False
    title_variants: bool = False
    preamble: bool = True
    footnote: bool = False
    thousands: bool = False
    fullwidth_rate: float = 0.0
    unit_in_cell: bool = False
    number_space: bool = False
    mistake_rate: float = 0.0
    slip_rate: float = 0.0
    part: str = "train"


@dataclass
class InventedReport:
    """A whole invented report with its gold."""

    seed: int
    knobs: Knobs
    body: str
    year: int
    title: str
    chapters: list[Chapter]
    gold: dict[str, Any]
    extras: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tables(self) -> list[TableModel]:
        """The tables in order of print."""
        return [c.table for c in self.chapters if c.table is not None]
