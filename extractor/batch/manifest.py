"""A CSV that says more of files: address, body, division code, year. It fills gaps and is checked by the document."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractor.errors import BadManifest
from extractor.normalize import squeeze
from extractor.report import Check, Report

_COLUMNS = {"path": ("path", "file", "filename"), "url": ("url", "address"), "body": ("body", "agency"),
            "division": ("division", "code", "division_code"), "year": ("year",)}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the manifest says of one file; None where it says nothing."""

    url: str | None = None
    body: str | None = None
    division: str | None = None
    year: int | None = None

    def as_json(self) -> str:
        """The facts as text, the same for the same facts."""
        return json.dumps({k: v for k, v in asdict(self).items() if v is not None}, ensure_ascii=False, sort_keys=True)


def _row(line: dict[str, str], number: int) -> tuple[str, Facts]:
    lower = {(k or "").strip().lower(): (v or "").strip() for k, v in line.items()}
    values = {name: next((lower[c] for c in known if lower.get(c)), None) for name, known in _COLUMNS.items()}
    path, year = values["path"], values["year"]
    if not path:
        raise BadManifest(f"line {number} names no file (column path)")
    if year is not None and not (year.isdigit() and len(year) == 4):
        raise BadManifest(f"line {number}: year {year!r}")
    return path, Facts(values["url"], values["body"], values["division"], int(year) if year else None)


def read_manifest(path: str) -> dict[str, Facts]:
    """Facts by path. A relative path is taken from the folder of the manifest.

    Raises BadManifest where a line names no file or a year is none.
    """
    folder = Path(path).parent
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = [_row(line, n) for n, line in enumerate(csv.DictReader(file), 2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadManifest(f"{path} ({error})") from error
    return {p if "://" in p else os.path.normpath(folder / p): facts for p, facts in rows}


def _compared(name: str, stated: object, printed: object, same: bool) -> Check:
    numbers: dict[str, Any] = {"left": stated, "right": printed} if isinstance(stated, int) else {}
    return Check(id=f"meta.manifest_{name}", kind="metadata", severity="warning", passed=same, **numbers)


def with_facts(report: Report, facts: Facts | None) -> Report:
    """The report with what the manifest adds: gaps filled, and a check for each thing that both state."""
    if facts is None:
        return report
    meta, checks = report.report, list(report.checks)
    agency, division = meta.agency, meta.agency.division
    if facts.year is not None and meta.year is not None:
        checks.append(_compared("year", facts.year, meta.year, facts.year == meta.year))
    if facts.body and agency.name:
        one, other = squeeze(facts.body), squeeze(agency.name)
        checks.append(_compared("body", facts.body, agency.name, one in other or other in one))
    if facts.division:
        division = division.model_copy(update={"code": division.code or facts.division})
    agency = agency.model_copy(update={"name": agency.name or facts.body, "division": division})
    meta = meta.model_copy(update={"agency": agency, "year": meta.year or facts.year})
    source = report.source.model_copy(update={"retrieved_from": facts.url or report.source.retrieved_from})
    return report.model_copy(update={"report": meta, "checks": checks, "source": source})
