"""Whole outputs of committed documents, as they were when somebody last looked at them.

`NIANBAO_REGENERATE=1 pytest tests/test_golden.py` writes them anew: look at the difference before committing it. They
hold what the tool says, so they show changes; what is right is for gold keyed by hand (test_samples, test_guard).
"""

from __future__ import annotations

import json
import os

import pytest

from extractor import extract
from extractor.writers.text import write_text
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden"
REGENERATE = os.environ.get("NIANBAO_REGENERATE") == "1"
DOCUMENTS = {
    "demo-pdf": "samples/demo.pdf",
    "site": "guard/00073-site.html",
    "docx": "guard/00075-docx.docx",
    "glued": "guard/00084-glued.txt",
    "early": "guard/300105-early.txt",
}


def _object(path: str) -> str:
    """The contract object without what differs between runs, versions of the patterns and machines."""
    data = json.loads(extract(ROOT / "corpora" / path).to_json())
    del data["extraction"], data["source"]["path"]
    for table in data["tables"].values():
        for row in table.values():
            for value in row.values():
                del value["confidence"]  # measured anew now and then
    for figure in data["figures"]:
        del figure["confidence"]
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _compare(name: str, text: str) -> None:
    path = GOLDEN / name
    if REGENERATE:
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{name} changed; if that is meant: NIANBAO_REGENERATE=1"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_object(name):
    _compare(f"{name}.json", _object(DOCUMENTS[name]))


def test_text_for_people():
    report = extract(ROOT / "corpora" / "samples" / "demo.pdf")
    _compare("demo-pdf.txt", write_text(report, 0.99, width=100, color=False) + "\n")


def test_regenerating_is_off():
    """In CI, and wherever the switch is not set by hand: a golden file is never written by the suite itself."""
    assert not (REGENERATE and os.environ.get("CI")), "NIANBAO_REGENERATE must not be set in CI"
    if not REGENERATE:
        before = {p.name: p.stat().st_mtime_ns for p in GOLDEN.iterdir()}
        _compare("demo-pdf.json", _object(DOCUMENTS["demo-pdf"]))
        assert before == {p.name: p.stat().st_mtime_ns for p in GOLDEN.iterdir()}
