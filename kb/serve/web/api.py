"""The API: what the library finds, as the records that the command line prints with --json."""

from starlette.responses import Response

from kb.answer import answer
from kb.errors import UnknownArticle
from kb.records import answer_record, article_record, search_record
from kb.related import related, related_record
from kb.search import Searcher
from kb.serve.web.asking import Asked
from kb.serve.web.openapi import description
from kb.serve.web.overview import overview
from kb.serve.web.problems import Problem
from kb.serve.web.replies import json_reply
from kb.store.revisions import revisions_record
from kb.store.statistics import statistics, statistics_record
from kb.text.ids import article_id


def search(searcher: Searcher, asked: Asked) -> Response:
    """Reply with hits."""
    return json_reply(search_record(searcher.search(asked.query, asked.filters, asked.limit)))


def answer_symptom(searcher: Searcher, asked: Asked) -> Response:
    """Reply with the answer."""
    return json_reply(answer_record(answer(searcher, asked.query, asked.filters)))


def article(searcher: Searcher, name: str) -> Response:
    """Reply with an article, named in any spelling."""
    found = searcher.articles.article(known_id(searcher, name))
    assert found is not None
    reply = json_reply(article_record(found))
    reply.headers["content-location"] = f"/api/v1/articles/{found.id}"
    return reply


def related_articles(searcher: Searcher, name: str, limit: int) -> Response:
    """Reply with the relations of an article."""
    return json_reply(related_record(related(searcher, known_id(searcher, name), limit)))


def revisions(searcher: Searcher, name: str) -> Response:
    """Reply with the contents that are kept of an article."""
    found = known_id(searcher, name)
    return json_reply(revisions_record(found, searcher.articles.revisions(found)))


def stats(searcher: Searcher) -> Response:
    """Reply with counts and sizes."""
    return json_reply(statistics_record(statistics(searcher.articles, overview(searcher.articles).counts)))


def described(_: Searcher) -> Response:
    """Reply with the description of the API."""
    return json_reply(description())


def known_id(searcher: Searcher, name: str) -> str:
    """Return the id that a name in any spelling means; a Problem, or UnknownArticle, where the archive has it not."""
    found = article_id(name)
    if found is None:
        raise Problem(404, f"{name!r} is not an article id", "give an id like Q164175, or search")
    if not searcher.articles.heads([found]):
        citing = searcher.articles.cited_by(found)
        step = f"{citing[0].id} refers to it" if citing else "search for what it was about"
        raise UnknownArticle(f"{found} is not in this knowledge base", next_step=step)
    return found
