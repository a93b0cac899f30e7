"""Columns that a page end has left nameless, or with some letters of their names: told by where they stand.

A table that prints as many columns as the form has, most of them named and each where the form puts it, leaves no
other place for the rest. Such columns are never word for word the form's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from extractor.forms import Entry, form_ids, label_key, load_form
from extractor.tables.labels import APPLICANTS
from extractor.tables.sheet import Column

Above = Callable[[str, int], bool]  # whether a word may stand above the column with this number
_OVER = (APPLICANTS, "行政诉讼")  # words over several groups


def told_by_place(columns: Sequence[Column], entries: Sequence[Entry], known: Sequence[int], above: Above) -> list[int]:
    """The numbers of columns that only their place tells, given those whose names are ``known`` and in place.

    None of them where there are more or fewer columns than the form has, or where a word does not fit.
    """
    lost = [i for i in range(len(columns)) if i not in known]
    if not lost or len(columns) != len(entries) or 2 * len(known) < len(entries):
        return []
    return lost if all(_may_be(columns[i], entries[i], i, above) for i in lost) else []


def _may_be(column: Column, entry: Entry, number: int, above: Above) -> bool:
    """Whether below the words of its group a column says nothing but letters of its name, in order."""
    left = label_key("".join(w for w in column.path if not above(w, number) and label_key(w) not in _over_groups()))
    return any(_letters_of(left, key) for key in entry.keys)


def _letters_of(text: str, whole: str) -> bool:
    rest = iter(whole)
    return all(c in rest for c in text)


@cache
def _over_groups() -> frozenset[str]:
    """The words that the forms print above several columns."""
    tables = (t for form_id in form_ids() for t in load_form(form_id).tables.values())
    return frozenset({*map(label_key, _OVER), *(k for t in tables for g in t.groups for k in g.keys)})
