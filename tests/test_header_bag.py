"""A header proved by its characters: all words of the form, in any order, and no others."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.tables.header_bag import columns_by_bag

REQUESTS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
DISPUTES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
BESIDE = ["申请人情况", "法人或其他组织"]


@settings(deadline=None)
@given(st.booleans(), st.booleans(), st.integers(0, 10**6))
def test_pieces_in_any_order(with_groups, heji, seed):
    words = [*REQUESTS[:-1], "合计" if heji else "总计", *(BESIDE if with_groups else [])]
    characters = list("".join(words))
    Random(seed).shuffle(characters)
    found = columns_by_bag("".join(characters), 7)
    assert found is not None
    assert [c.path[-1] for c in found] == REQUESTS


@pytest.mark.parametrize("lost", REQUESTS)
def test_a_missing_word_proves_nothing(lost):
    assert columns_by_bag("".join(w for w in (*REQUESTS, *BESIDE[:1]) if w != lost), 7) is None


@pytest.mark.parametrize("more", ["外国企业", "法人小计"])
def test_a_column_that_the_form_does_not_know_proves_nothing(more):
    assert columns_by_bag("".join(REQUESTS) + more, 7) is None


def test_as_many_numbers_as_columns():
    assert columns_by_bag("".join(REQUESTS), 6) is None


@pytest.mark.parametrize("short", [0, 3, 15])
def test_table_four_with_short_words(short):
    leaves = [w.replace("结果", "") if i < short and w != "其他结果" else w for i, w in enumerate(DISPUTES * 3)]
    text = "".join(leaves) + "行政复议行政诉讼未经复议直接起诉复议后起诉"
    found = columns_by_bag(text, 15)
    assert found is not None
    assert found[5].path == ("未经复议直接起诉", "结果维持")
