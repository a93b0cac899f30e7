"""Does the bound of `--max-error` hold? Documents are drawn anew, a hundred times, and their accepted cells counted.

Documents are drawn, not cells: a misread table spoils many cells at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from extractor.evaluate.compare import DocumentResult
from extractor.evaluate.terminal import percent
from extractor.risk import threshold

BOUNDS = (0.0003, 0.001, 0.003, 0.01)
DRAWS = 100


def accepted(document: DocumentResult, bound: float) -> tuple[int, int, int]:
    """Cells that `--max-error BOUND` accepts in a document, how many of them are wrong, and all its cells."""
    least = threshold(document.reader or "", bound)
    taken = [(key.right, n) for key, n in document.cells.items() if key.reported and key.confidence >= least]
    reported = sum(n for key, n in document.cells.items() if key.reported)
    return sum(n for _, n in taken), sum(n for right, n in taken if not right), reported


def bound_rows(documents: Sequence[DocumentResult], draws: int = DRAWS) -> list[list[str]]:
    """A line for each bound: cells accepted, wrong, covered, and in how many of the drawn sets the bound held."""
    out, rng = [], Random(0)
    for bound in BOUNDS:
        counts = [accepted(d, bound) for d in documents]
        held = 0
        for _ in range(draws):
            drawn = [counts[rng.randrange(len(counts))] for _ in counts]
            held += sum(wrong for _, wrong, _ in drawn) <= bound * sum(n for n, _, _ in drawn)
        taken, wrong, reported = (sum(c[k] for c in counts) for k in range(3))
        share = percent(taken / reported) if reported else "–"
        out.append([f"{bound:g}", str(taken), str(wrong), share, f"{held} of {draws}"])
    return out
