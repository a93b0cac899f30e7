"""The public functions: a file in, a Report out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from extractor.errors import (
    Crashed,
    IsAFolder,
    NoPermission,
    NotAReport,
    NotFound,
    ReadError,
    TooLarge,
    UnsupportedType,
)
from extractor.pipeline import ACCEPT, Options, extract_bytes, extraction, source_of
from extractor.report import Error, Failure, Report

MAX_BYTES = 512 * 1024 * 1024


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file.

    Raises NotFound, IsAFolder, NoPermission, UnsupportedType (a device) or TooLarge (above 512 MB).
    """
    place = Path(path)
    try:
        if place.is_dir():
            raise IsAFolder(str(path))
        if place.is_char_device() or place.is_block_device():
            raise UnsupportedType(f"{path} is a device", hint="Name one document.")
        if place.stat().st_size > MAX_BYTES:
            raise TooLarge(f"{path} ({place.stat().st_size // 1024 // 1024} MB)")
        return place.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(str(path)) from error
    except PermissionError as error:
        raise NoPermission(str(path)) from error
    except (OSError, ValueError) as error:  # a loop of links, a name that cannot be one
        raise NotFound(f"{path} ({error})") from error


def extract(
    path: str | Path, *, figures: bool = True, accept: float = ACCEPT, max_error: float | None = None
) -> Report:
    """Read one report.

    ``figures=False`` reads the tables only. ``accept`` is the confidence that every cell must have for the status
    ``ok``; with ``max_error`` it is chosen so that no greater share of the accepted cells is wrong, with 95 %
    certainty, for documents of this kind (docs/confidence.md). Raises a ReadError subclass (``code``, ``message``,
    ``hint``) where the file cannot be read or is no report.
    """
    return extract_bytes(read_bytes(path), str(path), Options(figures, accept, max_error))


def failure(error: ReadError, name: str, content: bytes | None = None) -> Failure:
    """What stands in the output for a document that gave no report."""
    stated = Error(**error.as_dict())
    report = Report(
        status="not_a_report" if isinstance(error, NotAReport) else "error",
        source=source_of(content, name),
        extraction=extraction(0.0, []),
        error=stated,
    )
    return Failure(path=name, error=stated, report=report)


def extract_many(
    paths: Iterable[str | Path], *, figures: bool = True, accept: float = ACCEPT, max_error: float | None = None
) -> Iterator[Report | Failure]:
    """Read reports one after another; a document that cannot be read gives a Failure, never an exception."""
    for path in paths:
        yield extract_or_failure(path, figures=figures, accept=accept, max_error=max_error)


def extract_or_failure(
    path: str | Path,
    *,
    figures: bool = True,
    accept: float = ACCEPT,
    max_error: float | None = None,
    repair: bool = True,
) -> Report | Failure:
    """``extract``, with a Failure in place of the exception. Without ``repair`` scans stay as they were read."""
    try:
        content = read_bytes(path)
    except ReadError as error:
        return failure(error, str(path))
    return extract_content(content, str(path), figures=figures, accept=accept, max_error=max_error, repair=repair)


def extract_content(
    content: bytes,
    name: str,
    *,
    figures: bool = True,
    accept: float = ACCEPT,
    max_error: float | None = None,
    repair: bool = True,
) -> Report | Failure:
    """``extract`` from bytes in memory; ``name`` stands for the path in the output."""
    try:
        return extract_bytes(content, name, Options(figures, accept, max_error, repair))
    except ReadError as error:
        return failure(error, name, content)
    except Exception as error:  # a fault of ours must cost one document, not the run; it is logged
        logging.getLogger("nianbao").debug("reading %s failed", name, exc_info=True)
        return failure(Crashed(f"{name} ({type(error).__name__}: {error})"), name, content)
