"""A second reading of a page's characters, through PDFium.

pdfminer (below pdfplumber) cannot decode some fonts: those with a code table of their own kind give no
characters at all, those without one give (cid:…). PDFium reads many of these.
"""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw


def pdfium_chars(page: Any) -> list[dict[str, Any]]:
    """The characters of a PDFium page as pdfplumber gives them: text, x0, top, x1, bottom, size."""
    textpage = page.get_textpage()
    left, _, _, roof = page.get_bbox()
    handle, box, chars = textpage.raw, raw.FS_RECTF(), []
    reference = ctypes.byref(box)
    try:
        for index in range(textpage.count_chars()):
            code = raw.FPDFText_GetUnicode(handle, index)
            if code < 0x20 or (code == 0x20 and raw.FPDFText_IsGenerated(handle, index) == 1):
                continue  # PDFium adds spaces and line ends of its own, and no other characters
            if not raw.FPDFText_GetLooseCharBox(handle, index, reference):
                continue
            top, bottom = roof - box.top, roof - box.bottom
            chars.append(
                {
                    "text": chr(code),
                    "x0": box.left - left,
                    "x1": box.right - left,
                    "top": top,
                    "bottom": bottom,
                    "size": raw.FPDFText_GetFontSize(handle, index) or bottom - top,
                }
            )
    finally:
        textpage.close()
    return chars


class SecondReader:
    """Opens the file in PDFium only when a page needs it; close it after use."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf: Any = None

    def chars(self, index: int) -> list[dict[str, Any]]:
        """The characters of the page at ``index`` (from 0)."""
        if self._pdf is None:
            self._pdf = pdfium.PdfDocument(self._data)
        page = self._pdf[index]
        try:
            return pdfium_chars(page)
        finally:
            page.close()

    def close(self) -> None:
        """Let the file go."""
        if self._pdf is not None:
            self._pdf.close()
            self._pdf = None
