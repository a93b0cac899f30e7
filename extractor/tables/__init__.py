"""Tables of a document → the cells of the national forms.

``read_tables`` finds the tables by their labels, joins what a page end has cut, chooses the form of
each table from its headers, and gives every cell of that form a reading.
"""

from __future__ import annotations

from extractor.tables.flow import lift_tables
from extractor.tables.read import CellReading, ExtraReading, TableReading, TablesReading, read_tables

__all__ = ["CellReading", "ExtraReading", "TableReading", "TablesReading", "lift_tables", "read_tables"]
