"""The second stage: score each candidate by all it says, field by field, from the forward index.

BM25F (Robertson, Zaragoza, Taylor, CIKM 2004) over the weighted fields, exact where an engine is coarse, plus a little
for query words that stand side by side.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kb.matching.forward_index import FIELD_END, ForwardIndex
from kb.matching.understanding import Understanding
from kb.text.fields import FIELD_WEIGHTS

K1: Final = 2.0
B: Final = 0.9
"""Chosen on the labelled queries of docs/relevance.md; the engines' own are theirs."""
NEARNESS: Final = 0.2
EXACT: Final = 1.5
"""What a code or message that is the article's own adds for its idf; a word adds at most K1 + 1."""
_PAIRED: Final = 64
"""Neighbouring pairs of a query that are looked for; a long log has more than can be telling."""
MOST_TERMS: Final = 64
"""The rarest terms of a query that are scored."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and the parts of it.

    `coverage` is the share of the query's weight (idf; words that no article holds count most) that the article holds,
    `match` the share of the score that an article holding every term without end would have; both are 0 to 1 and of
    words only. `exact` is the idf of the query's codes and messages that the article holds as its own, added up.
    `found` are the query terms in the article.
    """

    id: str
    score: float
    coverage: float
    match: float
    nearness: float
    exact: float
    found: tuple[str, ...]


def rank(
    query: Understanding, ids: Sequence[str], forward: ForwardIndex, frequencies: Mapping[str, int]
) -> list[Ranked]:
    """Return the articles `ids` by score, best first, ties by id; those the forward index lacks are left out.

    `frequencies` are the numbers of articles that hold each term; terms that are not among them are not scored.
    """
    articles, average = forward.averages()
    exact = dict.fromkeys(query.exact, 1.0)
    weights = _weights({**query.weights, **exact}, frequencies, articles)
    characters = forward.characters(weights)
    by_character = {characters[term]: (term, weights[term]) for term in characters}
    total = sum(weight for term, weight in weights.items() if term not in exact) or 1.0
    pairs = _pairs(query.order, characters, weights)
    ranked = [
        _score(article_id, sequence, length / average, by_character, pairs, total, exact)
        for article_id, (sequence, length) in forward.sequences(ids).items()
    ]
    ranked.sort(key=lambda each: (-each.score, each.id))
    return ranked


def rarest(weights: Mapping[str, float], frequencies: Mapping[str, int]) -> dict[str, float]:
    """Return the `weights` of the `MOST_TERMS` rarest terms, at most half of them terms that no article holds."""
    unknown = sorted(term for term in weights if not frequencies[term])
    known = sorted((frequencies[term], term) for term in weights if frequencies[term])
    # A pasted log has hundreds of addresses and times of its own, which must not push out what can be found.
    lost = unknown[: max(MOST_TERMS // 2, MOST_TERMS - len(known))]
    return {term: weights[term] for term in (*lost, *(term for _, term in known[: MOST_TERMS - len(lost)]))}


def _weights(weights: Mapping[str, float], frequencies: Mapping[str, int], articles: int) -> dict[str, float]:
    """Multiply by idf, as tantivy and Lucene define it."""
    return {
        term: weight * math.log(1 + (articles - min(n, articles) + 0.5) / (n + 0.5))
        for term, weight in weights.items()
        if (n := frequencies.get(term)) is not None
    }


def _pairs(order: Sequence[str], characters: Mapping[str, str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the neighbours in the query as two-character strings, with the weight of the lighter one."""
    pairs: dict[str, float] = {}
    for first, second in pairwise(order):
        if first != second and first in characters and second in characters:
            pairs[characters[first] + characters[second]] = min(weights[first], weights[second])
            if len(pairs) == _PAIRED:
                break
    return pairs


def _score(
    article_id: str,
    sequence: str,
    relative_length: float,
    by_character: Mapping[str, tuple[str, float]],
    pairs: Mapping[str, float],
    total: float,
    codes: Collection[str],
) -> Ranked:
    fields = [
        (weight, field)
        for weight, field in zip(FIELD_WEIGHTS.values(), sequence.split(FIELD_END), strict=True)
        if field
    ]
    saturation = K1 * (1 - B + B * relative_length)
    score = coverage = exact = 0.0
    found = []
    present = by_character.keys() & set(sequence)
    for character in present:
        term, weight = by_character[character]
        found.append(term)
        if term in codes:
            exact += weight
            continue
        left = sequence.count(character)
        frequency = 0.0
        for field_weight, field in fields:
            if count := field.count(character):
                frequency += field_weight * count
                left -= count
                if not left:
                    break
        score += weight * frequency * (K1 + 1) / (frequency + saturation)
        coverage += weight
    near = 0.0
    for pair, weight in pairs.items():
        if pair[0] in present and pair[1] in present and pair in sequence:
            near += weight
    return Ranked(
        id=article_id,
        score=score + NEARNESS * near + EXACT * exact,
        coverage=coverage / total,
        match=score / (total * (K1 + 1)),
        nearness=near,
        exact=exact,
        found=tuple(sorted(found)),
    )
