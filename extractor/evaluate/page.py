"""An evaluation as one page with its pictures beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extractor.evaluate.change import Change
from extractor.evaluate.plots import ready, save_pictures
from extractor.evaluate.terminal import SHOWN, cell_line, per_ten_thousand, percent
from extractor.evaluate.totals import GROUPS

TEMPLATE = Path(__file__).with_name("page.html")


def _cell_tables(cells: Mapping[str, Any], groups: list[str]) -> list[tuple[str, list[list[str]]]]:
    """(heading, lines) of every table of cells."""
    named = [("All", {"all": cells["all"]}), ("By medium", cells["by_medium"])]
    named += [("By table", cells["by_table"]), ("By form", cells["by_form"])]
    named += [(f"By {family}", rows) for family, rows in cells["by_family"].items()]
    return [(title, [cell_line(name, row, groups) for name, row in rows.items()]) for title, rows in named]


def write_page(summary: Mapping[str, Any], target: Path, change: Change | None = None) -> Path:
    """Write the page and, beside it, its pictures as PNG and SVG. ``target`` is a folder or an .html file.

    Raises MissingDependency without the extra ``review``.
    """
    ready()
    from jinja2 import Environment

    page = target if target.suffix.lower() in (".html", ".htm") else target / "index.html"
    folder = page.parent / f"{page.stem}-plots" if page.name != "index.html" else page.parent / "plots"
    names = save_pictures(summary, folder)
    groups = [g for g in GROUPS if summary["cells"] and g in summary["cells"]["all"]["groups"]]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"percent": percent, "bound": per_ten_thousand}
    text = environment.from_string(TEMPLATE.read_text("utf-8")).render(
        s=summary,
        groups=groups,
        tables=_cell_tables(summary["cells"], groups) if summary["cells"] else [],
        pictures=[f"{folder.name}/{name}" for name in names],
        change=change,
        shown=SHOWN,
    )
    page.write_text(text, "utf-8")
    return page
