"""Characters that stand close to rules: numbers set to the left, words that fill their cell, rules that end."""

from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="needs nianbao[scan]")

import numpy as np

from extractor.document import Box
from extractor.readers.pdf_grid import edge, straightened, tables_of
from extractor.readers.scan.found import Found, bands_of, margins_of, with_hyphens
from extractor.readers.scan.lines import goes_on, hyphen_in, is_slash, lines_in, without_borders
from extractor.readers.scan.low import low_uprights
from extractor.readers.scan.mend import Rule, drawn_out
from extractor.readers.scan.read import CUT, _recognised
from extractor.readers.scan.rules import _like, _unbroken, find_rules, without_rules
from extractor.readers.scan.trace import with_traced

SCALE = 72 / 200
XS, YS = (100, 300, 500, 800), (100, 145, 190, 235)


def _ruled(thick=2):
    page = np.full((400, 900), 255, np.uint8)
    for y in YS:
        page[y : y + thick, XS[0] : XS[-1] + thick] = 40
    for x in XS:
        page[YS[0] : YS[-1] + thick, x : x + thick] = 40
    return page


@pytest.mark.parametrize("beside", [3, 4, 6, 9])
def test_a_one_close_to_a_rule_is_not_painted_over_with_it(beside):
    page = _ruled()
    one = slice(300 + 2 + beside, 300 + 4 + beside)
    page[112:136, one] = 30
    rules = straightened(find_rules(page, SCALE))
    bare = without_rules(page, rules, SCALE)
    assert (bare[112:136, one] < 100).mean() > 0.6
    bare[112:136, one] = 255
    assert (bare >= 200).all()  # of the rules themselves nothing is left


def _cell_with(draw):
    page = np.full((60, 220), 255, np.uint8)
    draw(page)
    return page, without_borders(page, (0, 0, 220, 40))[0]


def test_a_one_at_the_side_of_a_low_cell_is_no_rest_of_a_rule():
    def one(page):
        page[6:34, 3:6] = 20

    page, box = _cell_with(one)
    assert box == (0, 0, 220, 40) and lines_in(page, box, 150) == [(3, 6, 6, 34)]


def test_what_is_left_of_a_rule_is_cut_off():
    def rest(page):
        page[0:40, 2:4] = 60
        page[20:24, 2:4] = 255
        page[1:3, 0:220] = 90

    _, box = _cell_with(rest)
    assert box[0] > 3 and box[1] > 2 and box[2:] == (220, 40)


def test_a_word_that_fills_its_cell_is_no_rest_of_a_rule():
    def word(page):
        for left in range(2, 210, 26):
            page[4:28:4, left : left + 24] = 30
            for stroke in (4, 12, 20):
                page[4:28, left + stroke : left + stroke + 3] = 30

    page, box = _cell_with(word)
    assert box == (0, 0, 220, 40)
    assert lines_in(page, box, 150)[0][3] - lines_in(page, box, 150)[0][1] >= 20


def test_two_characters_that_fill_a_narrow_cell_are_no_rest_of_a_rule():
    page = np.full((60, 44), 255, np.uint8)
    for left in (0, 23):
        page[24:42:5, left : left + 20] = 30  # level strokes from side to side
        page[18:44, left + 9 : left + 12] = 30
        page[42:44, left + 4 : left + 16] = 30
    assert without_borders(page, (0, 0, 44, 50))[0] == (0, 0, 44, 50)
    rest = np.full((60, 44), 255, np.uint8)
    rest[43:45] = 30
    assert without_borders(rest, (0, 0, 44, 50))[0][3] <= 43


@pytest.mark.parametrize("size", [(1, 1), (4, 30), (30, 4), (12, 12)])
def test_cells_of_a_few_pixels_are_no_trouble(size):
    height, width = size
    page = np.full((60, 60), 40, np.uint8)
    left, top, right, bottom = without_borders(page, (10, 10, 10 + width, 10 + height))[0]
    assert 10 <= left <= right <= 10 + width and 10 <= top <= bottom <= 10 + height


def test_the_echo_of_a_rule_is_no_rule():
    rule = Rule(100, 900, 500)
    assert with_traced([rule], [Rule(300, 700, 488)]) == [rule]
    assert len(with_traced([rule], [Rule(300, 700, 440)])) == 2


