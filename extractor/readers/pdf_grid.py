"""Rules drawn on a PDF page → table grids with merged cells.

PDF makers draw rules as lines, as thin filled boxes or as borders of cell boxes; real reports often
leave the last row of a page without its closing rule. So rules are gathered from all three, joined
into connected tables, closed where their uprights run on, and only then cut into cells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfplumber.table import edges_to_intersections, merge_edges

from extractor.document import Box
from extractor.readers.pdf_cells import cells_between

THIN = 3.0  # a filled box thinner than this is a rule
SNAP = 3.0  # rules closer than this are one rule
BETWEEN = 12.0  # points without any rule between two tables, at least
MIN_LENGTH = 4.0
ROW = 30.0  # a row of a table with open sides is hardly higher; headings between tables take more
OVERHANG = 6.0  # an upright that runs on this far past the last rule had a row there

Edge = dict[str, Any]


@dataclass(slots=True)
class Slot:
    """A cell of a ruled table: grid position, box, and the characters found in it.

    ``open`` cells stand in the last row and have no rule below: a page end may have cut them.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box
    chars: list[dict[str, Any]]
    open: bool = False


@dataclass(slots=True)
class Ruled:
    """A ruled table on one page; ``xs`` and ``ys`` are its boundaries in points."""

    slots: list[Slot]
    xs: list[float]
    ys: list[float]
    lookup: dict[tuple[int, int], Slot]

    def slot_at(self, x: float, y: float) -> Slot | None:
        """The cell that holds the point, or None."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        return self.lookup.get((row, column))

    @property
    def box(self) -> Box:
        """The outline of the table."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def hanging(self, box: Box) -> list[Slot]:
        """The open cells of the last row, if a line of words stands right below it: the rest of a header cut there."""
        below = box.top - self.ys[-1] <= SNAP and box.bottom > self.ys[-1]
        return [s for s in self.slots if s.open] if below else []


def edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> Edge:
    """A rule as pdfplumber writes it: orientation h or v, from one end to the other, in points."""
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": orientation,
        "object_type": "line",
    }


def _visible(obj: dict[str, Any]) -> bool:
    """Whether a box is painted in something else than white, or stroked."""
    if obj.get("stroke"):
        return True
    color = obj.get("non_stroking_color")
    if not obj.get("fill"):
        return False
    if isinstance(color, int | float):
        color = (color,)
    parts = tuple(color or ())
    white = len(parts) in (1, 3) and all(isinstance(c, int | float) and c >= 0.99 for c in parts)
    return not white


def _box_edges(obj: dict[str, Any], page_area: float) -> Iterable[Edge]:
    x0, x1, top, bottom = obj["x0"], obj["x1"], obj["top"], obj["bottom"]
    width, height = x1 - x0, bottom - top
    if height <= THIN and width > height:
        middle = (top + bottom) / 2
        yield edge("h", x0, middle, x1, middle)
    elif width <= THIN:
        middle = (x0 + x1) / 2
        yield edge("v", middle, top, middle, bottom)
    elif width * height < 0.6 * page_area:
        yield edge("h", x0, top, x1, top)
        yield edge("h", x0, bottom, x1, bottom)
        yield edge("v", x0, top, x0, bottom)
        yield edge("v", x1, top, x1, bottom)


def rules(page: Any) -> list[Edge]:
    """All ruling lines of a pdfplumber page, straightened, snapped and joined."""
    area = float(page.width) * float(page.height)
    edges: list[Edge] = []
    for line in page.objects.get("line", ()):
        if line["height"] <= THIN or line["width"] <= THIN:
            edges += _box_edges(line, area)
    for rect in page.objects.get("rect", ()):
        if _visible(rect):
            edges += _box_edges(rect, area)
    for curve in page.objects.get("curve", ()):
        if min(curve["width"], curve["height"]) <= THIN:
            edges += _box_edges(curve, area)
    return straightened(edges)


def straightened(edges: list[Edge]) -> list[Edge]:
    """Rules snapped to common lines and joined where they touch; specks are dropped."""
    merged = [e for table in _stacked(edges) for e in _snapped(table)]
    return [e for e in merged if max(e["x1"] - e["x0"], e["bottom"] - e["top"]) >= MIN_LENGTH]


