"""nianbao: 政府信息公开工作年度报告 as data.

>>> from extractor import extract
>>> report = extract("report.pdf")                             # doctest: +SKIP
>>> report.cell("requests.new_received.total").value           # doctest: +SKIP
3119
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor.api import extract, extract_many
    from extractor.batch.frames import read_cells
    from extractor.errors import NianbaoError, ReadError
    from extractor.forms import load_form
    from extractor.report import Failure, Report, Value

__all__ = [
    "Failure",
    "NianbaoError",
    "ReadError",
    "Report",
    "Value",
    "extract",
    "extract_many",
    "load_form",
    "read_cells",
]

_HOMES = {
    "extract": "extractor.api",
    "extract_many": "extractor.api",
    "read_cells": "extractor.batch.frames",
    "NianbaoError": "extractor.errors",
    "ReadError": "extractor.errors",
    "load_form": "extractor.forms",
    "Failure": "extractor.report",
    "Report": "extractor.report",
    "Value": "extractor.report",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: ``nianbao --help`` must not wait for the readers."""
    if name not in _HOMES:
        raise AttributeError(f"module 'extractor' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
