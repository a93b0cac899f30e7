"""Who wants to know how far the reading of a long scan is: told after each page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Tick = Callable[[int, int], None]  # pages done, of how many
_listener: ContextVar[Tick | None] = ContextVar("page_progress", default=None)


@contextmanager
def pages_told_to(tick: Tick | None) -> Iterator[None]:
    """While it lasts, ``tick(done, of)`` is called after each page of a scan."""
    token = _listener.set(tick)
    try:
        yield
    finally:
        _listener.reset(token)


def page_done(done: int, of: int) -> None:
    """Tell the listener, if there is one."""
    tick = _listener.get()
    if tick is not None:
        tick(done, of)


__all__ = ["page_done", "pages_told_to"]
