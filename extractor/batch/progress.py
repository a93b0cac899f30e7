"""What a person sees of a batch: one live line in a terminal, plain lines elsewhere, a summary at the end."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from extractor.batch.run import Summary

EVERY = 10.0  # seconds between two plain lines


def line(summary: Summary, seconds: float) -> str:
    """Done, needing review, failed, and how many a second."""
    rate = (summary.documents - summary.before) / seconds if seconds > 0 else 0.0
    review = summary.states["needs_review"]
    return f"{summary.documents} done · {review} need review · {summary.failed} failed · {rate:.1f}/s"


class Progress:
    """Shows how far a batch is. ``total`` is None until all inputs are known; ``out`` writes to standard error."""

    def __init__(self, out: Callable[[str], None], *, live: bool, total: int | None = None) -> None:
        self.out, self.total = out, total
        self.began = self.shown = time.perf_counter()
        self._bar = self._live() if live else None

    def _live(self) -> object:
        from rich.console import Console
        from rich.live import Live

        live = Live("", console=Console(stderr=True), refresh_per_second=4, transient=True)
        live.start()
        return live

    def __call__(self, summary: Summary) -> None:
        """Show the state of a run."""
        now = time.perf_counter()
        if self._bar is not None:
            self._bar.update(self._text(summary, now - self.began))  # type: ignore[attr-defined]
        elif now - self.shown >= EVERY:
            self.shown = now
            self.out(self._text(summary, now - self.began))

    def _text(self, summary: Summary, seconds: float) -> str:
        text = line(summary, seconds)
        if not self.total:
            return text
        fresh = summary.documents - summary.before
        left = (self.total - summary.documents) * seconds / fresh if fresh else None
        return f"{text} · of {self.total}" + (f" · {duration(left)} left" if left is not None else "")

    def close(self) -> None:
        """Take the live line away."""
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]


def duration(seconds: float) -> str:
    """Seconds as a person says them: 40 s, 3 min, 2 h 05 min."""
    whole = int(seconds + 0.5)
    if whole < 100:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def ending(summary: Summary, folder: Path, written: list[Path], seconds: float) -> str:
    """The summary at the end: everything named, what was not done too, and where to look."""
    states = summary.states
    lines = [f"{summary.inputs} inputs in {duration(seconds)}" + (", interrupted" if summary.interrupted else "")]
    counted = [("ok", states["ok"]), ("need review", states["needs_review"])]
    counted += [(code, n) for code, n in sorted(states.items()) if code not in ("ok", "needs_review")]
    lines += [f"  {n:8}  {name}" for name, n in counted if n or name == "ok"]
    not_done = summary.inputs - summary.documents
    if not_done or summary.interrupted:
        rest = ", and whatever was not yet looked at" if summary.interrupted else ""
        lines.append(f"  {not_done:8}  not done{rest}")
    if summary.before:
        lines.append(f"  {summary.before:8}  of these read before and unchanged")
    if summary.passed_over:
        lines.append(f"  {summary.passed_over:8}  hidden or temporary files passed over")
    if summary.interrupted:
        lines.append(f"Nothing read is lost. Run the same command again to go on: results are in {folder}.")
    elif written:
        named = f"Written to {folder}: {', '.join(p.name for p in written)}"
        lines.append(textwrap.fill(named, 78, subsequent_indent="  ", break_long_words=False))
    if summary.failed:
        lines.append(f"Why files failed: {folder / 'failures.csv'}, or nianbao status {folder}")
    return "\n".join(lines)
