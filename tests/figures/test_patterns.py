"""Each example in the pattern data proves its own entry and no other."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from corpora.codebook import codebook
from extractor.data import load_yaml
from extractor.figures import find_figures
from extractor.figures.quantities import ruled_out
from extractor.normalize import fold
from extractor.report import Figure, Section, SectionEvidence

INDICATORS = load_yaml("indicators.yaml")
DISTRACTORS = load_yaml("distractors.yaml")
EXAMPLES = [(raw["id"], example) for raw in INDICATORS for example in raw.get("examples", [])]
NOT_THIS = [(raw["id"], text) for raw in INDICATORS for text in raw.get("but_not", [])]
DROPS = [(raw["id"], text) for raw in DISTRACTORS for text in raw["drop"]]
KEEPS = [(raw["id"], text) for raw in DISTRACTORS for text in raw["keep"]]


def figures(text: str) -> list[Figure]:
    section = Section(id="overview", title="总体情况", text=text, evidence=SectionEvidence())
    return find_figures([section], 2023)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{n}-{e['value']}" for n, e in EXAMPLES])
def test_example_matches_its_own_indicator_and_no_other(name: str, example: dict[str, Any]) -> None:
    found = figures(example["text"])
    values = {f.value for f in found if f.indicator == name}
    assert Decimal(str(example["value"])) in values
    if not example.get("others"):
        assert {f.indicator for f in found} == {name}


@pytest.mark.parametrize(("name", "text"), NOT_THIS, ids=[f"{n}-{t}" for n, t in NOT_THIS])
def test_what_an_indicator_is_not(name: str, text: str) -> None:
    found = figures(text)
    assert found and name not in {f.indicator for f in found}


def test_the_page_of_indicators_is_written_from_the_data():
    page = Path(__file__).resolve().parents[2] / "docs" / "indicators.md"
    assert page.read_text("utf-8") == codebook()


def test_every_indicator_says_what_it_counts():
    assert all(raw["counts"].endswith(".") for raw in INDICATORS)


@pytest.mark.parametrize(("name", "text"), DROPS, ids=[f"{n}-{t}" for n, t in DROPS])
def test_distractor_gives_no_figure(name: str, text: str) -> None:
    assert figures(f"根据{text}开展工作。") == []
    assert figures(text) == []


@pytest.mark.parametrize(("name", "text"), KEEPS, ids=[f"{n}-{t}" for n, t in KEEPS])
def test_look_alike_of_a_distractor_stays_a_figure(name: str, text: str) -> None:
    assert figures(f"全年{text}。")


def test_ids_are_unique_and_complete() -> None:
    ids = [raw["id"] for raw in INDICATORS]
    assert len(ids) == len(set(ids))
    for raw in INDICATORS:
        assert raw["name_zh"] and raw["name_en"] and raw["units"] and raw["kind"] in {"count", "amount", "rate"}


def test_every_distractor_with_digits_rules_out_by_itself() -> None:
    assert ruled_out(fold("国办公开办函〔2021〕30号").text)
