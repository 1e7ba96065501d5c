"""Search with an expression: every article that satisfies it, ranked as the articles of a plain query are."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kb.engines.base import MAX_LIMIT, IndexReader
from kb.errors import BadInput
from kb.matching.expression import Expression, Filtered, Prefix, Text, wanted
from kb.matching.expression_evaluation import error_terms, fix_kind_of, satisfying, weightiest
from kb.matching.forward_index import ForwardIndex
from kb.matching.ranking import Ranked, meaning_of, rank, rarest, without_words
from kb.matching.understanding import Understanding, understand
from kb.matching.vector_index import VectorIndex
from kb.models import Filters, FixKind
from kb.store.articles import Articles
from kb.text.terms import terms

MOST_RANKED: Final = MAX_LIMIT
"""Articles that are ranked; of more, those in which the words of the expression weigh most, or else the newest."""
_MOST_BEGUN: Final = 8
"""Terms that a prefix adds to what is ranked by: the most frequent that begin so."""


@dataclass(frozen=True, slots=True)
class Satisfied:
    """What satisfies an expression: the ids of all articles, the best ranked, and the words they are ranked by."""

    words: Understanding
    ids: frozenset[str]
    ranked: list[Ranked]


@dataclass(frozen=True, slots=True)
class ExpressionSearch:
    """What an expression is searched with: an open index of an engine, what is derived beside it, and the store.

    `resolve` turns a filter as typed into exact values, or raises BadInput.
    """

    index: IndexReader
    forward: ForwardIndex
    vectors: VectorIndex
    articles: Articles
    resolve: Callable[[Filtered], Filters]

    def find(self, expression: Expression, filters: Filters) -> Satisfied:
        """Return what satisfies the expression within the filters; raise BadInput where it only says what not."""
        parts = list(wanted(expression))
        if not parts:
            raise BadInput(
                "the expression says only what the articles must not have",
                next_step="add a word, a field or a date that they must have, for example: printer AND NOT network",
            )
        found = frozenset(satisfying(expression, self.forward, self._ids_of))
        if filters:
            found &= self.articles.satisfying(filters)
        begun = self._begun(parts)
        words = _words(parts, begun)
        chosen = self._best(found, words) if len(found) > MOST_RANKED else found
        return Satisfied(words, found, self._ranked(words, chosen, begun))

    def _ids_of(self, asked: Filtered | FixKind) -> set[str]:
        if isinstance(asked, Filtered):
            return self.articles.satisfying(self.resolve(asked))
        return self.articles.satisfying(Filters({"fix_kind": frozenset([asked])}))

    def _begun(self, parts: Sequence[Text | Filtered]) -> dict[str, list[str]]:
        """Return the most frequent terms that each prefix begins."""
        found = {}
        for part in parts:
            if isinstance(part, Prefix):
                counted = self.index.document_frequencies(self.forward.beginning_with(part.text.lower()))
                common = sorted((term for term in counted if counted[term]), key=lambda term: (-counted[term], term))
                found[part.text] = common[:_MOST_BEGUN]
        return found

    def _best(self, found: Collection[str], words: Understanding) -> list[str]:
        if words.weights:
            frequencies = self.index.document_frequencies(words.weights)
            rare = {term: frequencies[term] for term in rarest(words.weights, frequencies)}
            return weightiest(found, rare, self.forward, MOST_RANKED)
        return self.articles.newest(found)[:MOST_RANKED]

    def _ranked(self, words: Understanding, ids: Collection[str], begun: Mapping[str, Sequence[str]]) -> list[Ranked]:
        """Return the articles ranked by the words; those that hold none of them come last, the newest first."""
        frequencies = self.index.document_frequencies((*words.weights, *words.exact))
        scored = (*rarest(words.weights, frequencies), *(term for term in words.exact if frequencies[term]))
        cosines = self.vectors.cosines(list(ids), meaning_of(words))
        ranked = rank(words, cosines, self.forward, {term: frequencies[term] for term in scored})
        for prefix, ended in begun.items():
            # The word that is shown as found is the prefix, as the user wrote it.
            own, rest = terms(prefix), set(ended)
            ranked = [r if rest.isdisjoint(r.found) else r._replace(found=(*r.found, *own)) for r in ranked]
        others = set(ids).difference(each.id for each in ranked)
        if others:
            score = ranked[-1].score - 1 if ranked else 0.0
            newest = self.articles.newest(others)
            facets = self.forward.facets_of(newest)
            ranked += [without_words(each, score, facets.get(each, b"")) for each in newest]
        return ranked


def _words(parts: Sequence[Text | Filtered], begun: Mapping[str, Sequence[str]]) -> Understanding:
    """Return what the articles are ranked by: the words wanted, and the terms that prefixes begin."""
    asked = [part for part in parts if not isinstance(part, Filtered) and fix_kind_of(part) is None]
    try:
        words = understand(" ".join(part.text for part in asked))
    except BadInput:  # No words, or only such as stand in every article.
        return Understanding("", {}, (), ())
    weights = dict(words.weights)
    for ended in begun.values():
        for term in ended:
            weights.setdefault(term, 1.0 / len(ended))
    # The number of a code, which stands in articles that write it in another way.
    codes = {term for part in asked if part.field == "error" for each in error_terms(part.text) for term in each}
    weights.update({term: 1.0 for term in sorted(codes) if term.startswith("#")})
    return replace(words, weights=weights)
