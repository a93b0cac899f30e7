"""Measure the confidence of figures: how often value, unit and place are right, by class of evidence.

`python -m corpora.fit_figures` reads invented reports of the training part and the passages modelled on real ones, and
writes patterns/confidence/figures.json. A class is as sure as the less sure of the two makes it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from corpora.invent import invent, invent_early
from corpora.making import text_or_web_bytes
from corpora.modelled import passages, series_here
from corpora.parts import load_part
from corpora.text_render import tab_led
from extractor.api import extract_content
from extractor.confidence import probability
from extractor.evaluate.figures import match
from extractor.evaluate.gold import Gold
from extractor.figures import evidence_class
from extractor.report import Figure, Report

OUT = Path(__file__).resolve().parent.parent / "patterns" / "confidence" / "figures.json"
REPORTS = 400
FEW = 30  # figures of a class in the modelled passages, below which all of its kind count together
Counts = Counter[tuple[str, bool]]


def judged(gold: Gold, found: list[Figure]) -> Counts:
    """(class, right) of the figures found in one document."""
    truth = gold.figures or []
    pairs = match(truth, found)
    out: Counts = Counter()
    for index, figure in enumerate(found):
        own = truth[pairs[index]] if index in pairs else None
        right = own is not None and (own.unit == figure.unit or (own.value == 0 and None in (own.unit, figure.unit)))
        out[evidence_class(figure), right] += 1
    return out


def _invented(seed: int) -> Counts:
    early = seed % 2 == 0
    report = invent_early(seed) if early else invent(seed)
    content = tab_led(report).encode() if early else text_or_web_bytes(seed, "tab")
    got = extract_content(content, "x")
    return (
        judged(Gold.model_validate({"figures": report.gold["figures"]}), got.figures)
        if isinstance(got, Report)
        else Counter()
    )


def _classes(counts: Counts) -> Iterator[tuple[str, int, int]]:
    for name in sorted({n for n, _ in counts}):
        yield name, counts[name, True] + counts[name, False], counts[name, False]


def _kind(name: str) -> str:
    return name.split(".")[0]


def fitted(invented: Counts, modelled: Counts) -> dict[str, Any]:
    """The classes with their counts from both sources and the lower probability."""
    ours = {name: (n, wrong) for name, n, wrong in _classes(modelled)}
    by_kind: dict[str, tuple[int, int]] = {}
    for name, (n, wrong) in ours.items():
        total = by_kind.get(_kind(name), (0, 0))
        by_kind[_kind(name)] = (total[0] + n, total[1] + wrong)
    out: dict[str, Any] = {}
    seen = {name: (n, wrong) for name, n, wrong in _classes(invented)}
    for name in sorted({*seen, *ours}):
        real = ours.get(name, (0, 0))
        real = real if real[0] >= FEW else by_kind.get(_kind(name), (0, 0))
        options = [probability(*c) for c in (seen.get(name, (0, 0)), real) if c[0]]
        out[name] = {"invented": list(seen.get(name, (0, 0))), "modelled": list(ours.get(name, (0, 0))),
                     "confidence": min(options)}  # fmt: skip
    every = (sum(n for n, _ in ours.values()), sum(w for _, w in ours.values()))
    out["other"] = {"invented": [0, 0], "modelled": list(every), "confidence": min(probability(*every), 0.9)}
    return out


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=REPORTS, help="invented reports (default %(default)s)")
    args = parser.parse_args()
    first = load_part("train").first_seed + 7000
    invented: Counts = Counter()
    with ProcessPoolExecutor(2) as pool:
        for counts in pool.map(_invented, range(first, first + args.count), chunksize=10):
            invented += counts
    modelled: Counts = Counter()
    for series in series_here():
        for passage in passages(series):
            modelled += judged(passage.gold, passage.read())
    card = {
        "note": "How often value, unit and place of figures were right: (n, wrong) by class, on invented reports of "
        "the training part and on passages modelled on real ones. Class: kind, alone or part, indicator known or not; "
        "denial is a zero in words; other is every class not met.",
        "measured": date.today().isoformat(),
        "reports": args.count,
        "series": series_here(),
        "classes": fitted(invented, modelled),
    }
    text = json.dumps(card, ensure_ascii=False, indent=1) + "\n"
    OUT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
