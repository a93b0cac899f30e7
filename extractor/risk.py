"""From an error rate that a user can bear to the confidence that must be asked for it.

The classes of evidence of a reader (patterns/confidence/cells.json) are taken from the surest down, as long as the
upper bound (95 %, one-sided) of the errors of all taken together stays below what is allowed. Errors come in clusters:
a document that was misread is wrong in many cells at once, so cells are counted by the size of such a cluster. And no
class is let in on the strength of surer ones if it errs many times as often, for a document may hold just such cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from extractor.confidence import confidence, kind_of, lower_bound, measured_classes

CLUSTER = 3.0  # cells wrong in a document that is wrong at all, where none was seen
TIMES = 10  # how many times the allowed error a class may have by itself
NEVER = 1.01  # no cell is so sure


def error_bound(classes: Iterable[Mapping[str, Any]]) -> float:
    """The upper bound (95 %) of the share of wrong cells over classes of evidence taken together."""
    own = list(classes)
    n, wrong = sum(c["n"] for c in own), sum(c["wrong"] for c in own)
    documents_wrong = sum(c["documents_wrong"] for c in own)
    cluster = wrong / documents_wrong if wrong else CLUSTER
    return 1 - lower_bound(round(n / cluster), round(wrong / cluster))


@lru_cache(maxsize=100)
def threshold(reader: str, max_error: float) -> float:
    """The least confidence at which cells of a reader are wrong in at most this share, with 95 % certainty.

    ``reader`` as in ``source.reader``. Above 1 where no class of its evidence has earned so much.
    """
    kind = kind_of(reader)
    own = {name: c for name, c in measured_classes().items() if name.split("/")[0] == kind}
    found = NEVER
    for level in sorted({confidence(name) for name in own}, reverse=True):
        taken = [c for name, c in own.items() if confidence(name) >= level]
        if error_bound(taken) > max_error or 1 - level > TIMES * max_error:
            break
        found = level
    return found
