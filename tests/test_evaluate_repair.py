"""`nianbao evaluate`: what repair gained and lost, and where in the form cells are wrong."""

from __future__ import annotations

import pytest

from extractor import extract
from extractor.evaluate.compare import compare, compare_repair
from extractor.evaluate.gold import Gold
from extractor.evaluate.plots import heat_picture
from extractor.evaluate.totals import errors_by_cell, repair_summary
from tests.test_evaluate import GOLD, NEW, SAMPLES


@pytest.fixture(scope="module")
def report():
    return extract(SAMPLES / "demo.txt", figures=False)


def _changed(report, path, value):
    table, row, column = path.split(".")[0], ".".join(path.split(".")[1:-1]), path.split(".")[-1]
    out = report.model_copy(deep=True)
    out.tables[table][row][column] = out.tables[table][row][column].model_copy(update={"value": value})
    return out


def test_repair_is_counted_by_cells_gained_and_lost(report):
    gold = Gold.model_validate({"tables": GOLD["tables"]})
    other = "requests.carried_in.total"
    without = compare("a.pdf", gold, _changed(report, f"{NEW}", 7))
    repaired = compare("a.pdf", gold, _changed(report, other, 7))
    repaired.repair = compare_repair(repaired, without, 2)
    found = repair_summary([repaired], 0.99)
    assert found["gained"] == [f"a.pdf {NEW}"] and found["lost"] == [f"a.pdf {other}"] and found["changed"] == 2
    assert found["before"]["n"] == repaired.cells.total()
    assert found["before"]["confidence"]["risk_coverage"]
    assert repair_summary([without], 0.99) is None


def test_errors_are_mapped_to_the_cells_of_the_form(report, tmp_path):
    gold = Gold.model_validate({"tables": GOLD["tables"]})
    docs = [compare("a", gold, _changed(report, NEW, 7)), compare("b", gold, report)]
    counts = errors_by_cell(docs)
    form = next(iter(counts))
    assert counts[form]["requests"] == {"": 2, "new_received.total": 1}
    picture = heat_picture(counts[form]["requests"], form, "requests")
    shares = picture.axes[0].images[0].get_array()
    assert shares.max() == 0.5 and (shares > 0).sum() == 1
    picture.savefig(tmp_path / "heat.png")
    assert (tmp_path / "heat.png").read_bytes().startswith(b"\x89PNG")
