"""Derived indexes follow the store, catch up with it, and are built again where they cannot."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import derive
from indexer.derive import IndexUpdate
from kb.engines.registry import engine
from kb.matching.forward_index import ForwardIndex
from kb.store.changes import Changes, Place
from kb.store.derived import FORWARD, Derived, engine_folder
from kb.store.entries import entry
from kb.store.home import make_home
from kb.text.batches import batch_of
from kb.text.fields import analyse
from tests.samples import article

NAME = "tantivy"


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


def put(changes: Changes, *ids: str) -> None:
    with changes.batch():
        for each in ids:
            changes.put(entry(article(each, f"Title of {each}"), each.encode()), Place(None, "a", "a", "a"))


def indexed(changes: Changes) -> tuple[set[str], set[str]]:
    """Return the ids in the engine's index and in the forward index."""
    found = Derived(changes.home, engine_folder(NAME)).current()
    forward = Derived(changes.home, FORWARD).current()
    assert found is not None
    assert forward is not None
    assert found[1].generation == forward[1].generation == changes.articles.generation
    index = ForwardIndex(forward[0])
    try:
        with engine(NAME).open(found[0]) as reader:
            return set(reader.ids()), set(index.ids())
    finally:
        index.close()


def updated(changes: Changes, work: Callable[[IndexUpdate], None] = lambda _: None, *, rebuild: bool = False) -> None:
    update = IndexUpdate(changes.home, engine(NAME), rebuild=rebuild)
    try:
        update.begin(changes.articles)
        work(update)
        update.finish(changes.articles)
    finally:
        update.close()


def test_it_is_built_from_the_store(changes: Changes) -> None:
    put(changes, "Q100001", "Q100002")
    updated(changes)
    assert indexed(changes) == ({"Q100001", "Q100002"},) * 2


def test_changes_are_followed_as_they_happen(changes: Changes) -> None:
    put(changes, "Q100001")
    updated(changes)

    def work(update: IndexUpdate) -> None:
        put(changes, "Q100002")
        update.add(batch_of([analyse(article("Q100002"))]))
        with changes.batch():
            changes.remove("Q100001")
        update.delete(["Q100001"])

    updated(changes, work)
    assert indexed(changes) == ({"Q100002"},) * 2


def test_what_an_interrupted_import_left_undone_is_caught_up(changes: Changes) -> None:
    put(changes, "Q100001", "Q100002")
    updated(changes)
    update = IndexUpdate(changes.home, engine(NAME))
    update.begin(changes.articles)
    put(changes, "Q100003")
    with changes.batch():
        changes.remove("Q100002")
    update.close()
    updated(changes)
    assert indexed(changes) == ({"Q100001", "Q100003"},) * 2


def test_an_article_that_comes_twice_while_building_is_there_once(changes: Changes) -> None:
    def work(update: IndexUpdate) -> None:
        put(changes, "Q100001")
        update.add(batch_of([analyse(article("Q100001", "First")), analyse(article("Q100001", "Second"))]))

    updated(changes, work)
    assert indexed(changes) == ({"Q100001"},) * 2


def test_another_analysis_builds_all_of_it_again(changes: Changes, monkeypatch: pytest.MonkeyPatch) -> None:
    put(changes, "Q100001")
    updated(changes)
    before = Derived(changes.home, FORWARD).current()
    monkeypatch.setattr(derive, "ANALYSIS_VERSION", derive.ANALYSIS_VERSION + 1)
    updated(changes)
    after = Derived(changes.home, FORWARD).current()
    assert before is not None
    assert after is not None
    assert before[0] != after[0]
    assert indexed(changes) == ({"Q100001"},) * 2


def test_a_rebuild_that_is_broken_off_leaves_what_was_in_use(changes: Changes) -> None:
    put(changes, "Q100001")
    updated(changes)
    update = IndexUpdate(changes.home, engine(NAME), rebuild=True)
    update.begin(changes.articles)
    update.close()
    assert indexed(changes) == ({"Q100001"},) * 2
    updated(changes, rebuild=True)
    assert indexed(changes) == ({"Q100001"},) * 2


def test_nothing_to_do_touches_no_file(changes: Changes) -> None:
    put(changes, "Q100001")
    updated(changes)
    pointer = changes.home.derived / FORWARD / "current.json"
    before = pointer.stat().st_mtime_ns
    updated(changes)
    assert pointer.stat().st_mtime_ns == before
