"""Choose the part of an article that shows best why it matches."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import Final

from kb.models import Article
from kb.text.terms import Word, beginning, beginning_of_plain, is_plain, pieces, terms, word_of, words

LENGTH: Final = 240
"""Characters of a snippet; three lines at a terminal."""
_BEFORE_WORDS: Final = " .,;:()[]{}<>\"'!?*-=/\\"
_CACHED_PIECES: Final = 200_000
_SAME: Final = 1e-9
"""Sums of the same weights differ by less, in whatever order they are added."""
_SEARCHED: Final = 2500
"""Characters of an article's text in which the place for a snippet is looked for."""


class _Beginnings(dict[str, tuple[int, str | None]]):
    """Of the pieces of text met so far: the characters before a piece's word, and what a plain word begins with."""

    def __missing__(self, piece: str) -> tuple[int, str | None]:
        if len(self) >= _CACHED_PIECES:
            self.clear()
        written = piece.lstrip(_BEFORE_WORDS)
        is_one = is_plain(written)
        gap = len(piece) - len(written) if is_one else word_of(piece).start
        found = self[piece] = (gap, beginning_of_plain(written) if is_one else None)
        return found


_beginning_of = _Beginnings().__getitem__


class WordWeights(dict[str, tuple[int, float]]):
    """What the words of articles weigh, by the terms of a query; one for all articles of a result.

    Of each piece of text met so far (kb/text/terms.py): the characters before its word, and the word's weight.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._beginnings = {beginning(term) for term in weights}

    def __missing__(self, piece: str) -> tuple[int, float]:
        gap, start = _beginning_of(piece)
        if start is not None and start not in self._beginnings and start[:2] not in self._beginnings:
            # Most words are none of the query's: to stem them would take most of the time.
            found = self[piece] = (gap, 0.0)
            return found
        found = self[piece] = (gap, max((self._weights.get(term, 0.0) for term in terms(piece)), default=0.0))
        return found


def snippet(article: Article, weights: WordWeights, length: int = LENGTH) -> str:
    """Return at most `length` characters of the article's text in which most query weight stands, on one line.

    Symptoms go before other text; whole words only, with an ellipsis where text was cut.
    """
    text = " ".join((article.symptoms or article.summary or "\n".join(s.text for s in article.sections)).split())
    if len(text) <= length:
        return text
    start = _sentence_start(text, _heaviest(text[:_SEARCHED], weights, length))
    end = text.rfind(" ", start, start + length) if len(text) - start > length else len(text)
    end = end if end > start else start + length
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def _heaviest(text: str, weights: WordWeights, length: int) -> int:
    """Return where the first of the words begins that, with those after it, weigh most within `length` characters."""
    cut = pieces(text)
    ends = list(accumulate(map(len, cut)))
    own = list(map(weights.__getitem__, cut))

    def start(place: int) -> int:
        return ends[place] - len(cut[place]) + own[place][0]

    heavy = [place for place, (_, weight) in enumerate(own) if weight]
    most, last_of_most, total, last = 0.0, 0, 0.0, 0
    for number, first in enumerate(heavy):
        beyond = start(first) + length
        while last < len(heavy) and ends[heavy[last]] <= beyond:
            total += own[heavy[last]][1]
            last += 1
        if last == number:
            # A word that is longer than a snippet.
            last += 1
            continue
        # At equal weight the earlier window wins: symptoms begin with what is seen.
        if total > most + _SAME:
            most, last_of_most = total, heavy[last - 1]
        total -= own[first][1]
    if not most:
        return 0
    # What stands before the first heavy word is shown as far as there is room.
    place = bisect_left(ends, ends[last_of_most] - length)
    while start(place) < ends[last_of_most] - length:
        place += 1
    return start(place)


def _sentence_start(text: str, position: int) -> int:
    """Move back to the start of the sentence, when that is near enough to keep what was chosen in sight."""
    near = max(text.rfind(mark, 0, position) for mark in (". ", ": ", "? ", "! "))
    return near + 2 if near >= 0 and position - near < LENGTH // 3 else position if position > LENGTH // 3 else 0


def written_words(query: str) -> tuple[tuple[str, Word], ...]:
    """Return the words of a query, each as it is written first."""
    first = {query[word.start : word.end]: word for word in reversed(list(words(query)))}
    return tuple(sorted(first.items(), key=lambda pair: pair[1].start))


def matched_words(query: Sequence[tuple[str, Word]], found: Collection[str]) -> tuple[str, ...]:
    """Return those of a query's `written_words` of which a term is in `found`, each once in any case of its letters."""
    held = set(found)
    matched: dict[str, str] = {}
    for written, word in query:
        if not held.isdisjoint(word.terms):
            matched.setdefault(written.lower(), written)
    return tuple(matched.values())
