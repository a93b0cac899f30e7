"""A batch: inputs → what is not yet in the ledger → workers → the ledger → the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extractor import data
from extractor.batch.executor import Executor, LocalExecutor
from extractor.batch.inputs import Input, key_of, read_input, stamp_of
from extractor.batch.ledger import Ledger, Outcome, Result, Retry
from extractor.batch.work import Job
from extractor.errors import ReadError
from extractor.pipeline import ACCEPT, Options
from extractor.version import __version__


@dataclass(frozen=True)
class BatchOptions:
    """How a batch reads. ``timeout`` in seconds a document, ``memory`` in megabytes a process."""

    jobs: int = 1
    timeout: float = 120.0
    memory: int = 2048
    figures: bool = True
    accept: float = ACCEPT
    retry: Retry | None = None
    max_error: float | None = None

    def version(self) -> str:
        """What a result depends on beside the bytes: tool, patterns, options."""
        asked = f"accept={self.accept:g}" if self.max_error is None else f"max_error={self.max_error:g}"
        return f"{__version__} {data.version()} figures={int(self.figures)} {asked}"


@dataclass
class Summary:
    """What became of the inputs named in a run. ``before`` were read in an earlier run and are up to date."""

    inputs: int = 0
    before: int = 0
    passed_over: int = 0
    states: Counter[str] = field(default_factory=Counter)  # ok, needs_review, and the code of each failure
    documents: int = 0  # inputs with an outcome, now or before
    interrupted: bool = False

    @property
    def failed(self) -> int:
        """Reports and files that stand as error or not_a_report."""
        return sum(n for state, n in self.states.items() if state not in ("ok", "needs_review"))

    def count(self, results: Iterable[Result | tuple[str, str | None]]) -> None:
        """Count the reports of one input."""
        self.documents += 1
        for result in results:
            status, code = (result.status, result.code) if isinstance(result, Result) else result
            self.states[code or status] += 1


Tick = Callable[[Summary], None]


class Batch:
    """One run over a folder. ``tick`` is called after each input that got its outcome."""

    def __init__(self, ledger: Ledger, options: BatchOptions, tick: Tick | None = None) -> None:
        self.ledger, self.options = ledger, options
        self.tick = tick or (lambda summary: None)
        self.version = options.version()
        self.summary = Summary()
        self.waiting: dict[str, list[tuple[Input, str | None]]] = {}  # content → its names, until it is read

    def _done(self, results: Iterable[Result | tuple[str, str | None]]) -> None:
        self.summary.count(results)
        self.tick(self.summary)

    def _standing(self, content: str) -> list[tuple[str, str | None]]:
        query = "SELECT status, code FROM results WHERE content = ? ORDER BY part"
        return self.ledger.db.execute(query, (content,)).fetchall()

    def _jobs(self, inputs: Iterable[Input]) -> Iterator[Job]:
        """The inputs that are to be read; those that are in the ledger are counted, those without bytes recorded."""
        for item in inputs:
            self.summary.inputs += 1
            stamp = stamp_of(item)
            content = None if item.facts else self.ledger.known(item.name, stamp)
            if content is None:
                try:
                    content = key_of(read_input(item), item)
                except ReadError as error:
                    self.ledger.name(item.name, None, None, error.as_dict())
                    self._done([("error", error.code)])
                    continue
            if self.ledger.has(content, self.version):
                self.ledger.name(item.name, stamp, content)
                self.summary.before += 1
                self._done(self._standing(content))
            elif content in self.waiting:
                self.waiting[content].append((item, stamp))
            else:
                self.waiting[content] = [(item, stamp)]
                yield Job(item, Options(self.options.figures, self.options.accept, self.options.max_error))

    def _keep(self, content: str, outcome: Outcome) -> None:
        self.ledger.record(content, self.version, outcome)
        for item, stamp in self.waiting.pop(content):
            self.ledger.name(item.name, stamp, content)
            self._done(outcome.results)

    def run(self, inputs: Iterable[Input], executor: Executor) -> Summary:
        """Read what is not read. An interrupt keeps all that was done and is noted in the summary."""
        self.ledger.begin()
        if self.options.retry:
            self.ledger.forget(self.options.retry)
        names: dict[str, str] = {}

        def named() -> Iterator[Job]:
            for job in self._jobs(inputs):
                names[job.item.name] = next(reversed(self.waiting))
                yield job

        try:
            for job, outcome in executor.outcomes(named()):
                self._keep(names.pop(job.item.name), outcome)
        except KeyboardInterrupt:
            self.summary.interrupted = True
        finally:
            executor.stop()
        return self.summary


def run_batch(
    inputs: Iterable[Input],
    folder: Path,
    options: BatchOptions,
    tick: Tick | None = None,
    executor: Executor | None = None,
) -> Summary:
    """Read the inputs into the ledger of a folder. Tables are written by ``extractor.batch.export``.

    Raises FolderInUse while another run has the folder, CannotWrite where it cannot be written.
    """
    ledger = Ledger(folder)
    try:
        batch = Batch(ledger, options, tick)
        return batch.run(inputs, executor or LocalExecutor(options.jobs, options.timeout, options.memory))
    finally:
        ledger.close()
