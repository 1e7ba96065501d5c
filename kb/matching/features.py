"""What speaks for a candidate: the numbers that the second stage weighs, for all candidates of a query at once.

Most are shares, 0 to 1, of what the query says, each term counted by its idf. A query is compared with a candidate
word by word (BM25F: Robertson, Zaragoza, Taylor, CIKM 2004), meaning by meaning (the cosine of term vectors, so that
"hangs" finds "stops responding"), and as a whole (the cosine of their vectors).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.frozen import dataclass
from kb.matching.forward_index import FIELD_END, FIRST_CODE, Sequences
from kb.matching.term_vectors import Floats, TermVectors
from kb.text.fields import FIELD_WEIGHTS

K1: Final = 2.0
B: Final = 0.9
"""Of BM25F; chosen on the labelled queries of docs/relevance.md. The engines' own are theirs."""

_PLAIN: Final = (
    "match", "coverage", "words_held", "head_coverage", "title_share", "together", "exact", "other_code", "length",
    "meaning", "kindred", "kindred_closely", "without_kin", "title_meant", "title_meant_rarely", "head_meant",
    "product_fit", "words_missing_of_product",
)  # fmt: skip
BARE: Final = "bare"
_OF_BARE: Final = "_of_bare"
_OF_ALL_BARE: Final = "_of_all_bare"
FEATURES: Final = (
    *_PLAIN, BARE, *(name + _OF_BARE for name in _PLAIN), *(name + _OF_ALL_BARE for name in _PLAIN)
)  # fmt: skip
SENTENCE: Final = "sentence"
WITH_SENTENCE: Final = (*FEATURES, SENTENCE)
"""The columns of `Evidence.features`.

`match`: BM25F, as a share of what an article holding every term without end would have. `coverage`: the share of the
query's weight that the article holds, `words_held` the share of its terms, `head_coverage` of what stands in title,
symptoms, summary or text without a heading. `title_share`: the share of the title's terms that the query has.
`together`: the weight of pairs of query terms that stand within `_NEAR` terms of one field. `exact`: the idf of the
query's codes and messages that the article has as its own, saturated, since one of them proves nearly as much as many;
`other_code`: 1 for an article that has codes of a kind of
which the query has one, but not this one. `length`: the logarithm of the article's weighted length over the average.
`meaning`: the cosine of both vectors.

`kindred`: the mean over the query's terms of the cosine with the nearest term of the article's head; `kindred_closely`
the same of its fourth power; `without_kin` the share of terms without one above `_KIN`. The other way round,
`title_meant`: the mean over the title's terms of the cosine with the nearest term of the query, `title_meant_rarely`
weighed by rarity, `head_meant` that of the rest of the head.

`product_fit`: the share of the query's product words that the article applies to, a term being a product word as far
as candidates that hold it hold it there; `words_missing_of_product`: the weight of product words that it lacks.

`bare`: 1 for an article without symptoms, `..._of_bare`: each feature again, for these only. What of such an article
fits a symptom is its title and its cause, and they must be weighed for more. `..._of_all_bare`: once more, where no
candidate has symptoms, as in an archive of how-to articles: there these weigh against each other only.

`SENTENCE`, of `WITH_SENTENCE` only: the cosine of both vectors by a sentence model (kb/matching/sentence_model.py).
"""

_HEAD: Final = ("title", "symptoms", "summary", "body")
_TITLE_TERMS: Final = 20
_HEAD_TERMS: Final = 60
_NEAR: Final = 8
_PROOF: Final = 5.0
"""The idf at which `exact` is a half: that of a code that one in 150 articles has."""
_KIN: Final = 0.45
_MOST_KINDRED: Final = 40
"""The weightiest terms of a query that are compared by meaning."""
_NAMES: Final = tuple(FIELD_WEIGHTS)
_WEIGHTS: Final = np.array(list(FIELD_WEIGHTS.values()), np.float32)
_FIELDS: Final = len(_NAMES)
_TITLE: Final = _NAMES.index("title")
_APPLIES_TO: Final = _NAMES.index("applies_to")
_SIGNATURES: Final = _NAMES.index("signatures")
_SYMPTOMS: Final = _NAMES.index("symptoms")
_IN_HEAD: Final = np.isin(_NAMES, _HEAD)
_TAKEN: Final = np.array([_TITLE_TERMS if name == "title" else _HEAD_TERMS * (name in _HEAD) for name in _NAMES])

Indices = NDArray[np.int64]
Slots = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Question:
    """The terms of a query as candidates are compared with them.

    `terms` are words, `exact` codes and messages; `weights` and `exact_weights` are their idf times their weight in the
    query; `codes` and `exact_codes` stand for them in the forward index (-1: in no article). `exact_kinds` are the
    kinds of the query's codes (None for a message), `kinds` those of the codes that candidates have, by their number in
    the forward index.
    """

    terms: Sequence[str]
    weights: Floats
    codes: Sequence[int]
    exact_weights: Floats
    exact_codes: Sequence[int]
    exact_kinds: Sequence[str | None]
    kinds: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of each candidate a row of `FEATURES` (or `WITH_SENTENCE`), and which of the query's terms it holds."""

    features: Floats
    held: NDArray[np.bool_]


