"""Expand a query by what its acronyms stand for, and by the acronyms of what it spells out, as the archive has them."""

from dataclasses import replace
from typing import Final

from kb.matching.forward_index import AcronymWords, ForwardIndex
from kb.matching.understanding import Understanding
from kb.text.acronyms import Acronym
from kb.text.stop_words import STOP_WORDS
from kb.text.terms import terms, words

_WEIGHT: Final = 0.3
"""Of what is added, beside what the user wrote, for a meaning that all articles share; chosen on labelled queries."""
_LEAST_SHARE: Final = 0.2
"""What fewer of the articles that define an acronym mean by it is left out."""
_MOST_TERMS: Final = 200
"""A log is no place to look for names of products; the first terms of a query are looked at."""
_LONGEST_ACRONYM: Final = 9
_WORDS_SPELLED_OUT: Final = range(2, 7)


def expanded(query: Understanding, forward: ForwardIndex) -> Understanding:
    """Return the query with the words and acronyms added that mean the same, at less weight."""
    # Most words are in no acronym: looking up each would take most of the time.
    shorts, sequences = _asked(query.query, forward.acronym_words())
    weights = dict(query.weights)
    found: dict[Acronym, None] = {}
    meanings = forward.meanings(shorts)
    for meaning, number in meanings:
        share = number / sum(n for other, n in meanings if other.short == meaning.short)
        if share >= _LEAST_SHARE:
            found[meaning] = None
            for term in terms(meaning.long):
                if term not in query.weights:
                    weights[term] = max(weights.get(term, 0.0), _WEIGHT * share)
    for meaning, _ in forward.spelled_out(sequences):
        found[meaning] = None
        for term in terms(meaning.short):
            weights.setdefault(term, _WEIGHT)
    return replace(query, weights=weights, acronyms=tuple(found)) if found else query


def _asked(query: str, known: AcronymWords) -> tuple[list[str], list[str]]:
    """Return the words that are acronyms, and all sequences of stems that may be spelled out ones."""
    plain = query.replace("-", " ")
    order: list[str] = []
    shorts: dict[str, None] = {}
    for word in words(plain):
        written = plain[word.start : word.end].lower()
        if written in known.shorts and 1 < len(written) <= _LONGEST_ACRONYM and written not in STOP_WORDS:
            shorts[written] = None
        order += word.terms
        if len(order) >= _MOST_TERMS:
            break
    starts = [start for start, stem in enumerate(order) if stem in known.first_stems]
    return list(shorts), [
        " ".join(order[start : start + number])
        for number in _WORDS_SPELLED_OUT
        for start in starts
        if start + number <= len(order)
    ]