def test_a_faint_piece_ends_where_the_plain_one_does():
    plain = [Rule(480, 1466, 352)]
    assert _like(Rule(460, 1489, 353), plain) == Rule(480, 1466, 353)
    assert _like(Rule(300, 1700, 353), plain) == Rule(300, 1700, 353)  # by a row and more: the plain one was lost
    assert _like(Rule(460, 1489, 392), plain) == Rule(460, 1489, 392)
    broken = [Rule(470, 500, 352), Rule(520, 1466, 352)]
    assert _like(Rule(460, 1489, 352), broken) == Rule(470, 1466, 352)


def test_ends_go_on_as_far_as_ink_does_and_over_paper_only_where_rules_are_broken():
    across = [Rule(0, 200, at) for at in (90.0, 120.0, 600.0, 700.0)]
    nothing, ink = np.zeros((200, 800), bool), np.zeros((200, 800), np.uint8)
    ink[49:51, 90:590] = 255
    ink[:, 118:122] = 0  # where two rules cross the mask of thin ink has a gap
    assert drawn_out(Rule(124, 588, 50), across, ink, nothing, 0, nothing) == Rule(90.0, 600.0, 50)
    assert drawn_out(Rule(124, 500, 50), across, ink * 0, nothing, 0, nothing) == Rule(120.0, 500, 50)
    assert drawn_out(Rule(124, 500, 50), across, ink * 0, nothing, 130, nothing) == Rule(120.0, 600.0, 50)


def test_rules_are_unbroken_or_broken():
    ink = np.zeros((100, 600), np.uint8)
    ink[50, 20:580] = 255
    assert _unbroken([Rule(18, 582, 50)], ink)
    ink[50, 100:580:40] = ink[50, 101:580:40] = 0
    assert not _unbroken([Rule(18, 582, 50)], ink)
    assert not _unbroken([], ink)


def _table(side):
    """Three columns, in the last row one cell over two of them; where the numbers stand in their cells."""
    xs, ys = (0.0, 60.0, 120.0, 180.0), (0.0, 20.0, 40.0, 60.0, 80.0)
    levels = [edge("h", xs[0], y, xs[-1], y) for y in ys]
    table = tables_of([*levels, *(edge("v", x, 0, x, 60.0 if x == 120.0 else 80.0) for x in xs)], [])[0]
    return table, [Found(s, [_number(s.box, side)], 150) for s in table.slots]


def _number(box: Box, side):
    x = {"left": box.x0 + 3, "center": (box.x0 + box.x1) / 2 - 3, "right": box.x1 - 9}[side]
    return tuple(round(v / SCALE) for v in (x, box.top + 6, x + 6, box.top + 14))


@pytest.mark.parametrize("side", ["left", "center", "right"])
def test_a_number_in_a_merged_cell_is_of_the_whole_cell_where_others_stand_alike(side):
    table, found = _table(side)
    margins = margins_of(found, SCALE)
    assert [m is not None for m in margins] == [side == "left", side == "right"]
    merged = next(f for f in found if f.slot.colspan == 2)

    def bands(box):
        return bands_of(table, Found(merged.slot, [box], 150), [Box(*(v * SCALE for v in box))], margins)

    assert bands(merged.boxes[0]) == []
    half = merged.slot.box._replace(x0=120.0)
    assert bands(_number(half, "center")) == [(3, 2)]  # neither in the middle nor at a margin: a rule was lost


def _grid(xs, ys, thick=2):
    page = np.full((ys[-1] + 60, xs[-1] + 60), 255, np.uint8)
    for y in ys:
        page[y : y + thick, xs[0] : xs[-1] + thick] = 40
    for x in xs:
        page[ys[0] : ys[-1] + thick, x : x + thick] = 40
    return page


def _shape(page):
    tables = tables_of(straightened(find_rules(page, SCALE)), [])
    return [(len(t.ys) - 1, len(t.xs) - 1, len(t.slots)) for t in tables]


