"""Batches at scale: 10,000 documents to the end, and a run that is killed again and again.

`python -m benchmarks.batch scale` makes the documents, reads them with `nianbao batch` (timeout 10 s a document), and
compares wall time with a warm loop in this process and the parent's memory at 1,000 and 10,000 documents.
`python -m benchmarks.batch kills` kills workers and parents at random and compares the tables with an undisturbed run.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from corpora.making import make_document, text_or_web_bytes
from extractor.batch.inputs import Input
from extractor.batch.status import status_of
from extractor.batch.work import Job, work
from extractor.pipeline import Options

NIANBAO = [str(Path(sys.executable).with_name("nianbao")), "batch"]
FIRST = 40_000
OFFICE = 60  # different PDFs, and as many different Word files; the rest of each are copies with other bytes
TABLES = ("cells.csv", "figures.csv", "checks.csv", "failures.csv")


def _text(job: tuple[int, Path]) -> None:
    seed, folder = job
    medium, suffix = [("tab", "txt"), ("site", "html"), ("pipes", "txt"), ("html", "html")][seed % 4]
    (folder / f"{seed}.{suffix}").write_bytes(text_or_web_bytes(FIRST + seed, medium))


def _office(job: tuple[int, Path, int]) -> None:
    seed, folder, copies = job
    made, _ = make_document(FIRST + seed, "reportlab", folder)
    for kind, content in (("pdf", made.read_bytes()), ("docx", text_or_web_bytes(FIRST + seed, "docx"))):
        for copy in range(copies):
            tail = b"\n" * copy if kind == "pdf" else b""
            (folder / f"{seed}-{copy}.{kind}").write_bytes(content + tail)
    made.unlink()
    Path(f"{made}.gold.json").unlink()


def _hostile(folder: Path, count: int) -> None:
    rng = random.Random(1)
    for n in range(count):
        kinds = (
            b"",
            rng.randbytes(5000),
            b"%PDF-1.7\n" + rng.randbytes(3000),
            b"PK\x03\x04" + rng.randbytes(3000),
            "关于召开会议的通知".encode() * 50,
            b"<html>" + b"<div>" * 30_000,
            b"\xd0\xcf\x11\xe0" + rng.randbytes(4000),
            b"{\\rtf1 " + rng.randbytes(500),
            b"\x00" * 10_000,
            "一、总体情况\n".encode() * 20_000,
        )
        content = kinds[n % 10] + (b" " * n if n % 10 else b"")
        (folder / f"hostile-{n}").write_bytes(content)


def make(folder: Path, documents: int) -> None:
    """Nine tenths text and web pages, nine hundredths PDF and Word, a hundredth hostile."""
    folder.mkdir()
    texts, office = documents * 9 // 10, documents * 9 // 100
    different = min(OFFICE, max(office // 2, 1))
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_text, [(n, folder) for n in range(texts)], chunksize=50))
        list(pool.map(_office, [(n, folder, office // (2 * different)) for n in range(different)], chunksize=4))
    _hostile(folder, documents // 100)


def _run(folder: Path, out: Path, *more: str) -> tuple[float, int, int]:
    """Wall seconds, peak memory of the parent (kB), and exit code."""
    began = time.perf_counter()
    run = subprocess.Popen([*NIANBAO, str(folder), "-o", str(out), "--timeout", "10", *more], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(run.pid, 0)
    return time.perf_counter() - began, usage.ru_maxrss, os.waitstatus_to_exitcode(status)


def warm_loop(folder: Path) -> float:
    """Seconds that the same work takes in one warm process, the hostile files included."""
    jobs = [Job(Input(str(p), str(p)), Options()) for p in sorted(folder.iterdir())]
    for job in jobs[:50]:
        work(job)
    began = time.perf_counter()
    for job in jobs:
        work(job)
    return time.perf_counter() - began


def scale(documents: int, root: Path) -> None:
    """Run to the end and print what it took."""
    peaks = {}
    for size in (documents // 10, documents):
        make(root / f"in{size}", size)
        seconds, peak, code = _run(root / f"in{size}", root / f"out{size}", "-f", "csv")
        peaks[size] = peak
        print(f"{size} documents: {seconds:.1f} s wall, parent at most {peak // 1024} MB, exit {code}", flush=True)
    state = status_of(root / f"out{documents}")
    for name, n in state["states"].items():
        print(f"  {n:8}  {name}")
    loop, cores = warm_loop(root / f"in{documents}"), os.cpu_count() or 1
    ratio, growth = seconds * cores / loop, peaks[documents] / peaks[documents // 10]
    print(f"warm loop in one process: {loop:.1f} s; on {cores} cores {loop / cores:.1f} s; ratio {ratio:.2f}")
    print(f"parent's peak memory, {documents} over {documents // 10}: {growth:.2f}")


def _workers(parent: int) -> list[int]:
    """The processes below a process."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in found.splitlines():
        pid, above = map(int, line.split())
        children.setdefault(above, []).append(pid)
    out, todo = [], [parent]
    while todo:
        below = children.get(todo.pop(), [])
        out += below
        todo += below
    return out


def kills(times: int, root: Path) -> None:
    """Kill workers and parents of one run at random until so many were killed; then finish it, and compare."""
    make(root / "in", 240 * times)
    _run(root / "in", root / "calm", "-f", "csv")
    rng = random.Random(7)
    killed = parents = 0
    while killed < times:
        command = [*NIANBAO, str(root / "in"), "-o", str(root / "out"), "-f", "csv"]
        run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(1.2)  # a run needs this long to begin
        while run.poll() is None and killed < times:
            time.sleep(rng.uniform(0.02, 0.2))
            whole = rng.random() < 0.4
            workers = _workers(run.pid)
            victim = run.pid if whole or not workers else rng.choice(workers)
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed, parents = killed + 1, parents + (victim == run.pid)
        run.wait()
        if run.returncode in (0, 1) and killed < times:  # else what the kills have left would not be compared
            print(f"the run came to its end after {killed} kills; it is begun and counted anew", flush=True)
            killed = parents = 0
            subprocess.run(["rm", "-rf", str(root / "out")], check=True)
    _run(root / "in", root / "out", "-f", "csv", "--retry", "failed")
    same = {t: _sorted(root / "out" / t) == _sorted(root / "calm" / t) for t in TABLES}
    print(f"{killed} kills, {parents} of them of the parent; tables equal: {same}")


def _sorted(path: Path) -> list[str]:
    return sorted(path.read_text("utf-8").splitlines())


def main() -> None:
    """Run what is asked for in a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("scale", "kills"))
    parser.add_argument("--count", type=int, help="documents (10,000) or kills (50)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.what == "scale":
            scale(args.count or 10_000, Path(folder))
        else:
            kills(args.count or 50, Path(folder))


if __name__ == "__main__":
    main()
