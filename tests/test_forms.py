"""The forms as data: every example matches its own entry and no other; the equations are complete."""

from __future__ import annotations

import json

import pytest

from extractor.errors import PatternError
from extractor.forms import Block, form_for_year, form_ids, label_key, load_form, split_ordinal
from extractor.tables.labels import ACCEPT, likeness
from tests.conftest import ROOT

FORMS = ROOT.parent / "shared" / "forms.json"


def _entries(form_id: str, table_id: str, axis: str):
    for block in load_form(form_id).tables[table_id].blocks:
        yield from getattr(block, axis)


def _cases():
    for form_id in form_ids():
        for table_id, axes in load_form(form_id).examples.items():
            for axis, examples in axes.items():
                for label, wanted in examples.items():
                    yield pytest.param(
                        form_id, table_id, axis, label, wanted, id=f"{form_id}-{axis}-{wanted}-{label[:8]!r}"
                    )


@pytest.mark.parametrize(("form_id", "table_id", "axis", "label", "wanted"), list(_cases()))
def test_example_matches_its_own_entry_and_no_other(form_id, table_id, axis, label, wanted):
    scores = {e.id: likeness(label, e) for e in _entries(form_id, table_id, axis)}
    assert scores[wanted] >= ACCEPT
    rivals = {k: v for k, v in scores.items() if k != wanted and v >= scores[wanted]}
    # 本年新 heads two columns of 表二 (2019): there, order decides
    assert not rivals or label_key(label) == "本年新"


@pytest.mark.parametrize("form_id", form_ids())
def test_every_entry_has_an_example(form_id):
    form = load_form(form_id)
    for table_id, table in form.tables.items():
        for axis in ("rows", "columns"):
            ids = {e.id for b in table.blocks for e in getattr(b, axis) if not e.header}
            assert ids == set(form.examples[table_id][axis].values())


@pytest.mark.parametrize("form_id", form_ids())
def test_no_variant_is_another_entrys_label(form_id):
    for table in load_form(form_id).tables.values():
        for block in table.blocks:
            for entries in (block.rows, block.columns):
                labels = {e.keys[0]: e.id for e in entries}
                for entry in entries:
                    assert all(labels.get(k, entry.id) == entry.id for k in entry.keys[1:])


@pytest.mark.parametrize(("form_id", "cells", "equations"), [("2021", 200, 44), ("2019", 198, 42)])
def test_sizes(form_id, cells, equations):
    form = load_form(form_id)
    assert sum(len(t.cells()) for t in form.tables.values()) == cells
    assert len(form.equations) == equations
    assert sum(e.severity == "error" for e in form.equations) == equations - 2


@pytest.mark.skipif(not FORMS.is_file(), reason="the fixed ids are not beside this checkout")
@pytest.mark.parametrize("form_id", form_ids())
def test_ids_and_equations_are_the_fixed_ones(form_id):
    fixed = json.loads(FORMS.read_text("utf-8"))["forms"][f"form_{form_id}"]
    form = load_form(form_id)
    ours = [f"{t.id}.{r.id}.{c.id}" for t in form.tables.values() for r, c in t.cells()]
    assert ours == [c["id"] for c in fixed["cells"]]
    wanted = {e["id"]: e for e in fixed["equations"] if e["kind"] in ("sum", "printed_identity", "bound")}
    assert {e.id for e in form.equations} == set(wanted)
    for e in form.equations:
        assert set(e.left) == set(wanted[e.id]["lhs"]) and set(e.right) == set(wanted[e.id]["rhs"])
        assert (e.op, e.severity, e.kind) == (wanted[e.id]["op"], wanted[e.id]["severity"], wanted[e.id]["kind"])


@pytest.mark.parametrize(
    ("year", "form"), [(2021, "2021"), (2025, "2021"), (2020, "2019"), (2019, "2019"), (2018, None), (None, None)]
)
def test_form_for_year(year, form):
    assert form_for_year(year) == form


def test_unknown_form_says_which_there_are():
    with pytest.raises(PatternError, match="2021"):
        load_form("1999")


@pytest.mark.parametrize(
    ("label", "ordinal", "body"),
    [
        ("（一）予以公开", "一", "予以公开"),
        ("3、其他", "3", "其他"),
        ("1.属于国家秘密", "1", "属于国家秘密"),
        ("规章", "", "规章"),
        ("三、", "", "三、"),
    ],
)
def test_split_ordinal(label, ordinal, body):
    assert split_ordinal(label) == (ordinal, body)


def test_blocks_hold_their_own_columns():
    blocks: tuple[Block, ...] = load_form("2021").tables["proactive_disclosure"].blocks
    assert [len(b.rows) * len(b.columns) for b in blocks] == [6, 1, 2, 1]


def test_ordinals_without_their_marks():
    """3 其他, ③其他 and (七总计 are the labels of the form; 3件 and 三类 are not cut."""
    assert [label_key(t) for t in ("3 其他", "③其他", "(3)其他", "(七总计", "3．其他")] == ["其他"] * 3 + [
        "总计",
        "其他",
    ]
    assert label_key("3件其他") == "3件其他"
