"""Scans made, read and kept, so that what is fitted on them need not read them again (reading is what takes the time).

`python -m corpora.kept FOLDER [--part train] [--first 0] [--media scan-clean:20,scan-office:60]` reads what is not
there yet: documents as the scan reader gives them, before any form is laid over them. Kept with one state of the
reader they are of no use with another: a new reader, a new folder.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from pathlib import Path

from corpora.invent import invent
from corpora.making import write
from corpora.parts import load_part
from extractor.document import Document
from extractor.errors import MissingDependency, ReadError
from extractor.readers import read_document

# Scans a grade: most where copies err most, and where accepting is worth most.
SCANS = {
    "scan-office": 100, "scan-clean": 40, "scan-stamp": 60, "scan-photo": 40, "scan-photocopy": 130, "scan-fax": 40,
}  # fmt: skip


def _one(job: tuple[int, str, Path]) -> None:
    seed, medium, folder = job
    path = folder / f"{seed}-{medium}.doc"
    if path.exists():
        return
    with tempfile.TemporaryDirectory() as scratch:
        scan = write(invent(seed), medium, Path(scratch))
        try:
            found: Document | ReadError = read_document(scan.read_bytes(), scan.name)
        except MissingDependency:
            raise
        except ReadError as error:
            found = error
    beside = path.with_suffix(".part")
    beside.write_bytes(pickle.dumps(found))
    beside.rename(path)  # an interrupted run leaves no half of a file


def kept(folder: Path) -> Iterator[tuple[int, str, Document | ReadError]]:
    """(seed, medium, document or the error that reading ended in) of each scan kept in a folder."""
    for path in sorted(folder.glob("*.doc")):
        seed, _, medium = path.stem.partition("-")
        yield int(seed), medium, pickle.loads(path.read_bytes())


def keep(folder: Path, part: str, first: int, media: dict[str, int]) -> None:
    """Make and read the scans that are not in the folder yet, on two cores.

    No report is scanned twice: what a report prints oddly (wrong sums, slips in labels) is met once in each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seeds = count(load_part(part).first_seed + first)
    jobs = [(seed, m, folder) for m, n in media.items() for seed in islice(seeds, n)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_one, jobs))


def main() -> None:
    """Make, read, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", default="train")
    parser.add_argument("--first", type=int, default=0, help="number of the first report in its part")
    parser.add_argument("--media", default=",".join(f"{m}:{n}" for m, n in SCANS.items()), help="MEDIUM:SCANS,…")
    args = parser.parse_args()
    media = {m: int(n) for m, n in (item.split(":") for item in args.media.split(","))}
    keep(args.folder, args.part, args.first, media)
    print(f"{len(list(args.folder.glob('*.doc')))} scans in {args.folder}")


if __name__ == "__main__":
    main()
