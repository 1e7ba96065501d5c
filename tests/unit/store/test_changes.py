"""The store: articles in and out, revisions, citations, the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import HomeError
from kb.models import Article, CrossReference, Diagnostic
from kb.store.articles import Articles
from kb.store.changes import ArticleEntry, Changes, FileRecord, SourceState, entry
from kb.store.home import make_home
from tests.samples import article, sections

STATE = SourceState("/disc/kb.zip", 100, 5)


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


def packed(given: Article, original: bytes | None = None, path: str | None = None) -> ArticleEntry:
    if path is not None:
        given = replace(given, source=replace(given.source, path=path))
    return entry(given, original if original is not None else given.title.encode(), (("windows nt", "4.0"),))


def put(changes: Changes, *entries: ArticleEntry) -> list[str]:
    with changes.batch():
        return [changes.put(each) for each in entries]


def test_what_is_put_in_comes_out_as_it_was(changes: Changes) -> None:
    original = b"the bytes \x00\xff as they stand"
    given = article(
        date="1999-01-01",
        sections=sections(symptoms="blank \ud83d pages"),
        diagnostics=(Diagnostic("note", "x", "y", 3),),
    )
    assert put(changes, packed(given, original)) == ["added"]
    assert changes.articles.article("Q100001") == given
    assert changes.articles.original("Q100001") == original


def test_the_same_bytes_again_are_unchanged_from_the_same_path_and_a_duplicate_from_another(changes: Changes) -> None:
    given = article()
    assert put(changes, packed(given), packed(given), packed(given, path="elsewhere")) == [
        "added",
        "unchanged",
        "duplicate",
    ]


def test_the_newest_date_is_the_article_whatever_the_order(changes: Changes) -> None:
    old, new = article(title="Old", date="1998-01-01"), article(title="New", date="1999-01-01")
    assert put(changes, packed(new, path="a"), packed(old, path="b")) == ["added", "duplicate"]
    found = changes.articles.article("Q100001")
    assert found is not None
    assert found.title == "New"
    assert [(revision.date, revision.current) for revision in changes.articles.revisions("Q100001")] == [
        ("1999-01-01", True), ("1998-01-01", False),
    ]  # fmt: skip


def test_a_better_parser_updates_the_same_bytes(changes: Changes) -> None:
    first, second = article(title="A Printer"), article(title="A Better Title")
    assert put(changes, packed(first, b"same")) == ["added"]
    assert put(changes, packed(second, b"same")) == ["updated"]
    assert changes.articles.counts().revisions == 1


def test_every_batch_is_a_generation_and_a_failed_one_is_none(changes: Changes) -> None:
    put(changes, packed(article("Q100001")))
    broken = replace(packed(article("Q100002")), content="no bytes")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError):
        put(changes, packed(article("Q100003")), broken)
    assert (changes.articles.generation, list(changes.articles.ids())) == (1, ["Q100001"])
    put(changes, packed(article("Q100003")))
    assert [each.id for each in changes.articles.changed_since(1)] == ["Q100003"]


def test_removing_forgets_the_files_too(changes: Changes) -> None:
    with changes.batch():
        changes.put(packed(article()))
        key = changes.open_source(STATE, None, 1)
        changes.record_file(key, FileRecord("a", "0", "stored", "kb-text", "Q100001"))
        changes.close_source(key, ())
    with changes.batch():
        assert changes.remove("Q100001")
        assert not changes.remove("Q100001")
    assert changes.articles.article("Q100001") is None
    assert changes.articles.removed_since(1) == ["Q100001"]
    assert changes.unchanged_files(STATE, None, 1) is None
    assert put(changes, packed(article())) == ["added"]
    assert changes.articles.removed_since(0) == []


class TestLedger:
    RECORD = FileRecord("kb.zip!a.txt", "00", "stored", "kb-text", "Q100001")

    def fill(self, changes: Changes, *, close: bool = True) -> None:
        with changes.batch():
            key = changes.open_source(STATE, None, 1)
            changes.record_file(key, self.RECORD)
            if close:
                changes.close_source(key, ())

    def test_a_source_read_whole_is_known_again(self, changes: Changes) -> None:
        self.fill(changes)
        assert changes.unchanged_files(STATE, None, 1) == [self.RECORD]

    @pytest.mark.parametrize(
        ("state", "collection", "parser"),
        [
            (replace(STATE, size=101), None, 1),
            (replace(STATE, mtime_ns=6), None, 1),
            (STATE, "contoso", 1),
            (STATE, None, 2),
        ],
    )
    def test_one_that_differs_is_not(
        self, changes: Changes, state: SourceState, collection: str | None, parser: int
    ) -> None:
        self.fill(changes)
        assert changes.unchanged_files(state, collection, parser) is None

    def test_one_that_was_not_read_whole_is_not_but_its_files_are(self, changes: Changes) -> None:
        self.fill(changes, close=False)
        assert changes.unchanged_files(STATE, None, 1) is None
        assert changes.known_source(STATE.path, None, 1)[1] == {"kb.zip!a.txt": self.RECORD}

    def test_files_of_another_parser_are_forgotten(self, changes: Changes) -> None:
        self.fill(changes)
        with changes.batch():
            changes.open_source(STATE, None, 2)
        assert changes.known_source(STATE.path, None, 2)[1] == {}

    def test_files_that_are_gone_are_forgotten(self, changes: Changes) -> None:
        self.fill(changes)
        with changes.batch():
            key = changes.open_source(STATE, None, 1)
            changes.close_source(key, ["kb.zip!a.txt"])
        assert changes.unchanged_files(STATE, None, 1) == []


def test_citations_are_known_in_both_directions(changes: Changes) -> None:
    citing = article("Q100002", "Citing", cross_references=(CrossReference("Q100001"), CrossReference("Q999999")))
    put(changes, packed(article()), packed(citing))
    assert changes.articles.cited_by("Q100001") == (CrossReference("Q100002", "Citing", "cited_by"),)
    counts = changes.articles.counts()
    assert (counts.citations, counts.dangling) == (2, 1)


def test_many_articles_train_a_dictionary_that_all_can_be_read_with(changes: Changes) -> None:
    many = [
        packed(article(f"Q{number}", f"Article {number}", sections=sections(symptoms=f"the symptom {number} " * 40)))
        for number in range(100_000, 100_700)
    ]
    put(changes, packed(article("Q200000", "Before the dictionary")))
    with changes.batch():
        changes.prepare_compression([each.content for each in many])
        for each in many:
            changes.put(each)
    with Articles(changes.home) as articles:
        assert len({each.title for each in articles.every_article()}) == 701
        assert articles.problems() == []


def test_a_damaged_content_is_told_and_named(changes: Changes) -> None:
    put(changes, packed(article()), packed(article("Q100002")))
    changes._connection.execute("UPDATE revisions SET content = x'00' WHERE article_id = 'Q100001'")
    with pytest.raises(HomeError, match="Q100001"):
        changes.articles.article("Q100001")
    (problem,) = changes.articles.problems()
    assert problem.startswith("Q100001: ")
    assert changes.articles.article("Q100002") is not None


def test_many_ids_are_asked_for_at_once(changes: Changes) -> None:
    put(changes, *(packed(article(f"Q{number}")) for number in range(100_000, 101_100)))
    ids = [f"Q{number}" for number in range(100_000, 101_200)]
    assert len(changes.articles.heads(ids)) == len(changes.articles.articles(ids)) == 1_100
    assert changes.articles.versions(ids)["Q100000"] == ["4.0"]
    assert changes.articles.products() == ["windows nt"]
    assert changes.articles.version_names() == ["4.0"]
