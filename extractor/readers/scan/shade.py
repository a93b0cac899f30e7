"""Shaded cells: where their ground begins and ends there is a rule, though none is drawn.

Makers of forms shade header rows, and then often draw no line below them: the step from grey to white is the border.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from extractor.readers.scan.images import Picture

STROKE = 13  # pixels: thinner ink is characters and rules, what is left of a page without them is its ground
ALONG, ACROSS = 7, 4  # pixels over which a step is evened out along it, and looked for on both sides of it
STEP, THERE = 8.0, 0.9  # grey levels between the grounds, and in how many pixels of a window at least half of that
WINDOW = 61


def ground_of(grey: Picture) -> Picture:
    """The page without characters and rules."""
    return cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))  # type: ignore[return-value]


def step_ink(ground: Picture, level: bool) -> Picture:
    """Where the ground changes from one grey to another along a level (or upright) line, as ink 7 pixels thick."""
    page = ground if level else np.ascontiguousarray(ground.T)
    even: Any = cv2.blur(page, (ALONG, 1), borderType=cv2.BORDER_REPLICATE).astype(np.float32)
    step = np.clip(np.roll(even, ACROSS, axis=0) - np.roll(even, -ACROSS, axis=0), -30, 30)
    step[:ACROSS], step[-ACROSS:] = 0, 0
    out = np.zeros(page.shape, np.uint8)
    for way in (step, -step):  # to darker, to lighter: not some of each
        there: Any = (way > STEP / 2).astype(np.float32)
        sure: Any = (cv2.blur(way, (WINDOW, 1)) > STEP) & (cv2.blur(there, (WINDOW, 1)) > THERE)
        grown: Any = cv2.dilate(sure.astype(np.uint8), np.ones((1, WINDOW), np.uint8))
        out[(grown > 0) & (way > 0.6 * STEP)] = 255
    return out if level else np.ascontiguousarray(out.T)
