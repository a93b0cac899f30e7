"""Tables that lie flattened in running text, found by the labels of the forms and cut into rows.

A row is a label and the values up to the next label. It is believed only where as many numbers follow the
label as the header names columns, or where delimiters show which slots are empty; a row that lost a cell
without a trace is unreadable. Columns stand in the order of the form, and all must be named by the header.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractor.document import Block, Cell, Document, Grid, Paragraph
from extractor.forms import Entry, form_ids, label_key, load_form
from extractor.normalize import squeeze
from extractor.tables.flow_tokens import Token, best_known, is_ordinal, known_labels, like_known, tokens_of
from extractor.tables.labels import ACCEPT, header_tables, is_certain_header, is_title, key_likeness, row_tables, words
from extractor.tables.run_together import Rule, cuts_of, joined_parts, joins_of, row_rules
from extractor.tables.sheet import Column, DataRow, Strip

READERS = frozenset(("text-plain", "text-paged", "html", "docx", "word-legacy"))
GAP = 3  # lines without anything tabular that may stand inside a table
PROSE = 60  # a longer line with a full stop and no run of digits is prose
REACH = 8  # tokens of one label
_SENTENCE = re.compile(r"[。；;！？]")
_TOP = re.compile(
    r"^[(（][一二三四五六七八九十]|^[一二三四五六七八九十]、"
)  # ordinals of rows that have no parent of their own
_PARTED = re.compile(r"[|｜│┃]|\d{3}")  # a heading has no pipes and no numbers
_CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．]")


@dataclass(frozen=True)
class FlowGrid(Grid):
    """A table lying in running text, as tokens."""

    tokens: tuple[Token, ...] = ()


@dataclass(slots=True)
class _Item:
    """A label put together from tokens, or the values that follow one."""

    text: str
    tokens: list[Token]
    known: float = 0.0
    slots: list[Token] = field(default_factory=list)


def _is_tabular(paragraph: Paragraph) -> bool:
    """Whether a line is made of labels and values only."""
    if len(paragraph.text) > PROSE and "。" in paragraph.text and not _PARTED.search(paragraph.text):
        return False
    text = squeeze(paragraph.text)
    strange_at_most = (0.1 if _SENTENCE.search(text) else 0.4) * len(text)
    tokens: list[Token] = []
    known = strange = 0
    for token in tokens_of([(0, paragraph)]):
        tokens.append(token)
        if token.kind == "word":
            size = len(squeeze(token.text))
            is_known = _part_of_label(squeeze(token.text))
            known, strange = known + is_known * size, strange + (not is_known) * size
            if strange > strange_at_most:
                return False  # most lines of prose end here, at their first words
    return strange <= (0.1 if _SENTENCE.search(text) else 0.4) * (known + strange) and not _is_heading(text, tokens)


def _is_heading(text: str, tokens: list[Token]) -> bool:
    """Whether a line is the heading of a chapter, and not a row such as 二、上年结转政府信息公开申请数量."""
    if not _CHAPTER.match(text) or _PARTED.search(text):
        return False
    names = [t.text for t in tokens if t.kind == "word"]
    return not (like_known("".join(names)) or any(like_known(n) for n in names[:1]))


def _part_of_label(text: str) -> bool:
    key = label_key(text)
    if len(key) <= 3 or best_known(text) >= ACCEPT:
        return True
    return any(key in k for k in known_labels())


def _regions(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """Ranges of blocks in which lines are tabular, short gaps bridged."""
    marks = [isinstance(b, Paragraph) and len(b.text) < 20_000 and _is_tabular(b) for b in blocks]
    start: int | None = None
    last = -1
    for index, mark in enumerate([*marks, False]):
        if mark:
            start = index if start is None else start
            last = index
        elif start is not None and (index == len(blocks) or index - last > GAP or _ends(blocks[index])):
            yield start, last + 1
            start = None


def _ends(block: Block) -> bool:
    """What no table goes on over: another table, a chapter heading, a sentence."""
    if not isinstance(block, Paragraph):
        return True
    text = squeeze(block.text)
    return _is_heading(text, list(tokens_of([(0, block)]))) or (bool(_SENTENCE.search(text)) and len(text) > 30)


def _holds_table(tokens: list[Token]) -> bool:
    names = {squeeze(t.text) for t in tokens if t.kind == "word"}
    rows = sum(bool(row_tables(n)) and len(label_key(n)) >= 4 for n in names)
    heads = sum(is_certain_header(n) or is_title(n) for n in names)
    return rows + heads >= 3 and (rows >= 6 or any(t.kind != "word" for t in tokens))


def lift_tables(document: Document) -> Document:
    """The document with each flattened table as one block of its own, out of the running text."""
    if document.reader not in READERS:
        return document
    blocks = list(document.blocks)
    out: list[Block] = []
    done = 0
    for start, end in _regions(blocks):
        lines = [(i, b) for i, b in enumerate(blocks[start:end], start) if isinstance(b, Paragraph)]
        tokens = list(tokens_of(lines))
        if _holds_table(tokens):
            out += blocks[done:start]
            place = tokens[0].place
            out.append(FlowGrid((), 0, 0, regular=False, page=place.page, place=place, tokens=tuple(tokens)))
            done = end
    out += blocks[done:]
    reader = document.reader
    if any(isinstance(b, FlowGrid) for b in out):
        reader = f"{reader}-flow" if reader != "text-plain" else "text-flow"
    return Document(tuple(out), reader, document.media_type, document.pages, document.notes)


def _segmented(tokens: list[Token]) -> list[_Item]:
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
        out.append(_Item("".join(squeeze(t.text) for t in tokens[i:j]), tokens[i:j], known))
        i = j
    return out


def _items(tokens: Iterable[Token]) -> list[_Item]:
    """Labels, each with the slots that follow it; slots before any label belong to an item without text."""
    out: list[_Item] = []
    run: list[Token] = []
    for token in tokens:
        if token.kind == "word":
            run.append(token)
            continue
        if run:
            out += _segmented(run)
            run = []
        if not out:
            out.append(_Item("", []))
        out[-1].slots.append(token)
    return out + (_segmented(run) if run else [])


@dataclass(slots=True)
class _Section:
    """Header words and the rows under them."""

    header: list[_Item] = field(default_factory=list)
    rows: list[_Item] = field(default_factory=list)
    titled: bool = False


def _sections(items: list[_Item]) -> list[_Section]:
    out = [_Section()]
    for item in items:
        now = out[-1]
        if is_title(item.text):
            out.append(_Section(titled=True))
        elif _is_header(item, in_header=not now.rows):
            if now.rows:
                out.append(_Section())
            out[-1].header.append(item)
        elif item.text or item.slots:
            now.rows.append(item)
    return out


def _is_header(item: _Item, in_header: bool) -> bool:
    if item.known < ACCEPT:
        return False
    if is_certain_header(item.text) or squeeze(item.text).strip("()（）").startswith("本列数据的勾稽关系"):
        return True
    return in_header and bool(header_tables(item.text))


def _columns(header: list[_Item]) -> list[tuple[Entry | None, Entry]] | None:
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


def _path(pair: tuple[Entry | None, Entry]) -> Column:
    row, column = pair
    return Column((row.label, column.label) if row is not None else (column.label,))


def _cell(token: Token, index: int) -> Cell:
    return Cell(token.text, token.line, index, place=token.place)


Slots = list[Token]
Patterns = dict[int, set[tuple[int, ...]]]


def _own(item: _Item) -> Slots:
    """The slots of a row. Where values stand on the label's own line, the row ends with that line."""
    line = item.tokens[-1].line if item.tokens else -1
    here = [t for t in item.slots if t.line == line]
    beyond = [t for t in item.slots if t.line != line]
    return here if here and not any(t.kind == "value" for t in beyond) else item.slots


