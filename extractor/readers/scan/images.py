"""Pages as pictures: PDF pages drawn, picture files opened, in one size, upright, with bounded memory."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extractor.errors import DamagedFile, TooLarge
from extractor.page_progress import page_done

DPI = 200  # all pages are brought to this resolution: rules and characters then have known sizes
POINTS = 72.0
A4_WIDTH = 8.27  # inches, where a picture does not say how large its page was
MAX_PIXELS = 120_000_000  # of a picture as stored
MAX_SIDE = 4400  # pixels of a page as read: A2 at 200 dpi
MAX_PAGES = 400
FILLED = 0.6  # of a page that its scan covers at least
COARSEST, FINEST = 90, 610  # dots an inch of a scan
LARGEST = 7300  # pixels of a page as drawn before it is brought to ``DPI``: A4 at 600

Picture = npt.NDArray[np.uint8]


@dataclass(slots=True)
class PageImage:
    """One page: its number from 1, its pixels (height × width × 3, blue first) and points a pixel."""

    number: int
    pixels: Picture
    scale: float


def pdf_pages(data: bytes, name: str, wanted: set[int] | None = None) -> Iterator[PageImage]:
    """The pages of a PDF drawn at ``DPI``; ``wanted`` are their numbers from 1. Raises DamagedFile."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(f"{name} ({error})") from error
    try:
        numbers = [n for n in range(1, len(document) + 1) if wanted is None or n in wanted]
        for done, number in enumerate(numbers):
            yield _page(document, number, name)
            page_done(done + 1, len(numbers))  # the generator goes on when the page has been read
    finally:
        document.close()


def _page(document: Any, number: int, name: str) -> PageImage:
    """One page of an open PDF. Raises DamagedFile: a file is not read as if a page of it were not there."""
    from pypdfium2 import PdfiumError

    try:
        page = document[number - 1]
        try:
            return _drawn(page, number)
        finally:
            page.close()
    except PdfiumError as error:
        raise DamagedFile(f"{name} (page {number}: {error})") from error


def _drawn(page: Any, number: int) -> PageImage:
    """A page at ``DPI``. A scan is drawn at its own resolution first: drawn smaller, its hairlines would fall out."""
    import cv2

    longest = max(*page.get_size(), 1.0)
    scale = min(DPI / POINTS, MAX_SIDE / longest)
    own = min(_resolution(page, scale), LARGEST / longest)
    bitmap = page.render(scale=own)
    pixels = np.ascontiguousarray(_three(bitmap.to_numpy()))
    bitmap.close()
    if own != scale:
        how = cv2.INTER_AREA if own > scale else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, None, fx=scale / own, fy=scale / own, interpolation=how)  # type: ignore[assignment]
    return PageImage(number, pixels, 1 / scale)


def _resolution(page: Any, usual: float) -> float:
    """Pixels a point of the pictures that fill a page; ``usual`` where none does, or none that can be a scan.

    Less than usual only where a page is one picture and nothing else: over a coarse background there may be fine text.
    """
    from pypdfium2 import PdfiumError
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    width, height = page.get_size()
    found = []
    try:
        objects = list(page.get_objects())
        for picture in (o for o in objects if o.type == FPDF_PAGEOBJ_IMAGE):
            left, bottom, right, top = picture.get_bounds()
            if (right - left) * (top - bottom) >= FILLED * width * height:
                found.append(max(picture.get_px_size()) / max(right - left, top - bottom))
    except PdfiumError:  # a broken picture: what can be drawn of the page is drawn
        return usual
    finest = max((f for f in found if COARSEST <= f * POINTS <= FINEST), default=usual)
    return finest if len(objects) == 1 else max(finest, usual)


def _three(pixels: Any) -> Picture:
    """Grey or with transparency → three channels."""
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    found: Picture = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels[:, :, :3]
    return found


def picture_pages(data: bytes, name: str) -> Iterator[PageImage]:
    """The pages of a picture file (TIFF may hold several), upright by their own mark.

    Raises DamagedFile where it cannot be opened, TooLarge where it is no page of paper.
    """
    from PIL import Image, ImageOps, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning, module="PIL")  # of tags that are not needed
            picture = Image.open(io.BytesIO(data))
            frames = getattr(picture, "n_frames", 1)
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if frame.width * frame.height > MAX_PIXELS or number > MAX_PAGES:
                    raise TooLarge(f"{name} (a picture of {frame.width} × {frame.height} pixels)")
                upright = ImageOps.exif_transpose(frame).convert("RGB")
                yield _resized(number, np.asarray(upright)[:, :, ::-1], frame.info.get("dpi"))
                page_done(number, frames)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise TooLarge(f"{name} ({error})") from error
    except TooLarge:
        raise
    except Exception as error:  # Pillow lets many kinds through on broken files
        raise DamagedFile(f"{name} ({type(error).__name__}: {error})") from error


def _resized(number: int, pixels: Picture, dpi: tuple[float, float] | None) -> PageImage:
    """A picture at about ``DPI``. A stated resolution is believed where it gives a page of paper."""
    import cv2

    height, width = pixels.shape[:2]
    stated = float(dpi[0]) if dpi and dpi[0] else 0.0
    if not (stated and 5.0 <= min(height, width) / stated <= 17.0):
        stated = min(height, width) / A4_WIDTH
    factor = min(DPI / stated, MAX_SIDE / max(height, width))
    if not 0.8 <= factor <= 1.25:
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=how)  # type: ignore[assignment]
    else:
        factor = 1.0
    return PageImage(number, np.ascontiguousarray(pixels), POINTS / (stated * factor))
