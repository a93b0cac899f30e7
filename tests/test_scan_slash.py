"""A slash, a 1 and a 7: strokes that lean, and what the recogniser took them for."""

from __future__ import annotations

import pytest

pytest.importorskip("cv2", reason="needs nianbao[scan]")

import cv2
import numpy as np

from extractor.readers.scan.lines import is_slash, may_be_slash
from extractor.readers.scan.read import _or_slash
from extractor.readers.scan.recognise import Line


def test_a_slash_is_told_from_a_one_though_dust_lies_beside_it():
    page = np.full((40, 60), 255, np.uint8)
    cv2.line(page, (20, 32), (31, 6), 30, 2)
    page[8:10, 44:46] = 30
    assert is_slash(page, (19, 6, 46, 33), 150)
    upright = np.full((40, 60), 255, np.uint8)
    cv2.line(upright, (25, 32), (26, 6), 30, 3)
    assert not is_slash(upright, (23, 6, 29, 33), 150)


@pytest.mark.parametrize(
    ("read", "straight", "text", "sure"),
    [
        ("1", True, "/", 0.9),
        ("1", False, "/", 0.5),  # blurred: a slash in all probability
        ("7", True, "7", 0.5),  # the bar of the 7 may be too pale to be seen
        ("7", False, "7", 0.5),
        ("4", True, "4", 0.5),
        ("4", False, "4", 0.97),
        ("17", True, "17", 0.97),
    ],
)
def test_a_stroke_that_leans_is_a_slash_as_surely_as_it_leans_and_was_read_as_one(read, straight, text, sure):
    page = np.full((60, 60), 255, np.uint8)
    cv2.line(page, (20, 50), (30, 24), 30, 2)
    if not straight:
        page[22:26, 25:30] = 30  # a drop of ink beside its upper end
    box = (18, 20, 34, 53)
    assert may_be_slash(page, box, 150) and is_slash(page, box, 150) == straight
    line = _or_slash(Line(read, 0.97), page, box, 150)
    assert (line.text, line.sure) == (text, sure)
