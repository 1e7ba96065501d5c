"""Pages of the real archive: every article fits, however long, and every facet leads somewhere."""

import random
from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="needs the extra: pip install 'kbfix[web]'")

from kb.search import Searcher, SearchFilters
from kb.serve.web import pages
from kb.serve.web.asking import Asked

pytestmark = pytest.mark.archive
LARGEST = 50_000


def test_an_article_page_stays_small(archive_home: Path) -> None:
    with Searcher.open(archive_home) as searcher:
        ids = sorted(searcher.articles.ids())
        draw = random.Random(7)
        some = draw.sample(ids, 100)
        # Those that most others refer to, and the longest, have the largest pages.
        some += [article_id for article_id, _ in searcher.articles.citation_counts(10)]
        found = searcher.articles.articles(draw.sample(ids, 4000)).values()
        some += [each.id for each in sorted(found, key=lambda each: sum(len(s.text) for s in each.sections))[-15:]]
        for article_id in some:
            part = 1
            while reply := pages.article(searcher, article_id, part):
                assert reply.status_code == 200
                assert len(reply.body) < LARGEST, (article_id, part)
                part += 1
            assert part > 1


def test_every_value_of_a_facet_can_be_filtered_by(archive_home: Path) -> None:
    with Searcher.open(archive_home) as searcher:
        for query in ("printer prints blank pages", "mail is not delivered", "compiler error", "setup stops"):
            for name, values in searcher.search(query).facets.items():
                for value, _ in values if name != "year" else ():
                    searcher.resolve(SearchFilters(**{name: value}))


def test_pages_of_results_are_made_for_any_query(archive_home: Path) -> None:
    texts = ["STOP 0x0000007B", "title:printer AND blank", "x" * 5000, "\x00\x1b[31m printer", "é ü 漢字 printer"]
    with Searcher.open(archive_home) as searcher:
        for text in texts:
            reply = pages.results(searcher, Asked(text))
            assert reply.status_code in (200, 422)
            assert len(reply.body) < LARGEST
        for reply in (pages.home(searcher), pages.browse(searcher), pages.about(searcher)):
            assert reply.status_code == 200
            assert len(reply.body) < LARGEST
