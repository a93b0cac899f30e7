"""Python's cyclic garbage collector, held while one report is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_held() -> Iterator[None]:
    """No collection of cycles inside.

    A report is some ten thousand small objects that live until its end and are then freed by their counts;
    looking through them for cycles again and again took a third of the time.
    """
    held = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if held:
            gc.enable()
