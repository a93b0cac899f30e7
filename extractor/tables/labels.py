"""How like a printed label is to an entry of a form, and which words belong to headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from extractor.forms import Entry, form_ids, label_key, load_form, split_ordinal
from extractor.normalize import squeeze

APPLICANTS = "申请人情况"  # stands over all columns of 表三
ACCEPT = 0.72  # below this, two labels are not the same; real typos score .80 and more
ONE_OFF = 0.8  # of three characters with a wrong one: 目然人 where a rule runs through the top of 自然人
HALF = 0.5  # of a label in a scan that its place tells as well
EXCHANGED = 0.9  # of a label in which two neighbouring characters have changed places
_REMARK = re.compile(r"(?<=.)\([^()]{7,}\)")  # guidance in brackets behind a label
_TITLE = re.compile(r"^第?二十条.{0,3}[(\[]?[一二三四五六七八九][)\]]?项?$")


@lru_cache(maxsize=20000)
def key_likeness(key: str, wanted: str) -> float:
    """How like two label keys are, 0 to 1. Short labels must be equal: 规章 is not 章程."""
    if key == wanted:
        return 1.0
    if len(key) == len(wanted) and _exchanged(key, wanted):
        return EXCHANGED
    if min(len(key), len(wanted)) < 3:
        return 0.0
    if len(key) == len(wanted) == 3 and sum(a != b for a, b in zip(key, wanted, strict=True)) == 1:
        return ONE_OFF
    if len(wanted) >= 4 and wanted in key and len(key) <= 3 * len(wanted) + 20:
        return 0.9  # guidance printed beside the label
    score = fuzz.ratio(key, wanted) / 100
    if len(key) >= 5 and key in wanted:
        score = max(score, 0.8)
    return score if score >= ACCEPT else 0.0


def best_likeness(key: str, keys: tuple[str, ...]) -> float:
    """The best ``key_likeness`` of a key to many; the few that may be like it are chosen by fast routines first."""
    like = {k for k, _, _ in process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=50, limit=None)}
    like.update(k for k in keys if k in key or key in k)
    return max((key_likeness(key, k) for k in like), default=0.0)


def _exchanged(key: str, wanted: str) -> bool:
    """Whether two neighbours have changed places (他其 for 其他): a slip that keeps every character."""
    differ = [i for i, (a, b) in enumerate(zip(key, wanted, strict=True)) if a != b]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and key[differ[0]] == wanted[differ[1]]
        and key[differ[1]] == wanted[differ[0]]
    )


@lru_cache(maxsize=20000)
def likeness(label: str, entry: Entry) -> float:
    """The best likeness of a printed label to the label or a variant of an entry, 0 to 1."""
    key = label_key(label)
    if not key:
        return 0.0
    found = max(key_likeness(key, k) for k in entry.keys)
    if found == 0 and (bare := _REMARK.sub("", squeeze(label))) and bare != squeeze(label):
        found = 0.95 * max(key_likeness(label_key(bare), k) for k in entry.keys)
    return found


def half_read(label: str, entry: Entry) -> float:
    """How like a label is to an entry that only its place tells: 规草 for 规章. 0 where half is not alike."""
    key = label_key(label)
    found = max((fuzz.ratio(key, k) / 100 for k in entry.keys), default=0.0)
    return found if found >= HALF else 0.0


def same_ordinal(label: str, entry: Entry) -> bool:
    """Whether a label carries the ordinal that the form prints."""
    ordinal = split_ordinal(label)[0]
    return bool(ordinal) and ordinal == entry.ordinal


def is_title(text: str) -> bool:
    """Whether a cell is a block title of 表二, such as 第二十条 第（一）项."""
    return bool(_TITLE.match(squeeze(text)))


@dataclass(frozen=True, slots=True)
class Words:
    """Label keys by table: of columns and groups (header words), and of rows."""

    header: dict[str, frozenset[str]]
    row: dict[str, frozenset[str]]
    certain: frozenset[str]  # header words that are no row label: 其他 and 总计 are both
    cells: frozenset[str]  # labels of rows that hold cells


def _keys(entries: Iterable[Entry]) -> set[str]:
    return {k for e in entries for k in e.keys}


@cache
def words() -> Words:
    """The words of all forms together."""
    header: dict[str, set[str]] = {}
    row: dict[str, set[str]] = {}
    cells: set[str] = set()
    for form_id in form_ids():
        for table in load_form(form_id).tables.values():
            for block in table.blocks:
                header.setdefault(table.id, set()).update(_keys(block.columns) | _keys(table.groups))
                in_header = table.id == "reconsideration_litigation"  # its rows are printed as column groups
                cells |= set() if in_header else _keys(block.data_rows())
                (header if in_header else row).setdefault(table.id, set()).update(_keys(block.rows))
    header["requests"] |= {"申请人情况"}
    header["proactive_disclosure"] |= {"信息内容"}
    everything = set().union(*header.values())
    rows = set().union(*row.values())
    return Words(
        {k: frozenset(v) for k, v in header.items()},
        {k: frozenset(v) for k, v in row.items()},
        frozenset(everything - rows),
        frozenset(cells),
    )


@lru_cache(maxsize=20000)
def header_tables(text: str) -> frozenset[str]:
    """The tables that have this text as a header word (exactly or nearly)."""
    key = label_key(text)
    if not key or split_ordinal(text)[0]:
        return frozenset()
    return frozenset(
        table for table, keys in words().header.items() if key in keys or (len(key) >= 3 and _near(key, keys))
    )


@lru_cache(maxsize=20000)
def is_certain_header(text: str) -> bool:
    """Whether a text is a header word and can be no row label."""
    key = label_key(text)
    return (
        bool(key)
        and not split_ordinal(text)[0]
        and (key in words().certain or (len(key) >= 4 and _near(key, words().certain)))
    )


@lru_cache(maxsize=20000)
def row_tables(text: str) -> frozenset[str]:
    """The tables that have this text as a row label (exactly or nearly)."""
    key = label_key(text)
    if not key:
        return frozenset()
    return frozenset(
        table for table, keys in words().row.items() if key in keys or (len(key) >= 4 and _near(key, keys))
    )


def _near(key: str, keys: frozenset[str]) -> bool:
    return any(key_likeness(key, k) >= 0.8 for k in keys)


def is_row_label(text: str) -> bool:
    """Whether a text is, word for word, the label of a row that holds cells."""
    return label_key(text) in words().cells
