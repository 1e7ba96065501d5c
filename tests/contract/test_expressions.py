"""An expression finds every article that satisfies it and no other, with either engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.matching.query_parser import parsed
from kb.models import Article
from kb.search import Searcher, SearchFilters
from tests.expression_oracle import satisfies
from tests.samples import compared

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
    assert {each.id for each in found.ranked} == found.ids == expected
    scores = [each.score for each in found.ranked]
    assert scores == sorted(scores, reverse=True)


def test_the_table_has_expressions_that_find_much_little_and_nothing(
    searcher: Searcher, articles: list[Article]
) -> None:
    totals = [len(searcher.find(expression).ids) for text in EXPRESSIONS if (expression := parsed(text))]
    assert totals.count(0) < len(totals) / 4
    assert sum(0 < total < len(articles) for total in totals) > len(totals) / 2


def test_both_engines_rank_alike(corpus_homes: object) -> None:
    assert callable(corpus_homes)
    runs = []
    for name in ("tantivy", "whoosh"):
        with Searcher.open(corpus_homes(name)) as opened:
            found = [opened.find(expression).ranked for text in EXPRESSIONS if (expression := parsed(text))]
            runs.append([compared(ranked) for ranked in found])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("text", ["windows AND error", "windows OR NOT error", "kind:problem", "win*"])
def test_of_too_many_some_are_ranked_and_the_total_stays_true(
    text: str, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    expression = parsed(text)
    assert expression is not None
    whole = searcher.find(expression)
    monkeypatch.setattr("kb.expression_search.MOST_RANKED", 3)
    some = searcher.find(expression)
    assert len(some.ids) == len(whole.ids) > len(some.ranked) == 3
    assert {each.id for each in some.ranked} <= {each.id for each in whole.ranked}


def test_of_too_many_without_words_the_newest_are_shown(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.expression_search.MOST_RANKED", 3)
    expression = parsed("kind:problem")
    assert expression is not None
    heads = searcher.articles.heads(list(searcher.articles.ids()))
    dates = sorted((head.date or "" for head in heads.values() if head.kind == "problem"), reverse=True)
    assert [heads[each.id].date for each in searcher.find(expression).ranked] == dates[:3]


def test_what_the_options_filter_out_is_not_counted(searcher: Searcher, articles: list[Article]) -> None:
    expression = parsed("windows AND error")
    assert expression is not None
    filtered = searcher.find(expression, SearchFilters(kind="bug"))
    bugs = {each.id for each in articles if each.kind == "bug"}
    expected = {each.id for each in searcher.find(expression).ranked} & bugs
    assert {each.id for each in filtered.ranked} == filtered.ids == expected != set()
