"""Oracle: invented reports are rendered from known cells and read back.

The reports carry blanks, dashes, 8-digit numbers, decimals, violated sums, missing and extra rows and
mixed forms; the PDFs come from two makers with different habits, tables cut at every place.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from corpora.making import make_document, media_here
from corpora.score import Tally
from extractor import extract


def _read_all(medium: str, seeds: range, folder: Path) -> Tally:
    tally = Tally()
    for seed in seeds:
        path, gold = make_document(seed, medium, folder)
        tally.add(extract(path, figures=False), gold, path.name)
    return tally


@pytest.mark.parametrize(
    ("medium", "seeds"),
    [
        *(("tab", range(a, a + 50)) for a in range(0, 200, 50)),
        *(("reportlab", range(a, a + 20)) for a in range(0, 100, 20)),
        *(("fpdf2", range(a, a + 20)) for a in range(0, 100, 20)),
    ],
    ids=lambda v: f"{v.start}-{v.stop}" if isinstance(v, range) else v,
)
def test_cells_come_back(medium, seeds, tmp_path):
    tally = _read_all(medium, seeds, tmp_path)
    assert not tally.silent
    assert tally.total["number"] > 200 and tally.total["empty"] > 50
    for group in tally.total:
        assert tally.share(group) >= 0.999, (group, tally.total, tally.right)


@pytest.mark.parametrize("medium", ["layout", "pdftotext"])
def test_layout_text_never_lies(medium, tmp_path):
    """Text in columns is weaker: what cannot be told must be doubtful, and most must be right."""
    if medium not in media_here():
        pytest.skip(f"{medium} is not installed")
    tally = _read_all(medium, range(30), tmp_path)
    assert not tally.silent
    assert tally.share("number") > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("medium", ["libreoffice", "chromium"])
def test_other_makers(medium, tmp_path):
    if medium not in media_here():
        pytest.skip(f"{medium} is not installed")
    tally = _read_all(medium, range(10), tmp_path)
    assert not tally.silent
    assert tally.share("number") > 0.9


@pytest.mark.parametrize("medium", ["tab", "reportlab"])
def test_violated_sums_are_found_and_nothing_is_corrected(medium, tmp_path):
    """Every planted violation is a failed check; no other identity fails; the numbers stay as printed."""
    planted = found = 0
    for seed in range(60):
        path, gold = make_document(seed, medium, tmp_path)
        report = extract(path, figures=False)
        failed = {c.id for c in report.checks if c.passed is False and c.severity == "error"}
        wanted = {i for i in gold["failed_checks"] if not i.startswith(("proactive_disclosure", "breakdown"))}
        assert failed <= wanted, (path.name, failed - wanted)
        planted, found = planted + len(wanted), found + len(failed & wanted)
    assert planted > 10
    assert found >= 0.99 * planted


def test_metadata_of_invented_reports(tmp_path):
    wrong = []
    for seed in range(60):
        path, gold = make_document(seed, "tab", tmp_path)
        meta = extract(path, figures=False).report
        if (meta.year, meta.agency.name) != (gold["report"]["year"], gold["report"]["agency"]["name"]):
            wrong.append((seed, meta.year, meta.agency.name, gold["report"]["year"], gold["report"]["agency"]))
    assert len(wrong) <= 1, wrong


def test_figures_of_invented_reports(tmp_path):
    """Quantities of the prose: value and unit, in order of precision and recall."""
    hits = wanted = given = 0
    for seed in range(40):
        path, gold = make_document(seed, "tab", tmp_path)
        report = extract(path)
        ours = Counter((str(f.value), f.unit) for f in report.figures)
        truth = Counter((str(json.loads(json.dumps(g["value"]))), g["unit"]) for g in gold["figures"])
        hits += sum((ours & truth).values())
        wanted, given = wanted + sum(truth.values()), given + sum(ours.values())
    assert wanted > 300
    assert hits / wanted >= 0.95, (hits, wanted)
    assert hits / given >= 0.95, (hits, given)
