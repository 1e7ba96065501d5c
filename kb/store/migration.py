"""Bring a store of an older version up to date, in place and in one transaction: it is of one version or the other.

What tables hold is copied into those of today. To version 2, every article and revision is kept; what version 1 knew of
the files on the disk is dropped, because it holds too little (no diagnostics, no place within an archive): the next
import reads its archives again and finds their articles there. Contents stay as they are packed: those of every version
are read (kb/store/content.py). From 2 on, versions pack them in another way, or have smaller tables with the same in
them.
"""

import re
import sqlite3
from contextlib import suppress
from itertools import groupby
from operator import itemgetter

from kb.frames import Decompressor, dictionary_id
from kb.models import Article
from kb.records import article_from_record
from kb.store.content import pack_diagnostics, unpack_record
from kb.store.names import Names
from kb.store.shared_lists import DiagnosticLists, applies_key
from kb.store.standing import letters, stated_fields
from kb.text.dates import day_number

_AS_THEY_ARE = frozenset(("meta", "removals", "products"))
"""Tables that have been the same since version 1."""
_OF_A_STORE_WITHOUT_LEDGER = 2
_LISTS_ONCE = 5
"""The version from which on lists of diagnostics and of products stand once."""
_NAMED = {
    "revisions": ("form",), "files": ("form",), "articles": ("collection", "category", "product", "kind", "fix_kind"),
}  # fmt: skip
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
        connection.create_function("as_bytes", 1, _as_bytes, deterministic=True)
        connection.create_function("day", 1, _day, deterministic=True)
        old = _set_aside(connection)
        _make(connection)
        _copy_dictionaries(connection)
        _make_names(connection)
        if version < 2:
            _copy_from_1(connection)
        else:
            _copy_contents_and_ledger(connection, version)
        _copy_articles(connection, version)
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


def _make_names(connection: sqlite3.Connection) -> None:
    """Write down the names that columns had, and tell SQL the key of each, as `name_key`."""
    keys, names = {}, Names(connection)
    for table, columns in _NAMED.items():
        for column in columns:
            for (name,) in connection.execute(f"SELECT DISTINCT {column} FROM {table}{_OLD}").fetchall():
                keys[name] = names.key(name)
    connection.create_function("name_key", 1, keys.get, deterministic=True)


def _copy_from_1(connection: sqlite3.Connection) -> None:
    """Copy the revisions of version 1, and find out what later versions note of them."""
    dictionaries = {row[0]: row[1] for row in connection.execute("SELECT id, data FROM dictionaries")}
    decompress = Decompressor(dictionaries.get)
    lists = DiagnosticLists(connection)
    rows = connection.execute(
        f"SELECT key, article_id, sha256, date, form, path, content FROM revisions{_OLD} ORDER BY key"
    )
    for key, article_id, sha256, date, form, path, content in rows:
        article = _article(decompress, content)
        diagnostics = lists.key(pack_diagnostics(article.diagnostics) if article else None)
        connection.execute(
            "INSERT INTO revisions (key, article_id, sha256, part, date, form, source, path, parser, fields, letters, "
            "kept, diagnostics, content) "
            "VALUES (?, ?, as_bytes(?), 0, day(?), name_key(?), NULL, ?, 0, ?, ?, ?, ?, ?)",
            (
                key, article_id, sha256, date, form, path, stated_fields(article) if article else 0,
                letters(article) if article else 0, _OF_A_STORE_WITHOUT_LEDGER, diagnostics, content,
            ),
        )  # fmt: skip


def _copy_contents_and_ledger(connection: sqlite3.Connection, version: int) -> None:
    stood = [f"SELECT DISTINCT diagnostics, diagnostics FROM {table}{_OLD}" for table in ("revisions", "files")]
    if version >= _LISTS_ONCE:
        stood = [f"SELECT key, content FROM diagnostic_lists{_OLD}"]
    of_lists = DiagnosticLists(connection)
    lists = {stands: of_lists.key(packed) for each in stood for stands, packed in connection.execute(each).fetchall()}
    connection.create_function("list_key", 1, lists.get, deterministic=True)
    connection.execute(f"INSERT INTO originals SELECT key, as_bytes(sha256), content FROM originals{_OLD}")
    connection.execute(
        "INSERT INTO revisions SELECT key, article_id, as_bytes(sha256), part, day(date), name_key(form), source, "
        "path, parser, fields, letters, kept, list_key(diagnostics), original, content "
        f"FROM revisions{_OLD} ORDER BY key"
    )
    connection.execute(f"INSERT INTO sources SELECT * FROM sources{_OLD}")
    contents = "JOIN revisions r ON r.article_id = t.article_id AND r.sha256 = as_bytes(t.sha256) AND r.part = t.part"
    connection.execute(
        "INSERT INTO files SELECT t.source, t.path, nullif(t.file, t.path), r.key, t.parser, NULL, NULL, NULL, NULL "
        f"FROM files{_OLD} t {contents}"
    )
    connection.execute(
        "INSERT INTO files SELECT source, path, nullif(file, path), NULL, parser, name_key(form), as_bytes(sha256), "
        f"outcome, list_key(diagnostics) FROM files{_OLD} WHERE article_id IS NULL"
    )
    connection.execute(f"INSERT INTO gone SELECT t.source, t.path, r.key, t.file FROM gone{_OLD} t {contents}")


def _copy_articles(connection: sqlite3.Connection, version: int) -> None:
    has_lists = version >= _LISTS_ONCE
    connection.execute(
        "INSERT INTO articles SELECT key, id, revision, name_key(collection), day(date), name_key(category), title, "
        f"name_key(product), name_key(kind), name_key(fix_kind), {'applies' if has_lists else 'NULL'}, diagnostics, "
        f"generation FROM articles{_OLD} ORDER BY key"
    )
    if has_lists:
        for table in ("applies_lists", "applies"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM {table}{_OLD}")
    else:
        applies = connection.execute(
            f"SELECT DISTINCT article, product, coalesce(version, '') FROM applies{_OLD} ORDER BY article"
        ).fetchall()
        for article, rows in groupby(applies, key=itemgetter(0)):
            key = applies_key(connection, (row[1:] for row in rows))
            connection.execute("UPDATE articles SET applies = ? WHERE key = ?", (key, article))
    connection.execute(f"INSERT INTO citations SELECT DISTINCT article, cited FROM citations{_OLD}")


def _as_bytes(sha256: str | bytes) -> bytes:
    """Return a hash as version 5 has it first."""
    return sha256 if isinstance(sha256, bytes) else bytes.fromhex(sha256)


def _day(date: str | None) -> int | None:
    return None if date is None else day_number(date)


def _article(decompress: Decompressor, content: bytes) -> Article | None:
    """Return the article in a content, or None where it is damaged; doctor tells of that."""
    try:
        return article_from_record(unpack_record(decompress(content)))
    except (ValueError, KeyError, TypeError):
        return None
