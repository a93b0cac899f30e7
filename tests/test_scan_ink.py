"""What the scan reader makes of ink: faint rules and streaks, dust and dashes, digits apart, numbers read twice."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("cv2", reason="needs nianbao[scan]")

import cv2
import numpy as np
from PIL import Image

from extractor.document import Place
from extractor.page_progress import pages_told_to
from extractor.readers.scan.clean import cleaned, evened
from extractor.readers.scan.images import pdf_pages, picture_pages
from extractor.readers.scan.lines import are_apart, pale_lines, parted
from extractor.readers.scan.mend import Rule, cut_back, drawn_out, run_on
from extractor.readers.scan.read import _cell, _prose
from extractor.readers.scan.recognise import Line, _both, _ranked
from extractor.readers.scan.rules import find_rules

SCALE = 72 / 200


def _paper(height=700, width=900, grain=6.0, seed=3):
    noise = np.random.default_rng(seed).normal(244, grain, (height, width))
    return np.clip(noise, 0, 255).astype(np.uint8)


def _table(page, darkness, xs=(100, 300, 500, 800), ys=(100, 180, 260, 340)):
    for y in ys:
        page[y : y + 2, xs[0] : xs[-1]] -= darkness
    for x in xs:
        page[ys[0] : ys[-1], x : x + 2] -= darkness
    return page


def _pixels(edges, orientation):
    key = "top" if orientation == "h" else "x0"
    return sorted(round(e[key] / SCALE) for e in edges if e["orientation"] == orientation)


@pytest.mark.parametrize("darkness", [14, 25, 60, 180])
def test_rules_are_found_however_faint(darkness):
    edges = find_rules(_table(_paper(), darkness), SCALE)
    assert _pixels(edges, "h") == pytest.approx([100, 180, 260, 340], abs=3)
    assert _pixels(edges, "v") == pytest.approx([100, 300, 500, 800], abs=3)


def test_a_light_streak_makes_no_rule():
    page = _table(_paper(), 25)
    page[:, 395:398] = 255  # beside it the paper looks dark, on one side of each edge
    edges = find_rules(page, SCALE)
    assert _pixels(edges, "v") == pytest.approx([100, 300, 500, 800], abs=3)


def test_where_shading_ends_there_is_a_rule():
    page = _table(_paper(), 180, ys=(100, 260, 340))
    page[102:180, 100:800] -= 22  # a header row, and no line below it
    assert _pixels(find_rules(page, SCALE), "h") == pytest.approx([100, 180, 260, 340], abs=4)


def test_a_row_cut_low_by_the_end_of_a_page_keeps_its_uprights():
    edges = find_rules(_table(_paper(), 180, ys=(100, 180, 222)), SCALE)
    ends = [round(e["bottom"] / SCALE) for e in edges if e["orientation"] == "v"]
    assert _pixels(edges, "v") == pytest.approx([100, 300, 500, 800], abs=3) and min(ends) >= 218


def _uprights(*lasts):
    return [Rule(100, last, 100 + 100 * k) for k, last in enumerate(lasts)]


@pytest.mark.parametrize(
    ("lasts", "wanted"),
    [
        ((300, 345, 300, 300), (300, 300, 300, 300)),  # a stroke of the heading below
        ((380, 380, 380, 380), (380, 380, 380, 380)),  # the table goes on
        ((380, 300, 300, 300, 380), (380, 300, 300, 300, 380)),  # by a row of one cell
    ],
)
def test_what_sticks_out_of_a_table_is_cut_back(lasts, wanted):
    across = [Rule(100, 600, 100), Rule(100, 600, 200), Rule(100, 600, 300)]
    assert tuple(r.last for r in cut_back(_uprights(*lasts), across)) == wanted


@pytest.mark.parametrize(("traced", "characters", "last"), [(0.7, 0, 500), (0.3, 0, 300), (0.7, 40, 300)])
def test_a_rule_runs_on_where_a_trace_of_it_is_seen(traced, characters, last):
    pale, other = np.zeros((60, 600), bool), np.zeros((60, 600), bool)
    pale[30, 300 : 300 + int(200 * traced)] = True
    other[28:34, 340 : 340 + characters] = True
    sides = [Rule(0, 60, 100), Rule(0, 60, 300), Rule(0, 60, 500)]
    assert run_on(Rule(100, 300, 30), sides, pale, other, other, 0.5).last == last


def test_a_rule_does_not_run_on_through_pale_words():
    pale, nothing, dark = np.zeros((60, 600), bool), np.zeros((60, 600), bool), np.zeros((60, 600), bool)
    for left in range(320, 480, 26):  # level strokes of characters, none of them in one line
        for k, at in enumerate((28, 30, 33)):
            pale[at, left + 6 * k : left + 6 * k + 9] = True
        dark[20:42, left : left + 22] = True
    sides = [Rule(0, 60, 100), Rule(0, 60, 300), Rule(0, 60, 500)]
    assert run_on(Rule(100, 300, 30), sides, pale, nothing, nothing, 0.5).last == 500
    assert run_on(Rule(100, 300, 30), sides, pale, nothing, dark, 0.5).last == 300
    pale[30, 300:500] = True  # a rule that words stand close to
    assert run_on(Rule(100, 300, 30), sides, pale, nothing, dark, 0.5).last == 500


def test_lines_of_characters_make_no_rules():
    page = _paper()
    for row in range(6):
        for column in range(24):
            left, top = 80 + column * 30, 60 + row * 44
            page[top : top + 3, left : left + 22] = page[top + 12 : top + 14, left + 2 : left + 20] = 90
            page[top : top + 24, left + 10 : left + 13] = 90
    assert find_rules(page, SCALE) == []


def _digits(gaps, width=10, height=19):
    """A line of bars as wide as digits, so far apart."""
    page = np.full((60, 400), 255, np.uint8)
    left = 30
    for gap in (*gaps, 0):
        page[20 : 20 + height, left : left + width] = 30
        left += width + gap
    return page, (30, 20, left, 20 + height)


@pytest.mark.parametrize("gaps", [[3, 3, 2], [16, 15, 16], [17]])
def test_digits_of_one_number_are_not_apart(gaps):
    assert not are_apart(*_digits(gaps), 150)


@pytest.mark.parametrize("gaps", [[3, 24, 3], [60], [3, 3, 45], [30], [40, 15]])
def test_the_numbers_of_two_cells_are_apart(gaps):
    assert are_apart(*_digits(gaps), 150)


def test_numbers_of_two_cells_are_parted_where_a_column_ends():
    page, box = _digits([3, 40, 3])  # 12 and 34, each digit 10 wide: a column ends between 53 and 93
    two = [(30, 20, 53, 39), (93, 20, 116, 39)]
    assert parted(page, box, [70], 150) == two
    assert parted(page, box, [40], 150) == [box]  # inside the first number
    page[30:33, 60:63] = 30  # a crumb of the rule stays with what it stands by
    assert len(parted(page, box, [70], 150)) == 2
    spaced, line = _digits([16, 15, 16])
    assert parted(spaced, line, [65], 150) == [line]


def test_a_point_has_the_room_of_a_digit_in_a_spaced_number():
    page, box = _digits([28, 11, 9, 9])
    left = box[0]
    assert are_apart(page, box, 150)
    first = np.flatnonzero((page[box[1] : box[3], left : box[2]] < 150).any(axis=0))
    end = left + int(first[np.flatnonzero(np.diff(first) > 5)[0]])
    page[box[3] - 3 : box[3], end + 8 : end + 11] = 30
    assert not are_apart(page, box, 150)


def test_dust_beside_a_number_is_no_second_number():
    page, box = _digits([3, 3])
    page[34:37, 110:113] = 30
    assert not are_apart(page, (box[0], box[1], 113, box[3]), 150)


@pytest.mark.parametrize(
    ("text", "sure", "said"),
    [
        ("一3一", 0.9, "-3-"),
        ("— 12 —", 0.9, "-12-"),
        ("一、3件", 0.9, "一、3件"),
        ("。", 0.3, ""),
        ("项。", 0.95, "项。"),
    ],
)
def test_page_numbers_and_dust_between_tables(text, sure, said):
    assert _prose(Line(text, sure)) == said


def test_two_readings_that_agree_stay_sure_and_two_that_differ_are_not():
    assert _ranked(_both({"61": 0.99}, {"61": 0.97})).sure == pytest.approx(0.98)
    torn = _ranked(_both({"61": 0.99, "19": 0.01}, {"19": 0.9, "61": 0.05}))
    assert torn.text == "61" and torn.sure < 0.6
    assert torn.others[0] == ("19", pytest.approx(0.455))
    assert _ranked({"-40": 0.1, "4.": 0.8}).text == "-40"  # what a cell cannot hold comes last


def test_hairlines_of_a_fine_scan_outlive_its_reduction():
    page = np.full((3508, 2480), 255, np.uint8)
    rows = list(range(500, 3000, 67))
    for y in rows:
        page[y, 300:2200] = 0  # one pixel at 300 dpi
    buffer = io.BytesIO()
    Image.fromarray(page).convert("RGB").save(buffer, "PDF", resolution=300)
    grey = next(pdf_pages(buffer.getvalue(), "x")).pixels[:, :, 0]
    assert grey.shape[0] == pytest.approx(2339, abs=2)
    found = grey[:, 800]
    assert all(found[round(y / 1.5) - 2 : round(y / 1.5) + 3].min() < 200 for y in rows)


def test_pages_are_told_as_they_are_done():
    told: list[tuple[int, int]] = []
    frames = [Image.new("RGB", (400, 560), "white")] * 3
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    with pages_told_to(lambda done, of: told.append((done, of))):
        assert len(list(picture_pages(buffer.getvalue(), "x"))) == 3
    assert told == [(1, 3), (2, 3), (3, 3)]
    list(picture_pages(buffer.getvalue(), "x"))
    assert len(told) == 3


def test_a_dash_beside_a_number_is_its_sign_or_another_cell():
    page, (left, top, right, bottom) = _digits([3])
    page = np.pad(page, ((0, 0), (60, 0)), constant_values=255)
    left, right = left + 60, right + 60
    sign = page.copy()
    sign[28:31, left - 12 : left - 3] = 30
    assert not are_apart(sign, (left - 12, top, right, bottom), 150)
    other = page.copy()
    other[28:31, left - 70 : left - 56] = 30
    assert are_apart(other, (left - 70, top, right, bottom), 150)


PLACE, SPAN = Place(page=1), (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("lines", "text", "sure"),
    [
        ([Line("-", 0.93), Line("12", 0.98)], "12", 0.93),
        ([Line("?", 0.97), Line("2件", 0.9)], "?\n2件", 0.9),
        ([Line("?", 0.97), Line("1.属于国家秘密", 0.9)], "1.属于国家秘密", 0.9),
        ([Line("708", 0.2), Line("第二十条第（八）项", 0.9), Line("| 2", 0.6)], "第二十条第（八）项", 0.9),
        ([Line("行政许可", 0.98), Line("57", 0.95)], "行政许可\n57", 0.95),
        ([Line("", 0.5)], "", 0.5),
        ([], "", 0.95),
    ],
)
def test_what_stands_in_a_cell(lines, text, sure):
    cell = _cell(lines, 1.0 if lines else 0.95, SPAN, PLACE)
    assert (cell.text, cell.sure) == (text, sure)


def test_pale_ink_is_seen_and_judged_by_its_own_darkness():
    page, _ = _digits([60])
    page[page < 100] = 185
    lines, dark = pale_lines(page, (0, 5, 390, 55))
    assert len(lines) == 1 and 185 < dark < 255
    assert are_apart(page, lines[0], dark) and not are_apart(page, lines[0], 150)
    assert pale_lines(np.full((60, 90), 250, np.uint8), (0, 0, 90, 60)) == ([], 0)
    assert pale_lines(page, (10, 10, 11, 11)) == ([], 0)


def test_ends_are_drawn_to_the_rules_they_all_but_touch():
    across = [Rule(0, 200, at) for at in (120.0, 600.0)]
    nothing = np.zeros((200, 700), bool)
    assert drawn_out(Rule(131, 584, 50), across, nothing, nothing, 420, nothing) == Rule(120.0, 600.0, 50)
    assert drawn_out(Rule(109, 615, 50), across, nothing, nothing, 420, nothing) == Rule(120.0, 600.0, 50)


def test_fine_text_over_a_coarse_background_is_drawn_fine():
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    def drawn(background):
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(595, 842))
        if background:
            canvas.drawImage(ImageReader(Image.new("RGB", (827, 1169), "white")), 0, 0, 595, 842)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(100, 400, "3858 9606")
        canvas.save()
        return next(pdf_pages(buffer.getvalue(), "x")).pixels[:, :, 0].astype(int)

    plain, over = drawn(False), drawn(True)
    assert plain.min() < 60 and np.abs(plain - over).max() < 10


def _numbers(page, rows, columns):
    for y in rows:
        for x in columns:
            cv2.putText(page, "6", (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    return page


def test_a_rule_paler_than_the_grain_is_told_by_its_sum():
    xs = (100, 250, 400, 550, 700, 850)
    page = _table(_paper(grain=7.0, width=1000), 60, xs, (100, 500))
    for y in (180, 260, 340, 420):
        page[y : y + 2, 250:850] -= 5  # less than the grain; the label on the left spans all rows
    page = _numbers(page, (150, 230, 310, 390, 470), (320, 470, 620, 770))
    levels = [e for e in find_rules(page, SCALE) if e["orientation"] == "h"]
    inner = sorted((round(e["top"] / SCALE), round(e["x0"] / SCALE)) for e in levels)[1:-1]
    assert [y for y, _ in inner] == pytest.approx([180, 260, 340, 420], abs=3)
    assert all(x == pytest.approx(250, abs=9) for _, x in inner)


def test_characters_in_a_row_are_no_rule():
    xs = (100, 250, 400, 550, 700, 850)
    page = _numbers(_table(_paper(grain=7.0, width=1000), 60, xs, (100, 500)), (200, 300, 400), (320, 470, 620, 770))
    for y in (200, 300, 400):
        for x in xs[1:-1]:
            page[y : y + 2, x + 50 : x + 100] -= 40  # a stroke below each number, in the middle of its cell
    assert _pixels(find_rules(page, SCALE), "h") == pytest.approx([100, 500], abs=3)


def test_a_copiers_frame_is_no_rule_of_the_table():
    page = np.repeat(_table(_paper(), 60)[:, :, None], 3, axis=2)
    page[:8], page[:, -8:] = 25, 25
    grey, _ = cleaned(page)
    assert grey[:6].min() > 200 and grey[:, -6:].min() > 200
    assert _pixels(find_rules(grey, SCALE), "v") == pytest.approx([100, 300, 500, 800], abs=3)


def test_beside_a_light_streak_the_paper_stays_white():
    page = np.clip(_paper().astype(np.int16) - 60, 0, 255).astype(np.uint8)
    page[:, 400:404] = 255
    assert np.median(evened(page)[:, 405:420]) > 235
