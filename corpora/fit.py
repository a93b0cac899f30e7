"""Measure confidence: how often each class of evidence is right on reports whose truth is known.

`python -m corpora.fit` renders invented reports of the training part in every medium at hand, reads them, compares
every cell with the truth and writes patterns/confidence/cells.json: classes, the furthest an ordinary document goes,
and how far the counts of some families foretell another (leave-one-family-out). What that is not: docs/confidence.md.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from corpora.invent import invent
from corpora.left_out import Read, count, left_out
from corpora.making import families_of, media_here, write
from corpora.model import InventedReport
from corpora.parts import load_part
from corpora.score import gold_cells
from extractor.confidence import kind_of
from extractor.errors import ReadError
from extractor.pipeline import SettledTables, settled_tables
from extractor.readers import read_document

OUT = Path(__file__).resolve().parent.parent / "patterns" / "confidence" / "cells.json"
# Reports a medium: as many as its rarest class of evidence (numbers in a failed sum) needs to be judged.
MEDIA = {
    "tab": 600,
    "layout": 300,
    "pdftotext": 300,
    "pdftotext-plain": 200,
    "pdftotext-raw": 200,
    "reportlab": 700,
    "libreoffice": 100,
}
MEDIA |= {"html": 100, "site": 400, "docx": 500, "xlsx": 300, "xls": 300, "doc": 250, "rtf": 150}
MEDIA |= {
    "pipes": 250,
    "pipes-bare": 250,
    "pipe-lines": 250,
    "markdown": 100,
    "lines": 250,
    "spaces": 250,
    "glued": 500,
    "glued-on": 300,
}
PART = load_part("train")
FIRST_SEED = PART.first_seed  # the tests use small seeds: what is fitted here is not what they read


def read_one(job: tuple[int, str]) -> Read:
    """One document, made, read and judged; one that could not be read has no reader."""
    seed, medium = job
    invented = invent(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = write(invented, medium, Path(folder))
        content = path.read_bytes()
    try:
        tables = settled_tables(read_document(content, path.name), path.name)
    except ReadError:
        return Read(medium)
    except Exception as error:  # a fault of ours in one document must not cost an hour of reading; it is shown
        print(f"{path.name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return Read(medium)
    return judged(invented, medium, tables, tables.classes)


def judged(invented: InventedReport, medium: str, tables: SettledTables, classes: Mapping[str, str]) -> Read:
    """One document's cells beside the truth, counted by their class of evidence."""
    truth, said = {p: (value, status) for p, value, status in gold_cells(invented.gold)}, tables.said
    wrong = {p for p in classes if p in truth and said[p] != truth[p]}
    total, bad = Counter(classes.values()), Counter(classes[p] for p in wrong)
    numbers = sum(said[p][1] == "reported" for p in wrong)
    counted = {name: (n, bad[name]) for name, n in total.items()}
    return Read(medium, tables.reader, tables.features, families_of(invented, medium), counted, numbers)


def _measure(jobs: list[tuple[int, str]]) -> list[Read]:
    out: list[Read] = []
    with ProcessPoolExecutor(2) as pool:
        for read in pool.map(read_one, jobs, chunksize=4):
            out.append(read)
            if len(out) % 100 == 0:
                print(f"{len(out)}/{len(jobs)} documents", file=sys.stderr, flush=True)
    return out


def furthest(documents: list[Read]) -> dict[str, dict[str, float]]:
    """For each reader the largest value of each feature over the documents read without a wrong number, and their n."""
    out: dict[str, dict[str, float]] = {}
    for read in documents:
        if not read.reader or read.wrong_numbers:
            continue
        seen = out.setdefault(kind_of(read.reader), {"n": 0})
        seen["n"] += 1
        for name, value in read.features.items():
            seen[name] = max(seen.get(name, 0.0), value)
    return dict(sorted(out.items()))


def _of_scans() -> dict[str, Any]:
    """What corpora.fit_scans has measured: it stays as it is."""
    card: dict[str, Any] = json.loads(OUT.read_text("utf-8"))
    return {
        "media": {m: n for m, n in card["media"].items() if m.startswith("scan-")},
        "classes": {name: c for name, c in card["classes"].items() if name.startswith("scan/")},
        "furthest": {name: f for name, f in card["furthest"].items() if name == "scan"},
        "scans": card["scans"],
    }


def card(documents: list[Read], counts: dict[str, int], seed: int) -> dict[str, Any]:
    """What is shipped: the data it comes from, the classes, the furthest documents, the test by left-out families."""
    scans = _of_scans()
    return {
        "note": "How often cells of each class of evidence were right on invented reports of the training part.",
        "measured": date.today().isoformat(),
        "part": PART.name,
        "media": counts | scans["media"],
        "documents": len(documents),
        "first_seed": seed,
        "unread_documents": sum(not r.reader for r in documents),
        "classes": count(documents) | scans["classes"],
        "furthest": furthest(documents) | scans["furthest"],
        "left_out": left_out(documents),
        "scans": scans["scans"],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [f"{m}:{n}" for m, n in MEDIA.items() if m in media_here()]
    parser.add_argument("--media", default=",".join(known), help="MEDIUM:REPORTS,… (default: all here)")
    parser.add_argument("--seed", type=int, default=FIRST_SEED)
    parser.add_argument("--keep", type=Path, help="keep what was counted there, document by document (a pickle)")
    parser.add_argument("--from", dest="kept", type=Path, nargs="+", help="read nothing; count what --keep kept")
    parser.add_argument("--dry-run", action="store_true", help="measure and print, write nothing")
    return parser.parse_args()


def main() -> None:
    """Render, read, count, write."""
    args = _arguments()
    counts = {m: int(n) for m, n in (item.split(":") for item in args.media.split(","))}
    if args.kept:
        documents: list[Read] = [r for kept in args.kept for r in pickle.loads(kept.read_bytes())]
        counts = dict(Counter(r.medium for r in documents))
    else:
        documents = _measure([(args.seed + i, m) for m, n in counts.items() for i in range(n)])
    if args.keep:
        args.keep.write_bytes(pickle.dumps(documents))
    text = json.dumps(card(documents, counts, args.seed), ensure_ascii=False, indent=1) + "\n"
    if not args.dry_run:
        OUT.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
