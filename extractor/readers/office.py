"""Legacy Word files (.doc, .wps, .rtf) → DOCX by LibreOffice, where that is installed; then read as DOCX.

Each call has a profile of its own: two that share one lose files without a word. What counts is the file
that comes out, not the exit code.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from extractor.document import Document
from extractor.errors import DamagedFile, MissingDependency
from extractor.readers.word import read_docx

PROGRAMS = ("soffice", "libreoffice")
START_S = 60  # seconds for the program to start
EACH_S = 30  # seconds for each file
INSTALL = "Install LibreOffice (apt-get install --no-install-recommends libreoffice-writer), or save the file as .docx."


def office_program() -> str | None:
    """LibreOffice's program, if it is installed."""
    return next((p for n in PROGRAMS if (p := shutil.which(n))), None)


def _run(command: list[str], seconds: int) -> str:
    """Run a program in its own process group, all of which ends when time is up; what it said."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            said.write(f"no answer in {seconds} s".encode())
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        said.seek(0)
        return said.read(2000).decode("utf-8", "replace").strip()


def convert(files: Mapping[str, bytes], suffix: str) -> tuple[dict[str, bytes], str]:
    """Files (by any name) as DOCX, all in one call, and what LibreOffice said; a file that fails is missing.

    Raises MissingDependency where LibreOffice is not installed.
    """
    program = office_program()
    if program is None:
        raise MissingDependency("LibreOffice, which reads .doc, .wps and .rtf files", hint=INSTALL)
    with tempfile.TemporaryDirectory(prefix="nianbao-") as folder:
        paths = {key: Path(folder) / f"{i}{suffix}" for i, key in enumerate(files)}
        for key, path in paths.items():
            path.write_bytes(files[key])
        out = Path(folder) / "out"
        command = [program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out), *map(str, paths.values())]
        said = _run(command, START_S + EACH_S * len(paths))
        made = {key: out / f"{path.stem}.docx" for key, path in paths.items()}
        return {key: path.read_bytes() for key, path in made.items() if path.is_file() and path.stat().st_size}, said


def read_legacy(data: bytes, name: str, suffix: str, media_type: str) -> Document:
    """Read a .doc, .wps or .rtf file by way of DOCX.

    Raises MissingDependency without LibreOffice, DamagedFile where LibreOffice makes nothing of it.
    """
    made, said = convert({name: data}, suffix)
    if name not in made:
        raise DamagedFile(
            f"{name} (LibreOffice made nothing of it: {said[-200:]})",
            hint="Open it in a word processor; if it asks for a password, save a copy without one.",
        )
    return replace(read_docx(made[name], name), reader="word-legacy", media_type=media_type)
