"""What a batch is to read: files, folders, globs, lists, members of ZIP archives, addresses."""

from __future__ import annotations

import glob
import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extractor.api import MAX_BYTES, read_bytes
from extractor.batch.manifest import Facts
from extractor.errors import DamagedFile, Encrypted, MissingDependency, NotFound, TooLarge

MEMBER = "!"  # archive.zip!inner/report.pdf
_TEMPORARY = (".tmp", ".part", ".crdownload", ".swp", "~", ".gold.json")
_LITTER = frozenset(("thumbs.db", "desktop.ini"))
_NOT_ARCHIVES = ("[Content_Types].xml", "mimetype", "OFD.xml")  # a Word file is a ZIP too, and one document


@dataclass(frozen=True)
class Input:
    """One file to read. ``name`` is how it is reported; ``member`` the file within an archive at ``path``."""

    name: str
    path: str
    member: str | None = None
    facts: Facts | None = None

    @property
    def is_address(self) -> bool:
        """Whether it is to be fetched through fsspec (s3://…, https://…)."""
        return "://" in self.path


@dataclass
class Found:
    """What expanding the arguments left out: hidden and temporary files."""

    passed_over: int = 0
    visited: set[tuple[int, int]] = field(default_factory=set)


def _wanted(name: str) -> bool:
    lower = name.lower()
    return not (lower.startswith((".", "~$")) or lower.endswith(_TEMPORARY) or lower in _LITTER)


def _walk(folder: str, found: Found) -> Iterator[str]:
    """The files of a folder and those below it, sorted; each folder once, so that loops of links end."""
    status = os.stat(folder)
    if (status.st_dev, status.st_ino) in found.visited:
        return
    found.visited.add((status.st_dev, status.st_ino))
    try:
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except PermissionError:
        yield folder  # reported as an input that cannot be opened
        return
    for entry in entries:
        if not _wanted(entry.name):
            found.passed_over += 1
        elif entry.is_dir():
            yield from _walk(entry.path, found)
        else:
            yield entry.path


def _is_archive(path: str) -> bool:
    """Whether a file is a ZIP of documents, told from its content."""
    try:
        with open(path, "rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as archive:
            return not any(n in archive.namelist() for n in _NOT_ARCHIVES)
    except (OSError, zipfile.BadZipFile):
        return False


def _file(path: str, found: Found) -> Iterator[Input]:
    if not _is_archive(path):
        yield Input(path, path)
        return
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = Path(info.filename).name
            if info.is_dir() or info.filename.startswith("__MACOSX/"):
                continue
            if _wanted(name):
                yield Input(f"{path}{MEMBER}{info.filename}", path, info.filename)
            else:
                found.passed_over += 1


def expand(arguments: Iterable[str], found: Found) -> Iterator[Input]:
    """The inputs that the arguments name, in order: files, folders (recursive), globs, archives, addresses."""
    for argument in arguments:
        if "://" in argument:
            yield Input(argument, argument)
        elif os.path.isdir(argument):
            for path in _walk(argument, found):
                yield from _file(path, found)
        elif not os.path.lexists(argument) and glob.has_magic(argument):
            matches = sorted(glob.glob(argument, recursive=True))
            yield from expand(matches, found) if matches else [Input(argument, argument)]
        else:
            yield from _file(argument, found)


def _member(item: Input) -> bytes:
    try:
        with zipfile.ZipFile(item.path) as archive:
            info = archive.getinfo(item.member or "")
            if info.file_size > MAX_BYTES:
                raise TooLarge(item.name)
            with archive.open(info) as file:
                content = file.read(MAX_BYTES + 1)
    except KeyError as error:
        raise NotFound(item.name) from error
    except RuntimeError as error:  # zipfile asks for a password this way
        raise Encrypted(item.name) from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise DamagedFile(f"{item.name} ({error})") from error
    if len(content) > MAX_BYTES:
        raise TooLarge(item.name)
    return content


def _fetched(item: Input) -> bytes:
    try:
        import fsspec
    except ImportError as error:
        raise MissingDependency(f"fsspec, for {item.name}", hint="pip install 'nianbao[cluster]'") from error
    try:
        with fsspec.open(item.path, "rb") as file:
            content: bytes = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFound(item.name) from error
    except (OSError, ValueError, ImportError) as error:
        raise NotFound(f"{item.name} ({error})") from error
    if len(content) > MAX_BYTES:
        raise TooLarge(item.name)
    return content


def read_input(item: Input) -> bytes:
    """The bytes of an input. Raises a ReadError subclass where there are none."""
    if item.is_address:
        return _fetched(item)
    return _member(item) if item.member is not None else read_bytes(item.path)


def stamp_of(item: Input) -> str | None:
    """What changes when a file changes: size and time of the file (of the archive), or None where it has none."""
    if item.is_address:
        return None
    try:
        status = os.stat(item.path)
    except (OSError, ValueError):
        return None
    return f"{status.st_size}:{status.st_mtime_ns}"


def key_of(content: bytes, item: Input) -> str:
    """What a result is kept under: the hash of the bytes, and what a manifest said of the file."""
    digest = hashlib.sha256(content).hexdigest()
    return f"{digest}|{item.facts.as_json()}" if item.facts else digest
