"""Choose the part of an article that shows best why it matches."""

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
_BEFORE: Final = LENGTH // 3
"""Characters that are shown before the first word of the query, where no sentence begins near."""
_SENTENCE_ENDS: Final = (". ", ": ", "? ", "! ")
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
    start = _start(text, *_heaviest(text[:_SEARCHED], weights, length))
    end = text.rfind(" ", start, start + length + 1) if len(text) - start > length else len(text)
    end = end if end > start else start + length
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def _heaviest(text: str, weights: WordWeights, length: int) -> tuple[int, int]:
    """Return the first and the last place from which `length` characters hold the words that weigh most together."""
    cut = pieces(text)
    ends = list(accumulate(map(len, cut)))
    own = list(map(weights.__getitem__, cut))
    heavy = [place for place, (_, weight) in enumerate(own) if weight]
    found, most, total, last = (0, 0), 0.0, 0.0, 0
    for number, first in enumerate(heavy):
        gap, weight = own[first]
        start = ends[first] - len(cut[first]) + gap
        while last < len(heavy) and ends[heavy[last]] <= start + length:
            total += own[heavy[last]][1]
            last += 1
        if last == number:
            # A word that is longer than a snippet.
            last += 1
            continue
        # At equal weight the earlier window wins: symptoms begin with what is seen.
        if total > most + _SAME:
            found, most = (max(0, ends[heavy[last - 1]] - length), start), total
        total -= weight
    return found


def _start(text: str, least: int, most: int) -> int:
    """Return where a snippet begins, from `least` to `most`: with the text, a sentence, or some words before `most`."""
    if not least:
        return 0
    sentence = max(text.rfind(mark, least - len(mark), most) + len(mark) for mark in _SENTENCE_ENDS)
    if sentence >= least:
        return sentence
    word = text.find(" ", max(least, most - _BEFORE) - 1, most) + 1
    return word or most


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
