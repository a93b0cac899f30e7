"""The indicators for people: `python -m corpora.codebook > docs/indicators.md` writes what each of them counts."""

from __future__ import annotations

from typing import Any

from extractor.data import load_yaml

HEAD = """# Indicators

A figure of the prose gets an `indicator` only where it states just what the indicator counts, for one year (`year`)
and one scope (`scope`). Parts of it (one kind of applicant, one department, one of several mailboxes) have none unless
they are an entry themselves; of two numbers in one list that could both be it (人大建议46件、政协提案71件) neither has
it; what is only planned has none. Such figures keep their `measure`, unit and total.

The entries are data ([patterns/indicators.yaml](../patterns/indicators.yaml)): what they are called, their units,
and texts that must and must not match them. This page is written from there (`python -m corpora.codebook`).
"""


def _line(entry: dict[str, Any]) -> str:
    units = "、".join(map(str, entry["units"]))
    cells = "; ".join(f"`{c}`" for c in entry.get("cells", []))
    counts = entry["counts"] + (f" Same as {cells}." if cells else "")
    return f"| `{entry['id']}` | {entry['name_zh']} | {units} | {counts} |"


def codebook() -> str:
    """The page in Markdown."""
    lines = [_line(e) for e in load_yaml("indicators.yaml")]
    return "\n".join([HEAD, "| id | name | usual units | what it counts |", "|---|---|---|---|", *lines]) + "\n"


if __name__ == "__main__":
    print(codebook(), end="")