def signature_codes(candidates: Sequences) -> set[int]:
    """Return the codes of the signatures that any of the candidates has as its own."""
    slot = np.cumsum(candidates.codes == ord(FIELD_END))
    found = candidates.codes[slot % _FIELDS == _SIGNATURES]
    return set(found.tolist()) - {ord(FIELD_END)}


def evidence(
    question: Question,
    candidates: Sequences,
    average: float,
    meaning: Floats,
    terms: TermVectors,
    sentence: Floats | None = None,
) -> Evidence:
    """Compare the candidates with a query.

    `average` is the average weighted length of all articles, `meaning` the cosine of each candidate with the query.
    `sentence` is that of their sentence vectors, where these are in use.
    """
    number = len(candidates.ids)
    total = max(float(question.weights.sum()), 1e-9)
    is_end = candidates.codes == ord(FIELD_END)
    # In narrow numbers: what is read and written is most of the time.
    slot = np.cumsum(is_end, dtype=np.int32)
    ends = np.append(np.flatnonzero(is_end), len(candidates.codes))
    starts = np.append(0, ends[:-1] + 1)
    place = _numbered(question, candidates.codes)
    # A mask of truths is searched several times faster than one of numbers.
    hits = np.flatnonzero(place != 0)
    asked, where = place[hits] - 1, slot[hits]
    frequencies = _frequencies(where, asked, number, len(question.terms) + len(question.exact_weights))
    words, exact = frequencies[:, :, : len(question.terms)], frequencies[:, :, len(question.terms) :]
    held_in = words > 0
    held: NDArray[np.bool_] = np.any(held_in, axis=1)
    coverage = held @ question.weights / total
    relative = candidates.lengths / average
    in_applies_to = held_in[:, _APPLIES_TO, :]
    product_words = question.weights * in_applies_to.sum(0) / np.maximum(held.sum(0), 1)
    has_exact: NDArray[np.bool_] = np.any(exact > 0, axis=1)
    proven = has_exact.astype(np.float32) @ question.exact_weights if len(question.exact_weights) else np.zeros(number)
    title_length = (ends - starts)[_TITLE::_FIELDS]
    columns = [
        _bm25f(words, relative) @ question.weights / (total * (K1 + 1)),
        coverage,
        held.mean(1) if len(question.terms) else np.zeros(number),
        held_in[:, _IN_HEAD, :].any(1) @ question.weights / total,
        words[:, _TITLE, :].sum(1) / np.maximum(title_length, 1),
        _together(hits, where, asked, question.weights, number) / total,
        proven / (proven + _PROOF),
        _other_code(question, has_exact, candidates.codes, starts, ends),
        np.log(relative + 0.01),
        meaning,
        *_kinship(question, candidates.codes, starts, ends, terms),
        in_applies_to @ product_words / max(float(product_words.sum()), 1e-9),
        (~held) @ product_words / total,
    ]
    plain = np.column_stack(columns).astype(np.float32)
    bare = ((ends - starts)[_SYMPTOMS::_FIELDS] == 0).astype(np.float32)[:, None]
    parts = [plain, bare, plain * bare, plain * bare.min(initial=1), *([] if sentence is None else [sentence[:, None]])]
    return Evidence(np.concatenate(parts, axis=1).astype(np.float32), held)


def plain_name(name: str) -> str:
    """Return the feature that a feature of articles without symptoms is, or any other itself."""
    return name.removesuffix(_OF_BARE).removesuffix(_OF_ALL_BARE)


def _numbered(question: Question, codes: NDArray[np.int32]) -> NDArray[np.int16]:
    """Return for each place of the candidates the number of the query's term there, from 1; 0 for any other."""
    table = np.zeros(int(codes.max(initial=0)) + 1, np.int16)
    for number, code in enumerate((*question.codes, *question.exact_codes), start=1):
        if 0 <= code < len(table):
            table[code] = number
    return np.take(table, codes)


def _frequencies(where: Slots, asked: NDArray[np.int16], number: int, terms: int) -> Floats:
    """Return how often each term stands in each field: candidates x fields x terms."""
    counted = np.bincount(where * terms + asked, minlength=number * _FIELDS * terms)
    return counted.reshape(number, _FIELDS, terms).astype(np.float32)


def _bm25f(words: Floats, relative: Floats) -> Floats:
    """Return what each term adds for its idf, saturated over all fields together."""
    frequency = np.tensordot(words, _WEIGHTS, axes=(1, 0))
    saturation = (K1 * (1 - B + B * relative))[:, None]
    return np.asarray(frequency * (K1 + 1) / (frequency + saturation), np.float32)


