"""The wheel alone, away from the checkout: code, patterns, fitted confidence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def _build(folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def test_wheel_runs_in_an_empty_environment(tmp_path):
    wheel = _build(tmp_path)
    names = zipfile.ZipFile(wheel).namelist()
    assert "cli.py" in names and "extractor/patterns/forms/2021.yaml" in names
    assert "extractor/patterns/confidence/cells.json" in names
    assert not any(n.startswith(("tests/", "corpora/", "patterns/")) for n in names)
    home = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, timeout=120)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, timeout=120)
    # Dependencies come from the tests' own environment; its editable link to the checkout does not
    # work through PYTHONPATH, so what runs is the wheel.
    environment = {**os.environ, "PYTHONPATH": sysconfig.get_path("purelib")}
    demo = (ROOT / "corpora" / "samples" / "demo.txt").read_bytes()
    command = [str(home / "bin" / "nianbao"), "extract", "-"]
    done = subprocess.run(command, input=demo, capture_output=True, cwd=tmp_path, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["tables"]["requests"]["new_received"]["total"]["value"] == 141
    assert report["figures"]
    where = [str(home / "bin" / "python"), "-c", "import extractor; print(extractor.__file__)"]
    place = subprocess.run(where, capture_output=True, text=True, cwd=tmp_path, env=environment, check=True).stdout
    assert str(home) in place
