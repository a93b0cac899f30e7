"""The guard: a fixed small part of the corpus, read anew. A silent error, or a cell or figure that was right and is no
longer, fails and is listed. `python -m tests.guard` writes the record anew after a change that is meant.
"""

from __future__ import annotations

from extractor.evaluate import evaluate
from extractor.evaluate.change import compare_runs, load_evaluation
from extractor.evaluate.terminal import write_changes
from tests.guard import GUARD, RECORD, record


def test_nothing_that_was_right_is_wrong_now():
    outcome = evaluate(GUARD)
    silent = [(d.name, c.path, c.got, c.expected) for d in outcome.documents for c in d.silent(outcome.accept)]
    assert not silent, silent
    old, new = load_evaluation(RECORD), record(outcome)
    change = compare_runs(old, new)
    assert not change.only_old and not change.only_new
    assert not change.lost and not change.newly_silent, write_changes(change)
    for before, after in zip(old["results"], new["results"], strict=True):
        for name in ("figures_missed", "figures_false", "checks_missed", "checks_false", "metadata_wrong"):
            worse = set(after[name]) - set(before[name])
            assert not worse, (after["document"], name, worse)
    covered, was = new["coverage"], old["coverage"]
    assert all(covered[m] >= float(was[m]) - 0.02 for m in was), (was, covered)
