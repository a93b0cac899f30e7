"""Passages in our own words, modelled on real reports and keyed by readers who did not know the patterns.

What they gave when they were first read, before anything was mended on them, is in docs/accuracy.md; these floors keep
what is there now.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace

import pytest

from corpora.modelled import FOLDER, passages, series_here
from extractor.evaluate.figures import compare_figures
from extractor.normalize import squeeze


def _read(series):
    counts: Counter[str] = Counter()
    for passage in passages(series):
        result, _ = compare_figures(passage.gold, passage.read())
        counts.update(found=result.found, wanted=result.wanted, right=result.matched)
        for name in ("links", "zeros", "indicators"):
            for key, n in zip(("right", "found", "wanted"), getattr(result, name), strict=True):
                counts[f"{name} {key}"] += n
        for name, (right, n) in result.parts.items():
            counts[f"{name} right"] += right
            counts[f"{name} n"] += n
    return counts


# Of quantities, zeros, parts and indicators: the least precision and recall of each series.
FLOORS = {
    "M": ((0.988, 0.98), (0.99, 0.968), (0.982, 0.949), (0.986, 0.919)),
    "N": ((0.985, 0.985), (0.99, 0.99), (0.99, 0.976), (0.986, 0.937)),
    "O": ((0.986, 0.908), (0.99, 0.769), (0.93, 0.747), (0.97, 0.797)),
    "P": ((0.987, 0.965), (0.99, 0.909), (0.979, 0.909), (0.964, 0.871)),
    "Q": ((0.986, 0.979), (0.99, 0.925), (0.955, 0.894), (0.965, 0.899)),
    "R": ((0.988, 0.978), (0.99, 0.933), (0.944, 0.891), (0.979, 0.854)),
    "S": ((0.979, 0.965), (0.99, 0.935), (0.957, 0.938), (0.951, 0.933)),
    "T": ((0.984, 0.961), (0.99, 0.99), (0.955, 0.864), (0.973, 0.939)),
    "U": ((0.981, 0.969), (0.977, 0.952), (0.943, 0.896), (0.976, 0.869)),
    "V": ((0.99, 0.979), (0.99, 0.945), (0.99, 0.972), (0.99, 0.948)),
    "W": ((0.99, 0.979), (0.99, 0.974), (0.99, 0.912), (0.958, 0.91)),
    "X": ((0.99, 0.972), (0.99, 0.955), (0.981, 0.937), (0.969, 0.883)),
    "Y": ((0.984, 0.971), (0.99, 0.99), (0.964, 0.923), (0.964, 0.933)),
    "Z": ((0.982, 0.987), (0.99, 0.99), (0.928, 0.971), (0.965, 0.924)),
    "ZA": ((0.984, 0.936), (0.99, 0.865), (0.99, 0.918), (0.916, 0.819)),
    "ZB": ((0.987, 0.987), (0.99, 0.99), (0.975, 0.96), (0.968, 0.89)),
    "ZC": ((0.99, 0.988), (0.99, 0.99), (0.947, 0.953), (0.986, 0.944)),
    "ZD": ((0.988, 0.979), (0.99, 0.966), (0.95, 0.913), (0.971, 0.947)),
    "ZE": ((0.985, 0.983), (0.976, 0.963), (0.973, 0.982), (0.976, 0.908)),
    "ZF": ((0.984, 0.98), (0.99, 0.96), (0.971, 0.949), (0.968, 0.945)),
    "ZG": ((0.984, 0.984), (0.952, 0.934), (0.983, 0.882), (0.974, 0.925)),
    "ZH": ((0.99, 0.981), (0.99, 0.971), (0.976, 0.945), (0.969, 0.966)),
    "ZI": ((0.983, 0.979), (0.99, 0.968), (0.94, 0.959), (0.95, 0.925)),
    "ZJ": ((0.987, 0.978), (0.99, 0.973), (0.898, 0.871), (0.951, 0.853)),
    "ZK": ((0.983, 0.968), (0.966, 0.91), (0.963, 0.969), (0.947, 0.916)),
    "ZL": ((0.978, 0.964), (0.971, 0.917), (0.939, 0.946), (0.937, 0.926)),
}
SERIES = list(FLOORS)


def test_all_series_are_there():
    assert series_here() == SERIES
    assert all(len(list(passages(s))) == 20 for s in series_here())


def test_of_the_later_series_each_passage_names_its_page():
    rows = list(csv.DictReader((FOLDER.parent / "modelled_sources.csv").open(encoding="utf-8")))
    named = {r["passage"] for r in rows if r["address"].startswith("http")}
    assert named == {p.name for s in SERIES[2:] for p in passages(s)}


@pytest.mark.parametrize("series", SERIES)
def test_the_key_fits_its_passages(series):
    for passage in passages(series):
        known = {f.id for f in passage.gold.figures}
        assert all(f.part_of is None or f.part_of in known for f in passage.gold.figures)
        assert all(f.text in passage.text and len(f.text) <= 25 for f in passage.gold.figures)
        assert len(squeeze(passage.text)) > 200
    assert (FOLDER / f"{series}.csv").exists()


@pytest.mark.parametrize("series", SERIES)
def test_figures_of_modelled_passages(series):
    c = _read(series)
    assert c["wanted"] > 150
    for name, (precision, recall) in zip(("", "zeros ", "links ", "indicators "), FLOORS[series], strict=True):
        right = c[f"{name}right"]
        assert right / c[f"{name}found"] >= precision and right / c[f"{name}wanted"] >= recall, name
    for name in ("approximate", "kind", "year"):
        assert c[f"{name} right"] / c[f"{name} n"] >= 0.97, name


@pytest.mark.parametrize("series", ["ZG", "ZH"])
def test_passages_whose_numbers_are_all_zero_are_read_to_the_end(series):
    """Zeros take ways of their own; whatever is a part must have its total among the figures."""
    for passage in passages(series):
        found = replace(passage, text=re.sub(r"\d+(?=[条件份次宗起个])", "0", passage.text)).read()
        assert {f.part_of for f in found} - {None} <= {f.id for f in found}
