"""What a worker does with one input: bytes → reports → the texts that the ledger keeps. A fault costs one input."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import threading
import time
from dataclasses import dataclass
from decimal import Decimal

from extractor.api import failure
from extractor.batch.inputs import Input, read_input
from extractor.batch.ledger import Outcome, Result, packed
from extractor.batch.manifest import with_facts
from extractor.errors import Crashed, OutOfMemory, ReadError
from extractor.pipeline import Options, extract_all
from extractor.report import Report
from extractor.writers.csv import csv_lines
from extractor.writers.tidy import cells_of, checks_of, figures_of, report_row

PATH = "\N{REPLACEMENT CHARACTER}nianbao-path\N{REPLACEMENT CHARACTER}"  # set when the object is written out
MEMORY_EXIT = 77  # exit code of a worker that outgrew its limit
WATCH = 0.2  # seconds between two looks at the memory
_PARENT_DIED = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Job:
    """One input to read, with the options of the run."""

    item: Input
    options: Options


def _resident() -> int:
    """Resident memory of this process in kB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def _watch(limit: int) -> None:
    while True:
        if _resident() > limit:
            os._exit(MEMORY_EXIT)
        time.sleep(WATCH)


def prepare(limit_megabytes: int) -> None:
    """Make this process a worker: an interrupt is the parent's business, it ends with its parent, memory is watched."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("NIANBAO_THREADS", "1")  # the processes share the cores
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL)
    except (OSError, AttributeError):
        logging.getLogger("nianbao").debug("workers cannot be told of their parent's end here")
    if os.path.exists("/proc/self/statm"):
        threading.Thread(target=_watch, args=(limit_megabytes * 1024,), daemon=True).start()


def _reset_peak() -> None:
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        return  # then the peak is that of the process since it began


def _peak() -> int:
    """The most resident memory since the last reset, in kB."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


def result_of(report: Report) -> Result:
    """A report as the ledger keeps it, its path left open."""
    plain = report.model_copy(update={"source": report.source.model_copy(update={"path": PATH})})
    values = [v.confidence for rows in report.tables.values() for columns in rows.values() for v in columns.values()]
    texts = {"json": packed(plain.to_json(indent=None))}
    if report.error is None:
        texts["cells"] = packed(csv_lines(cells_of(report)))
        texts["figures"] = packed(csv_lines(figures_of(report)))
        texts["checks"] = packed(csv_lines(checks_of(report)))
        texts["report"] = packed(csv_lines([report_row(report, report.extraction.accept or 0.0)]))
    error = report.error
    return Result(
        status=report.status,
        reasons=list(report.review_reasons),
        code=error.code if error else None,
        message=error.message if error else None,
        hint=error.hint if error else None,
        confidence=float(min(values, default=Decimal(0))) if values else None,
        findings=sum(c.passed is False for c in report.checks),
        texts=texts,
    )


def failed(error: ReadError, item: Input, content: bytes | None = None) -> Result:
    """The result of an input that gave no report."""
    return result_of(failure(error, item.name, content).report)


def _results(job: Job) -> list[Result]:
    content: bytes | None = None
    try:
        content = read_input(job.item)
        reports = extract_all(content, job.item.name, job.options)
        return [result_of(with_facts(r, job.item.facts)) for r in reports]
    except ReadError as error:
        return [failed(error, job.item, content)]
    except MemoryError:
        return [failed(OutOfMemory(job.item.name), job.item, content)]
    except Exception as error:  # a fault of ours must cost one document, not the run; it is logged
        logging.getLogger("nianbao").debug("reading %s failed", job.item.name, exc_info=True)
        return [failed(Crashed(f"{job.item.name} ({type(error).__name__}: {error})"), job.item, content)]


def work(job: Job) -> Outcome:
    """Read one input. Never raises for what is wrong with a document."""
    _reset_peak()
    began = time.perf_counter()
    results = _results(job)
    return Outcome(results, time.perf_counter() - began, _peak())
