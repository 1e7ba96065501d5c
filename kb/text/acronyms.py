"""Find where a text spells an acronym out: `Internet Mail Connector (IMC)`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

# The bracket is found fastest; what stands before it is asked behind it.
_BRACKETED: Final = re.compile(r"\((?<=[a-z][ \n]\()([A-Z][A-Za-z]{0,7}[A-Z])s?\)")
_WORD: Final = re.compile(r"[A-Za-z][\w+]*")
_BEFORE: Final = 100
"""Characters before the bracket in which the words are looked for."""
_SMALL: Final = frozenset(("a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with"))
"""Words that need have no letter in the acronym."""


class Acronym(NamedTuple):
    """An acronym and what it stands for, both in small letters, the words with a blank between."""

    short: str
    long: str


def acronyms(texts: Iterable[str]) -> tuple[Acronym, ...]:
    """Return the acronyms that the texts define, each once, in order.

    Every letter must begin one of the words right before the bracket (Schwartz, Hearst: A simple algorithm for
    identifying abbreviation definitions, PSB 2003, allow any letters within words; what begins no word is left out
    here, since a wrong meaning costs more than a missing one).
    """
    return tuple(dict.fromkeys(each for text in texts if "(" in text for each in _defined(text)))


def _defined(text: str) -> Iterator[Acronym]:
    for match in _BRACKETED.finditer(text):
        words = _WORD.findall(text[max(0, match.start() - _BEFORE) : match.start()].lower().replace("-", " "))
        first = _first_word(match[1].lower(), words)
        if first is not None:
            yield Acronym(match[1].lower(), " ".join(words[first:]))


def _first_word(letters: str, words: Sequence[str]) -> int | None:
    """Return where the words begin that the letters are the initials of, read from the end."""
    place = len(words)
    for left in range(len(letters) - 1, -1, -1):
        place -= 1
        while place > 0 and words[place][0] != letters[left] and words[place] in _SMALL and left < len(letters) - 1:
            place -= 1
        if place < 0 or words[place][0] != letters[left]:
            return None
    return place
