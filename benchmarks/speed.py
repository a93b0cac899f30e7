"""Speed: PDFs against bare pdfplumber in one warm process, other media in documents a second, cold starts.

`python -m benchmarks.speed [FILE.pdf …]` (or `make bench`). Without files it renders reports to read.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber

from corpora.making import make_document, text_or_web_bytes
from extractor import extract
from extractor.api import extract_content

ROUNDS = 5
FILES, WARM_UP = 50, 20
MEDIA = ("tab", "html", "site", "mhtml", "docx", "xlsx", "pipes", "lines", "glued")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare_pdfplumber(path: Path) -> None:
    """What the ratio is against: open the file and take the tables of every page."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()


def warm_ratio(path: Path) -> tuple[float, float]:
    """Median seconds of bare pdfplumber and of nianbao (with figures) on one file, taken in turn."""
    bare_pdfplumber(path)
    extract(path)
    pairs = [(_seconds(lambda: bare_pdfplumber(path)), _seconds(lambda: extract(path))) for _ in range(ROUNDS)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def warm_rate(medium: str, figures: bool) -> float:
    """Documents a second in this process: the median over 50 different files, each read once, 20 others before."""
    files = [text_or_web_bytes(seed, medium) for seed in range(30_000, 30_000 + WARM_UP + FILES)]
    times = [_seconds(lambda data=data: extract_content(data, medium, figures=figures)) for data in files]  # type: ignore[misc]
    return 1 / statistics.median(times[WARM_UP:])


def cold(arguments: list[str]) -> float:
    """Median wall seconds of the command in a new process."""
    command = [str(Path(sys.executable).with_name("nianbao")), *arguments]
    return statistics.median(
        _seconds(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)) for _ in range(ROUNDS)
    )


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(a) for a in sys.argv[1:]]
        files = files or [make_document(seed, m, Path(folder))[0] for seed in (3, 4) for m in ("reportlab", "fpdf2")]
        text = make_document(4, "tab", Path(folder))[0]
        print("warm, one process (median of 5)          pdfplumber   nianbao   ratio")
        for path in files:
            bare, ours = warm_ratio(path)
            print(f"{path.name:40} {bare:9.3f}s {ours:8.3f}s {ours / bare:7.2f}")
        print("warm, one process (median of 50 files)   without figures   with figures   documents/s")
        for medium in MEDIA:
            print(f"{medium:40} {warm_rate(medium, False):15.0f} {warm_rate(medium, True):14.0f}")
        print(f"cold: nianbao --help                                {cold(['--help']):8.3f}s")
        print(
            f"cold: text report, --no-figures                     {cold(['extract', str(text), '--no-figures']):8.3f}s"
        )
        print(f"cold: text report, with figures                     {cold(['extract', str(text)]):8.3f}s")


if __name__ == "__main__":
    main()
