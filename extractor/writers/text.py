"""A report as a person reads it in a terminal: the tables as the form has them, figures as a tree."""

from __future__ import annotations

import io

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable
from rich.tree import Tree

from extractor.forms import Block, Entry, Table, load_form
from extractor.report import Check, Figure, RepairedCell, Report, Suspect, Value

_MARKS = {"blank": "□", "dash": "/", "absent": "×", "unreadable": "▒"}
LEGEND = "□ empty  / dash (/, -, 无)  × not in the report  ▒ unreadable  ~ read anew by the sums  ? doubtful"
_LABEL_WIDTH = 40


def cell_text(value: Value, accept: float) -> str:
    """A cell as shown: its number, or the mark of its status; ``?`` where it is doubtful."""
    shown = str(value.value) if value.value is not None else _MARKS.get(value.status, "")
    return shown + ("~" if value.origin == "repaired" else "") + ("?" if value.confidence < accept else "")


def _short(label: str, width: int) -> str:
    """A label cut to a width in terminal columns."""
    if cell_len(label) <= width:
        return label
    while cell_len(label) > width - 1:
        label = label[:-1]
    return label + "…"


def _grid() -> RichTable:
    return RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))


def _rows_table(block: Block, cells: dict[str, dict[str, Value]], accept: float) -> RichTable:
    grid = _grid()
    grid.add_column(_short(block.label, _LABEL_WIDTH), no_wrap=True)
    for column in block.columns:
        grid.add_column(_short(column.label, 14), justify="right", overflow="fold")
    for row in block.rows:
        indent = "  " * _depth(row, block)
        label = escape(_short(indent + row.label, _LABEL_WIDTH))
        values = [] if row.header else [_shown(cells, row, c, accept) for c in block.columns]
        grid.add_row(label, *values)
    return grid


def _depth(row: Entry, block: Block) -> int:
    parents = {r.id: r.parent for r in block.rows}
    depth, parent = 0, row.parent
    while parent:
        depth, parent = depth + 1, parents.get(parent)
    return depth


def _shown(cells: dict[str, dict[str, Value]], row: Entry, column: Entry, accept: float) -> str:
    return escape(cell_text(cells[row.id][column.id], accept))


def _finding(check: Check) -> str:
    sign = "≰" if check.kind == "bound" else "≠"
    return f"✗ {check.id}: {check.left} {sign} {check.right} (difference {check.difference})"


def _named(path: str, table: Table) -> str:
    """A cell by the labels of its form: 总计 · 自然人."""
    row, column = path.split(".", 1)[1].rsplit(".", 1)
    labels = {(r.id, c.id): (r.label, c.label) for r, c in table.cells()}
    return " · ".join(label.replace(" ", "") for label in labels[row, column])


def _suspected(suspect: Suspect, table: Table, report: Report) -> str:
    printed = report.cell(suspect.path)
    shown = "is left blank" if printed.value is None else f"prints {printed.value}"
    likely = "most likely" if suspect.probability >= 0.6 else "perhaps"
    return f"  {likely} {_named(suspect.path, table)} {shown}; the other cells make it {suspect.expected}"


def _changed(change: RepairedCell, table: Table) -> str:
    was = " ".join((change.raw or "").split())
    return f"~ {_named(change.path, table)}: first read as {was}, by the sums {change.after}"


def _print_table(console: Console, report: Report, table_id: str, accept: float) -> None:
    form_id = report.report.table_forms.get(table_id)
    form = load_form(form_id or report.report.form_expected or "2021")
    table = form.tables[table_id]
    state = f"form {form_id}" if form_id else "not found in the document"
    console.print(f"[bold]{escape(table.label)}[/bold]  ({state})")
    if form_id:
        for block in table.blocks:
            console.print(_rows_table(block, report.tables[table_id], accept))
    failed = [c for c in report.checks if c.passed is False and any(p.startswith(table_id + ".") for p in c.cells)]
    for check in failed:
        console.print(_finding(check), style="red", markup=False)
        for suspect in check.suspects[:1]:
            console.print(_suspected(suspect, table, report), style="red", markup=False)
    for change in report.repairs:
        if change.path.startswith(table_id + "."):
            console.print(_changed(change, table), markup=False)
    for extra in report.extras:
        if extra.table == table_id:
            console.print(f"+ not in the form: {extra.label} {' '.join(extra.values)}", markup=False)
    console.print()


def _figure_line(figure: Figure) -> str:
    about = "≈ " if figure.approximate else ""
    unit = figure.unit or ""
    notes = [figure.indicator or "", f"= {figure.same_as}" if figure.same_as else "", figure.part_role or ""]
    tail = "  ".join(n for n in notes if n)
    return f"{figure.measure}  {about}{figure.value}{unit}" + (f"  ({tail})" if tail else "")


def _grow(tree: Tree, whole: str | None, parts: dict[str | None, list[Figure]]) -> None:
    """Hang the parts of a figure below it; a total may stand after its parts in the text."""
    for figure in parts.get(whole, []):
        _grow(tree.add(escape(_figure_line(figure))), figure.id, parts)


def _print_figures(console: Console, report: Report) -> None:
    if not report.figures:
        return
    parts: dict[str | None, list[Figure]] = {}
    for figure in report.figures:
        parts.setdefault(figure.part_of, []).append(figure)
    tree = Tree("[bold]Figures in the prose[/bold]")
    _grow(tree, None, parts)
    console.print(tree)
    for check in report.checks:
        if check.passed is False and not any(c.count(".") for c in check.cells):
            console.print(_finding(check), style="red", markup=False)
    console.print()


def _print_head(console: Console, report: Report) -> None:
    meta = report.report
    console.print(f"[bold]{escape(meta.title or '(no title found)')}[/bold]")
    facts = [f"year {meta.year}", f"body {meta.agency.name}", f"form {meta.form} (expected {meta.form_expected})"]
    if meta.period.start:
        facts.append(f"period {meta.period.start} – {meta.period.end}")
    console.print(escape(" · ".join(facts)))
    reasons = ", ".join(report.review_reasons)
    console.print(escape(f"status {report.status}" + (f": {reasons}" if reasons else "")))
    console.print()


def write_text(report: Report, accept: float, *, width: int = 100, color: bool = False) -> str:
    """The report as text, ``width`` terminal columns wide."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False)
    if report.error is not None:
        console.print(f"{report.error.code}: {report.error.message}\n{report.error.hint}", markup=False)
        return out.getvalue()
    _print_head(console, report)
    for table_id in report.tables:
        _print_table(console, report, table_id, accept)
    console.print(LEGEND, markup=False)
    console.print()
    _print_figures(console, report)
    return out.getvalue()
