"""The command line: each command is a few lines over the public API."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from extractor.errors import NianbaoError
from extractor.version import __version__

MANY_PAGES = 3  # of a scan, from which on progress is shown
EXAMPLES = """\b
Examples:
  nianbao extract report.pdf --format text
  nianbao extract report.txt -o report.json
  nianbao batch archive/ -o results
  nianbao evaluate FOLDER --html result.html
"""


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXAMPLES,
    help="Turn 政府信息公开工作年度报告 into data: every cell and figure, its place and a measured confidence.",
)
@click.version_option(__version__, "-V", "--version", prog_name="nianbao")
def app() -> None:
    pass


class _Refused(click.ClickException):
    """A command that cannot be done: the cause and what to do, without the usage line."""

    exit_code = 2

    def __init__(self, error: NianbaoError) -> None:
        super().__init__(f"{error.message}\n  {error.hint}")


def _write(text: str, output: str) -> None:
    data = (text if text.endswith("\n") else text + "\n").encode("utf-8", "backslashreplace")
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        with open(output, "wb") as file:
            file.write(data)
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror or error}") from error


def _bar(name: str, of: int | None) -> Any:
    """A live bar on standard error that has begun."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task(name, total=of)
    bar.start()
    return bar


@contextmanager
def _page_bar() -> Iterator[Callable[[int, int], None] | None]:
    """tick(done, of) for the pages of a scan: a live bar on standard error, drawn when the first page is done.

    None where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    bars: list[Any] = []

    def tick(done: int, of: int) -> None:
        if of < MANY_PAGES:
            return
        if not bars:
            bars.append(_bar("pages", of))
        bars[0].update(bars[0].task_ids[0], completed=done)

    try:
        yield tick
    finally:
        for bar in bars:
            bar.stop()


def _rendered(report: Any, kind: str, to_terminal: bool) -> str:
    if kind == "csv":
        from extractor.writers.csv import write_cells

        return write_cells(report)
    if kind == "text":
        import os
        import shutil

        from extractor.writers.text import write_text

        width = shutil.get_terminal_size((100, 40)).columns if to_terminal else 100
        accept = report.extraction.accept or 0.0
        return write_text(report, accept, width=width, color=to_terminal and "NO_COLOR" not in os.environ)
    return str(report.to_json())


_MAX_ERROR = "Instead of --accept: choose it so that at most this share of accepted cells is wrong (95 % sure)."


@app.command(
    epilog="""\b
Examples:
  nianbao extract report.pdf --format text
  curl -s URL | nianbao extract - -f csv -o cells.csv
\b
Exit codes: 0 read (even if it needs review) · 1 error or not a report · 2 wrong usage · 130 interrupted
"""
)
@click.argument("path", metavar="INPUT")
@click.option("-o", "--output", default="-", metavar="FILE", help="Write there instead of to standard output.")
@click.option("-f", "--format", "kind", type=click.Choice(["json", "csv", "text"]), default="json", show_default=True)
@click.option("--no-figures", is_flag=True, help="Read the tables only (faster).")
@click.option(
    "--accept", type=click.FloatRange(0, 1), default=0.99, show_default=True, metavar="P",
    help="Cells below this confidence send the report to review.",
)  # fmt: skip
@click.option("--max-error", type=click.FloatRange(0, 1, min_open=True), metavar="SHARE", help=_MAX_ERROR)
def extract(path: str, output: str, kind: str, no_figures: bool, accept: float, max_error: float | None) -> None:
    """Read one report (INPUT; - is standard input) and write its data."""
    from extractor.api import extract_content, extract_or_failure
    from extractor.page_progress import pages_told_to
    from extractor.report import Failure

    with _page_bar() as tick, pages_told_to(tick):
        if path == "-":
            result = extract_content(
                sys.stdin.buffer.read(), "-", figures=not no_figures, accept=accept, max_error=max_error
            )
        else:
            result = extract_or_failure(path, figures=not no_figures, accept=accept, max_error=max_error)
    failed = isinstance(result, Failure)
    report = result.report if isinstance(result, Failure) else result
    if isinstance(result, Failure):
        click.echo(f"nianbao: {result.error.code}: {result.error.message}\n  {result.error.hint}", err=True)
    _write(_rendered(report, kind, output == "-" and sys.stdout.isatty()), output)
    sys.exit(1 if failed else 0)


@app.command()
@click.option("-o", "--output", default="-", metavar="FILE", help="Write there instead of to standard output.")
def schema(output: str) -> None:
    """Print the JSON Schema of the output."""
    import json

    from extractor.report import Report

    _write(json.dumps(Report.model_json_schema(), ensure_ascii=False, indent=2), output)


def _progress(quiet: bool) -> Any:
    """tick(done, of): a live bar in a terminal, else a line at every tenth; on standard error."""
    if quiet:
        return None
    if sys.stderr.isatty():
        bar = _bar("reading", None)

        def move(done: int, of: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=of)
            if done == of:
                bar.stop()

        return move

    def line(done: int, of: int) -> None:
        if of > 20 and done * 10 // of > (done - 1) * 10 // of:
            click.echo(f"{done}/{of} documents", err=True)

    return line


@app.command(
    epilog="""\b
Examples:
  nianbao evaluate corpora/samples
  nianbao evaluate FOLDER --json today.json --html today.html
  nianbao evaluate FOLDER --compare yesterday.json
