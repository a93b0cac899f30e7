"""The corpus in three parts: no family stands in two of them, and each part can make its documents."""

from __future__ import annotations

import inspect
from itertools import combinations

import pytest

from corpora.invent import invent, invent_early, part_of_seed
from corpora.labels import CHAPTER_TITLES
from corpora.making import make_document
from corpora.parts import PARTS, VOICES, load_part

LISTS = ("report_titles", "sites", "pdf", "pdf_fonts", "quotes", "first", "second")
WORDS = ("label_damage", "dress")


def _sentences(name: str) -> set[str]:
    voice = VOICES[name]
    fixed = (voice.requests, voice.disputes, voice.fee, voice.preamble, voice.problems, voice.traps)
    return {inspect.getsource(f) for f in (*voice.families, *voice.early, *fixed)}


def test_forty_sentence_families_and_none_in_two_parts():
    said = {name: _sentences(name) for name in PARTS}
    assert sum(map(len, said.values())) >= 40
    for a, b in combinations(PARTS, 2):
        assert not said[a] & said[b]


@pytest.mark.parametrize(("a", "b"), list(combinations(PARTS, 2)))
def test_families_stand_in_one_part_only(a, b):
    one, other = load_part(a), load_part(b)
    for name in LISTS:
        assert not set(getattr(one, name)) & set(getattr(other, name)), name
    assert all(getattr(one, name) != getattr(other, name) for name in WORDS)
    for chapter in CHAPTER_TITLES:  # the first of CHAPTER_TITLES is the national form's and common to all
        titles = [set(p.chapter_titles.get(chapter, CHAPTER_TITLES[chapter][1:])) for p in (one, other)]
        assert not titles[0] & titles[1], chapter


def test_each_seed_belongs_to_one_part():
    assert [part_of_seed(s) for s in (0, 100_000, 300_000, 499_999, 500_000)] == [
        "train", "train", "dev", "dev", "test",
    ]  # fmt: skip
    assert invent(300_007).knobs.part == "dev"


@pytest.mark.parametrize("part", PARTS)
def test_gold_says_where_each_figure_stands(part):
    first = load_part(part).first_seed
    for seed in range(first, first + 8):
        for report in (invent(seed), invent_early(seed)):
            prose = "".join(p.text for c in report.chapters for p in c.paragraphs)
            figures = report.gold["figures"]
            assert figures and all(f["text"] in prose for f in figures)
            assert all(trap in prose for trap in report.gold["distractors"])
            for f in figures:
                assert f["part_of"] is None or f["part_of"] < len(figures)


def test_planted_breakdowns_do_not_add_up():
    planted = 0
    for seed in range(2, 400, 5):
        gold = invent(seed).gold
        for name in (n for n in gold["failed_checks"] if n.startswith("breakdown.")):
            index = int(name.split(".")[1][1:]) - 1
            parts = [f["value"] for f in gold["figures"] if f["part_of"] == index]
            assert sum(parts) != gold["figures"][index]["value"]
            planted += 1
    assert planted > 10


@pytest.mark.parametrize("medium", ["tab", "early", "site", "docx", "lines"])
@pytest.mark.parametrize("part", ["train", "dev"])
def test_documents_of_a_part_say_what_they_are_made_of(part, medium, tmp_path):
    import json

    path, _ = make_document(load_part(part).first_seed + 3, medium, tmp_path)
    made = json.loads((tmp_path / f"{path.name}.gold.json").read_text("utf-8"))["made"]
    assert (made["medium"], made["part"]) == (medium, part) and made["families"]["numbers"]
