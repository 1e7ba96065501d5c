"""Make text of articles and file names fit to be shown: nothing in it is obeyed by a terminal, or hides or reorders."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from kb.text.terms import words

# Control characters but tab and newline, the C1 range, line separators, and marks that reorder or hide text.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# An entry of an applies-to list that announces the entries nested below it.
_OPEN_END: Final = re.compile(r",? (?:used with|included with|on platform\(s\)):$")


def clean(text: str) -> str:
    """Return `text` without anything that a terminal would act on; article text and file names are data."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return cleaned `text` with all white space made single blanks."""
    return " ".join(clean(text).split())


def product_name(entry: str) -> str:
    """Return an entry of an applies-to list as it stands by itself."""
    return _OPEN_END.sub("", one_line(entry))


def matches(text: str, terms: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where the words of `text` begin and end that match a query term."""
    wanted = set(terms)
    for word in words(text):
        if not wanted.isdisjoint(word.terms):
            yield word.start, word.end