\b
Exit codes: 0 all read · 1 a document is an error or not a report · 2 wrong usage · 130 interrupted
"""
)
@click.argument("folder", required=False, metavar="FOLDER")
@click.option("--accept", type=click.FloatRange(0, 1), default=0.99, show_default=True, metavar="P",
              help="Cells at or above this confidence are accepted: wrong ones are silent errors.")  # fmt: skip
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes (default: one a core).")
@click.option("--json", "as_json", is_flag=False, flag_value="-", metavar="[FILE]",
              help="Write all numbers and every wrong cell as JSON, to FILE or standard output.")  # fmt: skip
@click.option(
    "--html", metavar="FILE", help="Write a page, and its plots as PNG and SVG beside it. Needs nianbao[review]."
)
@click.option("--compare", metavar="OLD.json", help="List the cells gained and lost since an earlier --json.")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
def evaluate(
    folder: str | None, accept: float, jobs: int | None, as_json: str | None, html: str | None,
    compare: str | None, quiet: bool,
) -> None:  # fmt: skip
    """Compare what is read in FOLDER with the truth: a.pdf with a.pdf.gold.json beside it."""
    import os
    from pathlib import Path

    if folder is None and as_json and Path(as_json).is_dir():  # `--json FOLDER`: the option took the argument
        folder, as_json = as_json, "-"
    if folder is None:
        raise click.UsageError("Missing argument 'FOLDER'.")
    from extractor.evaluate.command import Wanted, run_evaluation

    terminal = as_json != "-" and sys.stdout.isatty()
    wanted = Wanted(accept, jobs or os.cpu_count() or 1, as_json, html, compare, terminal)
    try:
        text, code = run_evaluation(folder, wanted, _progress(quiet))
    except NianbaoError as error:
        raise _Refused(error) from error
    _write(text, "-")
    sys.exit(code)


@app.command(
    epilog="""\b
Examples:
  nianbao batch archive/ -o results
  nianbao batch 2023/*.pdf reports.zip -o results -f csv -f xlsx -j 4
  find . -name '*.html' | nianbao batch - -o results --retry failed
\b
Run it again to go on: what is done and unchanged is not read again.
Exit codes: 0 all read · 1 an input stands as error or not_a_report · 2 wrong usage · 130 interrupted
"""
)
@click.argument("inputs", nargs=-1, metavar="INPUT…")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where ledger and tables go.")
@click.option("--from-file", "lists", multiple=True, metavar="LIST", help="Read names from there, one a line.")
@click.option("--manifest", metavar="CSV", help="Says more of files: path, url, body, division, year.")
@click.option("-f", "--format", "formats", multiple=True,
              type=click.Choice(["parquet", "csv", "xlsx", "duckdb", "stata", "wide"]),
              help="Tables to write (default: parquet and csv).")  # fmt: skip
@click.option("--compress", type=click.Choice(["gz", "zst"]), help="Compress reports.jsonl.")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes (default: one a core).")
@click.option("--timeout", type=click.FloatRange(0.1), default=120, show_default=True, help="Seconds a document.")
@click.option("--memory", type=click.IntRange(100), default=2048, show_default=True, help="Megabytes a process.")
@click.option("--retry", type=click.Choice(["failed", "needs_review", "all"]), help="Read these again.")
@click.option("--no-figures", is_flag=True, help="Read the tables only (faster).")
@click.option("--accept", type=click.FloatRange(0, 1), default=0.99, show_default=True, metavar="P",
              help="Cells below this confidence send a report to review.")  # fmt: skip
@click.option("--max-error", type=click.FloatRange(0, 1, min_open=True), metavar="SHARE", help=_MAX_ERROR)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
def batch(
    inputs: tuple[str, ...], output: str, lists: tuple[str, ...], manifest: str | None, formats: tuple[str, ...],
    compress: str | None, jobs: int | None, timeout: float, memory: int, retry: Any, no_figures: bool,
    accept: float, max_error: float | None, quiet: bool,
) -> None:  # fmt: skip
    """Read many reports (files, folders, globs, ZIPs; - is names on standard input) into one set of tables."""
    import os
    from pathlib import Path

    if not (inputs or lists or manifest):
        raise click.UsageError("Name what to read: files, folders, --from-file LIST or --manifest CSV.")
    from extractor.batch.command import Wanted, run_command
    from extractor.batch.run import BatchOptions

    options = BatchOptions(jobs or os.cpu_count() or 1, timeout, memory, not no_figures, accept, retry, max_error)
    wanted = Wanted(inputs, Path(output), lists, manifest, formats, compress, quiet)
    try:
        sys.exit(run_command(wanted, options, _say, live=sys.stderr.isatty()))
    except NianbaoError as error:
        raise _Refused(error) from error


def _say(text: str) -> None:
    click.echo(text, err=True)


@app.command()
@click.argument("folder", metavar="FOLDER")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(folder: str, as_json: bool) -> None:
    """Show the state of a batch FOLDER: counts, slowest and failed documents, confidence, open findings."""
    import json
    from pathlib import Path

    from extractor.batch.status import as_text, status_of

    try:
        state = status_of(Path(folder))
    except NianbaoError as error:
        raise _Refused(error) from error
    _write(json.dumps(state, ensure_ascii=False, indent=2) if as_json else as_text(state), "-")


@app.command()
def doctor() -> None:
    """Say what is installed, what is missing for which media and how to get it; try reading here."""
    from extractor.doctor import examine

    marks = {"ok": "✓", "missing": "–", "failed": "✗"}
    failed = False
    for finding in examine():
        failed |= finding.state == "failed"
        click.echo(f"{marks[finding.state]} {finding.name:18} {finding.text}")
    sys.exit(1 if failed else 0)


def main() -> None:
    """Entry point of ``nianbao``; an interrupt exits with 130 and no traceback."""
    try:
        code = app.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)


if __name__ == "__main__":
    main()
