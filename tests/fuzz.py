"""The fuzzing targets for as long as asked: `python -m tests.fuzz 600 docx site` (seconds, readers)."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from corpora.invent import invent
from corpora.office_render import doc_bytes, rtf_bytes
from extractor.api import extract_content
from extractor.report import Failure
from tests.test_hostile import SOUND, damaged

FOUND = Path(__file__).parent / "fuzz-found"
SLOW_S = 20.0


def main() -> None:
    """Damage sound files and read them; keep each file that crashes or hangs a reader."""
    makers = SOUND | {"rtf": lambda: rtf_bytes(invent(1)), "doc": lambda: doc_bytes(invent(1))}  # by LibreOffice
    seconds, names = float(sys.argv[1]), sys.argv[2:] or list(SOUND)
    sound = {n: makers[n]() for n in names}
    rng = random.Random()
    end, runs, bad = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        name = rng.choice(names)
        data = damaged(sound[name], rng)
        start = time.monotonic()
        answer = extract_content(data, name)
        runs += 1
        crashed = isinstance(answer, Failure) and answer.error.code == "crashed"
        if crashed or time.monotonic() - start > SLOW_S:
            bad += 1
            FOUND.mkdir(exist_ok=True)
            (FOUND / f"{name}-{runs}").write_bytes(data)
            print(name, answer.error.message if isinstance(answer, Failure) else "slow", flush=True)
    print(f"{runs} runs, {bad} crashed or slow")


if __name__ == "__main__":
    main()
