"""How good is it? Documents beside their gold → cells, figures, checks and metadata, right or wrong.

gold (what is true) → compare, figures (one document) → totals, statistics (all of them) → terminal, page.
"""

from extractor.evaluate.gold import Gold, find_gold
from extractor.evaluate.run import Evaluation, evaluate

__all__ = ["Evaluation", "Gold", "evaluate", "find_gold"]
