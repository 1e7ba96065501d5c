"""The second stage: score each candidate by all that speaks for it, with learned weights.

The score is a weighted sum of the features (kb/matching/features.py). The weights are data, learned by `make train` on
labelled queries so that the right article's share of exp(score) among its candidates is greatest (a listwise softmax:
Cao, Qin, Liu, Tsai, Li, ICML 2007); model/ranking.json says on which, and how well out of fold.
Where sentence vectors are in use there is one feature more, and model/ranking-semantic.json.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import compress
from typing import Final, NamedTuple

import numpy as np

from kb.frozen import dataclass
from kb.matching import MODEL
from kb.matching.features import FEATURES, WITH_SENTENCE, Question, evidence, signature_codes
from kb.matching.forward_index import ForwardIndex
from kb.matching.term_vectors import Floats, shipped_vectors, unflagged
from kb.matching.understanding import Understanding
from kb.text.signatures import signature_kind

MOST_TERMS: Final = 64
"""The rarest terms of a query that are scored."""
_FREED_BYTES: Final = 31 << 20
"""The most that glibc learns from is 32 MB; none of it is touched."""
SCORE_DECIMALS: Final = 4
"""Equal articles have equal scores, whatever the order in which floats were added."""


@dataclass(frozen=True, slots=True)
class RankingModel:
    """What each feature counts for: a weight for the feature less its mean over all candidates learned from.

    `stand_in`, of a model with the sentence feature: what is to be expected of it, as a + b times the meaning.
    """

    weights: tuple[float, ...]
    means: tuple[float, ...]
    stand_in: tuple[float, float] = (0.0, 1.0)

    def scores(self, features: Floats) -> list[float]:
        """Return the score of each candidate, given by a row of features."""
        found = (features.astype(np.float64) - np.array(self.means)) @ np.array(self.weights)
        return [round(score, SCORE_DECIMALS) for score in found.tolist()]


class Ranked(NamedTuple):
    """A candidate with its score, its features, and the query terms that it holds.

    The features are in the order of `WITH_SENTENCE`; the last is there only where sentence vectors are in use.
    `facets` is what `ForwardIndex.facets` counts of it.
    """

    id: str
    score: float
    features: Floats
    found: tuple[str, ...]
    facets: bytes = b""

    def feature(self, name: str) -> float:
        """Return one feature by its name."""
        return float(self.features[WITH_SENTENCE.index(name)])

    @property
    def has_sentence(self) -> bool:
        """Tell whether sentence vectors had a part in the score."""
        return len(self.features) == len(WITH_SENTENCE)


Cosines = Callable[[Sequence[str]], Floats]
"""From ids to the cosines of these articles' sentence vectors with the query's; nan where an article has none."""


def keep_freed_memory() -> None:
    """Let the arrays of a query use the memory of those before, where the C library would give it back each time.

    glibc asks the system for what is larger than anything that was ever freed, and returns what lies free beyond twice
    of that: a query's arrays would take some hundred page faults anew (mallopt(3), M_MMAP_THRESHOLD).
    """
    np.empty(_FREED_BYTES, np.int8)


@cache
def shipped_ranking(*, with_sentence: bool = False) -> RankingModel:
    """Return the model that comes with the program, for candidates with or without the sentence feature."""
    name = f"ranking{'-semantic' if with_sentence else ''}.json"
    data = json.loads((MODEL / name).read_text("utf-8"))
    # A feature that is new counts for nothing until its weight is learned.
    names = WITH_SENTENCE if with_sentence else FEATURES
    weights, means = (tuple(data[part].get(each, 0.0) for each in names) for part in ("weights", "means"))
    return RankingModel(weights, means, tuple(data["stand_in"])) if with_sentence else RankingModel(weights, means)


def meaning_of(query: Understanding) -> Floats:
    """Return the vector of what the user wrote."""
    return shipped_vectors().embed(Counter(query.order))


def rank(
    query: Understanding,
    cosines: Mapping[str, float],
    forward: ForwardIndex,
    frequencies: Mapping[str, int],
    model: RankingModel | None = None,
    sentence: Cosines | None = None,
) -> list[Ranked]:
    """Return articles by score, best first, ties by id.

    Those that share no word with the query are left out, however near in meaning, and those the forward index lacks.

    `cosines` are those of the articles' vectors with the query's (`meaning_of`), by id. `frequencies` are the numbers
    of articles that hold each term; terms that are not among them are not scored.
    `sentence` is given where sentence vectors are in use.
    """
    articles, average = forward.averages()
    weights = weighed(query.weights, frequencies, articles)
    exact = weighed(dict.fromkeys(query.exact, 1.0), frequencies, articles)
    candidates = forward.sequences(list(cosines))
    if not candidates.ids:
        return []
    codes = forward.codes((*weights, *exact))
    exact_kinds = [signature_kind(term) for term in exact]
    kinds = forward.signature_kinds(signature_codes(candidates)) if any(exact_kinds) else {}
    question = Question(
        tuple(weights),
        np.array(list(weights.values()), np.float32),
        [codes.get(term, -1) for term in weights],
        np.array(list(exact.values()), np.float32),
        [codes.get(term, -1) for term in exact],
        exact_kinds,
        kinds,
    )
    meaning = np.array([cosines[each] for each in candidates.ids], np.float32)
    model = model or shipped_ranking(with_sentence=sentence is not None)
    sentences = None if sentence is None else neutral(sentence(candidates.ids), meaning, model)
    with unflagged():
        found = evidence(question, candidates, average, meaning, shipped_vectors(), sentences)
        scores = model.scores(found.features)
    ranked = [
        Ranked(article_id, score, row, words, facets)
        for article_id, score, row, held, facets in zip(
            candidates.ids, scores, found.features, found.held.tolist(), candidates.facets, strict=True
        )
        if (words := tuple(compress(weights, held)))
    ]
    ranked.sort(key=lambda each: (-each.score, each.id))
    return ranked


def without_words(article_id: str, score: float, facets: bytes) -> Ranked:
    """Return an article that was found by something else than words, with no evidence of them."""
    return Ranked(article_id, score, np.zeros(len(FEATURES), np.float32), (), facets)


def neutral(cosines: Floats, meaning: Floats, model: RankingModel) -> Floats:
    """Return the cosines, for candidates without a sentence vector (nan) what is to be expected by their meaning."""
    least, share = model.stand_in
    return np.where(np.isnan(cosines), np.float32(least) + np.float32(share) * meaning, cosines)


def rarest(weights: Mapping[str, float], frequencies: Mapping[str, int]) -> dict[str, float]:
    """Return the `weights` of the `MOST_TERMS` rarest terms, at most half of them terms that no article holds."""
    unknown = sorted(term for term in weights if not frequencies[term])
    known = sorted((frequencies[term], term) for term in weights if frequencies[term])
    # A pasted log has hundreds of addresses and times of its own, which must not push out what can be found.
    lost = unknown[: max(MOST_TERMS // 2, MOST_TERMS - len(known))]
    return {term: weights[term] for term in (*lost, *(term for _, term in known[: MOST_TERMS - len(lost)]))}


def weighed(weights: Mapping[str, float], frequencies: Mapping[str, int], articles: int) -> dict[str, float]:
    """Return `weights` times idf, as tantivy and Lucene define it, of the terms whose frequencies are known.

    They are in the order of terms, so that sums are the same every time.
    """
    return {
        term: weights[term] * math.log(1 + (articles - min(n, articles) + 0.5) / (n + 0.5))
        for term in sorted(weights)
        if (n := frequencies.get(term)) is not None
    }
