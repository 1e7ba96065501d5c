"""Every engine finds what the oracle finds, for any small corpus and query."""

import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.engines import registry
from kb.engines.base import FILTER_FIELDS
from kb.models import Filters, IndexDocument

from ..contract.memory_engine import MemoryEngine  # noqa: TID252  # the tests are no package of their own name

ENGINES = registry.available()

# Few words, so that documents share them; and any text, since terms may be anything without white space.
any_word = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
words = st.one_of(st.sampled_from("abcdefgh"), any_word.filter(lambda word: word.split() == [word]))
ids = st.text("Q123", min_size=1, max_size=3)
days = st.one_of(st.none(), st.integers(-30, 30))
values = st.lists(st.sampled_from(["", "x", "y", "X y"]), max_size=2).map(tuple)
keywords = st.dictionaries(st.sampled_from(FILTER_FIELDS[:3]), values, max_size=2)
filters = st.builds(
    Filters,
    st.dictionaries(st.sampled_from(FILTER_FIELDS[:3]), st.frozensets(st.sampled_from(["", "x", "y"])), max_size=2),
    days,
    days,
)
queries = st.dictionaries(words, st.sampled_from([1.0, 0.5, 2.0, 0.0]), max_size=12)


def corpora(frequencies):
    terms = st.dictionaries(words, frequencies, max_size=12)
    documents = st.builds(IndexDocument, ids, terms, keywords, days)
    return st.lists(documents, max_size=12, unique_by=lambda document: document.id)


def near(ours, theirs, tolerance):
    """Tell whether two rankings hold the same ids with near scores, and differ in order only where scores are near."""
    scores = {each.id: each.score for each in theirs}
    return {each.id for each in ours} == set(scores) and all(
        each.score == pytest.approx(scores[each.id], rel=tolerance) for each in ours
    )


@contextmanager
def side_by_side(engine, documents):
    """Build the same index with an engine and with the oracle, and open both."""
    with ExitStack() as opened:
        # On Windows files stay open for a moment.
        folder = opened.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=sys.platform == "win32"))
        paths = {engine: Path(folder, "ours"), MemoryEngine(): Path(folder, "theirs")}
        for each, path in paths.items():
            each.create(path)
            with each.writer(path, build=True) as writer:
                writer.add(documents)
                writer.commit()
        yield tuple(opened.enter_context(each.open(path)) for each, path in paths.items())


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=60, deadline=None)
@given(documents=corpora(st.integers(1, 3).map(float)), asked=st.lists(st.tuples(queries, filters), max_size=4))
def test_an_engine_finds_the_same_ids_with_near_scores_as_the_oracle(name, documents, asked):
    """Whole frequencies and at most 36 words: here no engine has to be coarse, as tantivy is beyond 40."""
    with side_by_side(registry.engine(name), documents) as (ours, theirs):
        assert sorted(ours.ids()) == sorted(theirs.ids())
        for terms, filter_ in asked:
            assert ours.document_frequencies(terms) == theirs.document_frequencies(terms)
            got, expected = (reader.candidates(terms, filter_, 20) for reader in (ours, theirs))
            assert near(got, expected, 1e-3)
            assert got == sorted(got, key=lambda candidate: (-candidate.score, candidate.id))
            assert ours.candidates(terms, filter_, 2) == got[:2]


@settings(max_examples=60, deadline=None)
@given(documents=corpora(st.floats(0.0625, 900, width=32)), terms=queries)
def test_whoosh_scores_fractions_of_frequencies_and_long_documents_exactly(documents, terms):
    with side_by_side(registry.engine("whoosh"), documents) as (ours, theirs):
        assert near(ours.candidates(terms, Filters(), 20), theirs.candidates(terms, Filters(), 20), 1e-4)


@pytest.mark.parametrize("name", ENGINES)
@settings(max_examples=25, deadline=None)
@given(
    first=corpora(st.integers(1, 3).map(float)),
    steps=st.lists(st.tuples(corpora(st.integers(1, 3).map(float)), st.frozensets(ids)), max_size=4),
)
def test_after_any_changes_an_engine_holds_what_the_oracle_holds(name, first, steps):
    """Replaced and deleted documents may still count in scores, but are never found."""
    engine = registry.engine(name)
    with side_by_side(engine, first) as (ours, theirs):
        for documents, gone in steps:
            for each, reader in ((engine, ours), (MemoryEngine(), theirs)):
                with each.writer(reader.path) as writer:
                    writer.add(documents)
                    writer.delete(gone)
                    writer.commit()
                reader.refresh()
        assert sorted(ours.ids()) == sorted(theirs.ids())
        assert ours.stats().documents == theirs.stats().documents
        for term in "abcdefgh":
            found = [{each.id for each in reader.candidates({term: 1.0}, Filters(), 100)} for reader in (ours, theirs)]
            assert found[0] == found[1]
