"""A flattened table → strips of rows.

A row is a label and the values up to the next label. It is believed only where as many numbers follow the
label as the header names columns, or where delimiters show which slots are empty; a row that lost a cell
without a trace is unreadable. Columns stand in the order of the form, and all must be named by the header.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractor.document import Cell
from extractor.forms import Entry, form_ids, label_key, load_form
from extractor.normalize import squeeze
from extractor.tables.flow import FlowGrid
from extractor.tables.flow_sections import Item, Section, columns_of, items_of, sections_of
from extractor.tables.flow_tokens import Token
from extractor.tables.labels import ACCEPT, words
from extractor.tables.run_together import Rule, cuts_of, joined_parts, joins_of, row_rules
from extractor.tables.sheet import Column, DataRow, Strip

_TOP = re.compile(
    r"^[(（][一二三四五六七八九十]|^[一二三四五六七八九十]、"
)  # ordinals of rows that have no parent of their own
_CHILD = re.compile(r"(.*?[^\d\s])\s*(\d{1,2}\s*[.、．]?\s*\D.*)")

Slots = list[Token]
Patterns = dict[int, set[tuple[int, ...]]]


def _path(pair: tuple[Entry | None, Entry]) -> Column:
    row, column = pair
    return Column((row.label, column.label) if row is not None else (column.label,))


def _cell(token: Token, index: int) -> Cell:
    return Cell(token.text, token.line, index, place=token.place)


def _own(item: Item) -> Slots:
    """The slots of a row. Where values stand on the label's own line, the row ends with that line."""
    line = item.tokens[-1].line if item.tokens else -1
    here = [t for t in item.slots if t.line == line]
    beyond = [t for t in item.slots if t.line != line]
    return here if here and not any(t.kind == "value" for t in beyond) else item.slots


def _filled(slots: Slots) -> tuple[int, ...]:
    return tuple(i for i, t in enumerate(slots) if t.kind == "value")


def _patterns(section: Section, width: int) -> Patterns:
    """Which slots are columns, by the number of slots: as full rows show it, or the header's own line."""
    out: Patterns = {}
    for row in section.rows:
        slots = _own(row)
        if len(_filled(slots)) == width:
            out.setdefault(len(slots), set()).add(_filled(slots))
    names = [i for i in section.header if label_key(i.text) != "信息内容"]
    if len(names) == width:
        positions, count = [], 0
        for name in names:
            positions.append(count)
            count += 1 + len(_own(name))
        out.setdefault(count, {tuple(positions)})
    _add_windows(section, width, out)
    _add_places(section, width, out)
    return out


def _absolute(slots: Slots, patterns: Patterns) -> set[tuple[int, ...]]:
    """The columns of a row by their places on a line, where all full rows have them in the same places."""
    places = patterns.get(-1, set())
    if len(places) != 1:
        return set()
    at = [i for i, t in enumerate(slots) if t.slot in next(iter(places))]
    return {tuple(at)} if len(at) == len(next(iter(places))) else set()


def _add_places(section: Section, width: int, out: Patterns) -> None:
    """Under -1: the places on the line of the columns of full rows, where rows stand on lines of their own."""
    for row in section.rows:
        slots = _own(row)
        lines = {t.line for t in (*row.tokens, *slots)}
        if slots and len(lines) == 1 and (len(slots) == width or len(_filled(slots)) == width):
            values = [t for t in slots if len(slots) == width or t.kind == "value"]
            out.setdefault(-1, set()).add(tuple(t.slot for t in values))


def _add_windows(section: Section, width: int, out: Patterns) -> None:
    """Columns side by side with padding around them, where rows together leave one place for them only."""
    by_length: dict[int, set[int]] = {}
    for row in section.rows:
        slots = _own(row)
        by_length.setdefault(len(slots), set()).update(_filled(slots))
    for length, used in by_length.items():
        if length == width:
            out.setdefault(length, {tuple(range(width))})
        elif length > width and used and length not in out and max(used) - min(used) + 1 == width:
            out[length] = {tuple(range(min(used), max(used) + 1))}


