"""Numbers without delimiters: the true cut is always among those found, and only one is ever taken."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.document import Paragraph, Piece, Place, Span
from extractor.forms import load_form
from extractor.tables.flow_tokens import tokens_of
from extractor.tables.run_together import cuts_of, joined_parts, joins_of, row_rules, settle

FORM = load_form("2021")
REQUESTS = [(None, c) for c in FORM.tables["requests"].blocks[0].columns]
BLOCK = FORM.tables["reconsideration_litigation"].blocks[0]
DISPUTES = [(r, c) for r in BLOCK.rows for c in BLOCK.columns]
COUNT = st.one_of(st.just(0), st.integers(0, 9), st.integers(0, 99999))


def _tokens(text: str):
    line = Paragraph(text, (Piece(0, len(text), Place(span=Span(0, len(text)))),))
    return [(t.kind, t.text) for t in tokens_of([(0, line)])]


@settings(deadline=None)
@given(st.lists(COUNT, min_size=6, max_size=6))
def test_the_true_cut_of_a_row_is_found(numbers):
    row = (*numbers, sum(numbers))
    found = cuts_of("".join(map(str, row)), 7, row_rules(REQUESTS))
    assert row in found.options
    assert len(set(found.options)) == len(found.options)
    assert all(sum(o[:6]) == o[6] for o in found.options)


@settings(deadline=None)
@given(st.lists(COUNT, min_size=6, max_size=6))
def test_separators_of_thousands_part_numbers_too(numbers):
    row = (*numbers, sum(numbers))
    found = cuts_of("".join(f"{n:,}" for n in row), 7, row_rules(REQUESTS))
    assert row in found.options
    assert len(found.options) <= len(cuts_of("".join(map(str, row)), 7, row_rules(REQUESTS)).options)


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=12, max_size=12))
def test_the_true_cut_of_table_four_is_found(numbers):
    row = tuple(n for k in range(3) for n in (*numbers[4 * k : 4 * k + 4], sum(numbers[4 * k : 4 * k + 4])))
    found = cuts_of("".join(map(str, row)), 15, row_rules(DISPUTES))
    assert row in found.options or not found.options  # too many cuts say nothing


@given(st.lists(COUNT, min_size=6, max_size=6), st.data())
def test_numbers_broken_over_lines_are_joined(numbers, data):
    row = [str(n) for n in (*numbers, sum(numbers))]
    parts, breaks = [], []
    for number in row:
        at = data.draw(st.integers(1, len(number)))
        for part in filter(None, (number[:at], number[at:])):
            parts.append(part)
            breaks.append(len(parts) - 1)
    found = [joined_parts(parts, j) for j in joins_of(parts, breaks[:-1], 7, row_rules(REQUESTS))]
    assert row in found
    assert all(sum(map(int, f[:6])) == int(f[6]) for f in found)


def test_a_row_that_lost_a_cell_is_not_filled_up_with_pieces():
    parts = ["0", "66", "4", "0", "69", "13", "9"]  # 139 is broken, and an empty cell is gone
    assert joins_of(parts, [4, 5], 7, row_rules(REQUESTS)) == []


def test_a_zero_is_never_the_beginning_of_a_number():
    parts = ["0", "5", "0", "0", "0", "0", "0", "5"]  # 0 and 5 on two lines, an empty cell lost: not 05
    assert joins_of(parts, [0], 7, row_rules(REQUESTS)) == []


def test_a_row_without_sums_is_never_cut():
    block = FORM.tables["proactive_disclosure"].blocks[0]
    assert row_rules([(None, c) for c in block.columns]) == ()
    assert cuts_of("6233440", 3, ()).options == ()


@settings(deadline=2000)  # milliseconds: bounded, whatever the digits
@given(st.text("0123456789", max_size=40))
def test_any_digits_are_bounded(digits):
    assert len(cuts_of(digits, 7, row_rules(REQUESTS)).options) <= 400


def test_sums_over_columns_settle_what_rows_leave_open():
    rules = [(("a", "b"), ("t",))]
    rows = {"a": [(1, 23), (12, 3)], "b": [(4, 5)]}
    assert settle(rows, {"t": (16, 8)}, rules) == {"a": [(12, 3)], "b": [(4, 5)]}
    # a misprinted total proves nothing: all cuts stay
    assert settle(rows, {"t": (99, 99)}, rules)["a"] == [(1, 23), (12, 3)]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 99), min_size=2, max_size=2), min_size=3, max_size=6), st.data())
def test_settling_never_loses_the_truth(parts, data):
    """Whatever rows are open: with sums that hold, the true cut of each is among those that are left."""
    names = [f"r{i}" for i in range(len(parts))]
    truth = dict(zip(names, map(tuple, parts), strict=True)) | {"t": tuple(map(sum, zip(*parts, strict=True)))}
    open_rows = {n: [truth[n], *data.draw(st.lists(st.tuples(COUNT, COUNT), max_size=3))] for n in names[1:]}
    known = {n: truth[n] for n in truth if n not in open_rows}
    settled = settle(open_rows, known, [(tuple(names), ("t",))])
    assert all(truth[n] in settled[n] and set(settled[n]) <= set(open_rows[n]) for n in open_rows)


def test_ordinals_of_the_next_label_are_cut_off_first():
    assert _tokens("（一）予以公开3200000326.属于四类过程性信息") == [
        ("word", "（一）予以公开"),
        ("value", "320000032"),
        ("word", "6.属于四类过程性信息"),
    ]
    assert ("value", "212210037") in _tokens("行政许可2122100372、重复申请")
    assert ("value", "96171.6") in _tokens("行政事业性收费96171.6三、收到和处理")
    assert _tokens("1.属于国家秘密") == [("word", "1.属于国家秘密")]


def test_pipes_show_empty_slots():
    assert [k for k, _ in _tokens("规章 | | 3 | |")] == ["word", "empty", "value", "empty"]


def test_examples_in_headers_are_no_values():
    assert all(kind == "word" for kind, _ in _tokens("本年增/减 (指2020年增加或减少的事项数,减用负值表示,如 -8)"))


def test_labels_named_in_a_remark_are_not_the_row():
    text = "其他对外管理服务事项(指行政许可以外的政务服务事项,含行政处罚、行政强制和其他类) 189 2 36"
    assert [t for k, t in _tokens(text) if k == "word"] == ["其他对外管理服务事项"]
