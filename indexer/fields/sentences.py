"""Sentences of running text."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

BREAK: Final = re.compile(r"[.?!][\"')\]]{0,2}(\s+)(?=[\"'(\[<*]{0,2}[A-Z0-9])")
# A full stop after these ends no sentence. Single capitals are initials (`U.S. English`).
NO_END: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|Inc|Corp|Co|Ltd|Mr|Dr|No|ver|approx|St|pp?)|\b[A-Z])$")


# One search for a fix after the other goes through the same paragraphs.
@lru_cache(maxsize=256)
def sentences(text: str) -> Sequence[str]:
    """Cut a paragraph, given as one line, into its sentences."""
    found: list[str] = []
    start = 0
    for m in BREAK.finditer(text):
        if NO_END.search(text, max(start, m.start() - 8), m.start()):
            continue
        found.append(text[start : m.start(1)])
        start = m.end(1)
    found.append(text[start:])
    return tuple(found)
