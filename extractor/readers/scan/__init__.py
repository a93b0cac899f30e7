"""Scans → Document: pictures of pages are straightened, their rules found, cells and lines recognised one by one."""

from __future__ import annotations

from extractor.readers.scan.read import read_picture, read_scanned_pdf

__all__ = ["read_picture", "read_scanned_pdf"]
