"""All documents together: the numbers of an evaluation as plain data, the same in JSON, terminal and page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from extractor.evaluate.compare import CellKey, DocumentResult
from extractor.evaluate.figures import PARTS
from extractor.evaluate.statistics import (
    Judged,
    Score,
    auroc,
    brier,
    interval,
    observed_over_expected,
    reliability,
    risk_coverage,
    upper_bound,
)

GROUPS = ("nonzero", "zero", "empty", "absent", "unreadable", "unexpected")
WORST = 10
Documents = Sequence[DocumentResult]
Cells = Counter[CellKey]


def _ratio(right: int, n: int) -> dict[str, Any]:
    low, high = interval(right, n)
    share = right / n if n else None
    return {"right": right, "n": n, "share": share, "low": round(low, 6), "high": round(high, 6)}


def score(found: Score) -> dict[str, Any]:
    """Precision, recall and F1 with the counts they come from."""
    return {**found._asdict(), "precision": found.precision, "recall": found.recall, "f1": found.f1}


def _silent(cells: Cells, accept: float, reported: bool = False) -> dict[str, Any]:
    """Accepted cells, how many of them are wrong, and the 95 % upper bound of that share."""
    taken = {k: n for k, n in cells.items() if k.confidence >= accept and (k.reported or not reported)}
    errors, n = sum(c for k, c in taken.items() if not k.right), sum(taken.values())
    return {"errors": errors, "n": n, "upper": upper_bound(errors, n)}


def cell_row(cells: Cells, accept: float) -> dict[str, Any]:
    """One line of a table of cells: right by group, silent errors, coverage at the threshold."""
    groups = {}
    for group in GROUPS:
        n = sum(c for k, c in cells.items() if k.group == group)
        if n:
            groups[group] = _ratio(sum(c for k, c in cells.items() if k.group == group and k.right), n)
    n = cells.total()
    accepted = sum(c for k, c in cells.items() if k.confidence >= accept)
    return {"n": n, "groups": groups, "silent": _silent(cells, accept), "coverage": accepted / n if n else None}


def _pool(cells: Iterable[Cells]) -> Cells:
    whole: Cells = Counter()
    for part in cells:
        whole.update(part)
    return whole


def _by_document(docs: Documents, key: Callable[[DocumentResult], str], accept: float) -> dict[str, Any]:
    groups: dict[str, list[Cells]] = {}
    for doc in docs:
        groups.setdefault(key(doc), []).append(doc.cells)
    return {name: {"documents": len(g), **cell_row(_pool(g), accept)} for name, g in sorted(groups.items())}


def _by_key(cells: Cells, field: str, accept: float) -> dict[str, Any]:
    groups: dict[str, Cells] = {}
    for key, n in cells.items():
        groups.setdefault(getattr(key, field), Counter())[key] += n
    return {name: cell_row(g, accept) for name, g in sorted(groups.items())}


def judged_cells(cells: Cells) -> Judged:
    """(confidence, right) of every cell."""
    out: Judged = Counter()
    for key, n in cells.items():
        out[key.confidence, key.right] += n
    return out


def confidence_summary(judged: Judged) -> dict[str, Any]:
    """How far confidence can be believed: reliability, Brier, AUROC, risk over coverage."""
    return {
        "brier": brier(judged),
        "auroc": auroc(judged),
        "observed_over_expected": observed_over_expected(judged, 0.5, 0.99),
        "reliability": [b._asdict() for b in reliability(judged)],
        "risk_coverage": [dict(zip(("threshold", "coverage", "risk"), p, strict=True)) for p in risk_coverage(judged)],
    }


def cells_summary(docs: Documents, accept: float) -> dict[str, Any]:
    """All cells, and by medium, table, form and family."""
    with_cells = [d for d in docs if d.cells]
    cells = _pool(d.cells for d in with_cells)
    hit = sum(bool(d.silent(accept)) for d in with_cells)
    families = sorted({name for d in with_cells for name in d.made.families})
    return {
        "all": {"documents": len(with_cells), **cell_row(cells, accept)},
        "silent_reported": _silent(cells, accept, reported=True),
        "silent_documents": {"errors": hit, "n": len(with_cells), "upper": upper_bound(hit, len(with_cells))},
        "by_medium": _by_document(with_cells, lambda d: d.medium, accept),
        "by_table": _by_key(cells, "table", accept),
        "by_form": _by_key(cells, "form", accept),
        "by_family": {
            name: _by_document([d for d in with_cells if name in d.made.families], _family(name), accept)
            for name in families
        },
        "confidence": confidence_summary(judged_cells(cells)),
    }


def errors_by_cell(docs: Documents) -> dict[str, dict[str, dict[str, int]]]:
    """For each form and table: its documents (under ""), and how many times each cell was wrong, by row.column."""
    out: dict[str, dict[str, dict[str, int]]] = {}
    for doc in docs:
        forms = {k.table: k.form for k in doc.cells}
        for table, form in forms.items():
            counts = out.setdefault(form, {}).setdefault(table, {"": 0})
            counts[""] += 1
        for cell in doc.wrong:
            table, _, place = cell.path.partition(".")
            if table in forms:
                counts = out[forms[table]][table]
                counts[place] = counts.get(place, 0) + 1
    return {form: dict(sorted(tables.items())) for form, tables in sorted(out.items())}


def repair_summary(docs: Documents, accept: float) -> dict[str, Any] | None:
    """What joint repair changed, with cells gained and lost, and confidence without it; None if it had no work."""
    done = [(d, d.repair) for d in docs if d.repair is not None]
    if not done:
        return None
    before = _pool(d.repair.before if d.repair is not None else d.cells for d in docs)
    return {
        "documents": sum(r.changed > 0 for _, r in done),
        "changed": sum(r.changed for _, r in done),
        "gained": [f"{d.name} {path}" for d, r in done for path in r.gained],
        "lost": [f"{d.name} {path}" for d, r in done for path in r.lost],
        "before": {**cell_row(before, accept), "confidence": confidence_summary(judged_cells(before))},
    }


def _family(name: str) -> Callable[[DocumentResult], str]:
    return lambda doc: doc.made.families[name]


def _added(counts: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*counts, strict=True)))


def figures_summary(docs: Documents) -> dict[str, Any] | None:
    """Quantities (value, unit and place), what is said of them, and the traps; None without figures in the gold."""
    all_of = [d.figures for d in docs if d.figures is not None]
    if not all_of:
        return None
    judged: Judged = Counter()
    for f in all_of:
        judged.update(f.judged)
    parts = {}
    for name in PARTS:
        stated = [f.parts[name] for f in all_of if name in f.parts]
        if stated:
            parts[name] = _ratio(*_added(stated))
    traps = _added([f.distractors for f in all_of])
    return {
        "documents": len(all_of),
        "quantities": score(Score(*_added([(f.matched, f.found, f.wanted) for f in all_of]))),
        "wrong_unit": sum(f.wrong_unit for f in all_of),
        "zeros": score(Score(*_added([f.zeros for f in all_of]))),
        "part_of": score(Score(*_added([f.links for f in all_of]))),
        "indicators": score(Score(*_added([f.indicators for f in all_of]))),
        "parts": parts,
        "distractors": {"taken": traps[0], "n": traps[1]},
        "confidence": confidence_summary(judged),
    }


def checks_summary(docs: Documents) -> dict[str, Any] | None:
    """Findings against the planted ones."""
    all_of = [d.checks for d in docs if d.checks is not None]
    if not all_of:
        return None
    right = sum(c.right for c in all_of)
    false, missed = sum(len(c.false) for c in all_of), sum(len(c.missed) for c in all_of)
    return {"documents": len(all_of), **score(Score(right, right + false, right + missed))}


def metadata_summary(docs: Documents) -> dict[str, Any]:
    """For each statement of the head, how often it is right."""
    counts: dict[str, list[int]] = {}
    for doc in docs:
        for name, right in doc.metadata.items():
            pair = counts.setdefault(name.split(".")[0] if name.startswith("table_forms") else name, [0, 0])
            pair[0] += right
            pair[1] += 1
    return {name: _ratio(*pair) for name, pair in sorted(counts.items())}


def worst(docs: Documents, accept: float) -> list[dict[str, Any]]:
    """The documents with the most silent errors, then the most wrong cells, then missed or false figures."""

    def badness(d: DocumentResult) -> tuple[int, int, int]:
        figures = d.figures
        return len(d.silent(accept)), len(d.wrong), len(figures.missed) + len(figures.false) if figures else 0

    ranked = sorted((d for d in docs if any(badness(d)) or d.error), key=lambda d: (badness(d), d.name), reverse=True)
    names = ("silent", "wrong", "figures")
    return [{"document": d.name, "error": d.error, **dict(zip(names, badness(d), strict=True))} for d in ranked[:WORST]]


def cost_summary(docs: Documents, seconds: float) -> dict[str, Any]:
    """Time and memory: of the whole run, and by medium the mean time of a document."""
    media: dict[str, list[float]] = {}
    for doc in docs:
        media.setdefault(doc.medium, []).append(doc.seconds)
    return {
        "seconds": seconds,
        "documents_per_second": len(docs) / seconds if seconds else None,
        "peak_memory_mb": max((d.memory for d in docs), default=0.0),
        "seconds_a_document": {m: sum(s) / len(s) for m, s in sorted(media.items())},
    }
