"""What lists and excerpts show of an article: names of products, words that match a query."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from kb.text.printable import one_line
from kb.text.terms import words

# An entry of an applies-to list that announces the entries nested below it.
_OPEN_END: Final = re.compile(r",? (?:used with|included with|on platform\(s\)):$")


def product_name(entry: str) -> str:
    """Return an entry of an applies-to list as it stands by itself."""
    return _OPEN_END.sub("", one_line(entry))


def matches(text: str, terms: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where the words of `text` begin and end that match a query term."""
    wanted = set(terms)
    for word in words(text):
        if not wanted.isdisjoint(word.terms):
            yield word.start, word.end
