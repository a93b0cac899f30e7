"""Lines of ``pdftotext -layout`` text → rows: wrapped labels put together again, numbers under their columns.

The lines below a header are cut into rows as a whole: each row takes the label lines that name it best and at most one
line of numbers, and no line serves two rows. Numbers that two rows could own make both unreadable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from extractor.document import Cell, Told
from extractor.forms import form_ids, label_key, load_form, split_ordinal
from extractor.normalize import squeeze
from extractor.tables.labels import ACCEPT, is_row_label, key_likeness, words
from extractor.tables.layout_lines import Centers, Line, Row, apart, bare, extent, numbers_of, page_of, place, words_of
from extractor.tables.sheet import DataRow

REACH = 9  # lines of one row, those between its label lines included
FAR = 3  # a line of numbers this far from its label is no part of the row
_OWN, _BESIDE, _SKIP, _BLANK = 0.3, 0.15, 0.1, 0.95


@dataclass(slots=True)
class Part:
    """Lines ``start`` to ``end`` as one row: its label, what stands left of it, its line of numbers.

    ``sure`` is false where the numbers stand above or below all label lines.
    """

    start: int
    end: int
    score: float
    label: str = ""
    parents: tuple[str, ...] = ()
    data: int | None = None
    sure: bool = True
    chain: list[int] = field(default_factory=list)
    doubt: Line = field(default_factory=list)


@lru_cache(maxsize=20000)
def _named(label: str) -> float:
    """How well a text names a row that holds cells, 0 to 1; a short one needs its own kind of ordinal."""
    key = label_key(label)
    if len(key) < 3:
        return 1.0 if is_row_label(label) and _ordinal_fits(label, key) else 0.0
    return max(key_likeness(key, k) for k in words().cells)


def _ordinal_fits(label: str, key: str) -> bool:
    """（六）其他 begins 其他处理 and is not the row 3．其他."""
    ordinal = split_ordinal(label)[0]
    rows = (e for f in form_ids() for t in load_form(f).tables.values() for b in t.blocks for e in b.data_rows())
    return not ordinal or any(
        key in e.keys and (not e.ordinal or e.ordinal.isdigit() == ordinal.isdigit()) for e in rows
    )


def _chain(lines: list[Line], anchor: Cell, page: int) -> list[tuple[int, Cell]] | None:
    """The word of each line that stands where the anchor does; None where other words stand right of it."""
    x0, x1 = extent(anchor)
    out: list[tuple[int, Cell]] = []
    for i, line in enumerate(lines):
        stubs = words_of(line)
        over = [c for c in stubs if min(x1, extent(c)[1]) - max(x0, extent(c)[0]) > 0]
        if not over and stubs and page_of(line) != page:  # another page, other x positions
            over = stubs[-1:]
        if over and over[-1] is stubs[-1]:
            out.append((i, over[-1]))
        elif over or any(extent(c)[0] >= x0 for c in stubs):
            return None
    return out


def _part(lines: list[Line], start: int, end: int) -> Part | None:
    """The best reading of some lines as one row, or None where they are none."""
    inside = lines[start : end + 1]
    data = [i for i, line in enumerate(inside) if numbers_of(line)]
    if len(data) > 1:
        return None
    best: Part | None = None
    for line in inside:
        stubs = words_of(line)
        chain = _chain(inside, stubs[-1], page_of(line)) if stubs else None
        part = _weighed(inside, start, chain, data[0] if data else None) if chain else None
        if part is not None and (best is None or part.score > best.score):
            best = part
    return best


def _weighed(inside: list[Line], start: int, chain: list[tuple[int, Cell]], data: int | None) -> Part | None:
    """A stretch of lines as one row, weighed by how well its label names a row and how near its numbers stand."""
    texts = [squeeze(c.text) for _, c in chain]
    if any(split_ordinal(text)[0] for text in texts[1:]):
        return None  # 8.其他 above 2.没有: where an ordinal stands a row begins
    label = "".join(texts)
    named = _named(label)
    at = [i for i, _ in chain]
    own = data is not None and data in at
    if named < (ACCEPT if data is not None else _BLANK):
        if not (own and len(inside) == 1):
            return None
        score = -_OWN - _SKIP  # a row that the form does not know, or half of one
    else:
        score = 1 - 4 * (1 - named)  # part of a label must not outweigh the whole
    between = data is not None and at[0] < data < at[-1]
    if data is not None and not own and not between:
        gap = min(apart(inside[data], inside[i]) for i in at)
        if gap > FAR:
            return None
        score += _BESIDE - gap / 100
    elif data is not None:
        score += _OWN
    ends = [*at, *([data] if data is not None else [])]
    if min(ends) != 0 or max(ends) != len(inside) - 1:
        return None
    left = min(extent(c)[0] for _, c in chain)
    stubs = [c for i in at for c in words_of(inside[i]) if extent(c)[1] <= left]
    parents = tuple(squeeze(c.text) for c in stubs)
    where = None if data is None else start + data
    sure = data is None or own or between
    return Part(start, start + len(inside) - 1, score, label, parents, where, sure, [start + i for i in at])


def _parts(lines: list[Line]) -> list[Part]:
    """The lines cut into rows so that the rows together are named best. Lines in no row are left out."""
    best = [0.0] * (len(lines) + 1)
    taken: list[Part | None] = [None] * (len(lines) + 1)
    for i in range(len(lines) - 1, -1, -1):
        best[i] = best[i + 1] - (2 * _SKIP if numbers_of(lines[i]) else _SKIP / 2)
        for end in range(i, min(i + REACH, len(lines))):
            part = _part(lines, i, end)
            if part is not None and part.score + best[end + 1] > best[i]:
                best[i], taken[i] = part.score + best[end + 1], part
    out, i = [], 0
    while i < len(lines):
        found = taken[i]
        if found is None and numbers_of(lines[i]):
            stubs = [squeeze(c.text) for c in words_of(lines[i])]
            out.append(Part(i, i, 0.0, "".join(stubs[-1:]), tuple(stubs[:-1]), i))
        elif found is not None:
            out.append(found)
        i = found.end + 1 if found else i + 1
    return out


def _weigh_doubts(lines: list[Line], parts: list[Part]) -> None:
    """Mark the rows whose numbers may be another row's: numbers beside a label, and a row without any."""
    for k, part in enumerate(parts):
        if part.data is None:
            continue
        numbers = lines[part.data]
        if not part.sure:
            k_other = k + 1 if part.data > part.chain[-1] else k - 1
            other = parts[k_other] if 0 <= k_other < len(parts) else None
            if other is not None and other.data is None:
                near = min(apart(numbers, lines[i]) for i in part.chain)
                if not near < min(apart(numbers, lines[i]) for i in other.chain):
                    part.doubt = other.doubt = numbers_of(numbers)
        elif not part.label and bare(numbers):
            for other in parts[max(k - 1, 0) : k + 2]:
                if other is not part and other.label and _touch(lines, other, numbers):
                    other.doubt = numbers_of(numbers)


