"""An evaluation as text tables for a terminal or a file."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from extractor.evaluate.change import Change
from extractor.evaluate.totals import GROUPS

SHOWN = 40  # lines of a list; the JSON has all


def percent(share: float | None, places: int = 2) -> str:
    """A share for people, never rounded up to 100 %."""
    if share is None:
        return "–"
    text = f"{share:.{places}%}"
    return f"<{text}" if share < 1 and text == f"{1:.{places}%}" else text


def per_ten_thousand(silent: Mapping[str, Any]) -> str:
    """Errors of n, and their upper bound."""
    return f"{silent['errors']}/{silent['n']} (≤{silent['upper'] * 1e4:.1f})"


def _table(title: str, columns: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for i, name in enumerate(columns):
        table.add_column(name, justify="left" if i == 0 else "right", no_wrap=i > 0, overflow="fold")
    return table


def cell_line(name: str, row: Mapping[str, Any], groups: Iterable[str]) -> list[str]:
    """Name, right of n by group, silent errors with their bound, coverage: one line of a table of cells."""
    shown = [row["groups"].get(g) for g in groups]
    rights = [f"{percent(g['share'])} {g['n']}" if g else "–" for g in shown]
    return [name, *rights, per_ten_thousand(row["silent"]), percent(row["coverage"])]


def _cells(cells: Mapping[str, Any], accept: float) -> Iterable[Table]:
    groups = [g for g in GROUPS if g in cells["all"]["groups"]]
    head = [*groups, f"wrong at ≥{accept:g}", "covered"]
    yield (table := _table("Cells: right of n (95 % bound per 10,000)", ["", *head]))
    table.add_row(*cell_line("all", cells["all"], groups))
    parts = [("by_medium", "Medium"), ("by_table", "Table"), ("by_form", "Form")]
    for key, title in parts:
        table.add_section()
        for name, row in cells[key].items():
            table.add_row(*cell_line(name or f"no {title.lower()}", row, groups))
    for family, rows in cells["by_family"].items():
        yield (table := _table(f"Cells by {family}", ["", *head]))
        for name, row in rows.items():
            table.add_row(*cell_line(name, row, groups))


def _confidence(title: str, data: Mapping[str, Any]) -> Table:
    table = _table(f"{title}: confidence beside what was right", ["confidence", "n", "mean", "right", "wrong"])
    for b in data["reliability"]:
        wrong = b["n"] - b["right"]
        table.add_row(
            f"{b['low']:g}–{b['high']:g}", str(b["n"]), f"{b['mean']:.4f}", percent(b["right"] / b["n"], 3), str(wrong)
        )
    return table


def _number(value: float | None, places: int = 4) -> str:
    return "–" if value is None else f"{value:.{places}f}"


def _scores(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table(title, ["", "precision", "recall", "F1", "right", "found", "to find"])
    for name, s in rows.items():
        rates = [percent(s[k]) for k in ("precision", "recall", "f1")]
        table.add_row(name, *rates, *(str(s[k]) for k in ("right", "found", "wanted")))
    return table


def _ratios(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table(title, ["", "right", "n", "95 % interval"])
    for name, r in rows.items():
        table.add_row(name, percent(r["share"]), f"{r['right']}/{r['n']}", f"{percent(r['low'])}–{percent(r['high'])}")
    return table


def _lines(summary: Mapping[str, Any]) -> Iterable[str]:
    cells, cost = summary["cells"], summary["cost"]
    if cells:
        reported, documents = cells["silent_reported"], cells["silent_documents"]
        yield f"Wrong numbers at ≥{summary['accept']:g}: {per_ten_thousand(reported)} per 10,000 reported cells"
        yield (
            f"Documents with any such cell: {documents['errors']}/{documents['n']} (95 % bound "
            f"{percent(documents['upper'])})"
        )
        c = cells["confidence"]
        yield (
            f"Brier {_number(c['brier'], 6)} · AUROC {_number(c['auroc'])} · errors observed/expected between "
            f"0.5 and 0.99: {_number(c['observed_over_expected'], 2)}"
        )
    if repair := summary.get("repair"):
        before = repair["before"]
        yield (
            f"Repair: {repair['changed']} cells changed in {repair['documents']} documents, {len(repair['gained'])} "
            f"gained, {len(repair['lost'])} lost; without it {per_ten_thousand(before['silent'])} wrong at "
            f"≥{summary['accept']:g}, {percent(before['coverage'])} covered"
        )
    yield (
        f"{summary['documents']} documents ({summary['not_read']} not read) in {cost['seconds']:.1f} s, "
        f"{cost['documents_per_second'] or 0:.1f}/s, at most {cost['peak_memory_mb']:.0f} MB a process"
    )
    if not summary["complete"]:
        yield "Interrupted: only these documents were read."


def _figures(figures: Mapping[str, Any]) -> Iterable[Table]:
    scores = {name: figures[name] for name in ("quantities", "zeros", "part_of", "indicators")}
    yield _scores("Figures (quantities: value, unit and place)", {k: v for k, v in scores.items() if v["wanted"]})
    if figures["parts"]:
        yield _ratios("Figures: what is said of them", figures["parts"])


def write_changes(change: Change) -> str:
    """The cells gained, lost and newly silent, a line each."""
    counts = f"{len(change.gained)} gained, {len(change.lost)} lost, {len(change.newly_silent)} newly silent"
    lines = [f"Cells since the earlier run: {counts}"]
    for name, cells in (("gained", change.gained), ("lost", change.lost), ("newly silent", change.newly_silent)):
        for cell in cells[:SHOWN]:
            printed, got = (f"{c['value']} {c['status']}" if c else "no cell" for c in (cell["expected"], cell["got"]))
            where = f"{cell['document']} {cell['path']}"
            lines.append(f"  {name}: {where}: printed {printed}, read {got} at {cell['confidence']:g}")
        lines += [f"  … and {len(cells) - SHOWN} more in the JSON"] if len(cells) > SHOWN else []
    for name, documents in (("only in the earlier run", change.only_old), ("only in this run", change.only_new)):
        lines += [f"Documents {name}: {len(documents)} ({', '.join(documents[:3])} …)"] if documents else []
    return "\n".join(lines)


def _parts(summary: Mapping[str, Any]) -> Iterable[Table | str]:
    if summary["cells"]:
        yield from _cells(summary["cells"], summary["accept"])
        yield _confidence("Cells", summary["cells"]["confidence"])
    if summary["figures"]:
        yield from _figures(summary["figures"])
        traps = summary["figures"]["distractors"]
        if traps["n"]:
            yield f"Distractors taken for figures: {traps['taken']}/{traps['n']}"
    if summary["checks"]:
        yield _scores("Findings (failed checks)", {"checks": summary["checks"]})
    if summary["metadata"]:
        yield _ratios("Head of the report", summary["metadata"])
    if summary["worst"]:
        yield (table := _table("Worst documents", ["document", "silent", "wrong", "figures", "error"]))
        for d in summary["worst"]:
            table.add_row(d["document"], str(d["silent"]), str(d["wrong"]), str(d["figures"]), d["error"] or "")
    yield "\n".join(_lines(summary))


def write_evaluation(
    summary: Mapping[str, Any], change: Change | None = None, *, width: int = 100, color: bool = False
) -> str:
    """The whole evaluation as text, at most ``width`` columns wide."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False)
    for part in [*_parts(summary), *([write_changes(change)] if change else [])]:
        console.print(part, markup=False, soft_wrap=True) if isinstance(part, str) else console.print(part)
        console.print()
    return out.getvalue()
