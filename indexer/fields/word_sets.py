"""The words that tell fields where to look: asked first, so that phrases are looked for only where their words stand.

Looking a text through for each of a hundred words costs more than cutting it into words once.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

NO_WORDS: Final[frozenset[str]] = frozenset()

# Letters in lower case, anything else a blank.
_LETTERS: Final = bytes(c | 32 if chr(c).isalpha() and c < 128 else 32 for c in range(256))
# All that any field asks for. A text's other words are dropped as it is cut: a set of them all costs more.
_watched: dict[bytes, str] = {}
_words: set[bytes] = set()


def watch(words: Iterable[str]) -> frozenset[str]:
    """Have texts searched for words (ASCII letters in lower case), and return them; for a module to call once."""
    watched = frozenset(words)
    _watched.update({word.encode("ascii"): word for word in watched})
    _words.update(_watched)
    telling_words.cache_clear()
    return watched


@lru_cache(maxsize=64)
def telling_words(text: str) -> frozenset[str]:
    """Return those of the watched words that stand in a text, as a run of ASCII letters in any case."""
    found = _words.intersection(text.encode("ascii", "replace").translate(_LETTERS).split())
    return frozenset(map(_watched.__getitem__, found))
