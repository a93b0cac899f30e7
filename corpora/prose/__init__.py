"""The prose of invented reports: sentences by part of the corpus, and where they stand."""

from corpora.prose.frame import early_report, overview, paragraph
from corpora.prose.writer import Facts, Voice, Writer

__all__ = ["Facts", "Voice", "Writer", "early_report", "overview", "paragraph"]
