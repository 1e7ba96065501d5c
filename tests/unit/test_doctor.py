"""Each check of doctor finds its own kind of damage, and says what to do."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from indexer import doctor
from indexer.doctor import Finding, examine
from kb.errors import HomeError


def findings(home: Path) -> dict[str, Finding]:
    return {finding.check: finding for finding in examine(home)}


def damaged(home: Path) -> set[str]:
    return {name for name, finding in findings(home).items() if finding.problems}


def change(store: Path, *statements: str) -> None:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_sound_home_has_no_problems(tantivy_home: Path) -> None:
    found = findings(tantivy_home)
    assert list(found) == ["installation", "engines", "store", "disk", "tantivy index", "forward index", "vectors"]
    assert not damaged(tantivy_home)


def test_no_home_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HomeError):
        findings(tmp_path / "none")


def test_an_article_that_the_indexes_lack(own_home: Path) -> None:
    forward = next((own_home / "derived" / "forward").rglob("forward.sqlite"))
    change(forward, "DELETE FROM articles WHERE id = 'Q164175'")
    found = findings(own_home)["forward index"]
    assert found.problems == ("1 articles are missing, Q164175 among them",)
    assert found.next_step == "run: kbfix rebuild"


def test_an_article_that_the_store_lacks(own_home: Path) -> None:
    change(own_home / "store.sqlite", "PRAGMA foreign_keys = ON", "DELETE FROM articles WHERE id = 'Q164175'")
    assert damaged(own_home) == {"tantivy index", "forward index", "vectors"}


def test_a_store_that_moved_on_without_its_indexes(own_home: Path) -> None:
    change(own_home / "store.sqlite", "UPDATE meta SET value = '99' WHERE key = 'generation'")
    assert damaged(own_home) == {"tantivy index", "forward index", "vectors"}


def test_indexes_of_another_store(own_home: Path) -> None:
    change(own_home / "store.sqlite", "UPDATE meta SET value = 'another' WHERE key = 'uid'")
    assert findings(own_home)["forward index"].problems == ("it was built from another store or by another version",)


def test_a_content_that_cannot_be_unpacked(own_home: Path) -> None:
    change(own_home / "store.sqlite", "UPDATE revisions SET content = x'28b52ffd00' WHERE article_id = 'Q164175'")
    (problem,) = findings(own_home)["store"].problems
    assert problem.startswith("Q164175: ")


def test_an_article_without_content(own_home: Path) -> None:
    change(own_home / "store.sqlite", "UPDATE articles SET revision = 0 WHERE id = 'Q164175'")
    assert findings(own_home)["store"].problems == ("Q164175: its content is missing",)


def test_a_row_that_names_a_missing_row(own_home: Path) -> None:
    change(own_home / "store.sqlite", "DELETE FROM products")
    assert "store" in damaged(own_home)


def test_a_forward_index_that_is_gone(own_home: Path) -> None:
    shutil.rmtree(own_home / "derived" / "forward")
    assert damaged(own_home) == {"forward index"}


class Usage(NamedTuple):
    """What shutil.disk_usage gives."""

    total: int
    used: int
    free: int


def test_a_disk_that_is_nearly_full(tantivy_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage: Callable[[Path], Usage] = lambda path: Usage(10**9, 10**9, 1 << 20)  # noqa: E731  (typed, one line)
    monkeypatch.setattr(doctor.shutil, "disk_usage", usage)
    assert damaged(tantivy_home) == {"disk"}


def test_an_engine_that_there_is_not(tantivy_home: Path) -> None:
    found = {finding.check: finding for finding in examine(tantivy_home, "lucene")}
    assert found["engines"].problems == ("there is no engine 'lucene'",)
