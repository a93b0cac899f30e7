"""Command line: `python -m corpora make FOLDER --part dev --count 40 --media tab,site,docx`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from corpora.making import DEFAULT_MEDIA, make_document, media_here
from corpora.parts import PARTS, load_part


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="corpora", description="Invents annual reports with their gold.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("make", help="write documents and gold")
    make.add_argument("folder", type=Path)
    make.add_argument("--count", type=int, default=10, help="documents a medium (default %(default)s)")
    make.add_argument("--part", choices=PARTS, default="train", help="whose families they are drawn from")
    make.add_argument("--seed", type=int, default=0, help="number of the first in its part (default %(default)s)")
    make.add_argument("--media", default=",".join(DEFAULT_MEDIA), help="which (default %(default)s), or: all")
    make.add_argument("-j", "--jobs", type=int, default=2, help="processes (default %(default)s)")
    return parser


def media_of(part: str) -> list[str]:
    """The media of a part that can be made here: PDF by the part's own makers only."""
    others = {m for p in PARTS for m in load_part(p).pdf} - set(load_part(part).pdf)
    return [m for m in media_here(part) if m not in others]


def _make(job: tuple[int, str, Path]) -> Path:
    return make_document(*job)[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the exit code is 2 for a medium that is unknown or not here."""
    options = _parser().parse_args(arguments)
    known = media_here(options.part)
    asked = [m.strip() for m in options.media.split(",") if m.strip()]
    media = media_of(options.part) if asked == ["all"] else asked
    missing = [m for m in media if m not in known]
    if missing:
        print(f"not available: {', '.join(missing)}; here: {', '.join(known)}", file=sys.stderr)
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    # small seeds are train, too: those of the tests, which confidence is not fitted on
    first = options.seed + (0 if options.part == "train" else load_part(options.part).first_seed)
    jobs = [(seed, m, options.folder) for seed in range(first, first + options.count) for m in media]
    with ProcessPoolExecutor(options.jobs) as pool:
        for path in pool.map(_make, jobs):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
