"""Whatever is typed, a search ends in results or in BadInput, and an expression means what its parts mean."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.errors import BadInput
from kb.matching.expression import (
    Expression,
    Filtered,
    Not,
    Phrase,
    Prefix,
    Word,
    all_of,
    any_of,
    spelled,
    wanted,
)
from kb.matching.query_language import expression_of
from kb.matching.query_parser import parsed
from kb.models import Article
from kb.search import Searcher
from tests.expression_oracle import satisfies

WORDS = st.sampled_from(["windows", "error", "printer", "mail", "0x7B", "WIN.INI", "nt4", "Q164175", "zyzzyva", "the"])
FIELDS = st.sampled_from([None, "title", "error", "fix"])
PHRASES = st.sampled_from(["windows nt", "error message", "nt windows", "by design", "STOP 0x0000007B"])
FILTERS = st.sampled_from(
    [
        Filtered(kind="bug"), Filtered(product="windows nt"), Filtered(product="windows nt", version="4.0"),
        Filtered(version="5.5"), Filtered(product="exchange"), Filtered(product="exchange", version="5.5"),
        Filtered(since="1999"), Filtered(since="1998", until="2000-06"),
    ]
)  # fmt: skip
LEAVES: st.SearchStrategy[Expression] = st.one_of(
    st.builds(Word, WORDS, FIELDS),
    st.builds(Phrase, PHRASES, FIELDS),
    st.builds(Prefix, st.sampled_from(["win", "err", "print", "0x0"]), FIELDS),
    FILTERS,
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda each: all_of(tuple(each))),
        st.lists(parts, min_size=1, max_size=3).map(lambda each: any_of(tuple(each))),
        parts.filter(lambda part: not isinstance(part, Not)).map(Not),
    ),
    max_leaves=8,
)
PIECES = st.sampled_from(
    ["title:", "date:", "error:", "fix:", "product:", "version:", "kind:", "AND", "OR", "NOT", "(", ")", '"', "*", "[",
     "]", " TO ", "..", "1998", "windows", "-", "~2", "^", "{", "C:\\", "\n", "\x00", "\ud800", "é", "0x7B", ":", " "]
)  # fmt: skip
TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=20).map("".join),
    st.lists(PIECES, max_size=20).map(" ".join),
    st.text(max_size=30).map(lambda text: f"title:{text}"),
)


@pytest.fixture(scope="module")
def searcher(tantivy_home: Path) -> Iterator[Searcher]:
    with Searcher.open(tantivy_home) as opened:
        yield opened


@pytest.fixture(scope="module")
def articles(searcher: Searcher) -> list[Article]:
    return list(searcher.articles.every_article())[:20]


@settings(deadline=None, max_examples=300)
@given(TYPED)
def test_no_text_is_an_error_of_syntax(searcher: Searcher, text: str) -> None:
    try:
        result = searcher.search(text, limit=3)
    except BadInput as error:
        assert error.next_step  # noqa: PT017  (empty, nothing but stop words, a filter unknown, only NOT)
    else:
        assert result.total >= len(result.hits)


@settings(deadline=None, max_examples=300)
@given(TYPED)
def test_what_is_read_is_read_again_from_its_spelling(text: str) -> None:
    expression = expression_of(text)
    if expression is not None:
        assert parsed(spelled(expression)) == expression


@settings(deadline=None, max_examples=200)
@given(TREES)
def test_every_tree_is_read_from_its_spelling(tree: Expression) -> None:
    assert parsed(spelled(tree)) == tree


@settings(deadline=None, max_examples=100)
@given(TREES)
def test_a_tree_finds_what_plain_evaluation_finds(
    searcher: Searcher, articles: list[Article], tree: Expression
) -> None:
    if any(wanted(tree)):
        ids = searcher.find(tree).ids
        for article in articles:
            assert (article.id in ids) == satisfies(article, tree, searcher.resolve_part)