def _snapped(edges: list[Edge]) -> list[Edge]:
    found: list[Edge] = merge_edges(
        edges, snap_x_tolerance=SNAP, snap_y_tolerance=SNAP, join_x_tolerance=SNAP, join_y_tolerance=SNAP
    )
    return found


def _stacked(edges: list[Edge]) -> list[list[Edge]]:
    """The rules of tables one below another, apart: a column of one does not stand where the next has its own."""
    tables: list[list[Edge]] = []
    bottom = 0.0
    for rule in sorted(edges, key=lambda e: e["top"]):
        if not tables or rule["top"] - bottom > BETWEEN:
            tables.append([])
        tables[-1].append(rule)
        bottom = max(bottom, rule["bottom"])
    return tables


def _touch(h: Edge, v: Edge) -> bool:
    return bool(h["x0"] - SNAP <= v["x0"] <= h["x1"] + SNAP and v["top"] - SNAP <= h["top"] <= v["bottom"] + SNAP)


def _same_reach(a: Edge, b: Edge) -> bool:
    return bool(abs(a["top"] - b["top"]) <= SNAP and abs(a["bottom"] - b["bottom"]) <= SNAP)


def _open_sided(hs: list[Edge], vs: list[Edge]) -> Iterable[tuple[int, int]]:
    """Rules of equal reach, a row apart, without uprights at their ends: one table with open sides."""
    order = sorted(range(len(hs)), key=lambda i: hs[i]["top"])
    for i, j in pairwise(order):
        a, b = hs[i], hs[j]
        level = abs(a["x0"] - b["x0"]) <= SNAP and abs(a["x1"] - b["x1"]) <= SNAP and b["top"] - a["top"] <= ROW
        if level and not any(min(abs(v["x0"] - a["x0"]), abs(v["x0"] - a["x1"])) <= SNAP for v in vs):
            yield i, j