def _touch(lines: list[Line], other: Part, numbers: Line) -> bool:
    """Whether unlabelled numbers may belong to a row: it has none, or they stand right beside its own."""
    if other.data is None or not other.sure:
        return True
    return apart(lines[other.data], numbers) <= 1


def rows_of(lines: list[Line], centers: Centers) -> list[DataRow]:
    """The rows of a body, doubtful ones marked."""
    parts = _parts(lines)
    if any(p.label for p in parts):
        _weigh_doubts(lines, parts)
    return [_row(lines, part, centers) for part in parts]


def _row(lines: list[Line], part: Part, centers: Centers) -> DataRow:
    """One row with its numbers under their columns; broken where these cannot be told."""
    labels = (part.label,) if part.label else ()
    count = centers.count
    at = lines[part.data if part.data is not None else part.start]
    numbers = numbers_of(at) if part.data is not None else []
    values: Row | None = place(numbers, centers.of(page_of(at)), count) if numbers else [None] * count
    if values is None or part.doubt:
        loose = [*numbers, *(c for c in part.doubt if c not in numbers)]
        return DataRow(labels, part.parents, [None] * count, broken=True, loose=loose)
    empty = Cell("", at[0].row, -1, place=at[0].place)  # an empty place in a row is an empty cell on that line
    told: Told = "read" if part.sure and len(numbers) in (0, count) else "spaced"
    return DataRow(labels, part.parents, [(empty if v is None else v)._replace(told=told) for v in values])
