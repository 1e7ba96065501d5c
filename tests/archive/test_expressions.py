"""Expressions over the whole archive: true for a sample of its articles, the same with both engines."""

from pathlib import Path

import pytest

from kb.matching.query_parser import parsed
from kb.search import Searcher
from tests.expression_oracle import satisfies
from tests.samples import compared

pytestmark = pytest.mark.archive

EXPRESSIONS = (
    "title:printer",
    "windows AND error",
    '"general protection fault" AND NOT title:fault',
    "config* sys",
    "error:0xC000021A",
    "error:-2147024891",
    "fix:by_design AND windows",
    'product:"visual basic" version:4.0',
    "printer OR NOT windows",
    "0x8007* date:1999..",
    "sys* NOT system",
    '"blue screen" OR "stop screen"',
)
EVERY = 200
"""Of so many articles one is evaluated in plain Python."""


def test_a_sample_of_articles_is_found_where_it_satisfies(archive_home: Path) -> None:
    with Searcher.open(archive_home) as searcher:
        sample = list(searcher.articles.articles(list(searcher.articles.ids())[::EVERY]).values())
        assert len(sample) > 250
        for text in EXPRESSIONS:
            expression = parsed(text)
            assert expression is not None
            found = searcher.find(expression).ids
            for article in sample:
                assert (article.id in found) == satisfies(article, expression, searcher.resolve_part), text


def test_both_engines_find_and_rank_alike(archive_home: Path, archive_home_whoosh: Path) -> None:
    with Searcher.open(archive_home) as one, Searcher.open(archive_home_whoosh) as other:
        for text in EXPRESSIONS:
            expression = parsed(text)
            assert expression is not None
            found, same = one.find(expression), other.find(expression)
            assert (found.words, found.ids) == (same.words, same.ids), text
            assert compared(found.ranked) == compared(same.ranked), text
