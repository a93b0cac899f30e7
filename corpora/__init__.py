"""Invents annual reports from known cells and renders them, so that readers can be tested against the truth."""

from corpora.invent import invent
from corpora.model import CellModel, Chapter, InventedReport, Knobs, TableModel

__all__ = ["CellModel", "Chapter", "InventedReport", "Knobs", "TableModel", "invent"]
