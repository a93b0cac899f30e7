"""Accuracy on invented reports that were not used to fit confidence, by medium.

`python -m benchmarks.accuracy --count 100` (or `make accuracy`). Seeds below 100000 are free of fitting.
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from corpora.making import make_document, media_here
from corpora.score import Tally
from extractor import extract

MEDIA: tuple[str, ...] = ("tab", "reportlab", "fpdf2", "libreoffice", "chromium", "layout", "pdftotext")
MEDIA += ("pdftotext-raw", "pdftotext-plain", "site", "mhtml", "docx", "xlsx", "xls", "doc", "rtf")
MEDIA += ("pipes", "pipes-bare", "pipe-lines", "markdown", "lines", "spaces", "glued")


def _share(job: tuple[str, int, int]) -> Tally:
    medium, start, count = job
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(start, start + count):
            path, gold = make_document(seed, medium, Path(folder))
            tally.add(extract(path, figures=False), gold, path.name)
    return tally


def measure(medium: str, start: int, count: int) -> Tally:
    """The tally of `count` reports, read in two processes."""
    whole = Tally()
    step = 5
    jobs = [(medium, a, min(step, start + count - a)) for a in range(start, start + count, step)]
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(_share, jobs):
            whole.total.update(part.total)
            whole.right.update(part.right)
            whole.silent += part.silent
            whole.reports += part.reports
    return whole


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="reports a medium")
    parser.add_argument("--start", type=int, default=20_000, help="first seed")
    parser.add_argument("--media", default=",".join(m for m in MEDIA if m in media_here()))
    args = parser.parse_args()
    print("| medium | reports | numbers right | zeros right | empty right | absent right | wrong at ≥ 0.99 |")
    print("|---|---|---|---|---|---|---|")
    for medium in args.media.split(","):
        tally = measure(medium, args.start, args.count)
        groups = [
            f"{tally.right[g]}/{tally.total[g]} ({tally.share(g):.2%})" for g in ("number", "zero", "empty", "absent")
        ]
        print(f"| {medium} | {tally.reports} | {' | '.join(groups)} | {len(tally.silent)} |", flush=True)


if __name__ == "__main__":
    main()
