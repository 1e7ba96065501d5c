"""Bring a store of an older version up to date, in place and in one transaction: it is of one version or the other.

What tables hold is copied into those of today. To version 2, every article and revision is kept; what version 1 knew of
the files on the disk is dropped, because it holds too little (no diagnostics, no place within an archive): the next
import reads its archives again and finds their articles there. Contents stay as they are packed: those of every version
are read (kb/store/content.py). From 2 to 3 and from 3 to 4 they are packed in another way, and 4 and 5 have smaller
tables with the same in them.
"""

import re
import sqlite3
from contextlib import suppress
from itertools import groupby
from operator import itemgetter

from kb.frames import Decompressor, dictionary_id
from kb.models import Article
from kb.records import article_from_record
from kb.store.article_rows import applies_key
from kb.store.content import pack_diagnostics, unpack_record
from kb.store.diagnostic_lists import diagnostics_key
from kb.store.standing import letters, stated_fields

_AS_THEY_ARE = frozenset(("meta", "removals", "products"))
"""Tables that have been the same since version 1."""
_OF_A_STORE_WITHOUT_LEDGER = 2
_STATEMENT = re.compile(r"^CREATE (?:TABLE|INDEX) .*?;", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"CREATE (?:TABLE|INDEX \w+ ON) (\w+)")
_OLD = "_before"


def migrate(connection: sqlite3.Connection, version: int, to: int) -> None:
    """Change a store of `version` (1 at least) into one of version `to`; sqlite3.Error where it is damaged."""
    # Tables that refer to one that is renamed are to refer to the new one of its name.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA legacy_alter_table = ON")
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.create_function("from_hex", 1, bytes.fromhex, deterministic=True)
        old = _set_aside(connection)
        _make(connection)
        _copy_dictionaries(connection)
        if version < 2:
            _copy_from_1(connection)
        else:
            _copy_contents_and_ledger(connection)
        _copy_articles(connection)
        for table in old:
            connection.execute(f"DROP TABLE {table}{_OLD}")
        connection.execute(f"PRAGMA user_version = {to}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA legacy_alter_table = OFF")
    # What was copied leaves as many free pages; without space to compact them they are used up by and by.
    with suppress(sqlite3.OperationalError):
        connection.execute("VACUUM")


def _set_aside(connection: sqlite3.Connection) -> list[str]:
    """Rename all tables that are made anew, and return what they were called; their indexes go."""
    every = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    tables = [name for name in every if name not in _AS_THEY_ARE and not name.startswith("sqlite_")]
    for table in tables:
        connection.execute(f"ALTER TABLE {table} RENAME TO {table}{_OLD}")
    for (index,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall():
        connection.execute(f"DROP INDEX {index}")
    return tables


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables of today that are made anew, with their indexes."""
    from kb.store.database import SCHEMA  # which imports this module where a store is of an older version

    schema = SCHEMA.read_text("utf-8")
    for statement in _STATEMENT.findall(re.sub(r" *--.*", "", schema)):
        made_of = _TABLE.match(statement)
        if made_of is not None and made_of[1] not in _AS_THEY_ARE:
            connection.execute(statement)


def _copy_dictionaries(connection: sqlite3.Connection) -> None:
    for key, data in connection.execute(f"SELECT key, data FROM dictionaries{_OLD}").fetchall():
        connection.execute("INSERT INTO dictionaries VALUES (?, ?, ?)", (key, dictionary_id(data), data))


def _copy_from_1(connection: sqlite3.Connection) -> None:
    """Copy the revisions of version 1, and find out what later versions note of them."""
    dictionaries = {row[0]: row[1] for row in connection.execute("SELECT id, data FROM dictionaries")}
    decompress = Decompressor(dictionaries.get)
    rows = connection.execute(
        f"SELECT key, article_id, sha256, date, form, path, content FROM revisions{_OLD} ORDER BY key"
    )
    for key, article_id, sha256, date, form, path, content in rows:
        article = _article(decompress, content)
        diagnostics = diagnostics_key(connection, pack_diagnostics(article.diagnostics) if article else None)
        connection.execute(
            "INSERT INTO revisions (key, article_id, sha256, part, date, form, source, path, parser, fields, letters, "
            "kept, diagnostics, content) VALUES (?, ?, from_hex(?), 0, ?, ?, NULL, ?, 0, ?, ?, ?, ?, ?)",
            (
                key, article_id, sha256, date, form, path, stated_fields(article) if article else 0,
                letters(article) if article else 0, _OF_A_STORE_WITHOUT_LEDGER, diagnostics, content,
            ),
        )  # fmt: skip


def _copy_contents_and_ledger(connection: sqlite3.Connection) -> None:
    for table in ("revisions", "files"):
        for (packed,) in connection.execute(f"SELECT DISTINCT diagnostics FROM {table}{_OLD}").fetchall():
            diagnostics_key(connection, packed)
    listed = "(SELECT key FROM diagnostic_lists WHERE content = t.diagnostics)"
    connection.execute(f"INSERT INTO originals SELECT key, from_hex(sha256), content FROM originals{_OLD}")
    connection.execute(
        "INSERT INTO revisions SELECT key, article_id, from_hex(sha256), part, date, form, source, path, parser, "
        f"fields, letters, kept, {listed}, original, content FROM revisions{_OLD} t ORDER BY key"
    )
    connection.execute(f"INSERT INTO sources SELECT * FROM sources{_OLD}")
    connection.execute(
        "INSERT INTO files SELECT source, path, nullif(file, path), from_hex(sha256), parser, "
        f"nullif(outcome, 'article'), form, article_id, part, {listed} FROM files{_OLD} t"
    )
    connection.execute(
        f"INSERT INTO gone SELECT source, path, article_id, from_hex(sha256), part, file FROM gone{_OLD}"
    )


def _copy_articles(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO articles SELECT key, id, revision, collection, date, category, title, product, kind, fix_kind, "
        f"NULL, diagnostics, generation FROM articles{_OLD} ORDER BY key"
    )
    applies = connection.execute(
        f"SELECT DISTINCT article, product, coalesce(version, '') FROM applies{_OLD} ORDER BY article"
    ).fetchall()
    for article, rows in groupby(applies, key=itemgetter(0)):
        key = applies_key(connection, (row[1:] for row in rows))
        connection.execute("UPDATE articles SET applies = ? WHERE key = ?", (key, article))
    connection.execute(f"INSERT INTO citations SELECT DISTINCT article, cited FROM citations{_OLD}")


def _article(decompress: Decompressor, content: bytes) -> Article | None:
    """Return the article in a content, or None where it is damaged; doctor tells of that."""
    try:
        return article_from_record(unpack_record(decompress(content)))
    except (ValueError, KeyError, TypeError):
        return None
