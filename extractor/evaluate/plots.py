"""Pictures of an evaluation: reliability, risk over coverage, right by medium. PNG and SVG of each."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractor.errors import MissingDependency
from extractor.evaluate.statistics import interval
from extractor.evaluate.totals import GROUPS
from extractor.forms import form_ids, load_form

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture

INK, RULE = "#1f4e79", "#bbbbbb"
COLORS = {
    "nonzero": INK,
    "zero": "#6fa8dc",
    "empty": "#f6b26b",
    "absent": "#93c47d",
    "unreadable": "#8e7cc3",
    "unexpected": "#cc4125",
}


def ready() -> None:
    """Raises MissingDependency where the libraries for pages and pictures are not installed."""
    for name in ("matplotlib", "jinja2"):
        if find_spec(name) is None:
            raise MissingDependency(name, hint="Run: pip install 'nianbao[review]'")


def _picture(width: float, height: float) -> tuple[Picture, Axes]:
    """An empty picture, in inches."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure as Picture

    # Names of media and families may be Chinese.
    rcParams["font.sans-serif"] = ["Noto Sans CJK SC", "WenQuanYi Zen Hei", "DejaVu Sans"]
    rcParams["svg.hashsalt"] = "nianbao"  # the same numbers give the same file
    picture = Picture(figsize=(width, height), layout="constrained")
    return picture, picture.add_subplot()


def reliability_picture(data: Mapping[str, Any], title: str) -> Picture:
    """Errors foretold beside errors counted, with 95 % intervals; both axes are logarithmic shares of wrong."""
    picture, axes = _picture(5.2, 4.6)
    floor = 1e-5
    for b in data["reliability"]:
        wrong = b["n"] - b["right"]
        low, high = interval(wrong, b["n"])
        x = max(1 - b["mean"], floor)
        axes.plot([x, x], [max(low, floor), max(high, floor)], color=INK, linewidth=1.4)
        axes.plot(x, max(wrong / b["n"], floor), "o", color=INK, markerfacecolor=INK if wrong else "white")
        axes.annotate(
            f"n={b['n']}", (x, max(high, floor)), textcoords="offset points", xytext=(0, 5), ha="center", size=7
        )
    axes.plot([floor, 1], [floor, 1], color=RULE, linewidth=1, zorder=0)
    axes.set(xscale="log", yscale="log", xlim=(floor / 1.5, 1.6), ylim=(floor / 1.5, 1.6), title=title)
    axes.set(xlabel="wrong, as confidence says (1 − p)", ylabel="wrong, as counted (hollow: none)")
    return picture


def risk_picture(data: Mapping[str, Any], title: str, before: Mapping[str, Any] | None = None) -> Picture:
    """Of what is accepted, which share is wrong, over the share that is accepted; ``before`` is without repair."""
    picture, axes = _picture(5.2, 3.6)
    curves = [(data, INK, "with repair")] + ([(before, "#f6b26b", "without repair")] if before else [])
    for found, color, name in curves:
        points = found["risk_coverage"]
        axes.step([p["coverage"] for p in points], [p["risk"] for p in points], where="pre", color=color, label=name)
    if before:
        axes.legend(fontsize=7, frameon=False)
    axes.set(xlabel="share accepted", ylabel="share of it wrong", title=title, xlim=(0, 1.02))
    axes.set_ylim(bottom=0)
    axes.grid(color=RULE, linewidth=0.4)
    return picture


def medium_picture(rows: Mapping[str, Any], title: str) -> Picture:
    """Right by medium and group of cells."""
    groups = [g for g in GROUPS if any(g in r["groups"] for r in rows.values())]
    picture, axes = _picture(6.6, 0.9 + 0.42 * len(rows))
    for i, name in enumerate(rows):
        for j, group in enumerate(groups):
            share = rows[name]["groups"].get(group)
            if share:
                y = i + (j - (len(groups) - 1) / 2) * 0.14
                axes.plot([share["low"], share["high"]], [y, y], color=COLORS[group], linewidth=1)
                axes.plot(share["share"], y, "o", color=COLORS[group], markersize=4, label=group if not i else None)
    axes.set(title=title, xlabel="share right, with 95 % interval", yticks=range(len(rows)), yticklabels=list(rows))
    axes.invert_yaxis()
    axes.grid(axis="x", color=RULE, linewidth=0.4)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper left", fontsize=7, frameon=False, bbox_to_anchor=(1, 1))
    return picture


def heat_picture(counts: Mapping[str, int], form: str, table: str) -> Picture:
    """Where in a table of the form cells were wrong: their share of its documents, cell by cell."""
    cells = load_form(form).tables[table].cells()
    rows, columns = (list(dict.fromkeys(e[i].id for e in cells)) for i in (0, 1))
    shares = [[counts.get(f"{r}.{c}", 0) / counts[""] for c in columns] for r in rows]
    picture, axes = _picture(3.2 + 0.45 * len(columns), 1.6 + 0.22 * len(rows))
    drawn = axes.imshow(shares, cmap="Reds", vmin=0, vmax=max(0.01, *(max(r) for r in shares)), aspect="auto")
    axes.set(xticks=range(len(columns)), yticks=range(len(rows)), title=f"{table}, {form}: wrong, n={counts['']}")
    axes.set_xticklabels(columns, rotation=60, ha="right", size=7)
    axes.set_yticklabels(rows, size=7)
    picture.colorbar(drawn, ax=axes, format="{x:.1%}", shrink=0.6)
    return picture


def pictures(summary: Mapping[str, Any]) -> dict[str, Picture]:
    """All pictures that the numbers allow, by file name."""
    out = {}
    if cells := summary["cells"]:
        out["reliability"] = reliability_picture(cells["confidence"], "Cells: reliability")
        before = summary["repair"]["before"]["confidence"] if summary.get("repair") else None
        out["risk-coverage"] = risk_picture(cells["confidence"], "Cells: risk over coverage", before)
        out["media"] = medium_picture(cells["by_medium"], "Cells right, by medium")
    for form, tables in summary.get("errors_by_cell", {}).items():
        for table, counts in tables.items():
            if len(counts) > 1 and form in form_ids():
                out[f"errors-{form}-{table}"] = heat_picture(counts, form, table)
    if figures := summary["figures"]:
        out["figures-reliability"] = reliability_picture(figures["confidence"], "Figures: reliability")
    return out


def save_pictures(summary: Mapping[str, Any], folder: Path) -> list[str]:
    """Write each picture as PNG and SVG; gives their names without suffix."""
    drawn = pictures(summary)
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in drawn.items():
        picture.savefig(folder / f"{name}.png", dpi=150)
        picture.savefig(folder / f"{name}.svg", metadata={"Date": None})
    return list(drawn)
