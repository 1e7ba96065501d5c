"""Answer a symptom: the best article's own cause and fix, how sure that is, and what would decide.

Nothing is written by a model: every word of an answer stands in the article named.
"""

import shlex
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kb.matching.candidates import CANDIDATES
from kb.matching.confidence import chances
from kb.matching.ranking import Ranked
from kb.matching.understanding import Understanding
from kb.models import Answer, AnswerStatus, Article, Best, Other, SearchResult
from kb.related import is_twin
from kb.search import Searcher, SearchFilters
from kb.store.articles import ArticleHead, preview

ANSWERED_FROM: Final = 0.63
"""From this chance on, the best article is given as the answer."""
NOTHING_BELOW: Final = 0.15
"""Below this chance, nothing is said to fit."""
_OTHERS: Final = 4
_CHOICES: Final = 5
_ALL: Final = 0.9
_SOME_WORDS: Final = 3


def answer(searcher: Searcher, query: str, filters: SearchFilters | None = None) -> Answer:
    """Return the answer to `query`; raise BadInput for a query or filter that cannot be used."""
    understood = searcher.understand(query)
    ranked = searcher.ranking(understood, searcher.resolve(filters), every=True)
    return _answered(searcher, query, understood, ranked)


def answer_with_hits(
    searcher: Searcher, query: str, filters: SearchFilters | None = None, limit: int = 10
) -> tuple[Answer | None, SearchResult, dict[str, Article]]:
    """Return what `answer` and `searcher.search` do, understood once, and the articles of the hits.

    No answer to an expression, which is no symptom.
    """
    started = time.perf_counter()
    found = searcher.found(query, filters, limit)
    given = None
    if found.brought is not None:
        # Whoever asks for more hits is not to have another answer.
        is_usual = limit <= CANDIDATES
        brought = found.brought if is_usual else searcher.bring(found.words, searcher.resolve(filters))
        given = _answered(searcher, query, found.words, searcher.ranked(brought, every=True))
    shown = searcher.articles.articles([each.id for each in found.ranked[:limit]])
    previews = {name: preview(article) for name, article in shown.items()}
    return given, searcher.result(found, limit, started, previews), shown


def _answered(searcher: Searcher, query: str, understood: Understanding, ranked: list[Ranked]) -> Answer:
    nothing = Answer(query, "none", 0.0, None, ask=_what_to_add(understood), corrected=understood.corrected)
    if not ranked:
        return nothing
    heads = searcher.articles.heads([each.id for each in ranked[: 1 + _OTHERS]])
    kinds = {name: head.kind for name, head in heads.items()}
    sure = chances(ranked, len(understood.weights), kinds, 1 + _OTHERS)
    confidence = sure[0]
    if confidence < NOTHING_BELOW and not _holds_what_was_said(ranked[0]):
        return replace(nothing, confidence=confidence)
    article = searcher.articles.article(ranked[0].id)
    if article is None:
        return nothing
    twins = _twins(article, ranked, heads)
    others = tuple(
        Other(each.id, heads[each.id].title, chance)
        for each, chance in zip(ranked[1:], sure[1:], strict=False)
        if each.id in heads and each.id not in twins
    )
    status: AnswerStatus = "answer" if confidence >= ANSWERED_FROM else "unsure"
    return Answer(
        query=query,
        status=status,
        confidence=confidence,
        best=Best(
            id=article.id,
            title=article.title,
            products=article.products,
            date=article.date,
            symptoms=article.symptoms or article.summary,
            cause=article.cause,
            fix=article.fix,
            twins=twins,
            warnings=_warnings(searcher, article, understood),
        ),
        others=others,
        ask=()
        if status == "answer"
        else (*differences(searcher, [article.id, *(other.id for other in others)]), *nothing.ask),
        corrected=understood.corrected,
    )


def _holds_what_was_said(candidate: Ranked) -> bool:
    """Tell whether an article has the query's very code, or all its words: then only the user can say more."""
    says_all = candidate.feature("coverage") >= _ALL and len(candidate.found) >= _SOME_WORDS
    return says_all or candidate.feature("exact") > 0


def _twins(article: Article, ranked: list[Ranked], heads: dict[str, ArticleHead]) -> tuple[str, ...]:
    """Return the candidates that tell the same problem for another product or version."""
    return tuple(
        each.id for each in ranked[1 : 1 + _OTHERS] if each.id in heads and is_twin(heads[each.id].title, article.title)
    )


def _warnings(searcher: Searcher, article: Article, query: Understanding) -> tuple[str, ...]:
    found = []
    if article.fix is None:
        found.append("the article names no fix")
    wanted = [version for version in query.versions if version]
    known = {version.lower() for entry in article.applies_to for version in entry.versions}
    if wanted and known and not known & set(wanted):
        found.append(f"you named version {', '.join(wanted)}; the article is about {', '.join(sorted(known))}")
    missing = [cited for cited in article.references if cited not in searcher.articles.heads(article.references)]
    if missing:
        found.append(f"it refers to articles that are not in this knowledge base: {', '.join(missing)}")
    return tuple(found)


def differences(searcher: Searcher, ids: Sequence[str]) -> tuple[str, ...]:
    """Return what would decide between these articles: the product, else the version, with the filter to add."""
    told = telling_apart(searcher, ids)
    return (f"which {told[0]} it is: {_choices(f'--{told[0]}', told[1])}",) if told else ()


def telling_apart(searcher: Searcher, ids: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """Return the filter that would decide between these articles, and what it may be; None where none does."""
    heads = searcher.articles.heads(ids)
    products = dict.fromkeys(str(heads[each].product) for each in ids if heads[each].product)
    if len(products) > 1:
        return "product", tuple(products)[:_CHOICES]
    versions = searcher.articles.versions(list(ids))
    told_apart = {each: found for each in ids if (found := set(versions.get(each, ())))}
    everywhere = set.intersection(*told_apart.values()) if told_apart else set()
    telling = dict.fromkeys(
        version for each in ids for version in sorted(told_apart.get(each, ())) if version not in everywhere
    )
    return ("version", tuple(telling)[:_CHOICES]) if len(telling) > 1 else None


def _choices(option: str, listed: Sequence[str]) -> str:
    return f"{', '.join(listed)} (add {option} {shlex.quote(listed[0])}, or another)"


def _what_to_add(query: Understanding) -> tuple[str, ...]:
    asked = []
    if not query.signatures:
        asked.append("the exact text, number or code of the error message")
    if not query.products:
        asked.append("the product and its version")
    if len(query.weights) < 6:
        asked.append("what you did, and what you saw")
    return tuple(asked)