def _together(
    hits: Indices, where: Slots, asked: NDArray[np.int16], weights: Floats, number: int
) -> NDArray[np.float64]:
    """Return the weight of the distinct pairs of terms that stand near each other: the lighter term's for each."""
    terms = len(weights)
    if not terms:
        return np.zeros(number)
    is_word = asked < terms
    place, slot, term = (each[is_word].astype(np.int32) for each in (hits, where, asked))
    numbers = np.arange(terms * terms, dtype=np.int32).reshape(terms, terms)
    # Of both orders of a pair one number.
    pairs = np.minimum(numbers, numbers.T).ravel()
    lighter = np.minimum(weights[:, None], weights)
    np.fill_diagonal(lighter, 0)
    base = slot // _FIELDS * (terms * terms)
    is_seen = np.zeros(number * terms * terms, bool)
    for step in (1, 2, 3):
        near = np.flatnonzero((place[step:] - place[:-step] <= _NEAR) & (slot[step:] == slot[:-step]))
        is_seen[base[near] + pairs[term[near] * terms + term[near + step]]] = True
    return np.asarray(is_seen.reshape(number, terms * terms) @ lighter.ravel(), np.float64)


def _other_code(
    question: Question, has_exact: NDArray[np.bool_], codes: NDArray[np.int32], starts: Indices, ends: Indices
) -> NDArray[np.float64]:
    """Return 1 for each candidate whose own codes of a kind are others than the query's."""
    found = np.zeros(len(has_exact))
    asked = {kind for kind in question.exact_kinds if kind}
    if not asked or not question.kinds:
        return found
    shared = [
        {kind for kind, holds in zip(question.exact_kinds, row, strict=True) if kind and holds}
        for row in has_exact.tolist()
    ]
    for number, (start, end) in enumerate(zip(starts[_SIGNATURES::_FIELDS], ends[_SIGNATURES::_FIELDS], strict=True)):
        own = {question.kinds.get(code) for code in codes[start:end].tolist()}
        found[number] = bool((own & asked) - shared[number])
    return found


def _kinship(
    question: Question, codes: NDArray[np.int32], starts: Indices, ends: Indices, terms: TermVectors
) -> list[NDArray[np.float64]]:
    """Return the columns from `kindred` to `head_meant`; zeros where the query has no term with a vector."""
    number = len(starts) // _FIELDS
    known = [
        (-weight, terms.rows[term])
        for term, weight in zip(question.terms, question.weights.tolist(), strict=True)
        if term in terms.rows
    ]
    length = np.minimum(ends - starts, np.tile(_TAKEN, number))
    slot = np.repeat(np.arange(len(starts), dtype=np.int32), length)
    taken = np.arange(len(slot)) + np.repeat(starts - np.cumsum(length) + length, length)
    rows = codes[taken].astype(np.int64) - FIRST_CODE
    has_vector = (rows >= 0) & (rows < len(terms.rows))
    rows, slot = rows[has_vector], slot[has_vector]
    if not known or not len(rows):
        return [np.zeros(number) for _ in range(6)]
    known = sorted(known)[:_MOST_KINDRED]
    weights = -np.array([weight for weight, _ in known])
    weights /= max(float(weights.sum()), 1e-9)
    is_used = np.zeros(len(terms.rows), bool)
    is_used[rows] = True
    distinct = np.flatnonzero(is_used)
    number_of = np.empty(len(is_used), np.int32)
    number_of[distinct] = np.arange(len(distinct))
    which = number_of[rows]
    cosines = terms.cosines(distinct, np.array([row for _, row in known]))
    article = slot // _FIELDS
    nearest = np.zeros((number, len(known)), np.float32)
    begins = np.append(0, np.flatnonzero(article[1:] != article[:-1]) + 1)
    # A row for each of the query's terms: one after the other is several times as fast as side by side.
    nearest[article[begins]] = np.maximum.reduceat(np.take(cosines, which, axis=1), begins, axis=1).T
    meant, rarity = cosines.max(0)[which], terms.weights[distinct][which]

    # Of each article, what stands in its title and the rest of its head apart.
    part = article * 2 + (slot % _FIELDS != _TITLE)

    def mean(weigh: Floats) -> NDArray[np.float64]:
        amount = np.bincount(part, weights=weigh, minlength=number * 2)
        summed = np.bincount(part, weights=weigh * meant, minlength=number * 2)
        found: NDArray[np.float64] = (summed / np.maximum(amount, 1e-6)).reshape(number, 2)
        return found

    title_meant, _ = mean(np.ones(len(rows), np.float32)).T
    title_meant_rarely, head_meant = mean(rarity).T
    return [
        nearest @ weights,
        np.maximum(nearest, 0) ** 4 @ weights,
        (nearest < _KIN) @ weights,
        title_meant,
        title_meant_rarely,
        head_meant,
    ]
