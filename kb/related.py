"""Find what belongs to an article: cross-references, twins, articles like it."""

from dataclasses import dataclass

from kb.matching.understanding import understand
from kb.models import Article, CrossReference, Filters
from kb.search import Searcher
from kb.store.articles import ArticleHead

_LONGEST = 1500
"""Characters of symptoms that stand for the article; more tells of its details, not its subject."""


@dataclass(frozen=True, slots=True)
class Related:
    """The relations of one article; `similar` are pairs of article and score, best first."""

    id: str
    title: str
    cross_references: tuple[CrossReference, ...]
    twins: tuple[ArticleHead, ...]
    similar: tuple[tuple[ArticleHead, float], ...]


def related(searcher: Searcher, article_id: str, limit: int = 10) -> Related:
    """Return the relations of an article that is in the store; KeyError where it is not."""
    article = searcher.articles.article(article_id)
    if article is None:
        raise KeyError(article_id)
    ranked = [each for each in searcher.ranking(understand(_subject(article)), Filters()) if each.id != article_id]
    heads = searcher.articles.heads([each.id for each in ranked])
    listed = [(heads[each.id], each.score) for each in ranked if each.id in heads]
    twins = tuple(head for head, _ in listed if bare_title(head.title) == bare_title(article.title))
    similar = tuple(pair for pair in listed if pair[0] not in twins)[:limit]
    return Related(article_id, article.title, article.cross_references, twins, similar)


def bare_title(title: str) -> str:
    """Return a title without its prefixes (`XADM:`, `PRB:`), for comparing those of twins."""
    return title.rpartition(": ")[2].casefold().strip()


def _subject(article: Article) -> str:
    text = article.symptoms or article.summary or "\n".join(section.text for section in article.sections)
    return f"{article.title}\n{article.title}\n{text[:_LONGEST]}"
