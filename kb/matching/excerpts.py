"""Choose the part of an article that shows best why it matches."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np

from kb.models import Article
from kb.text.terms import Word, beginning, is_plain, may_begin, pieces, word_of, words

LENGTH: Final = 240
"""Characters of a snippet; three lines at a terminal."""
_BEFORE_WORDS: Final = " .,;:()[]{}<>\"'!?*-=/\\"
_SEARCHED: Final = 2500
"""Characters of an article's text in which the place for a snippet is looked for."""


class WordWeights(dict[str, tuple[int, float]]):
    """What the words of articles weigh, by the terms of a query; one for all articles of a result.

    Of each piece of text met so far (kb/text/terms.py): the characters before its word, and the word's weight.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._beginnings = {beginning(term) for term in weights}

    def __missing__(self, piece: str) -> tuple[int, float]:
        written = piece.lstrip(_BEFORE_WORDS)
        if is_plain(written) and not may_begin(written.lower(), self._beginnings):
            # Most words are new to the process and none of the query's: to stem them would take most of the time.
            found = self[piece] = (len(piece) - len(written), 0.0)
            return found
        word = word_of(piece)
        found = self[piece] = (word.start, max((self._weights.get(term, 0.0) for term in word.terms), default=0.0))
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
    if not cut:
        return 0
    gaps, own = zip(*map(weights.__getitem__, cut), strict=True)
    ends = np.cumsum(list(map(len, cut)))
    starts = np.append(0, ends[:-1]) + gaps
    before = np.append(0.0, np.cumsum(own))
    weight = before[np.searchsorted(ends, starts + length, side="right")] - before[:-1]
    # At equal weight the earlier window wins: symptoms begin with what is seen.
    return int(starts[np.argmax(weight > weight.max() - 1e-9)])


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
