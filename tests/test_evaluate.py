"""`nianbao evaluate`: what it counts, against counts made by hand; and what it does when things go wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import extract
from extractor.evaluate import evaluate
from extractor.evaluate import run as run_module
from extractor.evaluate.change import compare_runs
from extractor.evaluate.compare import compare
from extractor.evaluate.gold import Gold, GoldError, GoldFigure, load_gold
from extractor.evaluate.statistics import (
    Score,
    auroc,
    brier,
    observed_over_expected,
    reliability,
    risk_coverage,
    upper_bound,
)
from extractor.evaluate.terminal import percent
from tests.conftest import ROOT

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
SAMPLES = ROOT / "corpora" / "samples"
GOLD = json.loads((SAMPLES / "demo.txt.gold.json").read_text("utf-8"), parse_float=Decimal)
NEW = "requests.new_received.total"

judgements = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.9, 0.98, 0.99, 1.0]), st.booleans()), max_size=60)


@pytest.mark.parametrize(
    ("errors", "n", "bound"),
    [
        (0, 1, 0.95),
        (0, 30_000, 1 - 0.05 ** (1 / 30_000)),
        (1, 10_000, 4.7429e-4),  # published tables: 4.744 / n
        (3, 100, 0.07571),
        (5, 5, 1.0),
        (0, 0, 1.0),
    ],
)
def test_upper_bound_is_clopper_and_pearsons(errors, n, bound):
    assert upper_bound(errors, n) == pytest.approx(bound, rel=1e-3)


@given(st.integers(0, 50), st.integers(1, 5000))
def test_upper_bound_is_above_the_rate_and_shrinks_with_n(errors, n):
    errors = min(errors, n)
    assert errors / n <= upper_bound(errors, n) <= 1
    assert upper_bound(errors, n * 2) <= upper_bound(errors, n)


@given(judgements)
def test_auroc_is_the_share_of_pairs_in_order(items):
    right, wrong = [c for c, r in items if r], [c for c, r in items if not r]
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in right for b in wrong]
    expected = sum(pairs) / len(pairs) if pairs else None
    assert auroc(Counter(items)) == (pytest.approx(expected) if expected is not None else None)


@given(judgements)
def test_bins_hold_every_judgement_and_coverage_ends_at_all(items):
    judged = Counter(items)
    assert sum(b.n for b in reliability(judged)) == len(items)
    assert sum(b.right for b in reliability(judged)) == sum(r for _, r in items)
    curve = risk_coverage(judged)
    if items:
        assert curve[-1][1] == 1.0
        assert curve[-1][2] == pytest.approx(sum(not r for _, r in items) / len(items))
        assert brier(judged) == pytest.approx(sum((c - r) ** 2 for c, r in items) / len(items))


def test_observed_over_expected_counts_the_middle_only():
    judged = Counter({(0.9, True): 8, (0.9, False): 2, (0.99, False): 5, (0.1, False): 7})
    assert observed_over_expected(judged, 0.5, 0.99) == pytest.approx(2 / 1.0)
    assert observed_over_expected(Counter(), 0.5, 0.99) is None


def test_nothing_is_rounded_up_to_all():
    assert percent(1.0) == "100.00%" and percent(0.99999) == "<100.00%" and percent(None) == "–"
    assert Score(0, 0, 3).precision is None and Score(0, 0, 3).recall == 0


def _gold(**changes: Any) -> Gold:
    return Gold.model_validate({**GOLD, **changes})


def _tables() -> dict[str, Any]:
    return json.loads(json.dumps(GOLD["tables"], default=str))


@pytest.fixture(scope="module")
def report():
    return extract(SAMPLES / "demo.txt")


def test_a_right_report_has_no_wrong_cell(report):
    result = compare("demo.txt", _gold(), report)
    assert result.wrong == [] and result.cells.total() == 200
    assert all(result.metadata.values()) and result.metadata["year"]


def test_wrong_cells_are_found_one_by_one(report):
    tables = _tables()
    tables["requests"]["new_received"]["total"] = {"value": 142, "status": "reported"}
    tables["requests"]["carried_in"]["total"] = {"value": None, "status": "blank"}
    result = compare("demo.txt", _gold(tables=tables), report)
    assert {c.path: c.group for c in result.wrong} == {NEW: "nonzero", "requests.carried_in.total": "empty"}
    first = next(c for c in result.wrong if c.path == NEW)
    assert first.expected == (142, "reported") and first.got == (141, "reported")
    assert result.silent(0.99) == result.wrong
    assert result.silent(1.0) == []


def test_a_blank_is_not_a_zero(report):
    zero = next(
        f"requests.{r}.{c}"
        for r, columns in GOLD["tables"]["requests"].items()
        for c, cell in columns.items()
        if cell["value"] == 0
    )
    tables = _tables()
    row, column = zero.removeprefix("requests.").rsplit(".", 1)
    tables["requests"][row][column] = {"value": None, "status": "blank"}
    assert [c.path for c in compare("x", _gold(tables=tables), report).wrong] == [zero]


def test_numbers_in_cells_the_form_does_not_have_are_errors(report):
    """Gold of the 2019 form against a reading with the 2021 form: its other rows are too many."""
    changed = report.model_copy(deep=True)
    row = next(iter(changed.tables["requests"]))
    changed.tables["requests"]["not_of_this_form"] = changed.tables["requests"][row]
    wrong = compare("x", _gold(), changed).wrong
    assert {c.group for c in wrong} == {"unexpected"} and len(wrong) == 7
    part = {"requests": {"new_received": {"total": {"value": 141, "status": "reported"}}}}
    assert compare("x", _gold(tables=part), changed).wrong == []  # gold of one cell says nothing of others


def test_findings_missed_and_false(report):
    checks = compare("x", _gold(), report).checks
    assert checks is not None and checks.right == len(GOLD["failed_checks"]) and not checks.missed and not checks.false
    wordless = _gold(figures=None, failed_checks=[*GOLD["failed_checks"], "breakdown.f0.1"])  # a workbook's
    checks = compare("x", wordless, report).checks
    assert checks is not None and not [c for c in checks.missed if c.startswith("breakdown.")]
    changed = compare("x", _gold(failed_checks=[*GOLD["failed_checks"][1:], "requests.flow.total"]), report).checks
    assert changed is not None
    assert changed.false == [GOLD["failed_checks"][0]] and changed.missed == ["requests.flow.total"]


def _figures(*items: dict[str, Any]) -> Gold:
    return Gold(figures=[GoldFigure(**i) for i in items])


TEXT = """某某县2022年政府信息公开工作年度报告
一、总体情况
主动公开信息30条，其中通知公告类10条、政策文件类20条。全年举办培训3次，发放手册3册。未收到政府信息公开申请。
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
六、其他需要报告的事项
"""


@pytest.fixture(scope="module")
def prose(tmp_path_factory):
    path = tmp_path_factory.mktemp("prose") / "a.txt"
    path.write_text(TEXT, "utf-8")
    return extract(path)


def test_figures_are_matched_by_value_unit_and_place(prose):
    gold = _figures(
        {"value": 30, "unit": "条", "text": "主动公开信息30条", "part_of": None},
        {"value": 10, "unit": "条", "text": "通知公告类10条", "part_of": 0},
        {"value": 20, "unit": "条", "text": "政策文件类20条", "part_of": "f1"},
        {"value": 3, "unit": "次", "text": "举办培训3次", "measure": "举办培训"},
        {"value": 3, "unit": "本", "text": "发放手册3册", "measure": "发放手册"},
        {"value": 0, "unit": None, "text": "未收到政府信息公开申请", "indicator": "requests_received"},
        {"value": 77, "unit": "场", "text": "召开会议77场"},
    )
    figures = compare("x", gold, prose).figures
    assert figures is not None
    assert (figures.found, figures.wanted, figures.matched, figures.wrong_unit) == (6, 7, 5, 1)
    assert figures.links == (2, 2, 2) and figures.zeros == (1, 1, 1) and figures.indicators == (1, 1, 1)
    assert figures.missed == ["3本 发放手册3册", "77场 召开会议77场"] and len(figures.false) == 1


def test_the_same_number_elsewhere_is_no_match(prose):
    figures = compare("x", _figures({"value": 3, "unit": "次", "text": "开展督查检查3次"}), prose).figures
    assert figures is not None and figures.matched == 0


def test_a_trap_is_counted_where_a_false_figure_stands_in_it(prose):
    gold = Gold(figures=[], distractors=["发放手册3册", "〔2022〕5号"])
    figures = compare("x", gold, prose).figures
    assert figures is not None and figures.distractors == (1, 2)


def _folder(tmp_path: Path, *names: str) -> Path:
    for name in names:
        shutil.copy(SAMPLES / "demo.txt", tmp_path / name)
        shutil.copy(SAMPLES / "demo.txt.gold.json", tmp_path / f"{name}.gold.json")
    return tmp_path


def test_a_document_that_cannot_be_read_costs_all_its_cells(tmp_path):
    folder = _folder(tmp_path, "a.txt", "b.pdf")
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 cut off")
    summary = evaluate(folder).summary()
    assert summary["not_read"] == 1 and summary["cells"]["all"]["n"] == 400
    assert summary["cells"]["all"]["silent"]["errors"] == 0
    nonzero = summary["cells"]["all"]["groups"]["nonzero"]
    assert nonzero["right"] * 2 == nonzero["n"]


def _die_on_b(path: Path, **_: Any) -> Any:
    if Path(path).name == "b.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return extract(path)


def test_a_killed_process_costs_one_document(tmp_path, monkeypatch):
    monkeypatch.setattr(run_module, "extract_or_failure", _die_on_b)
    outcome = evaluate(_folder(tmp_path, "a.txt", "b.txt", "c.txt"), jobs=2)
    assert {d.name: d.error for d in outcome.documents} == {"a.txt": None, "b.txt": "crashed", "c.txt": None}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"tables": {"requests": {"x": {"y": {"value": "3"}}}}}', "\xff"])
def test_bad_gold_says_which_file(tmp_path, content):
    (tmp_path / "a.txt.gold.json").write_text(content, "latin-1")
    with pytest.raises(GoldError, match=r"a\.txt\.gold\.json"):
        load_gold(tmp_path / "a.txt.gold.json")


def _cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([NIANBAO, "evaluate", *arguments], capture_output=True, text=True, timeout=120)


def test_command_line_prints_tables():
    done = _cli(str(SAMPLES))
    assert done.returncode == 0, done.stderr
    assert "proactive_disclosure" in done.stdout and "100.00%" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize("arguments", [["{}"], ["--json", "{}"], [], ["{}/none"], ["{}", "--compare", "{}/x.json"]])
def test_wrong_usage_is_said(tmp_path, arguments):
    done = _cli(*(a.format(tmp_path) for a in arguments))
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr and len(done.stderr) > 20


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_file_that_cannot_be_written_is_said(option):
    done = _cli(str(SAMPLES), option, "/dev/null/x.html")
    assert done.returncode == 2 and "cannot write" in done.stderr and "Traceback" not in done.stderr


def test_json_page_and_plots(tmp_path):
    _folder(tmp_path, "甲 县.txt")
    page = tmp_path / "out" / "result.html"
    done = _cli(str(tmp_path), "--json", "--html", str(page))
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert data["kind"] == "nianbao-evaluation" and data["cells"]["all"]["n"] == 200
    assert "<script" not in page.read_text("utf-8")
    plots = sorted(p.name for p in (tmp_path / "out" / "result-plots").iterdir())
    assert "reliability.png" in plots and "reliability.svg" in plots and len(plots) == 8
    assert (tmp_path / "out" / "result-plots" / "media.png").read_bytes().startswith(b"\x89PNG")


def test_compare_lists_gained_and_lost(tmp_path):
    folder, old = _folder(tmp_path, "a.txt", "b.txt"), tmp_path / "old.json"
    for name, value in (("a.txt", 1410), ("b.txt", 141)):
        tables = _tables()
        tables["requests"]["new_received"]["total"]["value"] = value
        (folder / f"{name}.gold.json").write_text(json.dumps({"tables": tables}), "utf-8")
    assert _cli(str(folder), "--json", str(old)).returncode == 0
    for name, value in (("a.txt", 141), ("b.txt", 14)):
        tables = _tables()
        tables["requests"]["new_received"]["total"]["value"] = value
        (folder / f"{name}.gold.json").write_text(json.dumps({"tables": tables}), "utf-8")
    done = _cli(str(folder), "--compare", str(old))
    assert "1 gained, 1 lost" in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith(("  gained", "  lost"))]
    assert [line.split()[:2] for line in lines] == [["gained:", "a.txt"], ["lost:", "b.txt"]]


def test_change_of_confidence_alone_is_told():
    def run(confidence: float) -> dict[str, Any]:
        cell = {"path": "t.r.c", "confidence": confidence}
        return {"accept": 0.99, "results": [{"document": "a", "wrong": [cell]}]}

    assert len(compare_runs(run(0.5), run(0.995)).newly_silent) == 1
    assert compare_runs(run(0.995), run(0.5)).newly_silent == []


def test_an_interrupt_keeps_what_was_done(tmp_path):
    _folder(tmp_path, *(f"{i:03d}.txt" for i in range(300)))
    process = subprocess.Popen(
        [NIANBAO, "evaluate", str(tmp_path), "-j", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    process.stderr.readline()  # the first tenth is done
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Interrupted" in out and "Traceback" not in err
