"""The shipped data under ``patterns/``: one place that knows where it lies."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from extractor.errors import PatternError

_HERE = Path(__file__).resolve().parent


@cache
def folder() -> Path:
    """The patterns folder: inside the installed package, or beside it in a checkout."""
    for candidate in (_HERE / "patterns", _HERE.parent / "patterns"):
        if candidate.is_dir():
            return candidate
    raise PatternError("the folder patterns/ is missing", hint="Install the package again.")


@cache
def load_yaml(name: str) -> Any:
    """The parsed YAML file ``patterns/NAME``; do not change what comes back, it is shared."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((folder() / name).read_text("utf-8"), Loader=loader)


@cache
def load_json(name: str) -> Any:
    """The parsed JSON file ``patterns/NAME``; do not change what comes back, it is shared."""
    return json.loads((folder() / name).read_text("utf-8"))


@cache
def version() -> str:
    """A short digest of all pattern files: two runs with one digest used the same data."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder().rglob("*") if p.suffix in {".yaml", ".json"}):
        digest.update(path.relative_to(folder()).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