def _filled(slots: Slots) -> tuple[int, ...]:
    return tuple(i for i, t in enumerate(slots) if t.kind == "value")


def _patterns(section: _Section, width: int) -> Patterns:
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


def _add_places(section: _Section, width: int, out: Patterns) -> None:
    """Under -1: the places on the line of the columns of full rows, where rows stand on lines of their own."""
    for row in section.rows:
        slots = _own(row)
        lines = {t.line for t in (*row.tokens, *slots)}
        if slots and len(lines) == 1 and (len(slots) == width or len(_filled(slots)) == width):
            values = [t for t in slots if len(slots) == width or t.kind == "value"]
            out.setdefault(-1, set()).add(tuple(t.slot for t in values))


def _add_windows(section: _Section, width: int, out: Patterns) -> None:
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
    return [
        _cell(slots[f], i)._replace(text=t, split=t != parts[f])
        for i, (f, t) in enumerate(zip(firsts, texts, strict=True))
    ]


def _on_uneven_lines(slots: Slots, width: int) -> bool:
    """Whether numbers without delimiters stand on several lines that are neither whole rows nor cells."""
    lines = Counter(t.line for t in slots)
    bare = all(t.kind == "value" and not t.glued and not t.slot for t in slots)
    return bare and len(lines) > 1 and (len(slots) > width or (len(slots) == width and max(lines.values()) > 1))


