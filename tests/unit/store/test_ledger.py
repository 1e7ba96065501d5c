"""The ledger: what stood where, and what became of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.models import Diagnostic, Source
from kb.store.changes import Changes, Place
from kb.store.entries import entry
from kb.store.home import make_home
from kb.store.ledger import FileRecord, SourceState
from tests.samples import article

STATE = SourceState("/disc/kb.zip", "kb.zip", 100, 5)
NONE = FileRecord("!a.txt", "!a.txt", "00", 1, "unsupported", None, diagnostics=(Diagnostic("warning", "c", "w", 3),))
ARTICLE = FileRecord("!b.txt", "!b.txt", "01", 1, "article", "kb-text", "Q100001")


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


def record(changes: Changes, source: int, told: FileRecord, before: FileRecord | None = None) -> None:
    """Write down what became of a file; if that is an article, one that standard input has brought too."""
    if told.article_id is None:
        changes.ledger.record(source, told, before)
        return
    given = replace(article(told.article_id), source=Source("", told.form or "", told.sha256))
    changes.put(entry(given, b"", told.part), Place(None, "", "", "-"))
    query = "SELECT key FROM revisions WHERE article_id = ? AND sha256 = ? AND part = ?"
    values = (told.article_id, bytes.fromhex(told.sha256), told.part)
    ((revision,),) = changes._connection.execute(query, values)
    changes.ledger.record(source, told, before, revision)


def fill(changes: Changes, *, complete: bool = True) -> int:
    with changes.batch():
        key = changes.ledger.open_source(STATE, None, 1)
        for told in (NONE, ARTICLE):
            record(changes, key, told)
        changes.ledger.close_source(key, (), complete=complete)
    return key


def test_a_source_of_which_all_is_known_is_known_again(changes: Changes) -> None:
    key = fill(changes)
    assert changes.ledger.unchanged(STATE, None, 1) == (key, changes.ledger.files(key))
    assert changes.ledger.files(key) == [NONE, ARTICLE]


@pytest.mark.parametrize(
    ("state", "collection", "parser"),
    [
        (replace(STATE, size=101), None, 1),
        (replace(STATE, mtime_ns=6), None, 1),
        (STATE, "contoso", 1),
        (STATE, None, 2),
    ],
)
def test_one_that_differs_is_not(changes: Changes, state: SourceState, collection: str | None, parser: int) -> None:
    fill(changes)
    assert changes.ledger.unchanged(state, collection, parser) is None


def test_it_does_not_matter_how_the_user_names_it(changes: Changes) -> None:
    key = fill(changes)
    assert changes.ledger.unchanged(replace(STATE, shown="../disc/kb.zip"), None, 1) == (key, changes.ledger.files(key))


def test_one_that_was_not_read_whole_is_not_but_its_files_are(changes: Changes) -> None:
    key = fill(changes, complete=False)
    assert changes.ledger.unchanged(STATE, None, 1) is None
    assert changes.ledger.known_source(STATE.path, None) == key
    assert changes.ledger.known_source(STATE.path, "contoso") is None
    assert len(changes.ledger.files(key)) == 2


def test_what_is_read_by_another_parser_stays_known_with_the_old_one(changes: Changes) -> None:
    key = fill(changes)
    with changes.batch():
        assert changes.ledger.open_source(STATE, None, 2) == key
    assert {each.parser for each in changes.ledger.files(key)} == {1}
    assert changes.ledger.unchanged(STATE, None, 2) is None


def test_articles_that_are_gone_are_remembered_until_they_are_dropped(changes: Changes) -> None:
    key = fill(changes)
    with changes.batch():
        changes.ledger.close_source(key, [NONE, ARTICLE], complete=True)
    assert changes.ledger.files(key) == []
    (leaving,) = changes.ledger.leaving([key], [])
    assert (leaving.shown, leaving.article_id) == ("kb.zip!b.txt", "Q100001")
    assert changes.ledger.leaving([key + 1], []) == []
    with changes.batch():
        changes.ledger.drop([leaving], [])
    assert changes.ledger.leaving([key], []) == []


def test_one_that_comes_back_is_gone_no_more(changes: Changes) -> None:
    key = fill(changes)
    with changes.batch():
        changes.ledger.close_source(key, [ARTICLE], complete=True)
        record(changes, key, replace(ARTICLE, sha256="02"))
    assert changes.ledger.leaving([key], []) == []


def test_what_is_gone_is_known_after_a_batch_that_was_undone(changes: Changes) -> None:
    key = fill(changes)
    with changes.batch():
        changes.ledger.close_source(key, [ARTICLE], complete=True)
    (leaving,) = changes.ledger.leaving([key], [])
    with changes.batch(only_try=True):
        changes.ledger.drop([leaving], [])
        record(changes, key, replace(ARTICLE, path="!c.txt", file="!c.txt"))
    with changes.batch():
        record(changes, key, ARTICLE)
    assert changes.ledger.leaving([key], []) == []


def test_a_file_that_becomes_another_article_lets_the_first_go(changes: Changes) -> None:
    key = fill(changes)
    with changes.batch():
        record(changes, key, replace(ARTICLE, sha256="02", article_id="Q100002"), ARTICLE)
    assert [each.article_id for each in changes.ledger.leaving([key], [])] == ["Q100001"]


def test_sources_are_found_by_their_folder(changes: Changes) -> None:
    paths = ["/a/b", "/a/b.zip", "/a/b/1", "/a/b/c/2", "/a/b0", "/a/c"]
    with changes.batch():
        for path in paths:
            changes.ledger.open_source(SourceState(path, path, 1, 1), None, 1)
        changes.ledger.open_source(SourceState("/a/b/1", "1", 1, 1), "contoso", 1)
    assert [path for _, path in changes.ledger.sources_under("/a/b", None)] == ["/a/b/1", "/a/b/c/2"]
    assert [path for _, path in changes.ledger.sources_under("/a/b/", "contoso")] == ["/a/b/1"]
    assert len(changes.ledger.sources_under("/", None)) == len(paths)


def test_of_a_file_with_several_articles_the_others_are_read_again_when_one_is_removed(changes: Changes) -> None:
    first = FileRecord("!v#Q1", "!v", "01", 1, "article", "f", "Q1")
    with changes.batch():
        key = changes.ledger.open_source(STATE, None, 1)
        for told in (first, replace(first, path="!v#Q2", article_id="Q2"), replace(first, path="!w", file="!w")):
            record(changes, key, told)
        changes.ledger.close_source(key, (), complete=True)
        changes.ledger.forget_article("Q2")
    assert {each.path: each.parser for each in changes.ledger.files(key)} == {"!v#Q1": 0, "!w": 1}
    assert changes.ledger.unchanged(STATE, None, 1) is None
