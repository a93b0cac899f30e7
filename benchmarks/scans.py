"""Scans: nianbao beside RapidOCR's own pipeline on the same pages, a cold start, and memory.

`python -m benchmarks.scans [SCAN.pdf …]`. Without files it prints and scans reports of the dev part: an office scan and
a photocopy for speed; for the cold start one of six pages; for memory one at 300 dpi. Both engines use as many threads.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from corpora.invent import invent
from corpora.making import write
from corpora.parts import load_part
from corpora.scan_render import dpi_of
from extractor.readers.scan import found
from extractor.readers.scan import read as reader
from extractor.readers.scan.images import PageImage, pdf_pages

ROUNDS = 3
FIRST = load_part("dev").first_seed + 7000
SIX = 6


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _rapid(threads: int) -> Any:
    from rapidocr import RapidOCR

    own = {"EngineConfig.onnxruntime.intra_op_num_threads": threads, "Global.use_cls": False}
    return RapidOCR(params={**own, "Global.log_level": "error"})


def _tables_alone(pages: list[PageImage]) -> None:
    """The same reader, with no line of running text read."""
    with mock.patch.object(found, "_outside", lambda *_: iter(())):
        reader.read_pages(pages)


def speed(path: Path, engine: Any) -> None:
    """Print median seconds of RapidOCR's pipeline, of the whole report, and of its tables alone."""
    pages = list(pdf_pages(path.read_bytes(), path.name))
    work: dict[str, Callable[[], object]] = {
        "RapidOCR": lambda: [engine(p.pixels) for p in pages],
        "whole report": lambda: reader.read_pages(pages),
        "tables alone": lambda: _tables_alone(pages),
    }
    reader.read_pages(pages[:1])
    engine(pages[0].pixels)
    taken = {name: statistics.median(_seconds(do) for _ in range(ROUNDS)) for name, do in work.items()}
    first = taken["RapidOCR"]
    print(f"{path.name}, {len(pages)} pages: RapidOCR {first:.2f} s")
    print(f"  whole report {taken['whole report']:.2f} s, {taken['whole report'] / first:.2f} times RapidOCR")
    print(
        f"  tables alone {taken['tables alone']:.2f} s, {first / taken['tables alone']:.2f} times as fast", flush=True
    )


def cold(path: Path) -> None:
    """Print wall seconds and peak memory of a new process that reads one file."""
    command = [str(Path(sys.executable).with_name("nianbao")), "extract", str(path)]
    began = time.perf_counter()
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(run.pid, 0)
    seconds, code = time.perf_counter() - began, os.waitstatus_to_exitcode(status)
    pages = sum(1 for _ in pdf_pages(path.read_bytes(), path.name))
    print(f"cold, {path.name}, {pages} pages: {seconds:.1f} s, {usage.ru_maxrss / 1024:.0f} MB at most, exit {code}")


def _scan_like(folder: Path, grade: str, wanted: Callable[[Path, int], bool]) -> Path:
    """The first scan of a grade that is as wanted: by its file and its resolution."""
    for seed in range(FIRST, FIRST + 200):
        report = invent(seed)
        path = write(report, f"scan-{grade}", folder)
        if wanted(path, dpi_of(report)):
            return path
    raise LookupError(grade)


def _pages(path: Path) -> int:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def main() -> None:
    """Time the files given, or scans made for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*")
    args = parser.parse_args()
    threads = int(os.environ.get("NIANBAO_THREADS", "0")) or os.cpu_count() or 1
    print(f"{threads} threads")
    engine = _rapid(threads)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        made = [_scan_like(root, g, lambda path, dpi: dpi == 200) for g in ("office", "photocopy")]
        for path in args.files or made:
            speed(path, engine)
        if not args.files:
            cold(_scan_like(root, "office", lambda path, dpi: _pages(path) >= SIX))
            cold(_scan_like(root, "office", lambda path, dpi: dpi == 300))


if __name__ == "__main__":
    main()