def _row(
    item: _Item, parents: tuple[str, ...], width: int, patterns: Patterns, sure: bool, rules: Sequence[Rule]
) -> DataRow:
    values = None
    if sure and _on_uneven_lines(item.slots, width):
        values = _over_lines(item.slots, width, rules)
    elif sure:
        values = _values(_own(item), width, patterns)
    labels = (item.text,) if item.text else ()
    if values is not None:
        return DataRow(labels, parents, values)
    loose = [_cell(t, i) for i, t in enumerate(item.slots) if t.kind == "value"]
    return DataRow(labels, parents, [None] * width, broken=True, loose=loose)


def _cut(row: DataRow, item: _Item, rules: Sequence[Rule]) -> DataRow:
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


def _data_row(text: str) -> bool:
    """Whether a label holds cells in some form (（六）其他处理 in that of 2019)."""
    return label_key(text) in words().cells


def _rows(section: _Section, width: int, matrix: bool, rules: Sequence[Rule]) -> list[DataRow]:
    """The rows of a section. Numbers before its first label mean that labels and numbers have parted."""
    patterns = _patterns(section, width)
    items = list(section.rows)
    slots = section.header[-1].slots if section.header else []
    strays = [t for t in slots if t.kind == "value"]
    if matrix:
        slots = [*slots, *(t for i in items for t in i.slots)]
        lines = {t.line for t in slots if t.kind == "value"}
        on_lines = [t for t in slots if t.line in lines]
        item = _Item("", [], 1.0, on_lines if len(on_lines) >= width else slots)
        patterns = _patterns(_Section([], [item]), width)
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
        before = items[index - 1] if index else None
        lost = item.known < ACCEPT and before is not None and before.known >= ACCEPT and not before.slots
        if item.slots or item.known >= ACCEPT:
            row = _row(item, parents, width, patterns, sure and not lost, rules)
            out.append(_cut(row, item, rules) if sure and not lost else row)
    return out


def _torn(section: _Section, strange: bool) -> bool:
    """Whether words lie in a table that are no label of its rows: pieces of one, or a label where none belongs."""
    items = [i for i in section.rows if len(label_key(i.text)) >= 2]
    return any(strange or i.known < ACCEPT or (i.known < 1 and not i.slots) for i in items)


def flow_strips(grid: FlowGrid) -> list[Strip]:
    """The strips of a table lying in running text."""
    strips = []
    for section in _sections(_items(grid.tokens)):
        pairs = _columns(section.header)
        width = len(pairs) if pairs else 0
        columns = [_path(p) for p in pairs] if pairs else None
        rules = row_rules(pairs) if pairs else ()
        crossed = bool(pairs and pairs[0][0] is not None)
        rows = _rows(section, width, crossed, rules)
        if rows or columns or section.titled:
            strips.append(Strip(columns, rows, width, section.titled, torn=_torn(section, crossed or not pairs)))
    return strips


__all__ = ["FlowGrid", "flow_strips", "lift_tables"]
