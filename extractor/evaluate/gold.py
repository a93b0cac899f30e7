"""The truth about a document: `a.pdf.gold.json` beside `a.pdf`, with any of report, tables, figures, failed_checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import simplejson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor.errors import NianbaoError
from extractor.report import CellStatus, Number

SUFFIX = ".gold.json"


class GoldError(NianbaoError):
    """The folder holds no gold, or a gold file that cannot be used."""

    code = "gold"
    template = "No evaluation: {detail}"
    hint = f"Put the truth of a.pdf beside it as a.pdf{SUFFIX} (docs/evaluate.md shows one)."


class _Model(BaseModel):
    """Gold may say more than is compared here, so unknown fields are let through."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class GoldCell(_Model):
    """What a cell of a form prints."""

    value: Number | None = None
    status: CellStatus

    @property
    def group(self) -> str:
        """nonzero, zero, empty (blank or dash), absent or unreadable: they go wrong in different ways."""
        if self.status == "reported":
            return "nonzero" if self.value else "zero"
        return "empty" if self.status in ("blank", "dash") else self.status


class GoldFigure(_Model):
    """A quantity in the prose. What is not stated (see ``model_fields_set``) is not compared.

    ``part_of`` is the id of another figure or its index in the list; ids default to f1, f2, …
    """

    id: str | None = None
    value: Number
    unit: str | None = None
    text: str = ""
    section: str | None = None
    measure: str | None = None
    indicator: str | None = None
    approximate: bool = False
    kind: str = "count"
    year: int | None = None
    scope: str | None = None
    channel: str | None = None
    part_of: str | int | None = None
    part_role: str | None = None
    same_as: str | None = None


class Made(_Model):
    """What an invented document was made of: its medium, its part of the corpus, and its families."""

    medium: str | None = None
    part: str | None = None
    families: dict[str, str] = Field(default_factory=dict)


class Gold(_Model):
    """What is true of a document; None where the gold does not speak."""

    report: dict[str, Any] | None = None
    tables: dict[str, dict[str, dict[str, GoldCell]]] | None = None
    figures: list[GoldFigure] | None = None
    failed_checks: list[str] | None = None
    distractors: list[str] = Field(default_factory=list)
    made: Made = Field(default_factory=Made)

    def figure_id(self, index: int) -> str:
        """The id of the figure at an index of the list."""
        stated = (self.figures or [])[index].id
        return stated or f"f{index + 1}"

    def total_of(self, index: int) -> int | None:
        """The index of the figure that the one at ``index`` is a part of."""
        figures = self.figures or []
        part_of = figures[index].part_of
        if part_of is None or isinstance(part_of, int):
            return part_of
        return next((i for i in range(len(figures)) if self.figure_id(i) == part_of), None)


def load_gold(path: Path) -> Gold:
    """Read one gold file; numbers keep their digits. Raises GoldError."""
    try:
        return Gold.model_validate(simplejson.loads(path.read_text("utf-8-sig"), use_decimal=True))
    except (OSError, ValueError, ValidationError) as error:
        where = error.errors()[0] if isinstance(error, ValidationError) else None
        why = f"{'.'.join(map(str, where['loc']))}: {where['msg']}" if where else str(error)
        raise GoldError(f"{path} cannot be used ({why})") from error


def find_gold(folder: Path) -> list[tuple[Path, Path]]:
    """(document, gold) pairs in a folder and below it, by name. Raises GoldError where there is none."""
    if not folder.is_dir():
        raise GoldError(f"{folder} is not a folder")
    golds = sorted(p for p in folder.rglob(f"*{SUFFIX}") if not p.name.startswith("."))
    if not golds:
        raise GoldError(f"{folder} holds no file that ends in {SUFFIX}")
    pairs = [(gold.with_name(gold.name[: -len(SUFFIX)]), gold) for gold in golds]
    lost = [str(gold) for document, gold in pairs if not document.exists()]
    if lost:
        raise GoldError(f"the document of {lost[0]} is not there ({len(lost)} such)")
    return pairs
