"""Lays printed values out as table models: headers, merged stubs, blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from corpora.forms import Block, Entry, Form
from corpora.labels import article_label, column_label, restyle, row_label
from corpora.model import PROACTIVE, RECONSIDERATION, REQUESTS, CellModel, Knobs, TableModel
from corpora.values import PrintedTable

SUBCOLUMNS = 6


@dataclass
class ExtraRow:
    """A row the form does not know: where it stands, its label and its printed cells."""

    table: str
    after: str
    label: str
    texts: list[str] = field(default_factory=list)


@dataclass
class _Builder:
    rng: Random
    knobs: Knobs
    cells: list[CellModel] = field(default_factory=list)
    row: int = 0

    def add(
        self,
        text: str,
        col: int,
        rowspan: int = 1,
        colspan: int = 1,
        *,
        row: int | None = None,
        header: bool = False,
        vertical: bool = False,
        path: str | None = None,
        shaded: bool = False,
    ) -> None:
        at = self.row if row is None else row
        self.cells.append(CellModel(text, at, col, rowspan, colspan, header, vertical, shaded, path))

    def values(self, table: str, row: str, printed: PrintedTable, columns: list[str], first: int) -> None:
        for i, column in enumerate(columns):
            self.add(printed[row][column].text, first + i, path=f"{table}.{row}.{column}")

    def extra(self, extra: ExtraRow, first: int, step: int = 1) -> None:
        for i, text in enumerate(extra.texts):
            self.add(text, first + i * step, colspan=step, path=f"{extra.table}.extra.{i}")


def _spans(rng: Random, count: int) -> list[int]:
    """How the six value columns of table 二 are shared by a block's columns."""
    if count == 2:
        return rng.choice(([3, 3], [2, 4], [4, 2]))
    return [SUBCOLUMNS // count] * count


def _block(b: _Builder, block: Block, printed: PrintedTable, extra: ExtraRow | None) -> None:
    rows = [r for r in block.rows if r.id in printed]
    b.add(article_label(block.label, b.knobs), 0, colspan=SUBCOLUMNS + 1, header=True, shaded=True)
    b.row += 1
    spans = _spans(b.rng, len(block.columns))
    starts = [1 + sum(spans[:i]) for i in range(len(spans))]
    b.add("信息内容", 0, header=True)
    for entry, at, span in zip(block.columns, starts, spans, strict=True):
        b.add(column_label(b.rng, entry, b.knobs), at, colspan=span, header=True)
    b.row += 1
    for row in rows:
        b.add(row_label(b.rng, row, b.knobs), 0)
        for entry, at, span in zip(block.columns, starts, spans, strict=True):
            path = f"{PROACTIVE}.{row.id}.{entry.id}"
            b.add(printed[row.id][entry.id].text, at, colspan=span, path=path)
        b.row += 1
        if extra and extra.after == row.id:
            b.add(extra.label, 0)
            b.extra(extra, 1, spans[0])
            b.row += 1


def proactive_table(rng: Random, form: Form, printed: PrintedTable, knobs: Knobs, extra: ExtraRow | None) -> TableModel:
    """Table 二: blocks one below the other."""
    b = _Builder(rng, knobs)
    for block in form.blocks:
        _block(b, block, printed, extra)
    weights = [7.0] + [3.0] * SUBCOLUMNS
    return TableModel(PROACTIVE, b.cells, b.row, SUBCOLUMNS + 1, weights)


def _requests_header(b: _Builder, form: Form) -> None:
    b.add(restyle(form.stub_note, b.knobs), 0, rowspan=3, colspan=3, header=True)
    b.add("申请人情况", 3, colspan=7, header=True)
    group = [c for c in form.columns if c.parent or c.id not in ("natural_person", "total")]
    label = form.group.label
    if form.group.variants and b.rng.random() < b.knobs.variant_rate:
        label = b.rng.choice(form.group.variants)
    b.add(column_label(b.rng, form.columns[0], b.knobs), 3, rowspan=2, row=1, header=True)
    b.add(label, 4, colspan=len(group), row=1, header=True)
    b.add(column_label(b.rng, form.columns[-1], b.knobs), 9, rowspan=2, row=1, header=True)
    for i, entry in enumerate(group):
        text = column_label(b.rng, entry, b.knobs)
        b.add(text, 4 + i, row=2, header=True, vertical=b.knobs.vertical_headers and len(text) > 1)
    b.row = 3


def _children(form: Form, parent: str, printed: PrintedTable) -> list[Entry]:
    return [r for r in form.rows if r.parent == parent and (r.header or r.id in printed)]


def _outcome_group(
    b: _Builder, form: Form, parent: Entry, printed: PrintedTable, columns: list[str], extra: ExtraRow | None
) -> None:
    children = _children(form, parent.id, printed)
    here = extra if extra and extra.after == parent.id else None
    b.add(row_label(b.rng, parent, b.knobs), 1, rowspan=len(children) + (here is not None))
    for child in children:
        b.add(row_label(b.rng, child, b.knobs), 2)
        b.values(REQUESTS, child.id, printed, columns, 3)
        b.row += 1
    if here:
        b.add(restyle(here.label, b.knobs), 2)
        b.extra(here, 3)
        b.row += 1


def requests_table(rng: Random, form: Form, printed: PrintedTable, knobs: Knobs, extra: ExtraRow | None) -> TableModel:
    """Table 三: three stub columns, 三、本年度办理结果 merged down the margin."""
    b = _Builder(rng, knobs)
    _requests_header(b, form)
    columns = [c.id for c in form.columns]
    for entry in form.rows:
        if entry.parent is None and entry.header:
            first = b.row
            for child in _children(form, entry.id, printed):
                if child.header:
                    _outcome_group(b, form, child, printed, columns, extra)
                    continue
                b.add(row_label(rng, child, knobs), 1, colspan=2)
                b.values(REQUESTS, child.id, printed, columns, 3)
                b.row += 1
            text = row_label(rng, entry, knobs)
            b.add(text, 0, rowspan=b.row - first, row=first, vertical=knobs.vertical_stub)
        elif entry.parent is None and entry.id in printed:
            b.add(row_label(rng, entry, knobs), 0, colspan=3)
            b.values(REQUESTS, entry.id, printed, columns, 3)
            b.row += 1
    weights = [1.6, 4.0, 8.0, 2.2, 2.0, 2.0, 2.4, 2.4, 2.0, 2.2]
    return TableModel(REQUESTS, b.cells, b.row, 10, weights, header_rows=3)


def reconsideration_table(rng: Random, form: Form, printed: PrintedTable, knobs: Knobs) -> TableModel:
    """Table 四: one row of fifteen numbers under a three-level header."""
    b = _Builder(rng, knobs)
    direct, after = form.bodies[1:]
    b.add(form.bodies[0].label, 0, colspan=5, header=True)
    b.add("行政诉讼", 5, colspan=10, header=True)
    for i, entry in enumerate(form.outcomes):
        vertical = knobs.vertical_headers
        b.add(column_label(rng, entry, knobs), i, rowspan=2, row=1, header=True, vertical=vertical)
    b.add(direct.label, 5, colspan=5, row=1, header=True)
    b.add(after.label, 10, colspan=5, row=1, header=True)
    for k in (5, 10):
        for i, entry in enumerate(form.outcomes):
            b.add(column_label(rng, entry, knobs), k + i, row=2, header=True, vertical=knobs.vertical_headers)
    b.row = 3
    for k, body in enumerate(form.bodies):
        b.values(RECONSIDERATION, body.id, printed, [o.id for o in form.outcomes], 5 * k)
    return TableModel(RECONSIDERATION, b.cells, 4, 15, [1.0] * 15, header_rows=3)
