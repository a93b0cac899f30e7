"""Writes the record of the guard anew: `python -m tests.guard`. Look at the difference before committing it."""

from __future__ import annotations

from typing import Any

import simplejson

from extractor.evaluate import Evaluation, evaluate
from tests.conftest import ROOT

GUARD = ROOT / "corpora" / "guard"
RECORD = ROOT / "corpora" / "guard.json"


def record(outcome: Evaluation) -> dict[str, Any]:
    """What of an evaluation does not change between machines."""
    data = outcome.as_dict()
    for result in data["results"]:
        del result["seconds"]
    coverage = {m: round(row["coverage"], 4) for m, row in data["cells"]["by_medium"].items()}
    return {"kind": data["kind"], "accept": data["accept"], "coverage": coverage, "results": data["results"]}


def main() -> None:
    text = simplejson.dumps(record(evaluate(GUARD)), use_decimal=True, ensure_ascii=False, indent=1)
    RECORD.write_text(text + "\n", "utf-8")
    print(f"wrote {RECORD}")


if __name__ == "__main__":
    main()