def _values(slots: Slots, width: int, patterns: Patterns) -> list[Cell | None] | None:
    """The cells of a row, or None where it is not certain which slot is which column."""
    numbers = [t for t in slots if t.kind == "value"]
    if sum(t.glued for t in numbers) > 1:
        return None  # no delimiter between them: where one ends and the next begins is not printed
    if len(numbers) == width:
        return [_cell(t, i) for i, t in enumerate(numbers)]
    if not numbers and len(slots) >= width > 0:
        return [_cell(t, i) for i, t in enumerate(slots[:width])]  # all empty, whichever slots are the columns
    found = patterns.get(len(slots)) or _absolute(slots, patterns)
    if len(found) != 1:
        return None
    positions = next(iter(found))
    if not set(_filled(slots)) <= set(positions):
        return None
    return [_cell(slots[k], i) for i, k in enumerate(positions)]


def _over_lines(slots: Slots, width: int, rules: Sequence[Rule]) -> list[Cell | None] | None:
    """The cells of a row whose numbers a narrow column breaks over lines: joined the one way its sums allow."""
    parts = [squeeze(t.text) for t in slots]
    if not all(p.isascii() and p.isdigit() for p in parts):
        return None
    breaks = [i for i, (a, b) in enumerate(pairwise(slots)) if a.line != b.line]
    options = joins_of(parts, breaks, width, rules)
    if len(options) != 1:
        return None
    firsts = [0, *(i + 1 for i in range(len(parts) - 1) if i not in options[0])]
    texts = joined_parts(parts, options[0])
    chosen = enumerate(zip(firsts, texts, strict=True))  # by the sums, which are no second witness then
    return [_cell(slots[f], i)._replace(text=t, told="split") for i, (f, t) in chosen]


def _opened_or_closed(slots: Slots, width: int, rules: Sequence[Rule]) -> list[Cell | None] | None:
    """The cells of a row with an empty slot too many at its ends: a lone pipe that opens it, or one that closes it.

    Told by the sums of the row, where they allow only one of the two; a number is no such slot.
    """
    if len(slots) != width + 1 or not rules:
        return None
    ends = ((slots[0], slots[1:]), (slots[-1], slots[:-1]))
    fitting = [own for end, own in ends if end.kind != "value" and _adds_up(own, rules)]
    if len(fitting) != 1:
        return None
    return [_cell(t, i)._replace(told="split") for i, t in enumerate(fitting[0])]


def _adds_up(slots: Slots, rules: Sequence[Rule]) -> bool:
    """Whether all sums of a row hold, empty slots counted as nothing."""
    texts = [squeeze(t.text) or "0" for t in slots]
    if not all(t.isascii() and t.isdigit() for t in texts):
        return False
    return all(sum(int(texts[i]) for i in left) == sum(int(texts[i]) for i in right) for left, right in rules)


def _on_uneven_lines(slots: Slots, width: int) -> bool:
    """Whether numbers without delimiters stand on several lines that are neither whole rows nor cells."""
    lines = Counter(t.line for t in slots)
    bare = all(t.kind == "value" and not t.glued and not t.slot for t in slots)
    return bare and len(lines) > 1 and (len(slots) > width or (len(slots) == width and max(lines.values()) > 1))


def _row(
    item: Item, parents: tuple[str, ...], width: int, patterns: Patterns, sure: bool, rules: Sequence[Rule]
) -> DataRow:
    values = None
    if sure and _on_uneven_lines(item.slots, width):
        values = _over_lines(item.slots, width, rules)
    elif sure:
        values = _values(_own(item), width, patterns) or _opened_or_closed(item.slots, width, rules)
    labels = (item.text,) if item.text else ()
    if values is not None:
        return DataRow(labels, parents, values)
    loose = [_cell(t, i) for i, t in enumerate(item.slots) if t.kind == "value"]
    return DataRow(labels, parents, [None] * width, broken=True, loose=loose)


