"""Lines of characters recognised by the model in the wheel of rapidocr, in batches of like width.

The model reads one line at a time. Numbers are decoded over digits and marks alone, from the same output, so that a 0
never becomes an @; what they might be instead is kept with its probability.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractor.errors import MissingDependency
from extractor.readers.scan.images import Picture

HEIGHT = 48  # of a line as the model wants it
MAX_WIDTH = 2400
BATCH, AREA = 32, 1600  # crops in a batch, and their widths together
NUMERIC = "0123456789.,-/+—–－．，／＋ "  # spaces too: digits may be printed apart
_CELL = re.compile(r"([-+]?\d[\d,]*(\.\d+)?|-+|/)$")  # what a cell may hold: a point at the end is dust
_LEVEL_STROKES = re.compile(r"[-一_~]+$")  # no label is 一 alone
PLAIN = str.maketrans("—–－．，／＋", "---.,/+")
SOFT, BLUR = 3, 0.8  # pixels of paper added, and of blur, for the second reading of a number
UNREAD = "?"  # what stands for ink in which no character was found
OTHERS = 6  # readings besides the first: among so many is the truth nearly always
_MODEL = "PP-OCRv6_rec_small.onnx"


@dataclass(slots=True)
class Line:
    """A recognised line: its text, the probability of its least sure character, and other readings."""

    text: str
    sure: float
    others: list[tuple[str, float]] = field(default_factory=list)


Readings = dict[str, float]  # what a number may be, with the share of each


class Recogniser:
    """The recognition model, loaded once a process. ``threads`` is how many it may use."""

    def __init__(self, threads: int) -> None:
        try:
            import onnxruntime
            import rapidocr
        except ImportError as error:
            raise MissingDependency(f"{error.name}, for scans", hint="pip install 'nianbao[scan]'") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch of every width it ever saw
        model = Path(rapidocr.__file__).parent / "models" / _MODEL
        if not model.exists():
            raise MissingDependency(f"the model {_MODEL} of rapidocr", hint="pip install 'rapidocr==3.10.*'")
        self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        characters = self.session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.characters = ["", *characters, " "]  # CTC: the first class is no character
        self.numeric = np.array([0, *(i for i, c in enumerate(self.characters) if c and c in NUMERIC)])

    def _output(self, crops: list[Picture]) -> npt.NDArray[np.float32]:
        width = max(max(c.shape[1] for c in crops), HEIGHT)
        batch = np.zeros((len(crops), 3, HEIGHT, width), np.float32)
        for i, crop in enumerate(crops):
            batch[i, :, :, : crop.shape[1]] = (crop.astype(np.float32) / 127.5 - 1.0)[None]
        found: npt.NDArray[np.float32] = self.session.run(None, {"x": batch})[0]
        return found

    def _scores(self, crops: list[Picture]) -> list[npt.NDArray[np.float32]]:
        """The scores (steps × characters) of each crop, read in batches of like width."""
        sized = [_sized(c) for c in crops]
        order = sorted(range(len(crops)), key=lambda i: sized[i].shape[1])
        out: dict[int, npt.NDArray[np.float32]] = {}
        for some in _batches(order, [c.shape[1] for c in sized]):
            for i, scores in zip(some, self._output([sized[i] for i in some]), strict=True):
                steps = max(1, round(len(scores) * sized[i].shape[1] / max(sized[some[-1]].shape[1], HEIGHT)))
                out[i] = scores[: steps + 1]
        return [out[i] for i in range(len(crops))]

    def read(self, crops: list[Picture], in_table: list[bool]) -> list[Line]:
        """The lines in grey crops of any size. In a table what holds no Chinese character is read as a number.

        Numbers of tables are read twice, the second time from a softer crop: where the two differ, neither is sure.
        """
        out: list[Line | Readings] = [
            self._decoded(scores, table) for scores, table in zip(self._scores(crops), in_table, strict=True)
        ]
        twice = [i for i, found in enumerate(out) if isinstance(found, dict) and in_table[i]]
        again = self._scores([_softer(crops[i]) for i in twice]) if twice else []
        for i, scores in zip(twice, again, strict=True):
            out[i] = _both(out[i], self._numbers(scores))  # type: ignore[arg-type]
        return [_ranked(found) if isinstance(found, dict) else found for found in out]

    def _numbers(self, scores: npt.NDArray[np.float32]) -> Readings:
        return _readings(scores[:, self.numeric], [self.characters[i] for i in self.numeric])

    def _decoded(self, scores: npt.NDArray[np.float32], in_table: bool) -> Line | Readings:
        best = scores.argmax(axis=1)
        keep = (best != 0) & np.concatenate([[True], best[1:] != best[:-1]])
        text = "".join(self.characters[i] for i in best[keep])
        sure = float(scores.max(axis=1)[keep].min()) if keep.any() else 1.0
        plain = text.translate(PLAIN).replace(" ", "")
        digits = sum(c in NUMERIC for c in plain) * 2 > len(plain)
        if in_table and not plain:
            return self._numbers(scores)
        if in_table and _LEVEL_STROKES.match(plain):
            return Line("-" * len(plain), sure)
        if plain and (digits if not in_table else not any("\u4e00" <= c <= "\u9fff" for c in plain)):
            return self._numbers(scores)  # the national forms print no Latin letters: an O in a cell is a 0
        return Line(text.strip(), sure)


def _readings(scores: npt.NDArray[np.float32], characters: list[str]) -> Readings:
    """The likeliest numbers by CTC beam search over digits and marks, each with its share of their probability mass.

    The shares together are no more than the mass that digits and marks have at all.
    """
    total = scores.sum(axis=1, keepdims=True)
    inside = min(float(total.min()), 1.0)
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}  # ending in blank, in a character
    for row in scores / np.maximum(total, 1e-9):
        likely = [int(i) for i in np.argsort(row)[::-1][:5] if row[i] > 1e-4]
        following: dict[tuple[int, ...], list[float]] = {}
        for prefix, (blank, last) in beams.items():
            for i in likely:
                p = float(row[i])
                if i == 0:
                    following.setdefault(prefix, [0.0, 0.0])[0] += (blank + last) * p
                    continue
                longer = (*prefix, i)
                if prefix and prefix[-1] == i:
                    following.setdefault(prefix, [0.0, 0.0])[1] += last * p
                    following.setdefault(longer, [0.0, 0.0])[1] += blank * p
                else:
                    following.setdefault(longer, [0.0, 0.0])[1] += (blank + last) * p
        ranked = sorted(following.items(), key=lambda b: -sum(b[1]))[:8]
        beams = {k: (v[0], v[1]) for k, v in ranked}
    mass = sum(map(sum, beams.values())) or 1.0
    readings: Readings = {}
    for prefix, parts in beams.items():
        text = "".join(characters[i] for i in prefix).translate(PLAIN).replace(" ", "")
        readings[text] = readings.get(text, 0.0) + inside * sum(parts) / mass
    return readings


def _both(one: Readings, other: Readings) -> Readings:
    """Two readings of the same ink as one: the mean of their shares."""
    return {text: (one.get(text, 0.0) + other.get(text, 0.0)) / 2 for text in {**one, **other}}


def _ranked(readings: Readings) -> Line:
    """The likeliest of the readings that a cell may hold, with its share, and the next ones.

    Where most likely nothing stands, what stands there could not be read.
    """
    nothing = readings.pop("", 0.0) if len(readings) > 1 else 0.0
    (text, p), *others = sorted(readings.items(), key=lambda r: (not _CELL.match(r[0]), -r[1]))
    if nothing > max(p, 0.5):
        (text, p), others = (UNREAD, nothing), [(text, p), *others]
    return Line(text, p, [(t, round(q, 4)) for t, q in others[:OTHERS] if q > 0.0005])


def _softer(crop: Picture) -> Picture:
    """The same ink drawn otherwise: blurred a little, smaller in its line."""
    wider = cv2.copyMakeBorder(crop, SOFT, SOFT, SOFT, SOFT, cv2.BORDER_REPLICATE)
    return cv2.GaussianBlur(wider, (0, 0), BLUR)  # type: ignore[return-value]


def _batches(order: list[int], widths: list[int]) -> Iterator[list[int]]:
    """Crops of like width together, no more than a batch and its area allow."""
    some: list[int] = []
    for i in order:
        if some and (len(some) == BATCH or (len(some) + 1) * widths[i] > AREA):
            yield some
            some = []
        some.append(i)
    if some:
        yield some


def _sized(crop: Picture) -> Picture:
    """A crop at the height that the model wants."""
    height, width = crop.shape
    wanted = min(max(round(width * HEIGHT / max(height, 1)), 8), MAX_WIDTH)
    return cv2.resize(crop, (wanted, HEIGHT), interpolation=cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC)  # type: ignore[return-value]


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """The model of this process; its threads are those of NIANBAO_THREADS, else one a core."""
    return Recogniser(int(os.environ.get("NIANBAO_THREADS", "0") or 0) or os.cpu_count() or 1)


__all__: list[Any] = ["Line", "Recogniser", "recogniser"]
