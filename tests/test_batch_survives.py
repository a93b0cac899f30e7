"""A batch that is killed, interrupted or out of room loses nothing, and the same command finishes it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from concurrent.futures import Future

import pytest

from extractor.batch import executor
from extractor.batch.export import export
from extractor.batch.inputs import Found, expand
from extractor.batch.run import run_batch
from extractor.batch.status import status_of
from tests.test_batch import NIANBAO, OPTIONS, _many, _run, _start, _tables, reports

__all__ = ["reports"]  # a fixture


def test_killed_parents_lose_nothing(tmp_path):
    _many(tmp_path / "in", 120)
    _run(tmp_path / "in", tmp_path / "calm")
    export(tmp_path / "calm", ["csv"])
    for kill in range(4):
        run = _start(tmp_path / "in", tmp_path / "out")
        time.sleep(0.7 + 0.1 * kill)
        os.killpg(run.pid, signal.SIGKILL) if kill % 2 else os.kill(run.pid, signal.SIGKILL)
        run.wait(20)
        run.stderr.close()
    run = _start(tmp_path / "in", tmp_path / "out")
    run.communicate(timeout=120)
    assert run.returncode == 0
    assert _tables(tmp_path / "out") == _tables(tmp_path / "calm")


def test_helpers_killed_cost_nothing(tmp_path):
    """The processes that start the workers and keep their locks are killed: a new pool goes on."""
    _many(tmp_path / "in", 120)
    _run(tmp_path / "in", tmp_path / "calm")
    export(tmp_path / "calm", ["csv"])
    run = _start(tmp_path / "in", tmp_path / "out")
    for _ in range(3):
        time.sleep(0.6)
        children = subprocess.run(["pgrep", "-P", str(run.pid)], capture_output=True, text=True).stdout.split()
        for pid in children:
            os.kill(int(pid), signal.SIGKILL)
    _, said = run.communicate(timeout=240)
    assert run.returncode == 0, said
    assert _tables(tmp_path / "out") == _tables(tmp_path / "calm")


class _DeafPool:
    """A pool that takes jobs and never starts one, as one whose helpers were killed at a bad moment."""

    active = True

    def schedule(self, *_, **__):
        return Future()

    def stop(self):
        self.active = False

    def join(self, **_):
        pass


def test_a_pool_that_starts_nothing_is_replaced(tmp_path, monkeypatch):
    """Within seconds, not after the time that a document may take."""
    _many(tmp_path / "in", 3)
    monkeypatch.setattr(executor, "WAKE", 2.0)
    local = executor.LocalExecutor(2, timeout=600, memory=1000)
    local.stop()
    local.pool = _DeafPool()
    begun = time.monotonic()
    summary = run_batch(expand([str(tmp_path / "in")], Found()), tmp_path / "out", OPTIONS, executor=local)
    assert summary.documents == 3 and not isinstance(local.pool, _DeafPool)
    assert time.monotonic() - begun < 60


def test_an_interrupt_says_how_to_go_on(tmp_path):
    _many(tmp_path / "in", 300)
    run = _start(tmp_path / "in", tmp_path / "out")
    time.sleep(2.0)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Run the same command again" in said and "Traceback" not in said
    done = status_of(tmp_path / "out")["inputs"]
    assert 0 < done < 300
    again = run_batch(expand([str(tmp_path / "in")], Found()), tmp_path / "out", OPTIONS)
    # the interrupt may come after a document was recorded and before its name was
    assert done <= again.before <= done + 1 and again.documents == 300


@pytest.mark.parametrize("room", [300_000, 900_000])
def test_a_full_disk_loses_nothing(tmp_path, room):
    """No file may grow beyond ``room`` bytes: the ledger, or what is written at the end, does not fit."""
    resource = pytest.importorskip("resource")
    _many(tmp_path / "in", 60)
    command = [NIANBAO, "batch", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "-f", "csv", "--no-figures"]

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    full = subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=no_room)
    assert full.returncode == 2, full.stderr
    assert "cannot be written" in full.stderr and "Make room" in full.stderr and "Traceback" not in full.stderr
    again = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert again.returncode == 0 and "read before and unchanged" in again.stderr
    _run(tmp_path / "in", tmp_path / "calm")
    export(tmp_path / "calm", ["csv"])
    assert _tables(tmp_path / "out") == _tables(tmp_path / "calm")


def test_a_folder_that_cannot_be_written(reports, tmp_path):
    (tmp_path / "file").write_text("x")
    command = [NIANBAO, "batch", str(reports), "-o", str(tmp_path / "file" / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr and "Traceback" not in done.stderr
