"""One disturbance at a time: every other cell stays where it was.

A parser that pours numbers into the form in reading order loses over a hundred cells to one blank cell,
one thousands comma or one stray page number.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import Knobs, invent
from corpora.text_render import tab_led
from extractor.api import extract_content
from extractor.report import Report

BASE = tab_led(invent(7001, Knobs()))
ROW = "\t1.属于国家秘密\n"


def _cells(text: str) -> dict[str, tuple[object, str]]:
    report = extract_content(text.encode(), "x", figures=False)
    assert isinstance(report, Report), report.error
    return {
        f"{t}.{r}.{c}": (v.value, v.status)
        for t, rows in report.tables.items()
        for r, columns in rows.items()
        for c, v in columns.items()
    }


@pytest.fixture(scope="module")
def before() -> dict[str, tuple[object, str]]:
    return _cells(BASE)


def _changed(before: dict, text: str) -> set[str]:
    after = _cells(text)
    assert set(after) == set(before)
    return {path for path in before if before[path] != after[path]}


def _first_value_after(text: str, label: str) -> re.Match[str]:
    found = re.compile(re.escape(label) + r"\t([^\n]*)\n").search(text)
    assert found
    return found


@pytest.mark.parametrize(
    ("printed", "status"), [("", "blank"), ("/", "dash"), ("—", "dash"), ("无", "dash"), ("约5", "unreadable")]
)
def test_one_cell_changes_only_itself(before, printed, status):
    found = _first_value_after(BASE, ROW)
    text = BASE[: found.start(1)] + printed + BASE[found.end(1) :]
    path = "requests.refused.state_secret.natural_person"
    assert _changed(before, text) <= {path}
    assert _cells(text)[path] == (None, status)


def test_thousands_comma(before):
    found = _first_value_after(BASE, ROW)
    text = BASE[: found.start(1)] + "1,234,567" + BASE[found.end(1) :]
    assert _changed(before, text) == {"requests.refused.state_secret.natural_person"}
    assert _cells(text)["requests.refused.state_secret.natural_person"] == (1234567, "reported")


@pytest.mark.parametrize(
    "stray", ["- 3 -\n\n", "备注：2019年数据以此为准。\n\n", "12\n\n", "第 4 页 共 6 页\n\n", "\n\n\n"]
)
@pytest.mark.parametrize("label", ["\t2.重复申请\n", "\t（七）总计\n", "\t行政强制\n"])
def test_stray_lines_between_rows_shift_nothing(before, stray, label):
    position = BASE.index(label)
    position = BASE.rindex("\n\n", 0, position) + 2
    assert _changed(before, BASE[:position] + stray + BASE[position:]) == set()


def test_extra_row_goes_to_extras(before):
    row = "\t9.其他不予公开情形\n" + "\t5\n" * 7 + "\n"
    position = BASE.rindex("\n\n", 0, BASE.index("\t1.本机关不掌握")) + 2
    text = BASE[:position] + row + BASE[position:]
    assert _changed(before, text) == set()
    report = extract_content(text.encode(), "x", figures=False)
    assert isinstance(report, Report)
    assert [e.label for e in report.extras] == ["9.其他不予公开情形"]
    assert report.extras[0].values == ["5"] * 7


def test_a_row_whose_label_nobody_knows_is_unreadable_not_absent(before):
    text = BASE.replace(ROW, "\t1.某某某某某某\n", 1)
    changed, after = _changed(before, text), _cells(text)
    assert changed == {p for p in before if p.startswith("requests.refused.state_secret.")}
    assert {after[p] for p in changed} == {(None, "unreadable")}


def test_missing_row_is_absent_and_nothing_else(before):
    start = BASE.rindex("\n\n", 0, BASE.index("\t3.要求提供公开出版物")) + 2
    end = BASE.index("\n\n", start) + 2
    changed = _changed(before, BASE[:start] + BASE[end:])
    assert {p.rsplit(".", 1)[0] for p in changed} == {"requests.not_processed.public_publication"}
    assert {_cells(BASE[:start] + BASE[end:])[p] for p in changed} == {(None, "absent")}


def test_a_row_that_lost_a_cell_is_unreadable_not_shifted(before):
    found = _first_value_after(BASE, ROW)
    text = BASE[: found.start(1) - 1] + BASE[found.end(1) + 1 :]
    changed = _changed(before, text)
    assert {p.rsplit(".", 1)[0] for p in changed} == {"requests.refused.state_secret"}
    assert {_cells(text)[p] for p in changed} == {(None, "unreadable")}


def test_a_table_left_out_changes_no_other(before):
    start, end = BASE.index("三、"), BASE.index("四、")
    start = BASE.index("\n", start) + 1
    text = BASE[:start] + BASE[end:]
    report = extract_content(text.encode(), "x", figures=False)
    assert isinstance(report, Report)
    assert "table_missing" in report.review_reasons
    changed = _changed(before, text)
    assert {p.split(".")[0] for p in changed} == {"requests"}
    assert {_cells(text)[p] for p in changed} == {(None, "absent")}


VALUES = [m.span(1) for m in re.finditer(r"\t(\d+)\n", BASE)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(["", "/", "7", "12,345", "88888888", "-"])), max_size=6)
)
def test_any_few_cells_change_only_themselves(edits):
    text = BASE
    chosen = dict(edits)
    for (start, end), value in sorted(chosen.items(), reverse=True):
        text = text[:start] + value + text[end:]
    original, after = _cells(BASE), _cells(text)
    changed = [p for p in original if original[p] != after[p]]
    assert len(changed) <= len(chosen)
    assert not any(after[p][1] in ("absent", "unreadable") for p in changed)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_encoding_changes_nothing(before, encoding):
    report = extract_content(BASE.encode(encoding), "x", figures=False)
    assert isinstance(report, Report)
    assert {
        f"{t}.{r}.{c}": (v.value, v.status)
        for t, rs in report.tables.items()
        for r, cs in rs.items()
        for c, v in cs.items()
    } == before
