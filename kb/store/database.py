"""Open the SQLite file that is the store, and refuse what is not ours or of another version."""

import sqlite3
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kb.errors import HomeError
from kb.store.home import Home, is_writable

STORE_VERSION = 6
SCHEMA: Final = Path(__file__).parent / "schema.sql"
"""What makes a new store."""
_APPLICATION_ID = 0x6B626678  # "kbfx": `file` and doctor tell our files from others by it
_CACHE_KIB = 65_536
_PAGE_BYTES = 65_536
"""The largest that SQLite has: contents, a thousand bytes each, leave some of every page empty."""
_MAPPED_BYTES = 1 << 34


def connect(home: Home, *, writable: bool = False) -> sqlite3.Connection:
    """Return a connection to the store of `home`; HomeError where it is missing, damaged or of a newer version.

    A store of an older version is brought up to date where it is opened to be written, and is a HomeError elsewhere.
    """
    path = home.store
    if not writable and not path.exists():
        raise HomeError(f"the knowledge base in {home.path} is empty", next_step="run: kbfix import PATH")
    with translated(home):
        connection = sqlite3.connect(path, isolation_level=None) if writable else _connect_to_read(home)
        try:
            _check(home, connection, may_create=writable)
        except BaseException:
            connection.close()
            raise
    return connection


def _connect_to_read(home: Home) -> sqlite3.Connection:
    uri = home.store.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema")
    except sqlite3.OperationalError:
        connection.close()
        if is_writable(home):
            raise
        log = home.store.with_name(f"{home.store.name}-wal")
        if log.exists() and log.stat().st_size:
            # What was written last stands there, and is not read below.
            raise HomeError(
                f"{home.path} was copied while it was being written to, and cannot be written here",
                next_step="where it was copied from, run: kbfix rebuild; then copy it again",
            ) from None
        # On a medium that cannot be written, the write-ahead log's index cannot be made: nobody writes there either.
        connection = sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    # Articles stand anywhere in the file: copying their pages takes longer than unpacking them.
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    return connection


def _check(home: Home, connection: sqlite3.Connection, *, may_create: bool) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    empty = not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if empty and may_create:
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        _create(connection)
    elif application != _APPLICATION_ID:
        raise HomeError(f"{home.store} is not a kbfix store", next_step="choose another folder with --home")
    elif version > STORE_VERSION:
        raise HomeError(
            f"{home.store} was written by a newer kbfix (store version {version}, this one knows {STORE_VERSION})",
            next_step="update kbfix, or choose another folder with --home",
        )
    elif version < STORE_VERSION:
        if not may_create:
            raise HomeError(
                f"{home.store} was written by an older kbfix (store version {version}, this one reads {STORE_VERSION})",
                next_step="run: kbfix rebuild (it brings the store up to date and keeps all articles)",
            )
        from kb.store.migration import migrate

        migrate(connection, version, STORE_VERSION)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    # What a statement may have to undo is kept for each: pages, written to a file and dropped at once.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")


def _create(connection: sqlite3.Connection) -> None:
    schema = SCHEMA.read_text("utf-8")
    # In one transaction, so that a store is there whole or not at all; executescript would commit on its own.
    connection.executescript(
        f"BEGIN IMMEDIATE;\n{schema}\n"
        f"INSERT INTO meta VALUES ('uid', '{uuid.uuid4()}'), ('generation', '0');\n"
        f"PRAGMA application_id = {_APPLICATION_ID};\nPRAGMA user_version = {STORE_VERSION};\nCOMMIT;"
    )


@contextmanager
def translated(home: Home) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except (sqlite3.NotSupportedError, sqlite3.OperationalError) as error:
        raise HomeError(
            f"the store {home.store} cannot be used: {error}",
            next_step="check free space and permissions of the folder, then run: kbfix doctor",
        ) from error
    except sqlite3.DatabaseError as error:
        raise HomeError(
            f"the store {home.store} is damaged: {error}",
            next_step="restore the file from a copy, or import the archives again into a new --home",
        ) from error


def integrity_problems(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite finds wrong with the file, a sentence each; nothing when it is sound."""
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
        found += [
            f"a row of {row[0]} names a missing row of {row[2]}"
            for row in connection.execute("PRAGMA foreign_key_check")
        ]
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [problem for problem in found if problem != "ok"]


def library_version() -> str:
    """Return the versions of Python and SQLite in use."""
    return f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}"
