r"""Cut text into terms: the one analysis used for articles, queries and the marking of matched words.

A word gives its stem; a word with an inner structure gives its parts and itself, so that `NTLDR.EXE`, `nt4`,
`MessageBackColor` and `0x0000000A` are found both whole and by what a user remembers of them:

    printing          -> print
    win.ini           -> win  ini  win.ini
    MessageBackColor  -> messagebackcolor  messag  back  color
    nt4               -> nt4  nt  4
    0x0000000A        -> 0x0000000a  #a        (# marks a number in base 16 without leading zeros)
    can't             -> cant
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from kb.text.stemming import english_stemmer

ANALYSIS_VERSION = 2
"""Raised by every change that makes other terms of the same text; part of the fingerprint of derived indexes."""

LONGEST_PART = 64
LONGEST_COMPOUND = 40
"""Longer runs are base64, rules or dumps: nobody searches for them whole (characters)."""

_CACHED_WORDS = 400_000
"""The archive of 57 thousand articles has 350 thousand distinct words; beyond that the cache starts afresh."""

# Most words have two letters and no inner structure: that is asked first. C++ and C# are words of one letter.
_WORD = re.compile(r"\w(?:\w++(?:[.\-:/\\&'’]\w++)*+|(?<=[A-Za-z])(?:\+\+|#(?!\w))|(?:[.\-:/\\&'’]\w++)*+)")
# All words begin with \w, so what stands before one is all that is none.
_PIECE = re.compile(rf"\W*+(?:{_WORD.pattern}|\Z)")
_PART = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LETTERS_OR_DIGITS = re.compile(r"[a-z]+|[0-9]+")
_HEX = re.compile(r"0x([0-9a-f]{1,16})|((?=[0-9a-f]*[0-9])[0-9a-f]{8})", re.ASCII)
_POSSESSIVE = re.compile(r"['’]s$")


class _TermsOfWords(dict[str, tuple[str, ...]]):
    """The terms of words met so far; a new one is cut when it is looked up."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        if len(self) >= _CACHED_WORDS:
            self.clear()
        found = self[word] = _cut_word(word)
        return found


terms_of_word = _TermsOfWords().__getitem__
"""Return the terms of what `words` yields as one word."""


class Word(NamedTuple):
    """A word of a text with the terms it gives; `start` and `end` are offsets in characters."""

    terms: tuple[str, ...]
    start: int
    end: int


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order, a compound's parts before the compound itself."""
    return list(chain.from_iterable(map(terms_of_word, _WORD.findall(text))))


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` with their place and terms, as `terms` would cut them."""
    for match in _WORD.finditer(text):
        yield Word(terms_of_word(match[0]), match.start(), match.end())


def pieces(text: str) -> list[str]:
    """Return the words of `text` as `words` would cut them, each with what stands between it and the one before."""
    found = _PIECE.findall(text)
    while found and not _WORD.search(found[-1]):
        found.pop()
    return found


def word_of(piece: str) -> Word:
    """Return the word at the end of one of the `pieces`; its place is that within the piece."""
    match = _WORD.search(piece)
    assert match is not None
    return Word(terms_of_word(match[0]), match.start(), match.end())


def beginning(term: str) -> str:
    """Return what a term and all plain words of which it is the stem begin with: three letters or two, y as i.

    The stemmer makes "die" of "dying" and "use" of "using", and leaves the beginning of longer stems as it is.
    """
    return term[: 3 if len(term) > 3 else 2].replace("y", "i")


def beginning_of_plain(word: str) -> str:
    """Return the three letters, small and y as i, of which all or two are the `beginning` of a plain word's stem."""
    return word[:3].lower().replace("y", "i")


def is_plain(word: str) -> bool:
    """Tell whether the only term of a word is its stem: letters of ASCII, all but the first of them small."""
    return word.isascii() and word.isalpha() and (len(word) == 1 or word[1:].islower())


def _cut_word(word: str) -> tuple[str, ...]:
    if word.isascii() and word.isalpha():
        lowered = word.lower()
        if len(word) <= LONGEST_PART and (word[1:] == lowered[1:] or word.isupper()):
            # Two of three new words are plain ones.
            return (english_stemmer()(lowered),)
    if word.isalnum():
        return _cut_part(word)
    word = _POSSESSIVE.sub("", word).replace("'", "").replace("’", "")
    found: list[str] = []
    parts = _PART.findall(word)
    for part in parts:
        found += _cut_part(part)
    compound = word.lower().strip("_")
    if len(parts) != 1 and 1 < len(compound) <= LONGEST_COMPOUND:
        found.append(compound)
    elif compound in ("c++", "c#"):
        found = [compound]
    return tuple(dict.fromkeys(found))


# The same parts stand in many words: `dll`, `com`, `microsoft`.
@lru_cache(maxsize=1 << 16)
def _cut_part(part: str) -> tuple[str, ...]:
    lowered = part.lower()[:LONGEST_PART]
    number = _HEX.fullmatch(lowered)
    if number:
        return (lowered, "#" + ((number[1] or number[2]).lstrip("0") or "0"))
    if lowered.isalpha():
        stem = english_stemmer()
        found = [stem(lowered)]
        humps = _CAMEL.findall(part) if not part.isupper() and part[1:] != lowered[1:] else []
        if len(humps) > 1:
            found += [stem(hump.lower()) for hump in humps if len(hump) > 1]
        return tuple(dict.fromkeys(found))
    pieces = _LETTERS_OR_DIGITS.findall(lowered) if len(lowered) <= 10 else []
    if len(pieces) == 2 and len(pieces[0]) <= 6:
        return (lowered, *pieces)
    return (lowered,)
