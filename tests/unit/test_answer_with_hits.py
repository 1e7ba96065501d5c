"""A page's answer and hits are those of `answer` and `search`, though they are ranked once."""

from dataclasses import replace
from pathlib import Path

import pytest

from kb.answer import answer, answer_with_hits
from kb.search import Searcher, SearchFilters
from kb.store.articles import preview


@pytest.mark.parametrize("query", ["printer offline", "STOP 0xC000021A", "the bread did not rise", "acccess denied"])
@pytest.mark.parametrize("limit", [5, 200])
@pytest.mark.parametrize("filters", [None, SearchFilters(product="windows nt"), SearchFilters(fix_kind="workaround")])
def test_both_are_the_same(query: str, filters: SearchFilters | None, limit: int, tantivy_home: Path) -> None:
    with Searcher.open(tantivy_home) as searcher:
        given, result, shown = answer_with_hits(searcher, query, filters, limit)
        assert given == answer(searcher, query, filters)
        assert replace(result, took_ms=0) == replace(searcher.search(query, filters, limit), took_ms=0)
        assert {hit.id for hit in result.hits} == set(shown)


def test_what_is_shown_of_an_article_is_the_same_however_it_was_read(tantivy_home: Path) -> None:
    with Searcher.open(tantivy_home) as searcher:
        ids = list(searcher.articles.ids())
        whole = {name: preview(article) for name, article in searcher.articles.articles(ids).items()}
        assert searcher.articles.previews([*ids, "Q1"]) == whole
        assert any(not shown.products for shown in whole.values())
        assert len({shown.opening for shown in whole.values()}) > len(ids) // 2


def test_an_expression_has_hits_and_no_answer(tantivy_home: Path) -> None:
    with Searcher.open(tantivy_home) as searcher:
        given, result, _ = answer_with_hits(searcher, "title:printer")
        assert given is None
        assert result.hits


def test_every_product_of_a_facet_can_be_filtered_by(tantivy_home: Path) -> None:
    with Searcher.open(tantivy_home) as searcher:
        for product, _ in searcher.articles.counts().by_product:
            assert searcher.resolve(SearchFilters(product=product)).keywords["product"]


def test_a_kind_of_fix_narrows_down(tantivy_home: Path) -> None:
    with Searcher.open(tantivy_home) as searcher:
        found = searcher.search("printer", SearchFilters(fix_kind="workaround"), 50)
        assert {hit.fix_kind for hit in found.hits} == {"workaround"}
