"""Invents annual reports from known cells and renders them: an oracle to test readers with."""

from corpora.invent import invent
from corpora.model import CellModel, Chapter, InventedReport, Knobs, TableModel

__all__ = ["CellModel", "Chapter", "InventedReport", "Knobs", "TableModel", "invent"]
