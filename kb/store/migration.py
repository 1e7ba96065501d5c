"""Bring a store of an older version up to date, in place and in one transaction: it is of one version or the other.

From 1 to 2: every article and revision is kept. What version 1 knew of the files on the disk is dropped, because it
holds too little (no diagnostics, no place within an archive): the next import reads its archives again and finds their
articles there.

From 2 to 3: nothing is changed. Contents are packed in another way from then on, which version 2 cannot read; both are
read (kb/store/content.py).

From 3 to 4: four tables are copied into smaller ones with the same in them. Contents are packed in another way again.
"""

import re
import sqlite3
from collections.abc import Collection
from contextlib import suppress

from kb.frames import Decompressor, dictionary_id
from kb.models import Article
from kb.records import article_from_record
from kb.store.content import pack_diagnostics, unpack_record
from kb.store.standing import letters, stated_fields

_NEW_IN_2 = ("originals", "revisions", "sources", "files", "gone")
_NEW_IN_4 = ("dictionaries", "revisions", "applies", "files")
"""Tables that are made anew, with their indexes."""
_OF_A_STORE_WITHOUT_LEDGER = 2
_STATEMENT = re.compile(r"^CREATE (?:TABLE|INDEX) .*?;", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"CREATE (?:TABLE|INDEX \w+ ON) (\w+)")


def migrate(connection: sqlite3.Connection, version: int, to: int) -> None:
    """Change a store of `version` (1 at least) into one of version `to`; sqlite3.Error where it is damaged."""
    # Tables that refer to one that is renamed are to refer to the new one of its name.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA legacy_alter_table = ON")
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version < 2:
            _from_1(connection)
        if version < 4:
            _from_3(connection)
        connection.execute(f"PRAGMA user_version = {to}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA legacy_alter_table = OFF")
    if version < 4:
        # What was copied leaves as many free pages; without space to compact them they are used up by and by.
        with suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")


def _from_1(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE files")
    connection.execute("DROP TABLE sources")
    connection.execute("ALTER TABLE revisions RENAME TO revisions_1")
    _make(connection, _NEW_IN_2)
    # Version 1 had all other tables and indexes, but this one.
    connection.execute("CREATE INDEX articles_by_revision ON articles (revision)")
    dictionaries = {dictionary_id(row[0]): row[0] for row in connection.execute("SELECT data FROM dictionaries")}
    decompress = Decompressor(dictionaries.get)
    for key, article_id, sha256, date, form, path, content in connection.execute(
        "SELECT key, article_id, sha256, date, form, path, content FROM revisions_1 ORDER BY key"
    ):
        article = _article(decompress, content)
        connection.execute(
            "INSERT INTO revisions (key, article_id, sha256, part, date, form, source, path, parser, fields, letters, "
            "kept, diagnostics, content) VALUES (?, ?, ?, 0, ?, ?, NULL, ?, 0, ?, ?, ?, ?, ?)",
            (
                key, article_id, sha256, date, form, path, stated_fields(article) if article else 0,
                letters(article) if article else 0, _OF_A_STORE_WITHOUT_LEDGER,
                pack_diagnostics(article.diagnostics) if article else None, content,
            ),
        )  # fmt: skip
    connection.execute("DROP TABLE revisions_1")


def _from_3(connection: sqlite3.Connection) -> None:
    for table in _NEW_IN_4:
        connection.execute(f"ALTER TABLE {table} RENAME TO {table}_3")
        for (index,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?", (f"{table}_3",)
        ).fetchall():
            connection.execute(f"DROP INDEX {index}")
    _make(connection, _NEW_IN_4)
    for key, data in connection.execute("SELECT key, data FROM dictionaries_3").fetchall():
        connection.execute("INSERT INTO dictionaries VALUES (?, ?, ?)", (key, dictionary_id(data), data))
    connection.execute("INSERT INTO revisions SELECT * FROM revisions_3 ORDER BY key")
    connection.execute("INSERT INTO applies SELECT DISTINCT article, product, coalesce(version, '') FROM applies_3")
    connection.execute(
        "INSERT INTO files SELECT source, path, nullif(file, path), sha256, parser, outcome, form, article_id, part, "
        "diagnostics FROM files_3"
    )
    for table in _NEW_IN_4:
        connection.execute(f"DROP TABLE {table}_3")


def _make(connection: sqlite3.Connection, tables: Collection[str]) -> None:
    """Make these tables of the schema, with their indexes."""
    from kb.store.database import SCHEMA  # which imports this module where a store is of an older version

    schema = SCHEMA.read_text("utf-8")
    for statement in _STATEMENT.findall(re.sub(r" *--.*", "", schema)):
        made_of = _TABLE.match(statement)
        if made_of is not None and made_of[1] in tables:
            connection.execute(statement)


def _article(decompress: Decompressor, content: bytes) -> Article | None:
    """Return the article in a content, or None where it is damaged; doctor tells of that."""
    try:
        return article_from_record(unpack_record(decompress(content)))
    except (ValueError, KeyError, TypeError):
        return None
