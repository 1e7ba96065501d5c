"""The door to the Snowball English stemmer.

snowballstemmer is plain Python and uses the C extension PyStemmer by itself where that is installed; both follow the
same published algorithm (https://snowballstem.org/algorithms/english/stemmer.html), so an index may be made with one
and searched with the other.
"""

from collections.abc import Callable
from functools import cache


@cache
def english_stemmer() -> Callable[[str], str]:
    """Return a function from a lower-case English word to its stem, loading the stemmer on first use."""
    from snowballstemmer import stemmer

    english = stemmer("english")
    if hasattr(english, "maxCacheSize"):
        # Whoever stems keeps the terms of words (kb/text/terms.py), so that no word is asked for twice.
        english.maxCacheSize = 0
    stem: Callable[[str], str] = english.stemWord
    return stem
