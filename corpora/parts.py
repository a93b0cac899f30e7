"""The parts of the corpus (train, dev, test) and their families, from parts.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpora.prose import Voice, dev, test, train

FILE = Path(__file__).with_name("parts.yaml")
VOICES = {"train": train.VOICE, "dev": dev.VOICE, "test": test.VOICE}


@dataclass(frozen=True)
class Part:
    """One part: its sentences, and the options that its reports are drawn from (see parts.yaml)."""

    name: str
    voice: Voice
    first_seed: int
    report_titles: tuple[str, ...]
    first: str
    second: str
    levels: tuple[str, ...]
    agencies: tuple[str, ...]
    dash_signs: tuple[str, ...]
    quotes: tuple[str, ...]
    ordinals: tuple[str, ...]
    label_damage: str
    chapter_titles: dict[str, tuple[str, ...]]
    sites: tuple[str, ...]
    pdf: tuple[str, ...]
    pdf_fonts: tuple[str, ...]
    pdf_for_text: str
    office: str
    dress: str


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: tuple(v) for k, v in value.items()}
    return tuple(value) if isinstance(value, list) else value


@cache
def load_part(name: str) -> Part:
    """A part by name."""
    raw = yaml.safe_load(FILE.read_text("utf-8"))[name]
    return Part(name, VOICES[name], **{k: _frozen(v) for k, v in raw.items()})


PARTS = tuple(VOICES)
