"""Reads the documents of a folder in several processes and compares each with its gold."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor import data
from extractor.api import extract_or_failure, failure
from extractor.errors import Crashed
from extractor.evaluate import totals
from extractor.evaluate.compare import DocumentResult, WrongCell, compare, compare_repair
from extractor.evaluate.gold import find_gold, load_gold
from extractor.report import Failure
from extractor.version import __version__

KIND = "nianbao-evaluation"
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read: its name in the folder, its path and that of its gold."""

    name: str
    document: Path
    gold: Path


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def read_and_compare(job: Job) -> DocumentResult:
    """One document, read and compared, with the time and memory it took. Raises GoldError."""
    gold = load_gold(job.gold)
    began = time.perf_counter()
    outcome = extract_or_failure(job.document, figures=gold.figures is not None)
    seconds = time.perf_counter() - began
    report = outcome.report if isinstance(outcome, Failure) else outcome
    result = compare(job.name, gold, report)
    result.seconds, result.memory = seconds, _peak_megabytes()
    if (report.source.reader == "scan" and any(c.passed is False for c in report.checks)) or report.repairs:
        before = extract_or_failure(job.document, figures=gold.figures is not None, repair=False)
        if not isinstance(before, Failure):
            result.repair = compare_repair(result, compare(job.name, gold, before), len(report.repairs))
    return result


def _crashed(job: Job) -> DocumentResult:
    error = Crashed(f"{job.name} ended its process")
    return compare(job.name, load_gold(job.gold), failure(error, job.name).report)


def _alone(job: Job) -> DocumentResult:
    """A document in a process of its own: if it ends that, it costs itself and nothing else."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(read_and_compare, job).result()
        except BrokenProcessPool:
            return _crashed(job)


def _begin() -> None:
    """A worker: one thread for the recogniser of scans, and no answer to Ctrl-C, which the parent alone gives."""
    os.environ.setdefault("NIANBAO_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _results(work: Sequence[Job], jobs: int) -> Iterator[DocumentResult]:
    """Results as they are ready; what was under way when a worker died is read again, one at a time."""
    lost: list[Job] = []
    pool = ProcessPoolExecutor(jobs, initializer=_begin)
    try:
        futures: dict[Future[DocumentResult], Job] = {pool.submit(read_and_compare, job): job for job in work}
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(futures[future])
    finally:  # waited for: the interpreter would wait at its end anyway, and may then trip over a pool half closed
        pool.shutdown(wait=True, cancel_futures=True)
    for job in lost:
        yield _alone(job)


@dataclass
class Evaluation:
    """All documents of a folder, compared. ``complete`` is False where the run was interrupted."""

    folder: str
    accept: float
    documents: list[DocumentResult]
    seconds: float
    complete: bool = True

    def summary(self) -> dict[str, Any]:
        """The numbers, as plain data (docs/evaluate.md says what each means)."""
        docs = self.documents
        return {
            "kind": KIND,
            "version": __version__,
            "patterns": data.version(),
            "folder": self.folder,
            "accept": self.accept,
            "complete": self.complete,
            "documents": len(docs),
            "not_read": sum(d.error is not None for d in docs),
            "cells": totals.cells_summary(docs, self.accept) if any(d.cells for d in docs) else None,
            "errors_by_cell": totals.errors_by_cell(docs),
            "repair": totals.repair_summary(docs, self.accept),
            "figures": totals.figures_summary(docs),
            "checks": totals.checks_summary(docs),
            "metadata": totals.metadata_summary(docs),
            "worst": totals.worst(docs, self.accept),
            "cost": totals.cost_summary(docs, self.seconds),
        }

    def as_dict(self) -> dict[str, Any]:
        """The summary, and for each document what was wrong in it: what a later run is compared with."""
        return {**self.summary(), "results": [_document(d) for d in self.documents]}


def _wrong_cell(cell: WrongCell) -> dict[str, Any]:
    def said(pair: tuple[Any, str] | None) -> dict[str, Any] | None:
        return {"value": pair[0], "status": pair[1]} if pair else None

    return {
        "path": cell.path,
        "group": cell.group,
        "expected": said(cell.expected),
        "got": said(cell.got),
        "raw": cell.raw,
        "confidence": cell.confidence,
    }


def _document(d: DocumentResult) -> dict[str, Any]:
    return {
        "document": d.name,
        "medium": d.medium,
        "status": d.status,
        "error": d.error,
        "seconds": round(d.seconds, 3),
        "cells": d.cells.total(),
        "wrong": [_wrong_cell(c) for c in d.wrong],
        "figures_missed": d.figures.missed if d.figures else [],
        "figures_false": d.figures.false if d.figures else [],
        "checks_missed": d.checks.missed if d.checks else [],
        "checks_false": d.checks.false if d.checks else [],
        "metadata_wrong": sorted(k for k, right in d.metadata.items() if not right),
    }


def evaluate(folder: str | Path, *, accept: float = 0.99, jobs: int = 1, tick: Tick | None = None) -> Evaluation:
    """Read every document of ``folder`` that has gold and compare.

    ``tick(done, of)`` is called after each document. An interrupt ends the run and keeps what is done.
    Raises GoldError where there is no gold, or one cannot be used.
    """
    root = Path(folder)
    work = [Job(str(d.relative_to(root)), d, g) for d, g in find_gold(root)]
    began = time.perf_counter()
    done: list[DocumentResult] = []
    complete = True
    try:
        for result in map(read_and_compare, work) if jobs == 1 else _results(work, jobs):
            done.append(result)
            if tick:
                tick(len(done), len(work))
    except KeyboardInterrupt:
        complete = False
    done.sort(key=lambda d: d.name)
    return Evaluation(str(folder), accept, done, time.perf_counter() - began, complete)
