"""How a text file comes dressed: line ends, indents, blank lines. Which dress depends on the part of the corpus."""

from __future__ import annotations

import re
from collections.abc import Callable


def _crlf(text: str) -> str:
    """Line ends of Windows."""
    return text.replace("\n", "\r\n")


def _indented(text: str) -> str:
    """Paragraphs indented by two full-width spaces and parted by blank lines; white space at line ends."""
    return re.sub(r"^(?=[^\s|\t\f\d].{30})", "　　", text, flags=re.MULTILINE).replace("。\n", "。  \n\n")


DRESSES: dict[str, Callable[[str], str]] = {"plain": lambda text: text, "crlf": _crlf, "indented": _indented}
