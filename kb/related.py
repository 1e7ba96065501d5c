"""Find what belongs to an article: cross-references, twins, articles like it."""

import re
from dataclasses import dataclass

from kb.matching.understanding import understand
from kb.models import Article, CrossReference, Filters
from kb.records import SCHEMA, Record
from kb.search import Searcher
from kb.store.articles import ArticleHead
from kb.text.signatures import find_signatures
from kb.text.stop_words import STOP_WORDS
from kb.text.terms import terms

_PREFIX = re.compile(r"^(?:[A-Z][\w .-]{0,12}: )+")
_BRACKETS = re.compile(r"\([^()]*\)")
_TWIN_SHARE = 0.75
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
    twins = tuple(head for head, _ in listed if is_twin(head.title, article.title))
    similar = tuple(pair for pair in listed if pair[0] not in twins)[:limit]
    return Related(article_id, article.title, article.cross_references, twins, similar)


def related_record(found: Related) -> Record:
    """Return relations as a JSON-ready record."""
    return {
        "schema": SCHEMA,
        "id": found.id,
        "cross_references": [{"id": r.id, "title": r.title, "direction": r.direction} for r in found.cross_references],
        "twins": [{"id": each.id, "title": each.title} for each in found.twins],
        "similar": [{"id": each.id, "title": each.title, "score": round(score, 4)} for each, score in found.similar],
    }


def is_twin(title: str, other: str) -> bool:
    """Tell whether two titles name the same problem, written up for another product or version.

    Prefixes (`XADM:`, `FP98:`), bracketed additions and numbers may differ, and one word in five. Other error codes
    are other problems.
    """
    first, second = _telling_words(title), _telling_words(other)
    if not len(first & second) >= _TWIN_SHARE * len(first | second) > 0:
        return False
    codes, others = find_signatures(title), find_signatures(other)
    return not codes or not others or not set(codes).isdisjoint(others)


def _telling_words(title: str) -> set[str]:
    bare = _PREFIX.sub("", _BRACKETS.sub(" ", title))
    telling = " ".join(word for word in bare.split() if word.lower() not in STOP_WORDS)
    return {term for term in terms(telling) if not any(character.isdigit() for character in term)}


def _subject(article: Article) -> str:
    text = article.symptoms or article.summary or "\n".join(section.text for section in article.sections)
    return f"{article.title}\n{article.title}\n{text[:_LONGEST]}"
