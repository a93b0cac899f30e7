"""Joint reading: the cheapest explanation is found, certain cells stay, misprints are named and not mended."""

from __future__ import annotations

import itertools
import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.invent import invent
from corpora.score import gold_cells
from extractor.checks import run_checks
from extractor.forms import load_form
from extractor.joint import joint_reading
from extractor.repair import Ink, Sum, explain
from extractor.tables import CellReading

FORM = load_form("2021")
EQUATIONS = [e for e in FORM.equations if e.table == "requests"]
IDENTITIES = [Sum(e.id, e.left, e.right) for e in EQUATIONS if e.op == "="]
SQUARE = [
    Sum("row1", ("a", "b"), ("r1",)),
    Sum("row2", ("c", "d"), ("r2",)),
    Sum("column1", ("a", "c"), ("s1",)),
    Sum("column2", ("b", "d"), ("s2",)),
    Sum("all", ("r1", "r2"), ("t",)),
    Sum("all2", ("s1", "s2"), ("t",)),
]
NAMES = ("a", "b", "c", "d", "r1", "r2", "s1", "s2", "t")


def _square(a, b, c, d):
    return dict(zip(NAMES, (a, b, c, d, a + b, c + d, a + c, b + d, a + b + c + d), strict=True))


@st.composite
def _unsure_squares(draw):
    """A square that adds up, some cells misread, each with other readings among which the truth may be."""
    truth = _square(*(draw(st.integers(0, 30)) for _ in range(4)))
    cells = {}
    for name, value in truth.items():
        others = draw(st.lists(st.integers(0, 60), max_size=2, unique=True))
        read = draw(st.sampled_from([value, value, value, *others]))
        near = {v: draw(st.floats(0.5, 6)) for v in {value, *others} - {read}} if draw(st.booleans()) else {}
        cells[name] = Ink(read, tuple(near.items()))
    return truth, cells


def _cheapest_by_trial(cells):
    best = math.inf
    choices = [[(ink.value, 0.0), *ink.options] for ink in cells.values()]
    for chosen in itertools.product(*choices):
        values = dict(zip(cells, (v for v, _ in chosen), strict=True))
        if all(sum(values[p] for p in s.left) == sum(values[p] for p in s.right) for s in SQUARE):
            best = min(best, sum(price for _, price in chosen))
    return best


@given(_unsure_squares())
@settings(max_examples=150, deadline=None)
def test_the_first_explanation_is_the_cheapest_of_all(square):
    _, cells = square
    repair = explain(cells, SQUARE)
    best = _cheapest_by_trial(cells)
    if not repair.failed:
        assert best == 0.0
    elif best == math.inf:
        assert not repair.explanations
    else:
        assert repair.explanations[0].price == pytest.approx(best)
        assert sum(repair.shares()) == pytest.approx(1)


def test_what_adds_up_is_left_alone():
    cells = {n: Ink(v, ((v + 1, 0.1),), 0.1, 0.1) for n, v in _square(1, 2, 3, 4).items()}
    repair = explain(cells, SQUARE)
    assert not repair.failed and not repair.explanations


def test_a_table_that_was_not_read_at_all_is_not_repaired():
    cells = {f"requests.{r}.{c}": Ink(17 * i + 3, misprint=5.0) for i, (r, c) in enumerate(_paths())}
    repair = explain(cells, IDENTITIES)
    assert not repair.proved and not repair.explanations


def test_an_unfinished_search_proves_nothing(monkeypatch):
    """Cut short, it may have missed explanations nearly as good: its posteriors are not to be acted on."""
    cells = {n: Ink(v, ((v + 1, 1.0), (v + 2, 1.1)), 2.0, 3.0) for n, v in _square(1, 2, 3, 4).items()}
    cells["a"] = Ink(7, ((1, 1.0),), 2.0, 3.0)
    assert explain(cells, SQUARE).proved
    monkeypatch.setattr("extractor.repair.NODES", 3)
    assert not explain(cells, SQUARE).proved


def _paths():
    return [(r.id, c.id) for r, c in FORM.tables["requests"].cells()]


def _table(seed):
    """The cells of an invented table 三 that adds up, blanks as 0."""
    gold = invent(seed).gold
    values = {p: int(v or 0) for p, v, _ in gold_cells(gold) if p.startswith("requests.")}
    table = {(r, c): values.get(f"requests.{r}.{c}", 0) for r, c in _paths()}
    rows = list(dict.fromkeys(r for r, _ in _paths()))
    kinds = [c.id for c in FORM.tables["requests"].blocks[0].columns][:-1]
    for k in kinds:
        table["outcome_total", k] = sum(table[r, k] for r in rows[2:-2])
        table["carried_out", k] = 0
        table["new_received", k] = table["outcome_total", k]
        table["carried_in", k] = 0
    for r in rows:
        table[r, "total"] = sum(table[r, k] for k in kinds)
    return table


