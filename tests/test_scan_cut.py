"""Low rows: cut by the end of a page, alone on one, with merged cells, with digits that reach from rule to rule."""

from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="needs nianbao[scan]")

import cv2
import numpy as np

from extractor.document import Box
from extractor.readers.pdf_grid import Slot, straightened, tables_of
from extractor.readers.scan.found import Found
from extractor.readers.scan.lines import lines_in, without_borders
from extractor.readers.scan.low import kept_open, low_uprights, open_ends
from extractor.readers.scan.mend import Rule, drawn_out
from extractor.readers.scan.read import CUT, _recognised
from extractor.readers.scan.rules import find_rules

SCALE = 72 / 200
XS = (40, 140, 240, 340, 440, 540, 640, 740)


def _page(ys, height, ink=40):
    page = np.full((height, XS[-1] + 60), 255, np.uint8)
    for y in ys:
        page[y : y + 2, XS[0] : XS[-1] + 2] = ink
    return page


def _shape(page):
    return [(len(t.ys) - 1, len(t.xs) - 1, len(t.slots)) for t in tables_of(straightened(find_rules(page, SCALE)), [])]


@pytest.mark.parametrize("ink", [40, 170])
def test_a_row_alone_on_its_page_keeps_all_its_uprights(ink):
    page = _page((80, 109), 300, ink)
    for k, x in enumerate(XS):
        page[80:111, x : x + 2] = ink
        if k % 2 and x != XS[-1]:  # a number set to the left, close to the upright
            page[85:104, x + 5 : x + 8] = 30
            page[85:104, x + 12 : x + 15] = 30
    assert _shape(page) == [(1, 7, 7)]


def test_a_row_whose_upper_rule_is_on_the_page_before_is_there():
    page = _page((54, 90, 126), 300)
    for x in XS:
        page[20:128, x : x + 2] = 40
    assert _shape(page) == [(3, 7, 21)]


def test_what_begins_above_a_table_on_one_side_is_no_row():
    page = _page((54, 90, 126), 300)
    for x in XS:
        page[54:128, x : x + 2] = 40
    page[20:54, XS[2] : XS[2] + 2] = 40
    assert _shape(page) == [(2, 7, 14)]


def test_an_upright_ends_at_its_rule_though_the_next_is_close_below():
    levels = [Rule(40, 740, at) for at in (80.0, 130.0, 180.0, 206.0)]  # 206: a label over two columns between
    nothing = np.zeros((300, 300), np.uint8)
    for last, end in ((182, 180.0), (176, 180.0), (165, 180.0)):
        drawn = drawn_out(Rule(84, last, 141.0), levels, nothing, nothing, 0, None)
        assert (drawn.first, drawn.last) == (80.0, end)


def test_open_ends_are_where_uprights_begin_or_end_together():
    levels = [Rule(0, 400, 100.0), Rule(0, 400, 150.0)]
    above = [Rule(72, 150, 20.0), Rule(73, 150, 200.0), Rule(100, 150, 300.0)]
    assert [[r.at for r in side] for side in open_ends(levels, above)] == [[72], []]
    below = [Rule(100, 178, 20.0), Rule(100, 176, 200.0)]
    assert [[r.at for r in side] for side in open_ends(levels, below)] == [[], [178]]
    assert open_ends(levels, above[1:]) == ([], [])  # one alone sticks out
    drawn = Rule(100, 150, 20.0)
    assert kept_open(drawn, above[0], open_ends(levels, above)) == above[0]
    assert kept_open(drawn, Rule(90, 150, 20.0), open_ends(levels, above)) == drawn


def test_pieces_of_one_row_bear_each_other_out():
    levels = [Rule(0, 400, 100.0), Rule(0, 400, 126.0)]
    thin, dark = np.zeros((400, 300), np.uint8), np.zeros((400, 300), bool)
    for row in (20, 80, 140, 200, 260):
        thin[row : row + 2, 102:124] = 255
        dark[row : row + 2, 99:127] = True
    assert len(low_uprights(thin, dark, levels)) == 5
    thin[260:262], dark[260:262] = 0, False
    assert low_uprights(thin, dark, levels) == []


def _low_cell(*digits):
    """A row as low as its digits, whose rules are painted over, and the box of a cell inside the rules."""
    page = np.full((27, 90), 255, np.uint8)
    for left, digit in digits:
        if digit == "0":
            cv2.ellipse(page, (left + 5, 13), (5, 9), 0, 0, 360, 30, 2)
        else:
            page[4:23, left : left + 3] = 30
    return page, (0, 4, 80, 23)


def test_the_side_of_a_zero_in_a_low_row_is_no_rest_of_a_rule():
    page, box = _low_cell((3, "0"))
    assert without_borders(page, box) == (box, False)
    assert lines_in(page, box, 150)


def test_a_stem_in_a_low_row_is_a_one_or_the_rest_of_a_rule():
    page, box = _low_cell((3, "1"), (12, "0"))
    inner, doubt = without_borders(page, box)
    assert inner[0] > 5 and doubt  # 10, or 0 beside what a rule has left: never surely either
    found = Found(Slot(0, 0, 1, 1, Box(0, 0, 30, 9), []), lines_in(page, inner, 150), 150, doubt=doubt)
    _recognised([found], page, page)
    assert found.lines[0].sure <= CUT and found.empty <= CUT
