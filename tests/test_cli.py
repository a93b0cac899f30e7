"""The command line: what it writes where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
DEMO = ROOT / "corpora" / "samples" / "demo.pdf"


def _run(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [NIANBAO, *arguments], input=stdin, capture_output=True, timeout=120, env={**os.environ, **environment}
    )


def test_json_to_standard_output():
    done = _run("extract", str(DEMO))
    assert done.returncode == 0 and done.stderr == b""
    report = json.loads(done.stdout)
    assert report["schema_version"] == "1.0" and report["report"]["year"] == 2025
    assert report["tables"]["requests"]["new_received"]["total"]["value"] == 141


def test_module_and_script_say_the_same():
    script = json.loads(_run("extract", str(DEMO), "--no-figures").stdout)
    plain = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "extract", str(DEMO), "--no-figures"], capture_output=True, check=True
    )
    module = json.loads(plain.stdout)
    script.pop("extraction"), module.pop("extraction")
    assert script == module


def test_standard_input_and_output_file(tmp_path):
    out = tmp_path / "out 年报.json"
    done = _run("extract", "-", "-o", str(out), stdin=DEMO.read_bytes())
    assert (done.returncode, done.stdout) == (0, b"")
    assert json.loads(out.read_text("utf-8"))["source"]["path"] == "-"


def test_csv_has_every_cell():
    rows = list(csv.DictReader(io.StringIO(_run("extract", str(DEMO), "-f", "csv").stdout.decode())))
    assert len(rows) == 200
    cell = next(r for r in rows if (r["row"], r["column"]) == ("new_received", "total"))
    assert (cell["table"], cell["value"], cell["status"], cell["year"], cell["form"]) == (
        "requests",
        "141",
        "reported",
        "2025",
        "2021",
    )
    assert {r["value"] for r in rows if r["status"] == "blank"} == {""}


def test_text_shows_tables_findings_and_the_tree():
    text = _run("extract", str(DEMO), "-f", "text").stdout.decode()
    assert "✗ reconsideration_litigation.sum.litigation_direct: 5 ≠ 6" in text
    assert re.search(r"通过门户网站发布信息\s+3928条.*\n│   ├── 规划计划类信息\s+1236条", text)
    assert "\x1b[" not in text


def test_error_is_json_too_and_exit_code_is_1(tmp_path):
    done = _run("extract", str(tmp_path / "no file.pdf"))
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["status"], report["error"]["code"]) == ("error", "not_found")
    assert b"Traceback" not in done.stderr and b"not_found" in done.stderr


def test_not_a_report(tmp_path):
    path = tmp_path / "memo.txt"
    path.write_text("今天开会。" * 30, "utf-8")
    done = _run("extract", str(path))
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "not_a_report"


@pytest.mark.parametrize(
    "arguments", [["extract"], ["extract", "x", "-f", "xml"], ["nothing"], ["extract", "x", "--accept", "2"]]
)
def test_wrong_usage(arguments):
    done = _run(*arguments)
    assert done.returncode == 2 and done.stdout == b"" and b"Traceback" not in done.stderr


def test_output_that_cannot_be_written(tmp_path):
    done = _run("extract", str(DEMO), "--no-figures", "-o", str(tmp_path / "no" / "such" / "folder.json"))
    assert done.returncode == 2 and b"cannot write" in done.stderr


def test_schema_is_valid_for_the_output():
    schema = json.loads(_run("schema").stdout)
    assert schema["properties"]["tables"] and schema["title"] == "Report"
    report = json.loads(_run("extract", str(DEMO), "--no-figures").stdout)
    assert set(report) == set(schema["properties"])


def test_help_has_examples_and_fits_a_screen():
    for verb in ([], ["extract"]):
        text = _run(*verb, "--help").stdout.decode()
        assert text.count("nianbao extract") >= 2
        assert len(text.splitlines()) <= 40


def test_help_is_quick():
    began = time.monotonic()
    for _ in range(3):
        _run("--help")
    assert (time.monotonic() - began) / 3 < 0.5  # 0.25 s on an idle machine; see benchmarks/speed.py


def test_work_without_figures_loads_neither_jieba_nor_spacy():
    code = (
        "import sys, extractor; extractor.extract(sys.argv[1], figures=False); "
        "print([m for m in ('jieba', 'spacy', 'extractor.figures') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(DEMO)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "jieba" not in done.stdout and "spacy" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_interrupt_ends_with_130():
    process = subprocess.Popen(
        [NIANBAO, "extract", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err
