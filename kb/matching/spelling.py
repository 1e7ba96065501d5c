"""Correct plain words of a query that no article holds, by one slip of the fingers: never codes, ids or names.

The edits are those that Damerau found behind four in five misspellings (A technique for computer detection and
correction of spelling errors, CACM 1964): a letter left out, added, wrong, or two exchanged.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from kb.text.terms import terms

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_PLAIN: Final = re.compile(r"(?<![^\s(\"'])[a-z]{5,20}(?=[\s,.;:!?)\"']|$)(?!\.\w)")
"""Words in small letters; shorter ones are too near to too many others, and are often names or parts of codes."""
FEWEST_ARTICLES: Final = 10
"""What fewer articles hold may be a name or a misspelling itself; in small archives a hundredth of them suffices."""
_BRITISH: Final = re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)")
MOST_WORDS: Final = 8
"""Unknown words of a query that are looked at; a log is full of names that are no mistakes."""


def corrections(text: str, frequencies: Callable[[Iterable[str]], Mapping[str, int]], articles: int) -> dict[str, str]:
    """Return the misspelt words of a query with the words that were meant.

    `frequencies` tells how many of the `articles` hold each of some terms. A word is left alone when any article holds
    a term of it, when it is no word in small letters, and when no common word with its first letter is one edit away;
    of several the likeliest slip is taken, then the most common word.
    """
    doubtful = list(dict.fromkeys(m[0] for m in _PLAIN.finditer(text)))
    known = frequencies({term for word in doubtful for term in terms(word)})
    fewest = min(FEWEST_ARTICLES, max(1, articles // 100))
    found: dict[str, str] = {}
    for word in [word for word in doubtful if not any(known[term] for term in terms(word))][:MOST_WORDS]:
        for edits in _edits(word):
            meant = {each: stem for each in edits if word[:-1] != (stem := terms(each)[0])}
            held = frequencies(set(meant.values()))
            best = max(meant, key=lambda each: held[meant[each]], default=None)
            if best is not None and held[meant[best]] >= fewest:
                found[word] = best
                break
    return found


def corrected(text: str, meant: Mapping[str, str]) -> str:
    """Return a query with its misspelt words replaced."""
    return _PLAIN.sub(lambda m: meant.get(m[0], m[0]), text)


def _edits(word: str) -> Iterator[Sequence[str]]:
    """Yield what may have been meant, the likeliest kinds of slip first; the first letter is taken for right.

    A last letter too many or too few is none: `systemd` is no `system`, and endings are the stemmer's affair.
    """
    yield [american for american in (_BRITISH.sub("iz", word), word.replace("our", "or")) if american != word]
    yield [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)]
    yield [word[:at] + letter + word[at:] for at in range(1, len(word)) for letter in _LETTERS]
    yield [word[:at] + word[at + 1 :] for at in range(1, len(word) - 1)]
    yield [word[:at] + letter + word[at + 1 :] for at in range(1, len(word)) for letter in _LETTERS]
