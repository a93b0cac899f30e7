"""Evidence of a value → the probability that it is what the document prints.

Nothing is invented here: a class of evidence has the frequency with which such values were right on
documents whose truth is known (patterns/confidence/cells.json, docs/confidence.md). At run time this
is a look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from extractor.data import load_json
from extractor.report import Check

Paths = Mapping[str, str]
SURE = 0.99
CAP = 0.985  # what a class may reach that has not earned SURE
RARE = 0.001  # errors come in clusters (one misread table spoils many cells), so SURE asks for a margin
RULED = ("docx", "html", "pdf", "sheets", "text-tab", "word-legacy")
APART = (*RULED, "scan")  # readers that know the borders of cells, or judge their readings one by one
LEVELS = 12  # that a model may sort cells of scans into (extractor/levels.py)
FEW = 30  # documents; a class seen in fewer is capped, however many cells they had


def status_group(status: str, value: object) -> str:
    """Non-zero and zero numbers, empty cells and absent ones err in different ways."""
    if status == "reported":
        return "zero" if value == 0 else "nonzero"
    return "empty" if status in ("blank", "dash") else status


def label_grade(row_score: float, column_score: float) -> str:
    """How the labels proved the cell: word for word, or nearly so."""
    return "exact" if min(row_score, column_score) >= 1.0 else "near"


def _in_one_row(check: Check) -> bool:
    return len({path.rpartition(".")[0] for path in check.cells}) == 1


def equation_grades(checks: Iterable[Check], *, across_rows: bool = False) -> dict[str, str]:
    """For each cell path: ``contested`` if an identity with it fails, ``confirmed`` if one holds.

    With ``across_rows`` sums within a row say nothing: the digits of the row were cut by them.
    """
    grades: dict[str, str] = {}
    for check in checks:
        if across_rows and _in_one_row(check):
            continue
        if check.severity != "error" or check.passed is None or "." not in "".join(check.cells):
            continue
        for path in check.cells:
            if not check.passed:
                grades[path] = "contested"
            else:
                grades.setdefault(path, "confirmed")
    return grades


@lru_cache(maxsize=100)
def kind_of(reader: str) -> str:
    """The reader as evidence counts it: a flattened table is read alike wherever it stands."""
    if "-flow" not in reader:
        return reader
    paged = "text-paged-flow" if reader.startswith("text-paged") else "text-flow"
    return f"{paged}-split" if reader.endswith("-split") else paged


@lru_cache(maxsize=2000)
def evidence_class(reader: str, group: str, labels: str, equations: str) -> str:
    """The name of a class of evidence, such as ``pdf/nonzero/exact/confirmed``."""
    reader = kind_of(reader)
    if group in ("absent", "unreadable"):
        return f"{reader}/{group}"
    return f"{reader}/{group}/{labels}/{equations}"


def lower_bound(n: int, wrong: int) -> float:
    """One-sided 95 % lower bound of the share that is right (Wilson score, z = 1.645)."""
    if n == 0:
        return 0.0
    z2 = 1.645**2
    p = (n - wrong) / n
    root = (p * (1 - p) / n + z2 / (4 * n * n)) ** 0.5
    return float((p + z2 / (2 * n) - 1.645 * root) / (1 + z2 / n))


def probability(n: int, wrong: int) -> float:
    """The share right, by the rule of succession, never rounded up.

    It is capped where the data do not carry 0.99: where the lower bound is below it, or where more
    than one cell in a thousand was wrong, since cells of one table do not err independently.
    """
    p = (n - wrong + 1) / (n + 2)
    earned = lower_bound(n, wrong) >= SURE and wrong <= RARE * n
    return int((p if earned else min(p, CAP)) * 10_000) / 10_000


def class_probability(counts: Mapping[str, Any]) -> float:
    """The probability that a class has earned: SURE only where its worst family of documents earns it too.

    ``counts``: n cells and how many of them were wrong, in how many documents, and ``worst``: (n, wrong) of the family.
    Below SURE it is how often such cells were right in all documents.
    """
    p = min(probability(counts["n"], counts["wrong"]), probability(*counts["worst"]))
    if p >= SURE and counts["documents"] >= FEW:
        return p
    return min(probability(counts["n"], counts["wrong"]), CAP)


@cache
def _fitted() -> dict[str, Any]:
    return dict(load_json("confidence/cells.json"))


def measured_classes() -> Mapping[str, Mapping[str, Any]]:
    """The counts of every class of evidence that was fitted."""
    classes: Mapping[str, Mapping[str, Any]] = _fitted()["classes"]
    return classes


def unlike(reader: str, features: Mapping[str, float]) -> list[str]:
    """The features by which a document lies beyond all documents that were read right when fitting.

    A reader that was never fitted is unlike as a whole. How many sums fail is a trait of the report where a reader
    knows the borders of cells or judges its readings one by one: for these, the report that went furthest counts.
    """
    fitted, kind = _fitted()["furthest"], kind_of(reader)
    if kind not in fitted:
        return ["reader"]
    furthest = dict(fitted[kind])
    if kind in APART:
        furthest["failed"] = max(fitted[r]["failed"] for r in APART if r in fitted)
    return [name for name, value in features.items() if value > furthest[name]]


def _probability(name: str, classes: Mapping[str, Any]) -> float:
    """The probability of a class; one without any error, but too seldom seen, borrows from a reader of its kind.

    Readers that know the borders of cells (``RULED``) hand the same grids to the same code, so labels and sums weigh
    alike with all of them: the best measured one may speak for the others. Counts are never added up, for the fitting
    reports are the same in all media.
    """
    own = class_probability(classes[name])
    reader, _, rest = name.partition("/")
    if own >= SURE or classes[name]["wrong"] or reader not in RULED:
        return own
    like = [classes[n] for r in RULED if (n := f"{r}/{rest}") in classes]
    if any(c["wrong"] for c in like):
        return own
    return max(own, class_probability(max(like, key=lambda c: c["documents"])))


def _stronger(evidence: str) -> list[str]:
    """A class, and those with more than its evidence: exact labels for near ones, no failed sum for a failed one.

    Of a cell in a scan: all higher levels.
    """
    base, found, number = evidence.rpartition("/level-")
    if found:
        return [f"{base}/level-{k}" for k in range(int(number), LEVELS)]
    names = [evidence, evidence.replace("/near/", "/exact/")]
    names += [n.replace("/contested", "/untested") for n in names]
    names += [n.replace("/untested", "/confirmed") for n in names]
    return list(dict.fromkeys(names))


@cache
def confidence(evidence: str) -> float:
    """The measured probability of a class, no more than that of a class with stronger evidence.

    An unknown class takes the probability of all values of its reader and group.
    """
    classes = _fitted()["classes"]
    stronger = [_probability(n, classes) for n in _stronger(evidence) if n in classes]
    if evidence in classes:
        return min(stronger)
    prefix = "/".join(evidence.split("/")[:2]) + "/"
    near = [c for name, c in classes.items() if name.startswith(prefix)]
    if not near:
        return 0.5
    pooled = probability(sum(c["n"] for c in near), sum(c["wrong"] for c in near))
    return min(CAP, pooled, *stronger)
