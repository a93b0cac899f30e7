"""A worker that does what the name of its file says: crash, hang, eat memory, or read."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from extractor.batch.ledger import Outcome
from extractor.batch.work import Job, work


def worker(job: Job) -> Outcome:
    """``work``, unless the name of the input tells otherwise."""
    name = Path(job.item.name).name
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("hog"):
        held = []
        while True:
            held.append(bytearray(32 * 1024 * 1024))
            time.sleep(0.02)
    if name.startswith("fault"):
        raise RuntimeError("a fault that nobody foresaw")
    return work(job)
