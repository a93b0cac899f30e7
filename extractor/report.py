"""What every user gets: the models of the output contract. The JSON Schema comes from them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import simplejson
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

SCHEMA_VERSION = "1.0"

# A printed number: integers stay int, others keep their exact digits as Decimal and are written
# as plain JSON numbers (see Report.to_json).
Number = Annotated[
    int | Decimal,
    PlainSerializer(lambda n: n, return_type=Any),
    WithJsonSchema({"type": "number"}),
]
CellStatus = Literal["reported", "blank", "dash", "absent", "unreadable"]
Origin = Literal["read", "split", "repaired", "reviewed"]
Confidence = Annotated[float, Field(ge=0, le=1)]


class Model(BaseModel):
    """Common settings: closed field sets, so that a misspelt name is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(Model):
    """Where a cell stands: a page with a box in points, and/or offsets in the decoded text."""

    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    start: int | None = None
    end: int | None = None
    reader: str | None = None


class Alternative(Model):
    """Another reading of the same ink, with its probability."""

    value: Number | None
    status: CellStatus
    probability: Confidence


class Value(Model):
    """One cell of a national form."""

    value: Number | None = None
    status: CellStatus
    origin: Origin = "read"
    raw: str | None = None
    unit: str | None = None
    confidence: Confidence
    evidence: Evidence | None = None
    alternatives: list[Alternative] = Field(default_factory=list, max_length=3)


class FigureEvidence(Model):
    """The clause that states a figure; offsets are code points of the section's text."""

    section: str
    start: int
    end: int
    text: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


class Figure(Model):
    """One quantity stated in the prose."""

    id: str
    indicator: str | None = None
    measure: str
    value: Number
    unit: str | None = None
    approximate: bool = False
    kind: Literal["count", "amount", "rate", "change"] = "count"
    year: int | None = None
    scope: str | None = None
    channel: str | None = None
    part_of: str | None = None
    part_role: Literal["addend", "subset"] | None = None
    breakdown: int | None = None
    same_as: str | None = None
    confidence: Confidence
    evidence: FigureEvidence


class Suspect(Model):
    """A cell that may be why an equation fails: how probably, and what the other cells would make it."""

    path: str
    probability: Confidence
    expected: Number


class RepairedCell(Model):
    """A cell of a scan that the equations read anew: the ink's first reading, the one chosen, and by what."""

    path: str
    raw: str | None = None
    before: Number | None = None
    after: Number
    probability: Confidence
    equations: list[str] = Field(default_factory=list)


class Check(Model):
    """One equation or comparison, and whether it holds; null where a value is missing."""

    id: str
    kind: str
    severity: Literal["error", "warning", "info"]
    passed: bool | None
    left: Number | None = None
    right: Number | None = None
    difference: Number | None = None
    cells: list[str] = Field(default_factory=list)
    suspects: list[Suspect] = Field(default_factory=list)


class Division(Model):
    """行政区划: GB/T 2260 code and name, as far as stated."""

    code: str | None = None
    name: str | None = None


class Agency(Model):
    """The body that reports."""

    name: str | None = None
    level: str | None = None
    division: Division = Field(default_factory=Division)


class Period(Model):
    """The dates the report covers, ISO format."""

    start: str | None = None
    end: str | None = None


class Metadata(Model):
    """Who reports what, for which year, on which form."""

    title: str | None = None
    year: int | None = None
    agency: Agency = Field(default_factory=Agency)
    form: str | None = None
    form_expected: str | None = None
    table_forms: dict[str, str] = Field(default_factory=dict)
    period: Period = Field(default_factory=Period)
    scope: str | None = None
    publication_date: str | None = None
    legal_basis: list[str] = Field(default_factory=list)


class SectionEvidence(Model):
    """The pages or offsets a section covers."""

    page: int | None = None
    end_page: int | None = None
    start: int | None = None
    end: int | None = None


class Section(Model):
    """One chapter, its tables left out of ``text``."""

    id: str
    title: str
    text: str
    evidence: SectionEvidence


class Extra(Model):
    """A row, column or cell of a form's table that the form does not know, kept as printed."""

    table: str
    row: str | None = None
    column: str | None = None
    label: str
    values: list[str]
    evidence: Evidence | None = None


class Source(Model):
    """The file."""

    path: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    pages: int | None = None
    reader: str | None = None
    ocr: bool = False
    retrieved_from: str | None = None


class Extraction(Model):
    """All that changes between runs or machines."""

    tool: str = "nianbao"
    version: str
    patterns: str
    engines: dict[str, str] = Field(default_factory=dict)
    seconds: float | None = None
    accept: float | None = None


class Error(Model):
    """Why there is no report."""

    code: str
    message: str
    hint: str


Tables = dict[str, dict[str, dict[str, Value]]]


class Report(Model):
    """One document, one object: see the output contract (docs/schema.md)."""

    schema_version: str = SCHEMA_VERSION
    status: Literal["ok", "needs_review", "not_a_report", "error"]
    review_reasons: list[str] = Field(default_factory=list)
    report: Metadata = Field(default_factory=Metadata)
    tables: Tables = Field(default_factory=dict)
    figures: list[Figure] = Field(default_factory=list)
    sections: list[Section] = Field(default_factory=list)
    extras: list[Extra] = Field(default_factory=list)
    checks: list[Check] = Field(default_factory=list)
    repairs: list[RepairedCell] = Field(default_factory=list)
    source: Source = Field(default_factory=Source)
    extraction: Extraction
    error: Error | None = None

    def cell(self, path: str) -> Value:
        """The value at ``table.row.column`` (the row id may itself hold a dot)."""
        table, rest = path.split(".", 1)
        row, column = rest.rsplit(".", 1)
        return self.tables[table][row][column]

    def to_json(self, *, indent: int | None = 2) -> str:
        """The contract object; numbers keep exactly their printed digits."""
        return simplejson.dumps(self.model_dump(), use_decimal=True, ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read back what ``to_json`` wrote, digits and all."""
        return cls.model_validate(simplejson.loads(text, use_decimal=True))


class Failure(Model):
    """A document that gave no report, as ``extract_many`` yields it."""

    path: str
    error: Error
    report: Report
