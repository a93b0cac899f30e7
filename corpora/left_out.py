"""Leave one family out: how far the frequencies of some families foretell errors in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from extractor.confidence import class_probability
from extractor.evaluate.statistics import Judged, observed_over_expected, upper_bound
from extractor.evaluate.totals import confidence_summary

ENOUGH = 300  # cells of a class in a family, below which the family says nothing of the class


@dataclass(frozen=True)
class Read:
    """One document that was read: its reader, features, families, and (n, wrong) of each class of evidence."""

    medium: str
    reader: str = ""
    features: Mapping[str, float] = field(default_factory=dict)
    families: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    wrong_numbers: int = 0


@dataclass
class Counts:
    """What was counted of a class."""

    n: int = 0
    wrong: int = 0
    documents: int = 0
    documents_wrong: int = 0

    def add(self, n: int, wrong: int) -> None:
        """Count one document."""
        self.n += n
        self.wrong += wrong
        self.documents += 1
        self.documents_wrong += wrong > 0


def _families(read: Read) -> set[tuple[str, str]]:
    return {("medium", read.medium), *read.families.items()}


def count(documents: Iterable[Read]) -> dict[str, dict[str, Any]]:
    """For each class its counts, and ``worst``: (n, wrong) of the family in which it errs most, by 2 cells or more."""
    whole: dict[str, Counts] = {}
    by_family: dict[str, dict[tuple[str, str], Counts]] = {}
    for read in documents:
        for name, (n, wrong) in read.classes.items():
            whole.setdefault(name, Counts()).add(n, wrong)
            for family in _families(read):
                by_family.setdefault(name, {}).setdefault(family, Counts()).add(n, wrong)
    out = {}
    for name, counts in sorted(whole.items()):
        # One wrong cell stands in one family of every kind: it says nothing of any of them.
        speaking = {f: c for f, c in by_family[name].items() if c.n >= ENOUGH and c.wrong != 1}
        known = [(c.wrong / c.n, c.n, c.wrong, f) for f, c in speaking.items()]
        rate, n, wrong, family = max(known, default=(0.0, counts.n, counts.wrong, ("", "")))
        pooled = rate <= counts.wrong / counts.n
        out[name] = {
            **vars(counts),
            "worst": [counts.n, counts.wrong] if pooled else [n, wrong],
            "worst_family": "" if pooled else "=".join(family),
        }
    return out


def foretold(documents: list[Read], family: tuple[str, str]) -> Judged:
    """(confidence, right) of the cells of one family, by what was counted in all others."""
    others = count(r for r in documents if family not in _families(r))
    sure = {name: class_probability(c) for name, c in others.items()}
    judged: Judged = Counter()
    for read in documents:
        if family in _families(read):
            for name, (n, wrong) in read.classes.items():
                if name in sure:
                    judged[sure[name], True] += n - wrong
                    judged[sure[name], False] += wrong
    return Counter({k: n for k, n in judged.items() if n})


def left_out(documents: list[Read]) -> dict[str, Any]:
    """For each family: cells foretold at 0.99 or more and how many of them were wrong, errors over those expected."""
    families = sorted({f for r in documents for f in _families(r)})
    rows, whole = {}, Counter[tuple[float, bool]]()
    for family in families:
        judged = foretold(documents, family)
        sure = sum(n for (c, _), n in judged.items() if c >= 0.99)
        errors = sum(n for (c, right), n in judged.items() if c >= 0.99 and not right)
        rows["=".join(family)] = {
            "n": judged.total(),
            "accepted": sure,
            "wrong": errors,
            "upper": round(upper_bound(errors, sure), 6),
            "observed_over_expected": observed_over_expected(judged, 0.5, 0.99),
        }
        if family[0] == "medium":
            whole.update(judged)
    summary = confidence_summary(whole)
    del summary["risk_coverage"]
    return {"families": rows, "by_medium": summary}
