"""How like two labels are, and the fast way to the likest of many."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.tables.flow_tokens import known_labels
from extractor.tables.labels import ACCEPT, best_likeness, key_likeness

KEYS = tuple(k for k in known_labels() if len(k) >= 4)
SLIPS = st.lists(st.tuples(st.sampled_from("rids"), st.integers(0, 40), st.sampled_from("政信工其他总")), max_size=4)


def _slipped(key: str, slips) -> str:
    chars = list(key)
    for kind, at, char in slips:
        at = min(at, len(chars) - 1)
        if kind == "r":
            chars[at] = char
        elif kind == "i":
            chars.insert(at, char)
        elif kind == "d" and len(chars) > 4:
            del chars[at]
        elif kind == "s" and at + 1 < len(chars):
            chars[at], chars[at + 1] = chars[at + 1], chars[at]
    return "".join(chars)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(KEYS), SLIPS, st.sampled_from(("", *KEYS)))
def test_the_fast_way_finds_the_same(key, slips, behind):
    text = _slipped(key, slips) + behind
    assert best_likeness(text, KEYS) == max(key_likeness(text, k) for k in KEYS)


@pytest.mark.parametrize(("printed", "wanted"), [("他其", "其他"), ("然自人", "自然人"), ("结维果持", "结果维持")])
def test_neighbours_that_changed_places(printed, wanted):
    assert ACCEPT <= key_likeness(printed, wanted) < 1


@pytest.mark.parametrize(("printed", "wanted"), [("章程", "规章"), ("其它物", "其他"), ("总计", "合计")])
def test_short_labels_must_be_equal(printed, wanted):
    assert key_likeness(printed, wanted) == 0
