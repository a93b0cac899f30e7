"""Cells and seconds beside peers that install from the registry and run offline, on the same PDFs in the same run.

`python -m benchmarks.peers [--count 20]` (or `make peers`, which installs them). A table finder knows no forms, so each
peer's grids go through the same plain script (`place`): the row whose label is the form's, word for word, and its
numbers from left to right. The number-order parser pours the numbers of the text into the form as they come.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pdfplumber

from corpora.making import make_document
from corpora.parts import load_part
from extractor import extract
from extractor.forms import Table, load_form
from extractor.normalize import squeeze

Grid = list[list[str | None]]
Numbers = dict[str, str]  # cell path → printed number
NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")


def pdfplumber_grids(path: Path) -> Iterator[Grid]:
    """Tables of every page by bare pdfplumber."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            yield from page.extract_tables()
            page.close()


def camelot_grids(path: Path) -> Iterator[Grid]:
    """Tables of all pages by camelot's ruled-table parser."""
    from camelot.io import read_pdf

    for table in read_pdf(str(path), pages="all", flavor="lattice"):
        yield table.df.values.tolist()


def img2table_grids(path: Path) -> Iterator[Grid]:
    """Tables of all pages by img2table, their text from the PDF itself."""
    from img2table.document import PDF

    pages = PDF(str(path)).extract_tables(ocr=None, implicit_rows=False, implicit_columns=False)
    for tables in pages.values():
        for table in tables:
            yield table.df.values.tolist()


def place(grids: Iterator[Grid], forms: dict[str, str]) -> Numbers:
    """Grids → cells: rows by their exact label, numbers from left to right where their count is that of the columns."""
    out: Numbers = {}
    rows = [[squeeze(c) if isinstance(c, str) else "" for c in row] for grid in grids for row in grid]
    for name, form in forms.items():
        table = load_form(form).tables[name]
        for row in rows:
            out |= _place_row(name, table, row)
    return out


def _place_row(name: str, table: Table, row: list[str]) -> Numbers:
    labels = {text for text in row if text and not NUMBER.fullmatch(text)}
    numbers = [text for text in row if NUMBER.fullmatch(text)]
    for block in table.blocks:
        for entry in block.data_rows():
            if squeeze(entry.label) in labels and len(numbers) == len(block.columns):
                return {f"{name}.{entry.id}.{c.id}": n for c, n in zip(block.columns, numbers, strict=True)}
    return {}


def number_order(path: Path, forms: dict[str, str]) -> Numbers:
    """The numbers of chapters two to four in reading order, poured into the form."""
    with pdfplumber.open(path) as pdf:
        text = "\n".join(page.extract_text() or "" for page in pdf.pages)
    chapters = re.split(r"\n\s*(?:二、.*主动公开|三、.*(?:收到|处理)|四、.*复议|五、.*问题).*\n", text)
    out: Numbers = {}
    for name, chapter in zip(forms, chapters[1:4], strict=False):
        table = load_form(forms[name]).tables[name]
        found = [m for m in NUMBER.findall(re.sub(r"(?m)^\s*\d{1,2}[.．、]", "", chapter)) if m]
        paths = [f"{name}.{r.id}.{c.id}" for r, c in table.cells()]
        out |= dict(zip(paths, found, strict=False))
    return out


def ours(path: Path, forms: dict[str, str]) -> Numbers:
    """nianbao's cells at 0.99 or more."""
    report = extract(path, figures=False)
    return {
        f"{t}.{r}.{c}": str(v.value)
        for t, rows in report.tables.items()
        for r, columns in rows.items()
        for c, v in columns.items()
        if v.status == "reported" and v.confidence >= 0.99
    }


def _by_grids(read: Callable[[Path], Iterator[Grid]]) -> Callable[[Path, dict[str, str]], Numbers]:
    return lambda path, forms: place(read(path), forms)


PEERS: dict[str, tuple[str, Callable[[Path, dict[str, str]], Numbers]]] = {
    "nianbao": ("extractor", ours),
    "pdfplumber + labels": ("pdfplumber", _by_grids(pdfplumber_grids)),
    "camelot + labels": ("camelot", _by_grids(camelot_grids)),
    "img2table + labels": ("img2table", _by_grids(img2table_grids)),
    "numbers in order": ("pdfplumber", number_order),
}


def judge(got: Numbers, gold: dict[str, Any]) -> Counter[str]:
    """right, wrong and missing numbers; ``false``: a number where the report prints none."""
    tally: Counter[str] = Counter()
    for table, rows in gold["tables"].items():
        for row, columns in rows.items():
            for column, cell in columns.items():
                text = got.get(f"{table}.{row}.{column}")
                if cell["value"] is None:
                    tally["false"] += text is not None
                elif text is None:
                    tally["missing"] += 1
                else:
                    tally["right" if float(text.replace(",", "")) == float(cell["value"]) else "wrong"] += 1
    return tally


def main() -> None:
    """Make the documents, read each with every peer, print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20, help="documents a maker (default %(default)s)")
    count = parser.parse_args().count
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    here = {name: read for name, (module, read) in PEERS.items() if importlib.util.find_spec(module)}
    tallies: dict[str, Counter[str]] = {name: Counter() for name in here}
    seconds: dict[str, list[float]] = {name: [] for name in here}
    with tempfile.TemporaryDirectory() as folder:
        first = load_part("dev").first_seed
        jobs = [(s, "reportlab") for s in range(1000, 1000 + count)] + [(first + s, "fpdf2") for s in range(count)]
        for seed, maker in jobs:
            path, gold = make_document(seed, maker, Path(folder))
            forms = gold["report"]["table_forms"] | {
                t: "2021" for t in gold["tables"] if t not in gold["report"]["table_forms"]
            }
            for name, read in here.items():
                began = time.perf_counter()
                got = read(path, {t: forms[t] for t in gold["tables"]})
                seconds[name].append(time.perf_counter() - began)
                tallies[name] += judge(got, gold)
    print(f"{len(jobs)} PDFs, by reportlab and fpdf2\n")
    print(
        "| | numbers right | wrong | missing | number where none is printed | median s a PDF |\n"
        "|---|---|---|---|---|---|"
    )
    for name, t in tallies.items():
        n = t["right"] + t["wrong"] + t["missing"]
        shares = " | ".join(f"{t[k]} ({t[k] / n:.2%})" for k in ("right", "wrong", "missing"))
        print(f"| {name} | {shares} | {t['false']} | {statistics.median(seconds[name]):.2f} |")
    for name in PEERS.keys() - here.keys():
        print(f"\nnot installed: {name}")


if __name__ == "__main__":
    main()
