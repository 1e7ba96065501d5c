"""Answer a symptom: the best article's own cause and fix, how sure that is, and what would decide.

Nothing is written by a model: every word of an answer stands in the article named.
"""

from dataclasses import replace
from typing import Final

from kb.matching.confidence import chances
from kb.matching.ranking import Ranked
from kb.matching.understanding import Understanding
from kb.models import Answer, AnswerStatus, Article, Best, Other
from kb.related import is_twin
from kb.search import Searcher, SearchFilters
from kb.store.articles import ArticleHead

ANSWERED_FROM: Final = 0.6
"""From this chance on, the best article is given as the answer."""
NOTHING_BELOW: Final = 0.15
"""Below this chance, nothing is said to fit."""
_OTHERS: Final = 4


def answer(searcher: Searcher, query: str, filters: SearchFilters | None = None) -> Answer:
    """Return the answer to `query`; raise BadInput for a query or filter that cannot be used."""
    understood = searcher.understand(query)
    ranked = searcher.ranking(understood, searcher.resolve(filters))
    nothing = Answer(query, "none", 0.0, None, ask=_what_to_add(understood), corrected=understood.corrected)
    if not ranked:
        return nothing
    heads = searcher.articles.heads([each.id for each in ranked[: 1 + _OTHERS]])
    kinds = {name: head.kind for name, head in heads.items()}
    sure = chances(ranked, len(understood.weights), kinds, 1 + _OTHERS)
    confidence = sure[0]
    if confidence < NOTHING_BELOW:
        return replace(nothing, confidence=confidence)
    article = searcher.articles.article(ranked[0].id)
    if article is None:
        return nothing
    others = tuple(
        Other(each.id, heads[each.id].title, chance)
        for each, chance in zip(ranked[1:], sure[1:], strict=False)
        if each.id in heads
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
            twins=_twins(article, ranked, heads),
            warnings=_warnings(searcher, article, understood),
        ),
        others=others,
        ask=() if status == "answer" else (*_differences(ranked, heads), *nothing.ask),
        corrected=understood.corrected,
    )


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


def _differences(ranked: list[Ranked], heads: dict[str, ArticleHead]) -> tuple[str, ...]:
    products = dict.fromkeys(
        heads[each.id].product for each in ranked[: 1 + _OTHERS] if each.id in heads and heads[each.id].product
    )
    if len(products) < 2:
        return ()
    return (f"which product it is: {', '.join(str(p) for p in products)} (add --product)",)


def _what_to_add(query: Understanding) -> tuple[str, ...]:
    asked = []
    if not query.signatures:
        asked.append("the exact text, number or code of the error message")
    if not query.products:
        asked.append("the product and its version")
    if len(query.weights) < 6:
        asked.append("what you did, and what you saw")
    return tuple(asked)
