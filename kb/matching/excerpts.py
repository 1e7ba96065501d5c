"""Choose the part of an article that shows best why it matches."""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, compress, count
from typing import Final

from kb.text.terms import Word, beginning, beginning_of_plain, is_plain, pieces, word_of, words

LENGTH: Final = 240
"""Characters of a snippet; three lines at a terminal."""
_BEFORE_WORDS: Final = " .,;:()[]{}<>\"'!?*-=/\\"
_CACHED_PIECES: Final = 200_000
_NOTICEABLY: Final = 1.1
"""So many times the weight of an earlier place, a later one is better: texts begin with what is seen."""
_BEFORE: Final = LENGTH // 3
"""Characters that are shown before the first word of the query, where no sentence begins near."""
_SENTENCE_ENDS: Final = (". ", ": ", "? ", "! ")
_SEARCHED: Final = 2500
"""Characters of an article's text in which the place for a snippet is looked for."""


class _Beginnings(dict[str, str]):
    """What the plain words of the pieces of text met so far begin with; "" for a word that is not plain."""

    def __missing__(self, piece: str) -> str:
        if len(self) >= _CACHED_PIECES:
            self.clear()
        written = piece.lstrip(_BEFORE_WORDS)
        found = self[piece] = beginning_of_plain(written) if is_plain(written) else ""
        return found


class _Words(dict[str, Word]):
    """The words of the pieces of text met so far."""

    def __missing__(self, piece: str) -> Word:
        if len(self) >= _CACHED_PIECES:
            self.clear()
        found = self[piece] = word_of(piece)
        return found


_beginning_of = _Beginnings().__getitem__
_word_of = _Words().__getitem__


class _Beginning(dict[str, bool]):
    """Whether plain words that begin so may have a stem of a query; others may."""

    def __init__(self, terms: Collection[str]) -> None:
        super().__init__({"": True})
        self._of_terms = {beginning(term) for term in terms}

    def __missing__(self, start: str) -> bool:
        found = self[start] = start in self._of_terms or start[:2] in self._of_terms
        return found


class WordWeights(dict[str, tuple[int, float]]):
    """What the words of articles weigh, by the terms of a query; one for all articles of a result.

    Of each piece of text met so far (kb/text/terms.py): the characters before its word, and the word's weight.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._may_weigh = _Beginning(weights).__getitem__

    def __missing__(self, piece: str) -> tuple[int, float]:
        terms, start, _ = _word_of(piece)
        weight = 0.0
        for term in terms:
            weight = max(weight, self._weights.get(term, 0.0))
        found = self[piece] = (start, weight)
        return found

    def heavy(self, cut: Sequence[str]) -> list[tuple[int, int, float]]:
        """Return the places of the pieces whose words weigh anything, each with what is known of the piece."""
        # Most words are none of the query's: to stem them would take most of the time.
        some = compress(count(), map(self._may_weigh, map(_beginning_of, cut)))
        return [(place, *known) for place in some if (known := self[cut[place]])[1]]


def snippet(text: str, weights: WordWeights, length: int = LENGTH) -> str:
    """Return at most `length` characters of an article's text in which most query weight stands, on one line.

    Whole words only, with an ellipsis where text was cut.
    """
    text = " ".join(text.split())
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
    heavy = weights.heavy(cut)
    found, most, total, last = (0, 0), 0.0, 0.0, 0
    for number, (first, gap, weight) in enumerate(heavy):
        start = ends[first] - len(cut[first]) + gap
        while last < len(heavy) and ends[heavy[last][0]] <= start + length:
            total += heavy[last][2]
            last += 1
        if last == number:
            # A word that is longer than a snippet.
            last += 1
            continue
        if total > most * _NOTICEABLY:
            found, most = (max(0, ends[heavy[last - 1][0]] - length), start), total
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
