"""An expression finds every article that satisfies it and no other, with either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.matching.query_parser import parsed
from kb.models import Article
from kb.search import Searcher
from tests.expression_oracle import satisfies

EXPRESSIONS = (
    "title:printer",
    "windows AND error",
    "windows AND NOT error",
    "printer OR modem",
    "windows NOT (error OR printer)",
    '"windows nt"',
    '"nt windows"',
    '"error message" AND NOT "windows nt"',
    '"blue screen" OR "stop screen"',
    'title:"Internet-bound Mail"',
    "config*",
    "printing*",
    "title:print*",
    "win* title:print*",
    "0x0000007*",
    "error:0xC000021A",
    "error:0x7B",
    'error:"STOP 0x0000007B"',
    'error:"Event ID 4319"',
    'error:"Event ID: 4319 Source: NetBT"',
    'error:"A duplicate name has been detected"',
    "error:1011",
    "error:memory",
    "fix:workaround",
    'fix:"service pack"',
    "fix:by-design",
    "fix:registry",
    'fix:"service pack" OR fix:registry',
    "product:exchange",
    'product:"windows nt" version:4.0',
    'product:"windows nt" AND NOT version:4.0',
    'NOT (product:"windows nt" version:4.0) error',
    "product:nt4",
    "version:4.0",
    "version:sp3 OR version:5.5",
    "kind:bug",
    "kind:(bug OR fix) windows",
    "date:2000",
    "date:1998..1999",
    "date:[1998 TO 1999-06]",
    "date:1999-06..",
    "date:..1995-12-31",
    "error AND NOT date:2000..2001",
    "windows OR NOT kind:bug",
    "win.ini",
    "title:win.ini OR body",
    "Q164175",
    "zyzzyva AND windows",
    "zyzzyva OR windows",
    "zyzzyva*",
    '"zyzzyva windows"',
    "the AND of",
)


@pytest.fixture(scope="module")
def searcher(corpus_home: Path) -> Iterator[Searcher]:
    with Searcher.open(corpus_home) as opened:
        yield opened


@pytest.fixture(scope="module")
def articles(searcher: Searcher) -> list[Article]:
    return list(searcher.articles.every_article())


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_it_finds_what_satisfies_it_and_nothing_else(text: str, searcher: Searcher, articles: list[Article]) -> None:
    expression = parsed(text)
    assert expression is not None
    found = searcher.find(expression)
    expected = {each.id for each in articles if satisfies(each, expression, searcher.resolve_part)}
    assert {each.id for each in found.ranked} == expected
    assert found.total == len(found.ranked) == len(expected)
    scores = [each.score for each in found.ranked]
    assert scores == sorted(scores, reverse=True)


def test_the_table_has_expressions_that_find_much_little_and_nothing(
    searcher: Searcher, articles: list[Article]
) -> None:
    totals = [searcher.find(expression).total for text in EXPRESSIONS if (expression := parsed(text))]
    assert totals.count(0) < len(totals) / 4
    assert sum(0 < total < len(articles) for total in totals) > len(totals) / 2


def test_both_engines_rank_alike(corpus_homes: object) -> None:
    assert callable(corpus_homes)
    runs = []
    for name in ("tantivy", "whoosh"):
        with Searcher.open(corpus_homes(name)) as opened:
            runs.append([opened.find(expression).ranked for text in EXPRESSIONS if (expression := parsed(text))])
    assert runs[0] == runs[1]
