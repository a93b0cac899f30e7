"""The state of a batch folder: counts, slowest and failed documents, confidence, open findings."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from extractor.batch.ledger import Ledger

SHOWN = 10
_BOUNDS = (0.0, 0.5, 0.9, 0.98, 0.99, 0.999, 1.01)


def _rows(ledger: Ledger, query: str) -> list[tuple[Any, ...]]:
    return ledger.db.execute(query).fetchall()


def status_of(folder: Path) -> dict[str, Any]:
    """The state of a batch folder as plain data. Raises BatchError where it holds no batch."""
    ledger = Ledger(folder, writer=False)
    try:
        states = dict(_rows(ledger, "SELECT coalesce(code, status), count(*) FROM results GROUP BY 1 ORDER BY 2 DESC"))
        for code, n in _rows(ledger, "SELECT code, count(*) FROM inputs WHERE code IS NOT NULL GROUP BY 1"):
            states[code] = states.get(code, 0) + n
        named = "FROM results r JOIN inputs i ON i.content = r.content"
        slowest = _rows(ledger, f"SELECT i.name, r.seconds, r.memory {named} ORDER BY r.seconds DESC LIMIT {SHOWN}")
        failed = _rows(ledger, f"SELECT i.name, r.code, r.message {named} WHERE r.code IS NOT NULL LIMIT {SHOWN}")
        failed += _rows(ledger, f"SELECT name, code, message FROM inputs WHERE code IS NOT NULL LIMIT {SHOWN}")
        reasons = _rows(ledger, "SELECT value, count(*) FROM results, json_each(reasons) GROUP BY 1 ORDER BY 2 DESC")
        (inputs, seconds, memory, findings) = _rows(
            ledger, "SELECT (SELECT count(*) FROM inputs), sum(seconds), max(memory), sum(findings) FROM results"
        )[0]
        bins = [(f"{low:g}–{min(high, 1):g}", _count(ledger, low, high)) for low, high in pairwise(_BOUNDS)]
        return {
            "folder": str(folder),
            "inputs": inputs,
            "states": states,
            "review_reasons": dict(reasons),
            "lowest_confidence": {name: n for name, n in bins if n},
            "open_findings": findings or 0,
            "seconds": round(seconds or 0.0, 3),
            "peak_memory_kb": memory or 0,
            "slowest": [{"path": p, "seconds": s, "memory_kb": m} for p, s, m in slowest],
            "failed": [{"path": p, "code": c, "message": m} for p, c, m in failed[:SHOWN]],
        }
    finally:
        ledger.close()


def _count(ledger: Ledger, low: float, high: float) -> int:
    query = "SELECT count(*) FROM results WHERE confidence >= ? AND confidence < ?"
    return int(ledger.db.execute(query, (low, high)).fetchone()[0])


def as_text(state: dict[str, Any]) -> str:
    """The state for a person."""
    out = [f"{state['folder']}: {state['inputs']} inputs, {state['seconds']:.0f} s of work"]
    groups = {"": "states", "review reasons": "review_reasons", "lowest confidence": "lowest_confidence"}
    for title, counts in groups.items():
        if state[counts] and title:
            out.append(f"{title}:")
        out += [f"  {n:8}  {name}" for name, n in state[counts].items()]
    out.append(f"open findings (failed checks): {state['open_findings']}")
    out.append("slowest:")
    out += [f"  {d['seconds']:8.2f} s  {d['memory_kb'] // 1024:5} MB  {d['path']}" for d in state["slowest"]]
    if state["failed"]:
        out.append("failed (the first of them):")
        out += [f"  {d['code']:18}  {d['path']}" for d in state["failed"]]
    return "\n".join(out)
