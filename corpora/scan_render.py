"""Printed, stamped, copied, scanned: a PDF's pages as pictures with the damage of an office, a copier, a fax, a phone.

One grade is one kind of damage; how strong it is within the grade is drawn with the report's seed.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from corpora.model import InventedReport
from corpora.pdf_render import render

GRADES = ("clean", "office", "stamp", "photocopy", "fax", "photo")
MEDIA = tuple(f"scan-{g}" for g in GRADES)
PRINTER = 600  # dpi; drawn straight at the scanner's resolution, hairlines fall out that no printer loses
Page = Any  # height × width × 3, uint8, blue first


def _noise(page: Page, rng: Random, strength: float) -> Page:
    import numpy as np

    grain = np.random.default_rng(rng.randrange(2**32)).normal(0, strength, page.shape[:2])
    return np.clip(page.astype(np.float32) + grain[:, :, None], 0, 255).astype(np.uint8)


def _turned(page: Page, rng: Random, most: float) -> Page:
    import cv2

    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-most, most), 1.0)
    return cv2.warpAffine(page, matrix, (width, height), borderValue=(255, 255, 255))


def _jpeg(page: Page, quality: int) -> Page:
    import cv2

    return cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def _clean(page: Page, rng: Random) -> Page:
    return _jpeg(page, 90)


def _office(page: Page, rng: Random) -> Page:
    return _jpeg(_noise(_turned(page, rng, 1.0), rng, rng.uniform(1, 5)), 60)


def _stamp(page: Page, rng: Random) -> Page:
    """A round red seal over some place of the page, ink uneven."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    seal = np.full_like(page, 255)
    radius = int(width * rng.uniform(0.1, 0.14))
    middle = (int(width * rng.uniform(0.25, 0.8)), int(height * rng.uniform(0.2, 0.85)))
    colour = (rng.randint(40, 90), rng.randint(30, 80), rng.randint(200, 240))
    cv2.circle(seal, middle, radius, colour, max(4, radius // 14))
    star = [
        (
            int(middle[0] + radius * (0.38 if k % 2 else 0.16) * np.sin(k * np.pi / 5)),
            int(middle[1] - radius * (0.38 if k % 2 else 0.16) * np.cos(k * np.pi / 5)),
        )
        for k in range(1, 11)
    ]
    cv2.fillPoly(seal, [np.array(star, np.int32)], colour)
    ink = rng.uniform(0.5, 0.85)
    mixed = page.astype(np.float32) * (1 - ink * (1 - seal.astype(np.float32) / 255))
    return _office(np.clip(mixed, 0, 255).astype(np.uint8), rng)


def _photocopy(page: Page, rng: Random) -> Page:
    """Copied once or twice: blurred, shaded, grey; rules faint and broken; black edges."""
    import cv2
    import numpy as np

    page = _turned(page, rng, 2.5)
    grey = cv2.cvtColor(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.5, 1.0)), cv2.COLOR_BGR2GRAY).astype(np.float32)
    faded = 255 - (255 - grey) * rng.uniform(0.55, 0.9)
    height, width = grey.shape
    slope = np.linspace(0, rng.uniform(0, 45), width)[None, :] + np.linspace(0, rng.uniform(0, 30), height)[:, None]
    faded -= slope
    specks = np.random.default_rng(rng.randrange(2**32)).random(grey.shape)
    faded[specks < 0.0004] = 60
    faded[specks > 0.9985] = 255  # ink that did not take
    for _ in range(rng.randint(2, 6)):  # light streaks of a worn drum break every rule they cross
        x = rng.randrange(width)
        faded[:, x : x + rng.randint(1, 4)] = 255
    edge = rng.randint(0, 14)
    if edge:
        faded[:edge], faded[:, -edge:] = 20, 20
    copy = np.repeat(np.clip(faded, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    return _jpeg(_noise(copy, rng, rng.uniform(4, 10)), 35)


def _fax(page: Page, rng: Random) -> Page:
    """One bit a point, 204 × 196 points an inch."""
    import cv2
    import numpy as np

    grey = cv2.cvtColor(_turned(page, rng, 0.7), cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    small = cv2.resize(grey, (int(8.27 * 204), int(11.69 * 196)), interpolation=cv2.INTER_AREA)
    bits = np.where(small < rng.randint(140, 190), 0, 255).astype(np.uint8)
    return np.repeat(cv2.resize(bits, (width, height), interpolation=cv2.INTER_NEAREST)[:, :, None], 3, axis=2)


def _photo(page: Page, rng: Random) -> Page:
    """Taken by hand: perspective, shadow, a dark table around the paper."""
    import cv2
    import numpy as np

    height, width = page.shape[:2]
    pad = int(width * 0.04)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + pad + np.array([[rng.uniform(-pad, pad) * 0.6 for _ in range(2)] for _ in range(4)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    size = (width + 2 * pad, height + 2 * pad)
    seen = cv2.warpPerspective(page, matrix, size, borderValue=(70, 80, 90)).astype(np.float32)
    across = np.linspace(rng.uniform(0.6, 0.85), 1.0, size[0])[None, :, None]
    return _jpeg(_noise(np.clip(seen * across, 0, 255).astype(np.uint8), rng, rng.uniform(2, 6)), 75)


_DAMAGE: dict[str, Callable[[Page, Random], Page]] = {
    "clean": _clean, "office": _office, "stamp": _stamp, "photocopy": _photocopy, "fax": _fax, "photo": _photo,
}  # fmt: skip


def dpi_of(report: InventedReport) -> int:
    """The resolution that this report is scanned at."""
    return Random(report.seed * 31 + 7).choice((150, 200, 200, 300))


def _pictures(pdf: Path, grade: str, report: InventedReport) -> list[Any]:
    import cv2
    import pypdfium2
    from PIL import Image

    rng, dpi = Random(report.seed * 101 + GRADES.index(grade)), dpi_of(report)
    document = pypdfium2.PdfDocument(pdf)
    out = []
    for index in range(len(document)):
        sheet = document[index].render(scale=PRINTER / 72, grayscale=True).to_numpy()
        seen = cv2.resize(sheet, None, fx=dpi / PRINTER, fy=dpi / PRINTER, interpolation=cv2.INTER_AREA)
        damaged = _DAMAGE[grade](cv2.cvtColor(seen, cv2.COLOR_GRAY2BGR), rng)
        out.append(Image.fromarray(damaged[:, :, ::-1]))
    document.close()
    return out


def scan(report: InventedReport, grade: str, maker: str, path: Path) -> Path:
    """The report printed by a PDF maker and scanned: an image-only PDF."""
    printed = render(report, maker, path.with_suffix(".print.pdf"))
    pages = _pictures(printed, grade, report)
    printed.unlink()
    buffer = io.BytesIO()
    quality = {"clean": 92, "office": 75, "stamp": 75, "photo": 80}.get(grade, 60)
    pages[0].save(buffer, "PDF", resolution=dpi_of(report), save_all=True, append_images=pages[1:], quality=quality)
    path.write_bytes(buffer.getvalue())
    return path
