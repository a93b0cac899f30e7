"""Two evaluations of the same documents: which cells became right, which became wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import simplejson

from extractor.evaluate.gold import GoldError
from extractor.evaluate.run import KIND


@dataclass
class Change:
    """Cells as (document, path, what is printed, what is read now or was read then)."""

    gained: list[dict[str, Any]] = field(default_factory=list)
    lost: list[dict[str, Any]] = field(default_factory=list)
    newly_silent: list[dict[str, Any]] = field(default_factory=list)
    only_old: list[str] = field(default_factory=list)
    only_new: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return dict(vars(self))


def load_evaluation(path: str | Path) -> dict[str, Any]:
    """An evaluation that ``nianbao evaluate --json`` wrote. Raises GoldError."""
    try:
        data: dict[str, Any] = simplejson.loads(Path(path).read_text("utf-8-sig"), use_decimal=True)
        if data["kind"] != KIND:
            raise ValueError(f"kind is {data['kind']!r}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Write one with: nianbao evaluate FOLDER --json OLD.json"
        raise GoldError(f"{path} is no earlier evaluation ({error})", hint=hint) from error
    return data


def _wrong(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {cell["path"]: cell for cell in result["wrong"]}


def compare_runs(old: dict[str, Any], new: dict[str, Any]) -> Change:
    """What changed between two evaluations, over the documents that are in both."""
    before = {r["document"]: r for r in old["results"]}
    after = {r["document"]: r for r in new["results"]}
    change = Change(only_old=sorted(before.keys() - after.keys()), only_new=sorted(after.keys() - before.keys()))
    accept = new["accept"]
    for name in sorted(before.keys() & after.keys()):
        was, now = _wrong(before[name]), _wrong(after[name])
        for path, cell in was.items():
            if path not in now:
                change.gained.append({"document": name, **cell})
        for path, cell in now.items():
            if path not in was:
                change.lost.append({"document": name, **cell})
            elif was[path]["confidence"] < accept <= cell["confidence"]:
                change.newly_silent.append({"document": name, **cell})
    return change
