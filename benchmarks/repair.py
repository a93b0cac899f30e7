"""Repair measured: errors mended against misprints overwritten, on invented tables with the inks of real recognitions.

`python -m benchmarks.repair INKS.pickle` takes numbers as they were read in scans (`corpora.fit_repair --keep`), lays
their readings, scores and mistakes over invented tables 三, half of them with a printed mistake, and repairs at several
prices of a misprint. No table costs a recognition, so that rare events can be counted.
"""

from __future__ import annotations

import argparse
import math
import pickle
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

from corpora.fit_repair import Seen
from corpora.invent import invent
from corpora.parts import load_part
from extractor.checks import run_checks
from extractor.evaluate.statistics import upper_bound
from extractor.forms import Equation, form_ids, load_form
from extractor.joint import Prices, joint_reading, prices
from extractor.report import CellStatus, Check
from extractor.tables import CellReading

TABLE = "requests"
MISPRINTS = (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5)
Cells = dict[tuple[str, str], CellReading]


@dataclass
class Count:
    """What repair did to the tables of one medium."""

    tables: int = 0
    cells: int = 0
    before: int = 0
    after: int = 0
    changed: int = 0
    changed_wrong: int = 0
    misprints: int = 0
    overwritten: int = 0
    times: list[float] = field(default_factory=list)


def _like(printed: str, truth: str, read: str) -> str:
    """A printed number misread as another was: the same places lost, added or exchanged."""
    out = ""
    for kind, a, b, c, d in SequenceMatcher(None, truth, read, autojunk=False).get_opcodes():
        out += printed[a:b] if kind == "equal" else read[c:d]
    return out


class Inks:
    """Readings of numbers by medium and printed text; for long numbers those of the same length."""

    def __init__(self, seen: Sequence[Seen], rng: Random) -> None:
        self.rng = rng
        self.exact: dict[tuple[str, str], list[Seen]] = defaultdict(list)
        self.long: dict[tuple[str, int], list[Seen]] = defaultdict(list)
        for s in seen:
            self.exact[s.medium, str(s.truth)].append(s)
            self.long[s.medium, len(str(s.truth))].append(s)

    def reading(self, medium: str, value: int) -> CellReading:
        """A number as this medium is read."""
        text = str(value)
        near = self.exact.get((medium, text), [])
        near = near if len(near) >= 20 else self.long.get((medium, len(text))) or self.long[medium, 2]
        ink = self.rng.choice(near)
        read = _like(text, str(ink.truth), str(ink.value))
        likely = tuple((_like(text, str(ink.truth), t), p) for t, p in ink.likely)
        number = int(read) if read.isdecimal() else None
        status: CellStatus = "reported" if number is not None else "unreadable"
        return CellReading(status, number, raw=read, row_score=1.0, column_score=1.0, sure=ink.sure, likely=likely)


def _printed(seed: int, rng: Random) -> tuple[dict[tuple[str, str], int | None], set[tuple[str, str]]]:
    """The cells of an invented table, blanks as None; in half of the tables one more is misprinted by a digit."""
    gold = invent(seed).gold["tables"].get(TABLE, {})
    cells = {(r, c): v["value"] for r, row in gold.items() for c, v in row.items() if v["status"] != "absent"}
    wrong: set[tuple[str, str]] = set()
    filled = [at for at, v in cells.items() if v is not None]
    if filled and rng.random() < 0.5:
        at = rng.choice(filled)
        cells[at] = _slip(int(cells[at]), rng)
        wrong.add(at)
    return cells, wrong


def _equations(table: str, cells: Iterable[tuple[str, str]]) -> list[Equation]:
    """The equations of the form that has these cells."""
    forms = [load_form(f) for f in form_ids()]
    fitting = [
        f for f in forms if table in f.tables and {(r.id, c.id) for r, c in f.tables[table].cells()} >= set(cells)
    ]
    least = min(fitting, key=lambda f: len(list(f.tables[table].cells())))
    return [e for e in least.equations if e.table == table]


def _slip(value: int, rng: Random) -> int:
    """A number with one digit typed wrongly."""
    text = str(value)
    k = rng.randrange(len(text))
    return int(text[:k] + rng.choice([d for d in "0123456789" if d != text[k]]) + text[k + 1 :])


def tables(
    seen: Sequence[Seen], medium: str, count: int
) -> Iterator[tuple[Cells, dict[tuple[str, str], int | None], set[tuple[str, str]]]]:
    """(cells as read, cells as printed, misprints) of many tables."""
    rng = Random(medium)
    inks, first = Inks(seen, rng), load_part("dev").first_seed + 20_000
    for seed in range(first, first + count):
        printed, wrong = _printed(seed, rng)
        read = {
            at: CellReading("blank", row_score=1.0, column_score=1.0, sure=1.0)
            if v is None
            else inks.reading(medium, int(v))
            for at, v in printed.items()
        }
        yield read, printed, wrong


