"""Checks: equations of the form, sums in the prose, text against table."""

from __future__ import annotations

from extractor.checks import link_same_as, run_checks, undecided
from extractor.figures import find_figures
from extractor.forms import load_form
from extractor.pipeline import _hardly_read
from extractor.report import Check, Section, SectionEvidence
from extractor.tables import CellReading

FORM = load_form("2021")


def numbers(**cells: int | None) -> dict[str, int | None]:
    """All cells of the 2021 form, 0 unless named (``requests__granted__total=3``; None is blank)."""
    paths = [f"{t}.{row.id}.{column.id}" for t, table in FORM.tables.items() for row, column in table.cells()]
    return dict.fromkeys(paths, 0) | {key.replace("__", "."): value for key, value in cells.items()}


def checks(text: str = "", **cells: int | None) -> dict[str, Check]:
    section = Section(id="overview", title="总体情况", text=text, evidence=SectionEvidence())
    found = run_checks(FORM.equations, numbers(**cells), find_figures([section], 2023), [])
    return {c.id: c for c in found}


def test_every_equation_holds_on_zeros() -> None:
    assert all(c.passed for c in checks().values())
    assert len(checks()) == len(FORM.equations)


def test_a_failed_identity_names_its_cells_and_difference() -> None:
    found = checks(requests__new_received__natural_person=3)["requests.row_sum.new_received"]
    assert (found.passed, abs(found.difference or 0)) == (False, 3)
    assert "requests.new_received.natural_person" in found.cells


def test_a_missing_value_is_neither_passed_nor_failed() -> None:
    found = checks(requests__new_received__natural_person=None)["requests.row_sum.new_received"]
    assert (found.passed, found.left, found.right) == (None, None, None) and len(found.cells) == 7


def test_bound() -> None:
    rule = "proactive_disclosure.issued_le_in_force.normative_documents"
    assert checks(proactive_disclosure__normative_documents__issued=2)[rule].passed is False
    assert checks(proactive_disclosure__normative_documents__in_force=2)[rule].passed is True


def test_breakdown_sums() -> None:
    found = checks("公开信息100条，其中动态60条、公告40条。")["breakdown.f1.1"]
    assert (found.passed, found.cells) == (True, ["f1", "f2", "f3"])
    wrong = checks("公开信息105条，其中动态60条、公告30条、其他10条。")["breakdown.f1.1"]
    assert (wrong.passed, wrong.difference) == (False, 5)


def test_approximate_parts_decide_nothing() -> None:
    assert checks("公开信息100余条，其中动态60条、公告40条。")["breakdown.f1.1"].passed is None


def test_received_may_include_what_was_carried_in() -> None:
    cells = {"requests__new_received__total": 20, "requests__carried_in__total": 5}
    assert checks("全年收到政府信息公开申请20件。", **cells)["txt.new_received"].passed is True
    assert checks("全年收到政府信息公开申请25件。", **cells)["txt.new_received"].passed is True
    assert checks("全年收到政府信息公开申请21件。", **cells)["txt.new_received"].passed is False


def test_another_year_is_not_compared() -> None:
    text = "公开信息5条。发布解读3条。2021年，收到政府信息公开申请9件。"
    assert "txt.new_received" not in checks(text)


def test_litigation_is_the_sum_of_both_kinds() -> None:
    cells = {
        "reconsideration_litigation__litigation_direct__total": 26,
        "reconsideration_litigation__litigation_after_reconsideration__total": 20,
    }
    assert checks("政府信息公开行政诉讼46件。", **cells)["txt.litigation"].passed is True


def test_same_as_needs_equal_meaning_and_equal_value() -> None:
    text = "行政复议7件，其中结果维持4件，结果纠正3件。收到政府信息公开申请9件。"
    section = Section(id="overview", title="总体情况", text=text, evidence=SectionEvidence())
    cells = numbers(
        reconsideration_litigation__reconsideration__total=7,
        reconsideration_litigation__reconsideration__upheld=4,
        reconsideration_litigation__reconsideration__corrected=2,
    )
    linked = link_same_as(find_figures([section], 2023), cells)
    assert [f.same_as for f in linked] == [
        "reconsideration_litigation.reconsideration.total",
        "reconsideration_litigation.reconsideration.upheld",
        None,
        None,
    ]


def test_a_sum_that_fails_with_a_cell_hardly_read_is_undecided() -> None:
    """A misread cell is no finding about the report; a misprint that was clearly read is."""
    before = checks(requests__granted__total=5, **{"requests__refused.state_secret__total": 3})
    after = {c.id: c for c in undecided(before.values(), {"requests.granted.total"})}
    assert before["requests.row_sum.granted"].passed is False and after["requests.row_sum.granted"].passed is None
    assert after["requests.row_sum.granted"].difference == before["requests.row_sum.granted"].difference
    assert after["requests.row_sum.refused.state_secret"].passed is False
    assert after["requests.row_sum.new_received"].passed is True


def test_cells_of_a_scan_that_were_hardly_read() -> None:
    cells = {
        ("granted", "total"): CellReading("reported", 5, raw="5", sure=0.4),
        ("granted", "natural_person"): CellReading("reported", 16, raw="1.6\n1", sure=0.98),
        ("carried_in", "total"): CellReading("reported", 5, raw="5", sure=0.99),
        ("carried_out", "total"): CellReading("reported", 5, raw="5"),  # of a digital file
    }
    assert _hardly_read({"requests": cells}) == {"requests.granted.total", "requests.granted.natural_person"}
