"""Where the real samples are, and fixtures that several rooms use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "gold"
SAMPLES = ROOT.parent / "shared" / "samples"


def gold_names() -> list[str]:
    """The keyed samples, by file name."""
    return sorted(p.name.removesuffix(".gold.json") for p in GOLD.glob("*.gold.json"))


def load_gold(name: str) -> dict[str, Any]:
    """The keyed facts of a sample."""
    return dict(json.loads((GOLD / f"{name}.gold.json").read_text("utf-8")))


def sample(name: str) -> Path:
    """A real sample; the test is skipped where the samples are not at hand."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip("the real samples are not beside this checkout")
    return path