def _readings(table, unsure=()):
    """As a scan would give them: sure ones, and some with a poor score and other readings."""
    near = dict(unsure)
    return {
        "requests": {
            at: CellReading("reported", v, raw=str(v), row_score=1.0, column_score=1.0, sure=0.4, likely=near[at])
            if at in near
            else CellReading("reported", v, raw=str(v), row_score=1.0, column_score=1.0, sure=0.9999)
            for at, v in table.items()
        }
    }


def _joint(readings):
    numbers = {f"requests.{r}.{c}": x.value for (r, c), x in readings["requests"].items()}
    return joint_reading(readings, EQUATIONS, run_checks(EQUATIONS, numbers, [], ()), [])


@pytest.mark.parametrize("seed", range(12))
def test_a_misread_cell_is_read_anew_from_its_own_ink(seed):
    table, rng = _table(seed), Random(seed)
    at = rng.choice([p for p in table if p[1] != "total"])
    truth = table[at]
    joint = _joint(_readings(table | {at: truth + 4}, {at: ((str(truth), 0.3), (str(truth + 9), 0.2))}))
    assert joint.readings["requests"][at].value == truth
    (change,) = joint.repaired
    assert (change.before, change.after) == (truth + 4, truth) and change.probability >= 0.99
    assert change.raw == str(truth + 4) and len(change.equations) >= 2
    assert joint.grades[change.path] == "repaired"


@pytest.mark.parametrize("seed", range(12))
def test_without_the_truth_in_the_ink_nothing_is_changed(seed):
    table, rng = _table(seed), Random(seed)
    at = rng.choice(list(table))
    joint = _joint(_readings(table | {at: table[at] + 4}, {at: ((str(table[at] + 9), 0.2),)}))
    assert not joint.repaired and joint.readings["requests"][at].value == table[at] + 4
    assert joint.grades[f"requests.{at[0]}.{at[1]}"] == "doubted"


@pytest.mark.parametrize("seed", range(40))
def test_a_printed_mistake_is_named_and_kept(seed):
    table, rng = _table(seed), Random(seed)
    at = rng.choice(list(table))
    joint = _joint(_readings(table | {at: table[at] + 10}))
    path = f"requests.{at[0]}.{at[1]}"
    assert not joint.repaired and joint.readings["requests"][at].value == table[at] + 10
    for suspects in joint.suspects.values():
        assert suspects[0].path == path and suspects[0].expected == table[at]


@given(st.integers(0, 30), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_true_reading_among_the_others_never_makes_a_cell_wrong(seed, rng):
    table = _table(seed)
    wrong = rng.sample(list(table), 3)
    misread = table | {at: table[at] + rng.choice((1, 4, 30)) for at in wrong}
    without = {at: ((str(table[at] + 77), 0.2),) for at in wrong}
    with_truth = {at: ((str(table[at]), 0.2), *near) for at, near in without.items()}
    before = _joint(_readings(misread, without)).readings["requests"]
    after = _joint(_readings(misread, with_truth)).readings["requests"]
    assert {at for at in table if after[at].value != table[at]} <= {at for at in table if before[at].value != table[at]}


@given(st.integers(0, 30), st.permutations(range(6)), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_columns_permuted_permute_the_answer(seed, order, rng):
    table = _table(seed)
    columns = [c.id for c in FORM.tables["requests"].blocks[0].columns]
    new = {c: columns[order[i]] for i, c in enumerate(columns[:-1])} | {"total": "total"}
    wrong = rng.sample(list(table), 2)
    misread = table | {at: table[at] + 4 for at in wrong}
    near = {at: ((str(table[at]), 0.3),) for at in wrong}
    plain = _joint(_readings(misread, near))
    moved = _joint(
        _readings({(r, new[c]): v for (r, c), v in misread.items()}, {(r, new[c]): n for (r, c), n in near.items()})
    )
    there = {(r, new[c]): x.value for (r, c), x in plain.readings["requests"].items()}
    assert there == {at: x.value for at, x in moved.readings["requests"].items()}


def _blank(readings, where):
    for at in where:
        readings["requests"][at] = CellReading("blank", row_score=1.0, column_score=1.0, sure=0.9999)
    return readings


def test_blanks_that_leave_numbers_out_say_nothing_of_the_numbers_beside_them():
    """A report whose blanks are no zeros fails every sum with a blank: no reason to doubt what it does print."""
    rich = (_table(seed) for seed in range(40))
    table, holes = next(
        (t, h) for t in rich if len(h := [at for at, v in t.items() if v and at[1] == "natural_person"]) > 5
    )
    joint = _joint(_blank(_readings(table), holes))
    rows = {r for r, _ in holes}
    beside = [f"requests.{r}.{c}" for r, c in table if r in rows and (r, c) not in holes and c != "total"]
    assert all(joint.grades.get(p) != "contested" for p in beside) and not joint.repaired
    assert joint.grades[f"requests.{holes[0][0]}.natural_person"] == "contested"  # the blank itself may be lost ink


def test_a_blank_that_breaks_one_row_is_taken_for_a_zero():
    table = _table(2)
    at = next(p for p, v in table.items() if v == 0 and p[1] != "total" and p[0] not in ("carried_in", "carried_out"))
    joint = _joint(_blank(_readings(table), [at]))
    assert not joint.grades and not joint.repaired