def _components(edges: list[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Rules grouped into tables: those that touch; uprights alone, if they begin and end together."""
    hs = [e for e in edges if e["orientation"] == "h"]
    vs = [e for e in edges if e["orientation"] == "v"]
    parent = list(range(len(hs) + len(vs)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in _open_sided(hs, vs):
        parent[root(i)] = root(j)
    touched: set[int] = set()
    for j, v in enumerate(vs):
        for i, h in enumerate(hs):
            if _touch(h, v):
                parent[root(i)] = root(len(hs) + j)
                touched.add(j)
    loose = [j for j in range(len(vs)) if j not in touched]
    for k, j in enumerate(loose):
        for other in loose[:k]:
            if _same_reach(vs[j], vs[other]):
                parent[root(len(hs) + j)] = root(len(hs) + other)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for i, h in enumerate(hs):
        groups.setdefault(root(i), ([], []))[0].append(h)
    for j, v in enumerate(vs):
        groups.setdefault(root(len(hs) + j), ([], []))[1].append(v)
    return [g for g in groups.values() if g[1]]


def _nearest(values: list[float], wanted: float) -> float:
    """The value nearest to the wanted one, which is returned if there is none."""
    return min(values, key=lambda v: abs(v - wanted), default=wanted)


def _close(hs: list[Edge], vs: list[Edge], before: list[float]) -> None:
    """Add the rules that a page end or an open design left out, at all four sides.

    Sides come first, as far as any upright reaches; then top and bottom, over the whole width. A rule
    that is drawn for some rows or columns only would lose the others.
    """
    top, bottom = min(v["top"] for v in vs), max(v["bottom"] for v in vs)
    if len(hs) >= 2:
        for x, side in ((min(h["x0"] for h in hs), "x0"), (max(h["x1"] for h in hs), "x1")):
            known = any(abs(x - b) <= SNAP for b in (*before[:1], *before[-1:]))
            if known or sum(abs(h[side] - x) <= SNAP for h in hs) >= 2:
                near = [v["x0"] for v in vs if abs(v["x0"] - x) <= OVERHANG]
                x = _nearest(near, x)
                vs.append(edge("v", x, top, x, bottom))
    first = min((h["top"] for h in hs), default=bottom)
    last = max((h["top"] for h in hs), default=top)
    for end, rule in ((top, first), (bottom, last)):
        y = rule if abs(rule - end) <= OVERHANG else end
        reach = [v["x0"] for v in vs if v["top"] - OVERHANG <= y <= v["bottom"] + OVERHANG]
        if len(reach) >= 2:
            hs.append(edge("h", min(reach), y, max(reach), y))


def _boundaries(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > SNAP / 2:
            out.append(value)
    return out


def _index(bounds: list[float], value: float) -> int:
    """The bound nearest to a value."""
    after = bisect_left(bounds, value)
    if after == len(bounds) or (after and value - bounds[after - 1] <= bounds[after] - value):
        after -= 1
    return after


def _ruled(boxes: list[tuple[float, float, float, float]]) -> Ruled:
    xs = _boundaries(x for b in boxes for x in (b[0], b[2]))
    ys = _boundaries(y for b in boxes for y in (b[1], b[3]))
    slots, lookup = [], {}
    for x0, top, x1, bottom in boxes:
        row, column = _index(ys, top), _index(xs, x0)
        rowspan, colspan = _index(ys, bottom) - row, _index(xs, x1) - column
        if rowspan < 1 or colspan < 1:
            continue
        slot = Slot(row, column, rowspan, colspan, Box(x0, top, x1, bottom), [])
        slots.append(slot)
        for r in range(row, row + rowspan):
            for c in range(column, column + colspan):
                lookup[r, c] = slot
    return Ruled(slots, xs, ys, lookup)


def _borrow_sides(hs: list[Edge], vs: list[Edge], before: list[float]) -> None:
    """A remainder of a table with open sides: they stand where the page before had them.

    ``before`` are the column boundaries of the last table of that page; the uprights must match the
    inner ones, allowing for a page that is indented differently.
    """
    inner = _boundaries(v["x0"] for v in vs)
    missing = len(before) - len(inner)
    fitting = []
    for left in (0, 1) if missing in (1, 2) else ():
        if missing - left > 1:
            continue
        shift = inner[0] - before[left]
        same = before[left : left + len(inner)]
        sides = [x + shift for x in [before[0]] * left + [before[-1]] * (missing - left)]
        drawn = len(hs) < 2 or all(_reached(hs, x) for x in sides)
        if drawn and all(abs(x - b - shift) <= 2 * SNAP for x, b in zip(inner, same, strict=True)):
            fitting.append((abs(shift), sides))
    if fitting:  # where all columns are equally wide both sides fit: a page is indented by less than a column
        top, bottom = min(v["top"] for v in vs), max(v["bottom"] for v in vs)
        vs += [edge("v", x, top, x, bottom) for x in min(fitting)[1]]


def _reached(hs: list[Edge], x: float) -> bool:
    """Whether level rules reach as far as a side."""
    return bool(min(h["x0"] for h in hs) - OVERHANG <= x <= max(h["x1"] for h in hs) + OVERHANG)


def _opened(table: Ruled, drawn: list[Edge]) -> Ruled:
    """The table, with the cells of its last row marked that have no drawn rule below."""
    last = [h for h in drawn if abs(h["top"] - table.ys[-1]) <= OVERHANG]
    for slot in table.slots:
        middle = (slot.box.x0 + slot.box.x1) / 2
        slot.open = slot.box.bottom == table.ys[-1] and not any(h["x0"] <= middle <= h["x1"] for h in last)
    return table


def find_tables(page: Any, before: list[float]) -> list[Ruled]:
    """The ruled tables of a pdfplumber page, from top to bottom. A single framed box is no table.

    ``before`` are the column boundaries of the last table on the page before, if it may go on.
    """
    return tables_of(rules(page), before)


def tables_of(edges: list[Edge], before: list[float]) -> list[Ruled]:
    """The tables that rules draw, wherever the rules come from."""
    tables = []
    for hs, vs in _components(edges):
        _borrow_sides(hs, vs, before)
        if len(vs) < 2 and len(hs) < 2:
            continue
        drawn = list(hs)
        _close(hs, vs, before)
        boxes = cells_between(edges_to_intersections(hs + vs, SNAP, SNAP))
        if len(boxes) >= 2:
            tables.append(_opened(_ruled(boxes), drawn))
    return sorted(tables, key=lambda t: (t.ys[0], t.xs[0]))
