"""Command line: `python -m corpora make FOLDER --count N --seed S --media tab,layout,reportlab,fpdf2`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpora.making import DEFAULT_MEDIA, PDF_MEDIA, TEXT_MEDIA, make_document, media_here


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="corpora", description="Invents annual reports with their gold.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("make", help="write documents and gold")
    make.add_argument("folder", type=Path)
    make.add_argument("--count", type=int, default=10)
    make.add_argument("--seed", type=int, default=0)
    make.add_argument("--media", default=",".join(DEFAULT_MEDIA), help=",".join((*TEXT_MEDIA, *PDF_MEDIA)))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the exit code is 2 for a medium that is unknown or not here."""
    options = _parser().parse_args(arguments)
    media = [m.strip() for m in options.media.split(",") if m.strip()]
    known = media_here()
    missing = [m for m in media if m not in known]
    if missing:
        print(f"not available: {', '.join(missing)}; here: {', '.join(known)}", file=sys.stderr)
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    for seed in range(options.seed, options.seed + options.count):
        for medium in media:
            path, _ = make_document(seed, medium, options.folder)
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
