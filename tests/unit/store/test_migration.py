"""A store of an older version is brought up to date with all that is in it, and only where it may be written."""

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import HomeError
from kb.frames import Compressor
from kb.models import AppliesTo, Article, CrossReference, Diagnostic, Filters, Source
from kb.records import article_record
from kb.store.articles import Articles
from kb.store.changes import Changes, Place
from kb.store.database import STORE_VERSION
from kb.store.entries import entry
from kb.store.home import Home, make_home
from kb.store.ledger import FileRecord, SourceState
from kb.text.dates import iso_date
from tests.samples import article, sections

SCHEMA = Path(__file__).with_name("schema_1.sql").read_text("utf-8")
LISTED = 5
NOTES = (Diagnostic("warning", "no-title", "the article has no title", 2),)


def old_store(path: Path) -> Home:
    """Return a home with a store of version 1: three articles, one of them in two editions."""
    home = make_home(path)
    with closing(sqlite3.connect(home.store, isolation_level=None)) as store:
        store.executescript(
            f"{SCHEMA}\nINSERT INTO meta VALUES ('uid', 'u'), ('generation', '7');\n"
            "PRAGMA application_id = 0x6B626678;\nPRAGMA user_version = 1;"
        )
        for key, (given, is_current) in enumerate(articles(), start=1):
            content = given.title.encode()
            record = json.dumps(article_record(given)).encode()
            frame = Compressor()(len(content).to_bytes(4, "little") + content + record)
            values = (key, given.id, given.source.sha256, given.date, given.source.form, given.source.path, frame)
            store.execute("INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            if is_current:
                store.execute(
                    "INSERT INTO articles VALUES (NULL, ?, ?, NULL, ?, NULL, ?, NULL, 'bug', NULL, 0, 3)",
                    (given.id, key, given.date, given.title),
                )
        store.execute("INSERT INTO sources VALUES (1, '/disc/kb.zip', '', 1, 1, 1, 1)")
        store.execute("INSERT INTO files VALUES (1, 'kb.zip!a', '0', 'stored', 'kb-text', 'Q100001')")
    return home


def articles() -> Iterator[tuple[Article, bool]]:
    for number, (article_id, title, date, is_current) in enumerate(
        [("Q100001", "One", "1999-01-01", True), ("Q100002", "Old", "1998-01-01", False),
         ("Q100002", "New", "1999-01-01", True), ("Q100003", "Three", None, True)]
    ):  # fmt: skip
        source = Source(f"kb.zip!{title}", "kb-text", str(number) * 64)
        given = article(article_id, title, date=date, sections=sections(symptoms=title), diagnostics=NOTES)
        yield replace(given, source=source), is_current


def test_one_is_kept_whole(tmp_path: Path) -> None:
    home = old_store(tmp_path / "home")
    Changes(home).close()
    with Articles(home) as store:
        assert [store.article(article.id) for article, is_current in articles() if is_current] == [
            article for article, is_current in articles() if is_current
        ]
        assert (store.uid, store.generation, store.counts().revisions) == ("u", 7, 4)
        assert [each.article.title for each in store.revisions("Q100002")] == ["New", "Old"]
        assert store.original("Q100001") == (b"One", 1)
        assert store.problems() == []
        assert list(store.diagnostics()) == [(True, NOTES)] * 3
    with closing(sqlite3.connect(home.store)) as store:
        assert store.execute("PRAGMA user_version").fetchone() == (STORE_VERSION,)
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
        fresh = tmp_path / "fresh"
        Changes(make_home(fresh)).close()
        with closing(sqlite3.connect(fresh / "store.sqlite")) as other:
            assert tables(store) == tables(other)


def tables(store: sqlite3.Connection) -> list[str]:
    """Return what tables and indexes there are, without comments and spaces."""
    made = store.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return ["".join(re.sub("--.*", "", sql).split()) for (sql,) in made]


def test_what_an_import_finds_again_keeps_its_standing(tmp_path: Path) -> None:
    home = old_store(tmp_path / "home")
    changes = Changes(home)
    older = article("Q100002", "Older", date="1997-01-01", category="winnt")
    with changes.batch():
        assert changes.put(entry(older, b"x"), Place(None, "", "", "-")) == "duplicate"
    found = changes.articles.article("Q100002")
    assert found is not None
    assert found.title == "New"
    changes.close()


@pytest.mark.parametrize("version", [2, 3])
def test_one_of_versions_2_and_3_keeps_its_contents_as_they_are(version: int, tmp_path: Path) -> None:
    new = make_home(tmp_path / "new")
    given, original = article(sections=sections(symptoms="Blank."), symptoms="Blank."), b"a\r\nb"
    changes = Changes(new)
    with changes.batch():
        changes.put(entry(given, original), Place(None, "", "", "-"))
    changes.close()
    home = older(new, tmp_path / "old", 3)
    record = json.dumps(article_record(replace(given, source=replace(given.source, path="")))).encode()
    frame = Compressor()(len(original).to_bytes(4, "little") + original + record)
    with closing(sqlite3.connect(home.store)) as store, store:
        store.execute("UPDATE revisions SET content = ?", (frame,))
        store.execute(f"PRAGMA user_version = {version}")
    changes = Changes(home)
    with changes.batch():
        assert changes.put(entry(given, original), Place(None, "", "", "-")) == "unchanged"
    assert changes.articles.original(given.id) == (original, 1)
    changes.close()
    with closing(sqlite3.connect(home.store)) as store:
        assert store.execute("SELECT content FROM revisions").fetchall() == [(frame,)]
        assert store.execute("PRAGMA user_version").fetchone() == (STORE_VERSION,)


def test_one_is_not_read_but_what_to_do_is_told(tmp_path: Path) -> None:
    home = old_store(tmp_path / "home")
    with pytest.raises(HomeError, match="older kbfix") as caught:
        Articles(home)
    assert caught.value.next_step.startswith("run: kbfix rebuild")


def test_one_that_cannot_be_brought_up_to_date_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = old_store(tmp_path / "home")
    before = shutil.copy(home.store, tmp_path / "before")
    from kb.store import migration

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(migration, "stated_fields", fail)
    with pytest.raises(HomeError, match="disk is full"):
        Changes(home)
    with closing(sqlite3.connect(home.store)) as store, closing(sqlite3.connect(before)) as old:
        assert list(store.iterdump()) == list(old.iterdump())
        assert store.execute("PRAGMA user_version").fetchone() == (1,)


def filled(path: Path) -> Home:
    """Return a home of today with something in every table."""
    home = make_home(path)
    changes = Changes(home)
    with changes.batch():
        source = changes.ledger.open_source(SourceState("/disc/kb.zip", "kb.zip", 1, 1), None, 1)
        original = changes.put_original(hashlib.sha256(b"One").hexdigest(), Compressor()(b"One"))
        for number, (given, _) in enumerate(articles()):
            stored = replace(
                given,
                applies_to=(AppliesTo("Windows NT", None, None, ("3.51", "4.0")[: 2 - number % 2]),),
                cross_references=(CrossReference("Q100003", "Three", "cites"),),
                source=replace(given.source, sha256=str(number) * 64),
            )
            file = f"!{given.title}"
            place = Place(source, file, file if number else f"{file}#{given.id}", f"kb.zip{file}")
            changes.put(entry(stored, given.title.encode()), place, None if number else original)
        left = FileRecord("!gone", "!gone", "3" * 64, 1, "article", "kb-text", "Q100003")
        changes.ledger.close_source(source, [left], complete=True)
        failed = FileRecord("!bad", "!bad", "", 1, "failed", None, diagnostics=NOTES)
        changes.ledger.record(source, failed, None)
    changes.close()
    return home


def older(new: Home, path: Path, version: int) -> Home:
    """Return a home with a store of version 3, 4 or 5 that has all that one of today has: copied column by column."""
    home = make_home(path)
    schema = Path(__file__).with_name(f"schema_{version}.sql").read_text("utf-8")
    is_listed = version == LISTED
    diagnostics = "coalesce(t.diagnostics, r.diagnostics)"
    if not is_listed:
        diagnostics = f"(SELECT content FROM new.diagnostic_lists d WHERE d.key = {diagnostics})"
    sha256 = "coalesce(r.sha256, t.sha256)" if is_listed else "lower(hex(coalesce(r.sha256, t.sha256)))"
    # Version 5 has nothing where most have the same, 3 has everything.
    file = "coalesce(t.file, t.path)" if version == 3 else "t.file"
    outcome = "t.outcome" if is_listed else "coalesce(t.outcome, 'article')"
    held = "t LEFT JOIN new.revisions r ON r.key = t.revision"
    itself = "t JOIN new.revisions r ON r.key = t.key"
    copied = {
        "meta": ("*", "t"),
        "products": ("*", "t"),
        "sources": ("*", "t"),
        "originals": ("key, sha256, content" if is_listed else "key, lower(hex(sha256)), content", "t"),
        "revisions": (
            (
                f"t.key, t.article_id, {sha256}, t.part, iso(t.date), {named('t.form')}, t.source, t.path, t.parser, "
                f"t.fields, t.letters, t.kept, {diagnostics}, t.original, t.content"
            ),
            itself,
        ),
        "articles": (
            (
                f"key, id, revision, {named('collection')}, iso(date), {named('category')}, title, {named('product')}, "
                f"{named('kind')}, {named('fix_kind')}, {'applies, ' if is_listed else ''}diagnostics, generation"
            ),
            "t",
        ),
        "citations": ("article, cited" if is_listed else "article, cited, 'a title'", "t"),
        "files": (
            (
                f"t.source, t.path, {file}, {sha256}, t.parser, {outcome}, {named('coalesce(t.form, r.form)')}, "
                f"r.article_id, coalesce(r.part, 0), {diagnostics if not is_listed else 't.diagnostics'}"
            ),
            held,
        ),
        "gone": (f"t.source, t.path, r.article_id, {sha256.replace('t.sha256', 'NULL')}, r.part, t.file", held),
    }
    if is_listed:
        copied |= {"diagnostic_lists": ("key, content", "t"), "applies_lists": ("*", "t"), "applies": ("*", "t")}
    with closing(sqlite3.connect(home.store, isolation_level=None)) as store:
        store.create_function("iso", 1, lambda day: None if day is None else iso_date(day))
        store.executescript(f"{schema}\nPRAGMA application_id = 0x6B626678;\nPRAGMA user_version = {version};")
        store.execute("ATTACH ? AS new", (str(new.store),))
        for table, (columns, joined) in copied.items():
            store.execute(f"INSERT INTO main.{table} SELECT {columns} FROM new.{table} {joined}")
        if not is_listed:
            applied = "version" if version == 4 else "nullif(version, '')"
            store.execute(
                f"INSERT INTO main.applies SELECT a.key, t.product, {applied} FROM new.applies t "
                "JOIN new.articles a ON a.applies = t.list"
            )
    return home


def named(key: str) -> str:
    """Return the SQL for the name of a key."""
    return f"(SELECT name FROM new.names WHERE names.key = {key})"


def everything(home: Home) -> list[object]:
    """Return what can be read of a store."""
    changes = Changes(home)
    store = changes.articles
    found = [
        list(store.every_article()), store.counts(), store.versions(list(store.ids())), store.version_names(),
        [store.revisions(each) for each in store.ids()], changes.ledger.files(1),
        list(store.diagnostics()), store.original("Q100001"), store.citation_counts(5),
        store.satisfying(Filters({"version": frozenset(["windows nt|4.0", ""])})), store.problems(),
    ]  # fmt: skip
    changes.close()
    return found


@pytest.mark.parametrize("version", [3, 4, LISTED])
def test_one_of_versions_3_to_5_has_the_same_in_smaller_tables(version: int, tmp_path: Path) -> None:
    new = filled(tmp_path / "new")
    old = older(new, tmp_path / "old", version)
    assert everything(old) == everything(new)
    assert everything(old)[3] == ["3.51", "4.0"]
    with closing(sqlite3.connect(old.store)) as store, closing(sqlite3.connect(new.store)) as other:
        assert tables(store) == tables(other)
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []
        for query in ("SELECT * FROM applies", "SELECT * FROM gone", "SELECT * FROM citations", "SELECT * FROM files"):
            assert (found := store.execute(query).fetchall())
            assert found == other.execute(query).fetchall()
    # What is written later finds the lists that were copied.
    changes = Changes(old)
    with changes.batch():
        given = article("Q100009", applies_to=(AppliesTo("Windows NT", None, None, ("3.51", "4.0")),))
        changes.put(entry(given, b"x"), Place(None, "", "", "-"))
    changes.close()
    with closing(sqlite3.connect(old.store)) as store:
        assert store.execute("SELECT count(*) FROM applies_lists").fetchone() == (2,)
