"""A page's picture made ready: stamps taken out by their colour, shading evened, slant undone."""

from __future__ import annotations

import cv2
import numpy as np

from extractor.readers.scan.images import Picture

COLOUR = 40  # a page whose channels differ more than this somewhere has colours
BLOCK = 8  # the background is estimated on a picture so many times smaller
MAX_SLANT = 6.0  # degrees
MIN_SLANT = 0.05
INSIDE = 3  # pixels between the corners of a photographed sheet and the frame
SHEET = (0.5, 0.97)  # the share of a photograph that its sheet of paper takes


def grey_of(pixels: Picture) -> Picture:
    """The page in grey. Red ink (stamps, headings) is light in the red channel, black ink is dark in all."""
    small = pixels[::4, ::4].astype(np.int16)
    if int(np.percentile(small.max(axis=2) - small.min(axis=2), 99.8)) < COLOUR:
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)  # type: ignore[return-value]
    return np.ascontiguousarray(pixels[:, :, 2])


def evened(grey: Picture) -> Picture:
    """Paper made white: each pixel over the brightness of the paper around it."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(width // BLOCK, 1), max(height // BLOCK, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 11)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(paper, 40), scale=255), np.uint8)


def ink_of(grey: Picture) -> Picture:
    """Ink as 255, paper as 0."""
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 18)  # type: ignore[return-value]


def slant_of(grey: Picture) -> float:
    """Degrees by which the long rules and lines of a page rise to the right; 0 where there are none."""
    half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = ink_of(half)  # type: ignore[arg-type]
    length = half.shape[1] // 6
    found = cv2.HoughLinesP(ink, 1, np.pi / 1440, 120, minLineLength=length, maxLineGap=12)
    if found is None:
        return _slant_of_text(ink)
    x0, y0, x1, y1 = found.reshape(-1, 4).astype(float).T
    angles = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    weights = np.hypot(x1 - x0, y1 - y0)
    level = np.abs(angles) < MAX_SLANT
    if not level.any():
        return _slant_of_text(ink)
    order = np.argsort(angles[level])
    heaped = np.cumsum(weights[level][order])
    return float(angles[level][order][np.searchsorted(heaped, heaped[-1] / 2)])


def _slant_of_text(ink: Picture) -> float:
    """The slant at which lines of text part best: the rows of ink then differ most."""
    small = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    if small.mean() < 0.5:
        return 0.0
    best, found = -1.0, 0.0
    for angle in np.arange(-MAX_SLANT, MAX_SLANT + 0.01, 0.25):
        rows = turned(small, float(angle), 0).sum(axis=1, dtype=np.float64)  # type: ignore[arg-type]
        contrast = float(np.square(np.diff(rows)).sum())
        if contrast > best:
            best, found = contrast, float(angle)
    return found


def turned(picture: Picture, degrees: float, fill: int = 255) -> Picture:
    """The picture turned back by a slant, in the same size."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=fill)  # type: ignore[return-value]


def flattened(pixels: Picture) -> Picture:
    """A photographed sheet cut out of what lies around it and made a rectangle; other pages as they are."""
    grey = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), (0, 0), 3)
    _, paper = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    paper = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, np.ones((45, 45), np.uint8))
    outlines, _ = cv2.findContours(paper, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    height, width = grey.shape
    largest = max(outlines, key=cv2.contourArea, default=None)
    if largest is None or not SHEET[0] < cv2.contourArea(largest) / (height * width) < SHEET[1]:
        return pixels
    corners = cv2.approxPolyDP(largest, 0.02 * cv2.arcLength(largest, True), True).reshape(-1, 2)
    if len(corners) != 4 or not cv2.isContourConvex(corners):
        return pixels
    frame = np.minimum(corners, (width - 1, height - 1) - corners).min()
    if frame < INSIDE:  # the light part of a page that lies half in shadow reaches the frame; a whole sheet does not
        return pixels
    order = corners[np.argsort(corners.sum(axis=1))]
    first, last = order[0], order[-1]
    right, left = sorted(order[1:3], key=lambda c: c[1] - c[0])
    source = np.array([first, right, last, left], np.float32)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    return cv2.warpPerspective(pixels, matrix, (width, height), borderValue=(255, 255, 255))  # type: ignore[return-value]


def cleaned(pixels: Picture) -> tuple[Picture, float]:
    """The page in even grey, level, and the slant that was undone."""
    grey = evened(grey_of(flattened(pixels)))
    slant = slant_of(grey)
    if abs(slant) >= MIN_SLANT:
        grey = turned(grey, slant)
    return grey, slant
