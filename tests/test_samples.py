"""The three real samples against the keyed gold: every cell, every status, every failed sum."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from extractor import extract
from extractor.report import Report
from tests.conftest import gold_names, load_gold, sample


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {}


def _report(reports: dict[str, Report], name: str) -> Report:
    if name not in reports:
        reports[name] = extract(sample(name))
    return reports[name]


@pytest.mark.parametrize("name", gold_names())
def test_gold_belongs_to_this_file(name):
    assert hashlib.sha256(sample(name).read_bytes()).hexdigest() == load_gold(name)["sha256"]


@pytest.mark.parametrize("name", gold_names())
def test_every_cell_and_status(reports, name):
    report, gold = _report(reports, name), load_gold(name)
    wrong = []
    for table, rows in gold["tables"].items():
        assert set(report.tables[table]) == set(rows)
        for row, columns in rows.items():
            for column, cell in columns.items():
                value = report.tables[table][row][column]
                wanted = None if cell["value"] is None else Decimal(str(cell["value"]))
                if (value.value, value.status) != (wanted, cell["status"]):
                    wrong.append((table, row, column, value.value, value.status, cell))
    assert not wrong


@pytest.mark.parametrize("name", gold_names())
def test_every_cell_points_home(reports, name):
    for rows in _report(reports, name).tables.values():
        for columns in rows.values():
            for value in columns.values():
                assert value.evidence is not None
                assert value.evidence.box or value.evidence.start is not None
                assert value.confidence >= 0.99


@pytest.mark.parametrize("name", gold_names())
def test_failed_identities_are_those_misprinted(reports, name):
    failed = [c.id for c in _report(reports, name).checks if c.passed is False and c.severity == "error"]
    assert sorted(failed) == sorted(load_gold(name)["failed_checks"])


@pytest.mark.parametrize("name", gold_names())
def test_metadata(reports, name):
    meta, gold = _report(reports, name).report, load_gold(name)["report"]
    got = meta.model_dump()
    for key in ("title", "year", "form", "form_expected", "table_forms", "period", "publication_date"):
        assert got[key] == gold[key], key
    assert meta.agency.name == gold["agency"]["name"]
    assert all(law in meta.legal_basis for law in gold["legal_basis"])


@pytest.mark.parametrize("name", gold_names())
def test_status_is_ok(reports, name):
    report = _report(reports, name)
    assert (report.status, report.review_reasons) == ("ok", [])


@pytest.mark.parametrize("name", gold_names())
def test_every_figure_with_value_unit_and_place(reports, name):
    """Every quantity of the prose is found with its value and unit, and nothing else is."""
    report, gold = _report(reports, name), load_gold(name)["figures"]
    got = [(Decimal(f.value), f.unit, f.approximate, f.kind) for f in report.figures]
    assert got == [(Decimal(str(g["value"])), g["unit"], g["approximate"], g["kind"]) for g in gold]
    sections = {s.id: s.text for s in report.sections}
    for figure, wanted in zip(report.figures, gold, strict=True):
        e = figure.evidence
        assert sections[e.section][e.start : e.end] == e.text
        assert e.section == wanted["section"]


@pytest.mark.parametrize("name", gold_names())
def test_breakdown_trees_come_out_whole(reports, name):
    report, gold = _report(reports, name), load_gold(name)["figures"]
    ids = [f.id for f in report.figures]
    parents = [None if f.part_of is None else ids.index(f.part_of) for f in report.figures]
    assert parents == [g["part_of"] for g in gold]
    assert [f.part_role for f in report.figures] == [g.get("part_role") for g in gold]


@pytest.mark.parametrize("name", gold_names())
def test_same_bytes_give_the_same_object(reports, name):
    first, again = _report(reports, name), extract(sample(name))
    assert first.model_dump(exclude={"extraction"}) == again.model_dump(exclude={"extraction"})
    assert Report.from_json(first.to_json()) == first
