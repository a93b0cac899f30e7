"""Batches: what is read, what survives, what is written."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from corpora.making import text_or_web_bytes
from extractor import read_cells
from extractor.batch.executor import LocalExecutor
from extractor.batch.export import export
from extractor.batch.inputs import Found, Input, expand
from extractor.batch.ledger import Ledger
from extractor.batch.rows import objects
from extractor.batch.run import BatchOptions, run_batch
from extractor.batch.status import status_of
from extractor.errors import BatchError, FolderInUse, MissingDependency
from extractor.writers.tidy import TABLES
from tests import misbehave

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
OPTIONS = BatchOptions(jobs=2, timeout=30, figures=False)


@pytest.fixture
def reports(tmp_path) -> Path:
    """A folder of six texts and web pages, one of them twice."""
    folder = tmp_path / "in"
    folder.mkdir()
    for seed in range(5):
        medium, suffix = ("tab", "txt") if seed % 2 else ("site", "html")
        (folder / f"{seed}.{suffix}").write_bytes(text_or_web_bytes(600 + seed, medium))
    (folder / "again.txt").write_bytes((folder / "1.txt").read_bytes())
    return folder


def _names(arguments) -> list[str]:
    return [i.name for i in expand([str(a) for a in arguments], Found())]


def _run(folder, out, options=OPTIONS):
    return run_batch(expand([str(folder)], Found()), out, options)


def _tables(out: Path) -> dict[str, list[str]]:
    """The rows of each table, sorted."""
    return {p.name: sorted(p.read_text("utf-8").splitlines()) for p in sorted(out.glob("[cfr]*.csv"))}


def test_folders_globs_archives_and_links(reports):
    (reports / ".hidden.txt").write_text("x")
    (reports / "~$open.docx").write_text("x")
    (reports / "half.pdf.part").write_text("x")
    (reports / "deep").mkdir()
    (reports / "deep" / "loop").symlink_to(reports)
    with zipfile.ZipFile(reports / "deep" / "some.zip", "w") as archive:
        archive.write(reports / "1.txt", "二〇二三/1.txt")
    found = Found()
    names = [Path(i.name).name for i in expand([str(reports)], found)]
    assert names == ["0.html", "1.txt", "2.html", "3.txt", "4.html", "again.txt", "1.txt"]
    assert found.passed_over == 3
    assert len(_names([reports / "*.html"])) == 3
    assert _names(["no such*"]) == ["no such*"]


def test_a_workbook_is_one_document_though_it_is_a_zip(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(text_or_web_bytes(600, "xlsx"))
    assert _names([path]) == [str(path)]


def test_rerun_reads_nothing_and_retry_reads_again(reports, tmp_path):
    out = tmp_path / "out"
    first = _run(reports, out)
    assert (first.inputs, first.documents, first.failed) == (6, 6, 0)
    export(out, ["csv"])
    tables = _tables(out)
    second = _run(reports, out)
    assert second.before == 6
    export(out, ["csv"])
    assert _tables(out) == tables
    third = _run(reports, out, BatchOptions(jobs=2, figures=False, retry="all"))
    assert third.before == 0
    with_figures = _run(reports, out, BatchOptions(jobs=2))
    assert with_figures.before == 0  # other options, other results


def test_same_bytes_are_read_once_and_reported_twice(reports, tmp_path):
    _run(reports, tmp_path / "out")
    ledger = Ledger(tmp_path / "out", writer=False)
    assert ledger.db.execute("SELECT count(*) FROM results").fetchone()[0] == 5
    paths = [json.loads(line)["source"]["path"] for line in objects(ledger.db)]
    assert sorted(map(os.path.basename, paths)) == ["0.html", "1.txt", "2.html", "3.txt", "4.html", "again.txt"]


def test_what_misbehaves_costs_one_document(reports, tmp_path):
    for name in ("crash.txt", "hang.txt", "hog.txt", "fault.txt"):
        (reports / name).write_text(name)
    executor = LocalExecutor(2, timeout=4, memory=400, worker=misbehave.worker)
    summary = run_batch(expand([str(reports)], Found()), tmp_path / "out", OPTIONS, executor=executor)
    assert summary.documents == summary.inputs == 10
    assert summary.states["ok"] + summary.states["needs_review"] == 6
    assert {k: v for k, v in summary.states.items() if k not in ("ok", "needs_review")} == {
        "crashed": 2, "timeout": 1, "out_of_memory": 1,
    }  # fmt: skip
    export(tmp_path / "out", ["csv"])
    rows = list(csv.DictReader((tmp_path / "out" / "failures.csv").open(encoding="utf-8")))
    assert {Path(r["path"]).stem: r["code"] for r in rows} == {
        "crash": "crashed", "fault": "crashed", "hang": "timeout", "hog": "out_of_memory",
    }  # fmt: skip
    assert all(r["message"] and r["hint"] for r in rows)
    failed = run_batch(
        expand([str(reports)], Found()), tmp_path / "out", BatchOptions(2, figures=False, retry="failed")
    )
    assert (failed.before, failed.states["not_a_report"]) == (6, 4)  # without misbehaving: texts that are no report


def test_one_run_at_a_time(reports, tmp_path):
    held = Ledger(tmp_path / "out")
    with pytest.raises(FolderInUse):
        _run(reports, tmp_path / "out")
    held.close()
    assert _run(reports, tmp_path / "out").documents == 6


def test_no_batch_there(tmp_path):
    with pytest.raises(BatchError):
        status_of(tmp_path)
    with pytest.raises(BatchError):
        read_cells(tmp_path)


def test_compilations_are_given_report_by_report(tmp_path):
    path = tmp_path / "two.txt"
    path.write_bytes(text_or_web_bytes(600, "tab") + b"\n\n" + text_or_web_bytes(601, "tab"))
    _run(tmp_path, tmp_path / "out")
    export(tmp_path / "out", ["csv"])
    rows = list(csv.DictReader((tmp_path / "out" / "reports.csv").open(encoding="utf-8")))
    assert [r["path"] for r in rows] == [f"{path}#1", f"{path}#2"]
    assert rows[1]["report"] == f"{rows[0]['report']}#2"
    assert len({r["title"] for r in rows}) == 2


def test_manifest_fills_gaps_and_is_compared(reports, tmp_path):
    manifest = tmp_path / "list.csv"
    manifest.write_text("path,url,division,year\nin/1.txt,https://example.org/1,320813,1999\n", "utf-8")
    command = [NIANBAO, "batch", "--manifest", str(manifest), "-o", str(tmp_path / "out"), "-f", "csv", "-q"]
    subprocess.run(command, check=True, timeout=60)
    row = next(csv.DictReader((tmp_path / "out" / "reports.csv").open(encoding="utf-8")))
    assert (row["retrieved_from"], row["division"]) == ("https://example.org/1", "320813")
    checks = csv.DictReader((tmp_path / "out" / "checks.csv").open(encoding="utf-8"))
    year = next(c for c in checks if c["check"] == "meta.manifest_year")
    assert (year["passed"], year["left"]) == ("false", "1999")


def _start(folder, out) -> subprocess.Popen:
    command = [NIANBAO, "batch", str(folder), "-o", str(out), "-f", "csv", "-j", "2", "--no-figures"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def _many(folder: Path, count: int) -> None:
    folder.mkdir()
    for seed in range(count):
        (folder / f"{seed:03}.txt").write_bytes(text_or_web_bytes(700 + seed % 40, "tab") + b" " * seed)


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """A batch with figures, written in every format."""
    root = tmp_path_factory.mktemp("written")
    folder = root / "in"
    folder.mkdir()
    for seed in range(6):
        (folder / f"{seed}.txt").write_bytes(text_or_web_bytes(620 + seed, "tab"))
    (folder / "empty.txt").write_bytes(b"")
    run_batch(expand([str(folder)], Found()), root / "out", BatchOptions(jobs=2))
    export(root / "out", ["parquet", "csv", "xlsx", "duckdb", "stata", "wide"], "gz")
    return root / "out"


def _csv_cells(out: Path) -> list[tuple[str, str, str, float | None]]:
    rows = csv.DictReader((out / "cells.csv").open(encoding="utf-8"))
    return [(r["table"], r["row"], r["column"], float(r["value"]) if r["value"] else None) for r in rows]


def test_integers_stay_integers_and_missing_stays_missing(written):
    rows = list(csv.DictReader((written / "cells.csv").open(encoding="utf-8")))
    assert all(r["value"].isdigit() for r in rows if r["value"] and "amount" not in r["column"] and r["form"] == "2021")
    assert all((r["value"] == "") == (r["status"] != "reported") for r in rows)
    assert any(r["status"] == "blank" for r in rows)


def test_parquet_in_pandas_polars_and_duckdb(written):
    import duckdb
    import pandas
    import polars

    wanted = _csv_cells(written)
    columns = ["table", "row", "column", "value"]
    frame = pandas.read_parquet(written / "cells.parquet")[columns]
    assert [tuple(None if v != v else v for v in row) for row in frame.itertuples(index=False)] == wanted
    assert polars.read_parquet(written / "cells.parquet").select(columns).rows() == wanted
    database = duckdb.connect(str(written / "reports.duckdb"), read_only=True)
    assert database.execute('SELECT "table", "row", "column", value FROM cells').fetchall() == wanted
    assert database.execute("SELECT count(*) FROM failed_checks").fetchone()[0] >= 0
    assert read_cells(written).shape[0] == len(wanted)


def test_workbook_and_stata(written):
    import openpyxl
    import pandas

    wanted = _csv_cells(written)
    sheet = openpyxl.load_workbook(written / "reports.xlsx", read_only=True)["cells"]
    head, *rows = sheet.iter_rows(values_only=True)
    at = [head.index(n) for n in ("table", "row", "column", "value")]
    assert [tuple(r[i] for i in at) for r in rows] == wanted
    frame = pandas.read_stata(written / "cells.dta")[["table", "row", "column", "value"]]
    assert [tuple(None if v != v else v for v in row) for row in frame.itertuples(index=False)] == wanted


def test_names_for_stata_are_short_plain_and_different():
    for columns in TABLES.values():
        names = [c.short for c in columns]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z_][a-z0-9_]{0,31}", n) for n in names)


def test_wide_table_has_a_row_a_report(written):
    rows = list(csv.DictReader((written / "wide.csv").open(encoding="utf-8")))
    reports = list(csv.DictReader((written / "reports.csv").open(encoding="utf-8")))
    assert [r["report"] for r in rows] == [r["report"] for r in reports]
    cells = {(r["report"], r["table"], r["row"], r["column"]): r["value"]
             for r in csv.DictReader((written / "cells.csv").open(encoding="utf-8"))}  # fmt: skip
    for row in rows:
        assert row["requests__new_received__total"] == cells[row["report"], "requests", "new_received", "total"]


def test_the_data_package_validates(written):
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(written / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_objects_are_those_of_extract(written):
    import gzip

    from extractor import extract
    from extractor.report import Report

    lines = gzip.decompress((written / "reports.jsonl.gz").read_bytes()).decode().splitlines()
    assert len(lines) == 7
    for line in lines:
        got = Report.from_json(line)
        if got.error is None:
            own = extract(got.source.path)
            assert own.model_copy(update={"extraction": got.extraction}) == got


def test_without_pyarrow_csv_is_written(reports, tmp_path, monkeypatch):
    from extractor.batch import export as module

    def missing(name):
        raise MissingDependency(name)

    _run(reports, tmp_path / "out")
    monkeypatch.setattr(module, "_arrow", missing)
    with pytest.raises(MissingDependency):
        export(tmp_path / "out", ["parquet"])
    assert export(tmp_path / "out", ["csv"])


def test_a_batch_without_figures_is_written_too(reports, tmp_path):
    run_batch(expand([str(reports)], Found()), tmp_path, BatchOptions(figures=False))
    export(tmp_path, ["parquet", "csv", "duckdb"])
    figures = pytest.importorskip("pandas").read_parquet(tmp_path / "figures.parquet")
    assert len(figures) == 0 and "indicator" in figures.columns


def test_an_address_is_read_through_fsspec(reports):
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe("/some/1.txt", (reports / "1.txt").read_bytes())
    from extractor.batch.inputs import read_input

    assert read_input(Input("memory://some/1.txt", "memory://some/1.txt")) == (reports / "1.txt").read_bytes()