def test_a_number_stays_whole_where_a_rule_was_drawn_on_without_ink():
    """The rule of the label cell lies a little lower than that of the numbers, and was drawn on past them."""
    page = _ruled()
    page[151:153, XS[0] : XS[1]] = 40
    page[154:156, 380:394] = 20  # a 7: its upper stroke lies along the rule that is not there
    for k in range(16):
        page[156 + k, 390 - k // 2 : 393 - k // 2] = 20
    seven = page[150:178, 376:398].copy()
    drawn = edge("h", XS[0] * SCALE, 153 * SCALE, XS[-1] * SCALE, 153 * SCALE)
    bare = without_rules(page, [*find_rules(page, SCALE), drawn], SCALE)
    assert (bare[150:178, 376:398][seven < 100] < 100).mean() > 0.9
    assert (bare[150:154, XS[0] : XS[1]] > 200).all()  # where its ink is, it is painted over


def test_a_row_that_the_page_cut_is_closed():
    page = _grid((60, 260, 420, 600, 760), (80, 120, 160, 200, 240))
    page[78:83] = 255
    for x in (60, 260, 420, 600, 760):
        page[76:120, x : x + 2] = 40
    assert _shape(page) == [(4, 4, 16)]


def test_what_sticks_out_of_a_table_closes_no_row():
    page = _grid((60, 260, 420, 600, 760), (80, 120, 160, 200, 240))
    page[210:280, 420:422] = 40  # one stroke
    assert _shape(page) == [(4, 4, 16)]


def test_uprights_run_through_rows_as_low_as_a_character():
    page = _grid((60, 260, 420, 600, 760), (80, 106, 132, 160, 186))
    page[82:104, 340:342] = 40  # the stroke of a character: in one row
    page[134:158, 500:502] = 40
    assert _shape(page) == [(4, 4, 16)]


def _turned(*pieces):
    """Thin upright ink and all ink, turned: (row, from, to) with what the crossing of a rule hides at both ends."""
    thin, dark = np.zeros((400, 300), np.uint8), np.zeros((400, 300), bool)
    for row, first, last, hidden in pieces:
        thin[row : row + 2, first:last] = 255
        dark[row : row + 2, first - hidden : last + hidden] = True
    return thin, dark


def test_a_piece_of_an_upright_reaches_from_rule_to_rule():
    levels = [Rule(0, 400, at) for at in (100.0, 126.0, 152.0)]
    both = _turned((200, 102, 124, 3), (200, 128, 150, 3))
    assert [(r.first, r.last) for r in low_uprights(*both, levels)] == [(102, 150)]
    strokes = _turned((200, 103, 123, 0), (200, 129, 149, 0))  # of 申 in two tight rows: they touch no rule
    assert low_uprights(*strokes, levels) == []
    short = _turned((200, 102, 120, 3), (200, 128, 150, 3))  # one ends short of a rule
    assert low_uprights(*short, levels) == []
    below = [Rule(170, 240, 201.0)]  # in line with another upright one row is enough
    assert [(r.first, r.last) for r in low_uprights(*short, levels, below)] == [(128, 150)]
    assert low_uprights(*short, levels, [Rule(170, 240, 206.0)]) == []


def test_a_low_row_without_a_rule_below_keeps_its_uprights():
    levels = [Rule(0, 400, 100.0)]
    sides = [Rule(60, 138, 10.0), Rule(60, 138, 390.0)]
    page = _turned((200, 102, 135, 4), (250, 102, 136, 4), (300, 102, 124, 4))  # the last is a stroke of a character
    assert {r.at for r in low_uprights(*page, levels, sides)} == {201.0, 251.0}
    assert low_uprights(*page, levels, sides[:1]) == []


def test_words_right_beside_a_low_upright_do_not_hide_it():
    page = _grid((60, 260, 420, 600, 760), (80, 122))
    for top in (86, 94, 102, 110):
        page[top : top + 4, 268:290] = 40
    assert _shape(page) == [(1, 4, 4)]
    page[80:124, 260:262] = 255
    page[84:120, 260:262] = 40  # the stroke of a character, which the others touch
    for top in (86, 94, 102, 110):
        page[top : top + 4, 262:268] = 40
    assert _shape(page) == [(1, 3, 3)]


def test_the_halves_of_one_character_are_one_line():
    page = np.full((160, 60), 255, np.uint8)
    for top in (10, 60):  # 合 over 计: the first has a gap below its roof
        page[top : top + 12, 14:38] = 40
        page[top + 16 : top + 27, 16:36] = 40
    page[110:134, 14:38] = 40
    assert [b[1] for b in lines_in(page, (0, 0, 60, 160), 150)] == [10, 60, 110]
    digits = np.full((90, 60), 255, np.uint8)
    digits[10:28, 20:30] = digits[34:52, 20:30] = 40  # two numbers, one below the other
    assert len(lines_in(digits, (0, 0, 60, 90), 150)) == 2


def _cells_of_specks(shapes):
    out = []
    for height, width in shapes:
        page = np.full((40, 80), 255, np.uint8)
        page[20 : 20 + height, 40 : 40 + width] = 40
        lines = lines_in(page, (4, 4, 76, 36), 150)
        out.append(Found(_table("left")[0].slots[0], lines, 150, hyphen=hyphen_in(page, (4, 4, 76, 36))))
    return out


def test_several_specks_of_one_shape_are_hyphens_and_dust_is_not():
    found = _cells_of_specks([(2, 6), (2, 5), (1, 5), (3, 3)])
    with_hyphens(found)
    assert [[line.text for line in f.lines] for f in found] == [["-"], ["-"], ["-"], []]
    for shapes in ([(2, 6), (2, 6)], [(2, 6)] * 3 + [(3, 3)] * 4):
        found = _cells_of_specks(shapes)
        with_hyphens(found)
        assert not any(f.lines for f in found)


def test_a_slash_broken_by_a_pixel_is_a_slash():
    page = np.full((40, 40), 255, np.uint8)
    for y in range(8, 28):
        page[y, 20 - (y - 8) // 3 : 22 - (y - 8) // 3] = 60
    page[17] = 255
    assert is_slash(page, (10, 8, 24, 28), 150)


def test_the_thin_stem_of_a_number_in_a_wide_cell_is_ink():
    page = np.full((40, 1200), 255, np.uint8)
    page[10:12, 600:612] = 60
    for y in range(12, 30):
        page[y, 610 - (y - 12) // 3 : 611 - (y - 12) // 3 + 1] = 60  # a 7: two pixels a row
    assert lines_in(page, (10, 4, 1190, 36), 150) == [(600, 10, 612, 30)]


def _seven(page, left, top):
    """A 7 as high as a digit of a form, 12 pixels wide, with a level bar of two pixels."""
    page[top : top + 2, left : left + 12] = 20
    for k in range(18):
        page[top + 2 + k, left + 10 - k // 3 : left + 12 - k // 3] = 20


@pytest.mark.parametrize("beside", [1, 2, 3])
def test_the_bar_of_a_seven_right_below_a_rule_is_not_painted_over(beside):
    page = _ruled(3)
    top = YS[1] + 3 + beside
    _seven(page, 330, top)
    seven = page[top : top + 20, 328:344].copy()
    bare = without_rules(page, straightened(find_rules(page, SCALE)), SCALE)
    assert (bare[top : top + 20, 328:344][seven < 100] < 100).mean() > 0.95
    assert is_slash(bare, (330, top + 2, 342, top + 20), 150) and not is_slash(bare, (330, top, 342, top + 20), 150)


@pytest.mark.parametrize("above", [True, False])
def test_a_number_that_lies_in_a_rule_in_part_is_never_sure(above):
    page = _ruled(3)
    top = YS[1] + 2 if above else YS[2] - 18
    _seven(page, 330, top)
    bare = without_rules(page, straightened(find_rules(page, SCALE)), SCALE)
    found = Found(None, lines_in(bare, (310, YS[1] + 3, 490, YS[2]), 150), 150)
    assert goes_on(page, found.boxes[0], 150)
    found = Found(tables_of(straightened(find_rules(page, SCALE)), [])[0].slots[0], found.boxes, 150)
    _recognised([found], bare, page)
    assert found.lines[0].sure <= CUT


def test_a_rule_that_the_tops_of_words_touch_is_found():
    xs, ys = (60, 260, 420, 600, 760), (80, 140, 200, 260)
    page = _grid(xs, ys)
    for left in range(66, 750, 26):  # strokes of words from the rule down, on nearly all of its way
        for stroke in (0, 8, 16):
            page[140:164, left + stroke : left + stroke + 3] = 40
    for x in xs:
        page[80:262, x - 8 : x] = 255
        page[80:262, x + 2 : x + 8] = 255
    for y in ys:
        page[y : y + 2, 60:762] = 40
    assert _shape(page) == [(3, 4, 12)]
