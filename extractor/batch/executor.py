"""Who does the work: a protocol of two methods, and the local one with processes that may die."""

from __future__ import annotations

import multiprocessing
import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from extractor.batch.ledger import Outcome
from extractor.batch.work import MEMORY_EXIT, Job, failed, prepare, work
from extractor.errors import Crashed, OutOfMemory, ReadError, TimedOut

AHEAD = 3  # jobs handed out for each process: enough to keep it busy, few enough to keep memory flat
RENEW = 500  # documents after which a process is replaced
TRIES = 3  # of a job whose process was killed from outside; it may not have been the document's doing
_PRELOAD = ["extractor.batch.work", "extractor.figures", "extractor.readers.html", "extractor.readers.pdf"]


class Executor(Protocol):
    """Does jobs somewhere. ``outcomes`` takes jobs as it can do them and yields each when it is done."""

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome, in the order in which they finish."""
        ...

    def stop(self) -> None:
        """Drop what is not done; nothing runs afterwards."""
        ...


class LocalExecutor:
    """Processes on this machine: a crash, a hang or too much memory costs one document.

    ``timeout`` is in seconds a document, ``memory`` in megabytes a process; ``worker`` is what they run.
    """

    def __init__(self, processes: int, timeout: float, memory: int, worker: Callable[[Job], Outcome] = work) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        self.processes, self.timeout, self.memory, self.worker = processes, timeout, memory, worker
        self.pool = ProcessPool(processes, max_tasks=RENEW, initializer=prepare, initargs=[memory], context=context)
        self.done: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        self.running: dict[Future[Outcome], tuple[Job, int]] = {}

    def _submit(self, job: Job, tries: int = 1) -> None:
        future = self.pool.schedule(self.worker, args=[job], timeout=self.timeout)
        self.running[future] = (job, tries)
        future.add_done_callback(self.done.put)

    def outcomes(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job with its outcome as it finishes; jobs are taken from the iterator only as processes get free."""
        waiting = iter(jobs)
        more = True
        while more or self.running:
            while more and len(self.running) < AHEAD * self.processes:
                job = next(waiting, None)
                if job is None:
                    more = False
                else:
                    self._submit(job)
            if not self.running:
                break
            future = self.done.get()
            job, tries = self.running.pop(future)
            outcome = self._outcome(future, job, tries)
            if outcome is not None:
                yield job, outcome

    def _outcome(self, future: Future[Outcome], job: Job, tries: int) -> Outcome | None:
        """What a finished job gave; None where it is tried again."""
        error: ReadError
        try:
            return future.result()
        except TimeoutError:
            error = TimedOut(f"{job.item.name} ({self.timeout:g} s)")
            return Outcome([failed(error, job.item)], self.timeout)
        except ProcessExpired as expired:
            if expired.exitcode == MEMORY_EXIT:
                error = OutOfMemory(f"{job.item.name} ({self.memory} MB)")
                return Outcome([failed(error, job.item)], memory=self.memory * 1024)
            if tries < TRIES:
                self._submit(job, tries + 1)
                return None
            error = Crashed(f"{job.item.name} (its process ended with code {expired.exitcode}, {tries} times)")
        except CancelledError:
            raise KeyboardInterrupt from None
        except Exception as fault:  # what came back could not be understood: still one document's matter
            error = Crashed(f"{job.item.name} ({type(fault).__name__}: {fault})")
        return Outcome([failed(error, job.item)])

    def stop(self) -> None:
        """End all processes at once."""
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join(timeout=10)
