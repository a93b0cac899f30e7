"""What one cell prints: number, blank, dash, or something that is not to be guessed at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extractor.document import Cell
from extractor.normalize import fold, squeeze
from extractor.report import CellStatus

# Fonts without a map of their own give slashes and dashes as look-alikes; 一 alone may be a number and is none.
_DASH = re.compile(r"^(?:[/\\|∕⁄╱⧸⟋╲]+|[-─━ー]+|无|_+|\.{2,}|…+)$")
_NUMBER = re.compile(
    r"""^(?P<sign>[+-]|(?:增加?|新增)|(?:减少?))?
    (?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?
    (?P<unit>万元|亿元|元|件|条|项|个|宗|份)?
    (?P<note>\([^()]*\))?$""",
    re.X,
)
_GROUPED = re.compile(r"^\d(?: \d)+$")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A cell's status with its number and printed unit, if any."""

    status: CellStatus
    value: int | Decimal | None = None
    unit: str | None = None


def _join_lines(text: str) -> str | None:
    """The text of a cell on one line, or None where its spaces could part two numbers.

    A line end inside a number is a narrow column (``3985\\n758`` is one number). A space inside a line
    is letter-spacing only if it stands between all digits.
    """
    lines = [" ".join(fold(line, drop_space=False).text.split()) for line in text.split("\n")]
    out = ""
    for line in lines:
        if " " in line and re.search(r"\d \d", line):
            if not _GROUPED.match(line):
                return None
            line = line.replace(" ", "")
        out += squeeze(line)
    return out


@lru_cache(maxsize=65536)
def parse_cell(text: str) -> Parsed:
    """Read one cell. A printed number is never changed; what is no plain number is ``unreadable``."""
    if not squeeze(text):
        return Parsed("blank")
    joined = _join_lines(text)
    if joined is None:
        return Parsed("unreadable")
    if _DASH.match(joined):
        return Parsed("dash")
    found = _NUMBER.match(joined)
    if not found:
        return Parsed("unreadable")
    sign = "-" if (found["sign"] or "").startswith(("-", "减")) else ""
    digits = sign + found["digits"].replace(",", "")
    value = Decimal(digits + found["fraction"]) if found["fraction"] else int(digits)
    return Parsed("reported", value, found["unit"])


def as_whole(cell: Cell) -> Cell:
    """A recognised count: counts are whole, so of 5.384 and 5,384, two readings of the same ink, it is the second."""
    for other, probability in cell.others:
        if other != cell.text and other.replace(",", ".") == cell.text and isinstance(parse_cell(other).value, int):
            rest = tuple(o for o in cell.others if o[0] != other)
            return cell._replace(text=other, sure=probability, others=((cell.text, cell.sure or 0.0), *rest))
    return cell


def is_value(text: str) -> bool:
    """Whether a cell holds what a value cell may hold: nothing, a dash or a number."""
    return parse_cell(text).status != "unreadable"


def is_number_or_dash(text: str) -> bool:
    """Whether a cell holds a number or a dash."""
    return parse_cell(text).status in ("reported", "dash")
