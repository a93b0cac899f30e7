"""Why a file could not become a report: one base class, one subclass a cause.

Each cause carries the ``code`` of the output contract, a message template and a hint that says
what to do next. The command line writes them as JSON, the Python API raises them.
"""

from __future__ import annotations


class NianbaoError(Exception):
    """Base of every error this package raises on purpose."""

    code: str = "error"
    template: str = "{detail}"
    hint: str = ""

    def __init__(self, detail: str = "", *, hint: str | None = None) -> None:
        self.detail = detail
        self.message = " ".join(self.template.format(detail=detail).split())
        if hint is not None:
            self.hint = hint
        super().__init__(self.message)

    def as_dict(self) -> dict[str, str]:
        """The ``error`` object of the output contract."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class ReadError(NianbaoError):
    """A document could not be read, or is not a report."""


class NotFound(ReadError):
    code = "not_found"
    template = "No such file: {detail}"
    hint = "Check the path and its spelling; quote paths with spaces."


class NoPermission(ReadError):
    code = "no_permission"
    template = "The file cannot be opened for reading: {detail}"
    hint = "Give your account read permission (chmod u+r FILE), or copy the file."


class IsAFolder(ReadError):
    code = "is_a_folder"
    template = "This is a folder, not a file: {detail}"
    hint = "Name one document."


class EmptyFile(ReadError):
    code = "empty_file"
    template = "The file has no content: {detail}"
    hint = "Fetch or export it again; an interrupted download often leaves an empty file."


class UnsupportedType(ReadError):
    code = "unsupported_type"
    template = "Not a kind of file that can be read: {detail}"
    hint = "Give a PDF, web page, Word file, workbook or text; export other files to one of these."


class DamagedFile(ReadError):
    code = "damaged_file"
    template = "The file is damaged or cut off: {detail}"
    hint = "Fetch it again, or open it in a viewer and save it anew."


class Encrypted(ReadError):
    code = "encrypted"
    template = "The file asks for a password: {detail}"
    hint = "Save a copy without a password and read that."


class TooLarge(ReadError):
    code = "too_large"
    template = "The file is larger than the limit: {detail}"
    hint = "Split the file; one report is rarely over 50 MB or 400 pages."


class MissingDependency(ReadError):
    code = "missing_dependency"
    template = "Something that is needed here is not installed: {detail}"
    hint = "Install the extra that is named in the message."


class Unreadable(ReadError):
    code = "unreadable"
    template = "The file opens, but no text can be read from it: {detail}"
    hint = "Open it in a viewer; if the pages show text, it needs character recognition."


class Crashed(ReadError):
    code = "crashed"
    template = "Reading broke off through a fault in nianbao: {detail}"
    hint = "Please report it with the file; other documents are not affected."


class TimedOut(ReadError):
    code = "timeout"
    template = "Reading took longer than the limit: {detail}"
    hint = "Read it alone, or give more time (--timeout) and --retry failed."


class OutOfMemory(ReadError):
    code = "out_of_memory"
    template = "Reading needed more memory than the limit: {detail}"
    hint = "Read it alone, or give more memory (--memory) and --retry failed."


class NotAReport(ReadError):
    code = "not_a_report"
    template = "The text is readable, but it is no 政府信息公开工作年度报告: {detail}"
    hint = "Check that this is the annual report itself, not a notice about it or another document."


class BatchError(NianbaoError):
    """A batch cannot go on: its folder, its ledger, or what it is told to read."""

    code = "batch"
    hint = "See nianbao batch --help."


class BadManifest(BatchError):
    code = "bad_manifest"
    template = "The manifest cannot be used: {detail}"
    hint = "It is a CSV with a header: path, and any of url, body, division, year."


class FolderInUse(BatchError):
    code = "folder_in_use"
    template = "Another run writes to this folder: {detail}"
    hint = "Wait for it to end, or give another folder."


class CannotWrite(BatchError):
    code = "cannot_write"
    template = "The output cannot be written: {detail}"
    hint = "Make room or give write permission, then run the same command again: what was read is kept."


class PoolBroken(BatchError):
    code = "pool_broken"
    template = "The processes that read documents end before they can read one: {detail}"
    hint = "Look for what kills them (memory of the machine, limits), then run the same command again."


class PatternError(NianbaoError):
    """The shipped data under ``patterns/`` contradicts itself."""

    code = "patterns"
    template = "The pattern data is wrong: {detail}"
    hint = "See docs/adding-a-form.md; `make test` names the entry."
