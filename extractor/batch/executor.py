"""Who does the work: a protocol of two methods, and the local one with processes that may die."""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

from extractor.batch.ledger import Outcome
from extractor.batch.work import MEMORY_EXIT, Job, failed, prepare, work
from extractor.errors import Crashed, OutOfMemory, PoolBroken, ReadError, TimedOut

AHEAD = 3  # jobs handed out for each process: enough to keep it busy, few enough to keep memory flat
RENEW = 500  # documents after which a process is replaced
TRIES = 3  # of a job whose process was killed from outside; it may not have been the document's doing
POOLS = 20  # that may break one after the other without a document done
LOOK, PATIENCE = 1.0, 15.0  # seconds between looks at a pool; beyond a document's time until it counts as dead
WAKE = 30.0  # seconds in which a pool that has work, and of which no process works, starts one
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
        self.processes, self.timeout, self.memory, self.worker = processes, timeout, memory, worker
        self.pool = self._new_pool()
        self.done: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
        self.running: dict[Future[Outcome], tuple[Job, int]] = {}
        self.broken = 0  # pools that broke since a document was last done

    def _new_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOAD)
        return ProcessPool(
            self.processes, max_tasks=RENEW, initializer=prepare, initargs=[self.memory], context=context
        )

    def _submit(self, job: Job, tries: int = 1) -> None:
        while True:
            try:
                future = self.pool.schedule(self.worker, args=[job], timeout=self.timeout)
                break
            except RuntimeError:  # a helper process of the pool was killed
                self._renew()
        self.running[future] = (job, tries)
        future.add_done_callback(self.done.put)

    def _renew(self) -> None:
        """A new pool for one that broke; what the old one had not finished is done again."""
        self.broken += 1
        if self.broken > POOLS:
            raise PoolBroken(f"{POOLS} times in a row")
        with contextlib.suppress(RuntimeError, OSError):  # it is broken: whatever of it can be stopped is
            self.stop()
        with contextlib.suppress(OSError, ChildProcessError):  # it may hold on to a resource tracker that is dead
            forkserver._forkserver._stop()  # type: ignore[attr-defined]
        time.sleep(min(0.1 * self.broken, 1.0))
        jobs, self.running = list(self.running.values()), {}
        self.pool = self._new_pool()
        for job, tries in jobs:
            self._submit(job, tries)

    def _next_done(self) -> Future[Outcome]:
        """The next future that is done. A pool that gives none for longer than a document may take is broken."""
        idle = 0.0
        while True:
            try:
                future = self.done.get(timeout=LOOK)
            except queue.Empty:
                idle += LOOK
                busy = any(f.running() for f in self.running)  # a job may be lost with the helper that carried it
                if not self.pool.active or idle > (self.timeout + PATIENCE if busy else WAKE):
                    self._renew()
                    idle = 0.0
                continue
            if future in self.running:  # else it belongs to a pool that broke
                return future

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
            future = self._next_done()
            job, tries = self.running.pop(future)
            outcome = self._outcome(future, job, tries)
            if outcome is not None:
                self.broken = 0
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
        except BrokenProcessPool:
            self._renew()
            self._submit(job, tries)
            return None
        except CancelledError:
            raise KeyboardInterrupt from None
        except Exception as fault:  # what came back could not be understood: still one document's matter
            error = Crashed(f"{job.item.name} ({type(fault).__name__}: {fault})")
        return Outcome([failed(error, job.item)])

    def stop(self) -> None:
        """End all processes at once."""
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join(timeout=10)