def run(
    read: Cells, printed: dict[tuple[str, str], int | None], wrong: set[tuple[str, str]], price: Prices, to: Count
) -> None:
    """Repair one table and count."""
    equations = _equations(TABLE, printed)
    numbers = {f"{TABLE}.{r}.{c}": x.value for (r, c), x in read.items()}
    checks = run_checks(equations, numbers, [], ())
    began = time.perf_counter()
    joint = joint_reading({TABLE: read}, equations, checks, [], price)
    if any(c.passed is False for c in checks):
        to.times.append(time.perf_counter() - began)
    after = joint.readings[TABLE]
    to.tables += 1
    to.cells += len(printed)
    to.before += sum(read[at].value != v for at, v in printed.items())
    to.after += sum(after[at].value != v for at, v in printed.items())
    changed = [at for at in printed if after[at].repaired]
    to.changed += len(changed)
    to.changed_wrong += sum(after[at].value != printed[at] for at in changed)
    kept = [at for at in wrong if read[at].value == printed[at]]
    to.misprints += len(kept)
    to.overwritten += sum(after[at].repaired for at in kept)


def curve(seen: Sequence[Seen], count: int, misprints: Sequence[float]) -> None:
    """Print a line for each medium and price."""
    print("| medium | price of a misprint | cells | wrong | after | changed | wrongly | misprints | overwritten |")
    print("|---" * 9 + "|")
    times: list[float] = []
    for medium in sorted({s.medium for s in seen}):
        made = list(tables(seen, medium, count))
        for misprint in misprints:
            got = Count()
            for read, printed, wrong in made:
                run(read, printed, wrong, {**prices(), "misprint": misprint}, got)
            bound = upper_bound(got.overwritten, got.misprints)
            print(
                f"| {medium} | {-math.log(misprint):.1f} | {got.cells} | {got.before} | {got.after} | {got.changed} | "
                f"{got.changed_wrong} | {got.misprints} | {got.overwritten} (≤ {bound:.1%}) |",
                flush=True,
            )
            times += got.times
    times.sort()
    print(f"\n{len(times)} tables with a failed sum: median {statistics.median(times) * 1e3:.1f} ms, "
          f"p99 {times[int(0.99 * len(times))] * 1e3:.0f} ms, longest {times[-1] * 1e3:.0f} ms")  # fmt: skip


def findings(count: int) -> None:
    """Plant one misprint in digital tables; how often is its cell the first suspect, or among the first two?"""
    first, rng = load_part("dev").first_seed + 30_000, Random("findings")
    ranks: dict[str, list[int | None]] = defaultdict(list)
    for seed in range(first, first + count):
        tables = invent(seed).gold["tables"]
        for table in (TABLE, "reconsideration_litigation"):
            cells = {(r, c): v["value"] for r, row in tables.get(table, {}).items() for c, v in row.items()}
            equations = _equations(table, cells)
            filled = [at for at, v in cells.items() if v is not None]
            if not filled or _failed(table, cells, equations):
                continue  # it prints a mistake of its own
            at = rng.choice(filled)
            printed = cells | {at: _slip(int(cells[at]), rng)}
            checks = _failed(table, printed, equations)
            if checks:  # else a row of blanks: nothing adds up to anything
                readings = {
                    table: {k: CellReading("blank" if v is None else "reported", v) for k, v in printed.items()}
                }
                suspects = joint_reading(readings, equations, checks, []).suspects
                named = [x.path for x in suspects[checks[0].id]]
                path = f"{table}.{at[0]}.{at[1]}"
                ranks[table].append(named.index(path) if path in named else None)
    for table, found in ranks.items():
        one, two = found.count(0), found.count(0) + found.count(1)
        shares = f"named first {one / len(found):.1%}, in the first two {two / len(found):.1%}"
        print(f"{table}: {len(found)} misprints, {shares}")


def _failed(table: str, cells: dict[tuple[str, str], int | None], equations: Sequence[Equation]) -> list[Check]:
    numbers = {f"{table}.{r}.{c}": v for (r, c), v in cells.items()}
    return [c for c in run_checks(equations, numbers, [], ()) if c.passed is False and c.severity == "error"]


def main() -> None:
    """Read the inks, print the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inks", type=Path, nargs="?", help="without it: how well findings name a planted misprint")
    parser.add_argument("--tables", type=int, default=300, help="tables a medium (default %(default)s)")
    parser.add_argument("--only", action="store_true", help="at the shipped price only")
    args = parser.parse_args()
    if args.inks is None:
        findings(args.tables)
        return
    curve(pickle.loads(args.inks.read_bytes()), args.tables, [prices()["misprint"]] if args.only else MISPRINTS)


if __name__ == "__main__":
    main()