def _cut(row: DataRow, item: Item, rules: Sequence[Rule]) -> DataRow:
    """A row with the possible cuts of its digits, where these run together."""
    numbers = [t for t in item.slots if t.kind == "value"]
    if row.broken and len(numbers) == 1 and rules:
        row.cuts = cuts_of(squeeze(numbers[0].text), len(row.values), rules)
    return row


def _parent(text: str) -> bool:
    """Whether a label heads other rows and holds no cells."""
    key = label_key(text)
    rows = (e for f in form_ids() for e in load_form(f).tables["requests"].blocks[0].rows)
    return any(e.header and key in e.keys for e in rows)


def _first_child(item: Item) -> tuple[tuple[str, ...], Item] | None:
    """A row that stands on the line of its parent ((三)不予公开 1.属于国家秘密), told apart: parents, row."""
    found = _CHILD.match(item.text)
    if item.known == 1 or not found or not _parent(found[1]):
        return None
    return (found[1],), replace(item, text=found[2])


def _data_row(text: str) -> bool:
    """Whether a label holds cells in some form (（六）其他处理 in that of 2019)."""
    return label_key(text) in words().cells


def _rows(section: Section, width: int, matrix: bool, rules: Sequence[Rule]) -> list[DataRow]:
    """The rows of a section. Numbers before its first label mean that labels and numbers have parted."""
    patterns = _patterns(section, width)
    items = list(section.rows)
    slots = section.header[-1].slots if section.header else []
    strays = [t for t in slots if t.kind == "value"]
    if matrix:
        slots = [*slots, *(t for i in items for t in i.slots)]
        lines = {t.line for t in slots if t.kind == "value"}
        on_lines = [t for t in slots if t.line in lines]
        item = Item("", [], 1.0, on_lines if len(on_lines) >= width else slots)
        patterns = _patterns(Section([], [item]), width)
        return [_cut(_row(item, (), width, patterns, True, rules), item, rules)] if slots else []
    sure = not strays and not (items and not items[0].text)
    out: list[DataRow] = []
    parents: tuple[str, ...] = ()
    for index, item in enumerate(items):
        below = items[index + 1].text if index + 1 < len(items) else ""
        empty = not any(t.kind == "value" for t in item.slots)
        if empty and _parent(item.text) and not (_TOP.match(below) and not _parent(below) and _data_row(item.text)):
            parents = (item.text,)
            continue
        if _TOP.match(item.text):
            parents = ()
        above, item = _first_child(item) or (parents, item)
        before = items[index - 1] if index else None
        lost = item.known < ACCEPT and before is not None and before.known >= ACCEPT and not before.slots
        if item.slots or item.known >= ACCEPT:
            row = _row(item, above, width, patterns, sure and not lost, rules)
            out.append(_cut(row, item, rules) if sure and not lost else row)
    return out


def _torn(section: Section, strange: bool) -> bool:
    """Whether words lie in a table that are no label of its rows: pieces of one, or a label where none belongs."""
    items = [i for i in section.rows if len(label_key(i.text)) >= 2]
    numbers = (i for i in section.header if any(t.kind == "value" for t in i.slots))
    swallowed = any(i.known < 1 for i in numbers)  # numbers behind a header that is not one word for word: a row's
    return swallowed or any(strange or i.known < 1 for i in items)


def flow_strips(grid: FlowGrid) -> list[Strip]:
    """The strips of a table lying in running text."""
    strips = []
    for section in sections_of(items_of(grid.tokens)):
        pairs = columns_of(section.header)
        width = len(pairs) if pairs else 0
        columns = [_path(p) for p in pairs] if pairs else None
        rules = row_rules(pairs) if pairs else ()
        crossed = bool(pairs and pairs[0][0] is not None)
        rows = _rows(section, width, crossed, rules)
        if rows or columns or section.titled:
            strips.append(Strip(columns, rows, width, section.titled, torn=_torn(section, crossed or not pairs)))
    return strips
