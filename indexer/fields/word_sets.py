"""The distinct words of a text: asked first, so that phrases are looked for only where their words stand.

Looking a text through for each of fifty words costs more than cutting it into words once.
"""

from functools import lru_cache
from typing import Final

# Letters in lower case, anything else a blank.
_LETTERS: Final = bytes(c | 32 if chr(c).isalpha() and c < 128 else 32 for c in range(256))


@lru_cache(maxsize=64)
def distinct_words(text: str) -> frozenset[str]:
    """Return the runs of ASCII letters in a text, in lower case, each once."""
    return frozenset(text.encode("ascii", "replace").translate(_LETTERS).decode("ascii").split())
