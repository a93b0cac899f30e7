"""The tokens of a flattened table → labels with the slots behind them, under the headers they stand below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.forms import Entry, form_ids, label_key, load_form
from extractor.normalize import squeeze
from extractor.tables.flow_tokens import Token, best_known, is_ordinal
from extractor.tables.labels import ACCEPT, header_tables, is_certain_header, is_title, key_likeness

REACH = 8  # tokens of one label


@dataclass(slots=True)
class Item:
    """A label put together from tokens, or the values that follow one."""

    text: str
    tokens: list[Token]
    known: float = 0.0
    slots: list[Token] = field(default_factory=list)


def _segmented(tokens: list[Token]) -> list[Item]:
    """A run of words cut so that its parts together are most like known labels."""
    n = len(tokens)
    best: list[float] = [0.0] * (n + 1)
    cut: list[tuple[int, float]] = [(1, 0.0)] * n
    for i in range(n - 1, -1, -1):
        best[i], cut[i] = best[i + 1] - 0.1, (i + 1, 0.0)
        text = ""
        for j in range(i, min(i + REACH, n)):
            text += squeeze(tokens[j].text)
            known = 0.0 if is_ordinal(tokens[j]) else best_known(text)
            if known >= ACCEPT:
                gain = known * len(label_key(text)) - 4 * (1 - known) + 0.2 + best[j + 1]
                if gain > best[i]:
                    best[i], cut[i] = gain, (j + 1, known)
    out, i = [], 0
    while i < n:
        j, known = cut[i]
        out.append(Item("".join(squeeze(t.text) for t in tokens[i:j]), tokens[i:j], known))
        i = j
    return out


def items_of(tokens: Iterable[Token]) -> list[Item]:
    """Labels, each with the slots that follow it; slots before any label belong to an item without text."""
    out: list[Item] = []
    run: list[Token] = []
    for token in tokens:
        if token.kind == "word":
            run.append(token)
            continue
        if run:
            out += _segmented(run)
            run = []
        if not out:
            out.append(Item("", []))
        out[-1].slots.append(token)
    return out + (_segmented(run) if run else [])


@dataclass(slots=True)
class Section:
    """Header words and the rows under them."""

    header: list[Item] = field(default_factory=list)
    rows: list[Item] = field(default_factory=list)
    titled: bool = False


def sections_of(items: list[Item]) -> list[Section]:
    out = [Section()]
    for item in items:
        now = out[-1]
        if is_title(item.text):
            out.append(Section(titled=True))
        elif _is_header(item, in_header=not now.rows):
            if now.rows:
                out.append(Section())
            out[-1].header.append(item)
        elif item.text or item.slots:
            now.rows.append(item)
    return out


def _is_header(item: Item, in_header: bool) -> bool:
    if item.known < ACCEPT:
        return False
    if is_certain_header(item.text) or squeeze(item.text).strip("()（）").startswith("本列数据的勾稽关系"):
        return True
    return in_header and bool(header_tables(item.text))


def columns_of(header: list[Item]) -> list[tuple[Entry | None, Entry]] | None:
    """The columns of the block whose columns the header names all, as (group row, column); else None."""
    keys = Counter(label_key(i.text) for i in header)
    found: list[tuple[int, list[tuple[Entry | None, Entry]]]] = []
    for form_id in form_ids():
        for table in load_form(form_id).tables.values():
            crossed = table.groups and not any(r.parent for r in table.blocks[0].rows)
            for block in table.blocks:
                times = len(block.rows) if crossed else 1
                if not all(_times(keys, c) >= times for c in block.columns):
                    continue
                if crossed and not all(_times(keys, r) for r in block.rows):
                    continue
                pairs = (
                    [(r, c) for r in block.rows for c in block.columns]
                    if crossed
                    else [(None, c) for c in block.columns]
                )
                found.append((len(pairs), pairs))  # type: ignore[arg-type]
    return max(found, key=lambda f: f[0])[1] if found else None


def _times(keys: Counter[str], entry: Entry) -> int:
    return sum(n for key, n in keys.items() if any(key_likeness(key, k) >= 0.8 for k in entry.keys))
