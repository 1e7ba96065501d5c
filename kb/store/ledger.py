"""The import ledger: what stood where on the disk, what became of each file, and which articles are gone from theirs.

A source is a file on the disk, under one collection. A path within it is '' for the file itself, `!name` for a member
of an archive, and either with `#id` behind it for one of several articles in a file.
"""

import os
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from kb.models import Diagnostic
from kb.store.content import pack_diagnostics, unpack_diagnostics
from kb.store.names import Names
from kb.store.shared_lists import DiagnosticLists

Outcome = Literal["article", "unsupported", "failed"]
_FILE: Final = "coalesce(t.file, t.path)"
_RECORD: Final = (
    f"t.path, {_FILE}, coalesce(r.sha256, t.sha256), t.parser, coalesce(t.outcome, 'article'), n.name, r.article_id, "
    "coalesce(r.part, 0), d.content, "
    f"coalesce(r.key = a.revision AND r.source = t.source AND r.path = {_FILE}, 0)"
)
_RECORDED: Final = (
    "LEFT JOIN revisions r ON r.key = t.revision LEFT JOIN articles a ON a.id = r.article_id "
    "LEFT JOIN names n ON n.key = coalesce(t.form, r.form) "
    "LEFT JOIN diagnostic_lists d ON d.key = coalesce(t.diagnostics, r.diagnostics)"
)
_HELD: Final = "t JOIN sources s ON s.key = t.source JOIN revisions r ON r.key = t.revision"
_LEAVING: Final = f"SELECT t.source, {_FILE}, s.shown || t.path, r.article_id, r.sha256, r.part FROM {{}} {_HELD}"


@dataclass(frozen=True, slots=True)
class SourceState:
    """A file on the disk as it stands now: absolute path, as the user named it, bytes, and time of change."""

    path: str
    shown: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file, or of one article in it, when it was last read.

    `file` is the path without the article. `diagnostics` of an article are those of its revision. `shown` tells
    whether the article that the store has is the one that was read here.
    """

    path: str
    file: str
    sha256: str
    parser: int
    outcome: Outcome
    form: str | None = None
    article_id: str | None = None
    part: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """One content of an article that a file held which is gone; `shown` is its path as the user knows it."""

    source: int
    file: str
    shown: str
    article_id: str
    sha256: str
    part: int


class Ledger:
    """The tables `sources`, `files` and `gone`; changed inside the batches of kb/store/changes.py."""

    def __init__(self, connection: sqlite3.Connection, names: Names, diagnostics: DiagnosticLists) -> None:
        self._connection = connection
        self._names = names
        self._diagnostics = diagnostics
        self._may_be_gone: bool | None = None

    def forget(self) -> None:
        """Forget what is known of the tables, after a batch that changed them was undone."""
        self._may_be_gone = None

    def unchanged(self, state: SourceState, collection: str | None, parser: int) -> tuple[int, list[FileRecord]] | None:
        """Return the key of a source of which all is known and that did not change since, and its files; else None."""
        rows = self._connection.execute(
            f"SELECT s.key, {_RECORD} FROM sources s LEFT JOIN files t ON t.source = s.key {_RECORDED} "
            "WHERE s.path = ? AND s.collection = ? AND s.size = ? AND s.mtime_ns = ? AND s.parser = ? "
            "AND s.complete = 1 ORDER BY t.path",
            (state.path, collection or "", state.size, state.mtime_ns, parser),
        ).fetchall()
        # One without files, an empty archive for one, has a row without a path.
        return (int(rows[0][0]), [_record(*row[1:]) for row in rows if row[1] is not None]) if rows else None

    def known_source(self, path: str, collection: str | None) -> int | None:
        """Return the key of a source that was read before, however far, else None."""
        row = self._row("SELECT key FROM sources WHERE path = ? AND collection = ?", (path, collection or ""))
        return int(row[0]) if row else None

    def files(self, source: int) -> list[FileRecord]:
        """Return what became of the files of a source, in the order of their paths."""
        rows = self._connection.execute(
            f"SELECT {_RECORD} FROM files t {_RECORDED} WHERE t.source = ? ORDER BY t.path", (source,)
        )
        return [_record(*row) for row in rows]

    def open_source(self, state: SourceState, collection: str | None, parser: int) -> int:
        """Write down that a source is being read, and return its key. What is known of its files stays."""
        row = self._row(
            "INSERT INTO sources (path, shown, collection, size, mtime_ns, parser, complete) "
            "VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (path, collection) DO UPDATE SET shown = excluded.shown, "
            "size = excluded.size, mtime_ns = excluded.mtime_ns, parser = excluded.parser, complete = 0 RETURNING key",
            (state.path, state.shown, collection or "", state.size, state.mtime_ns, parser),
        )
        assert row is not None
        return int(row[0])

    def close_source(self, source: int, gone: Iterable[FileRecord], *, complete: bool) -> None:
        """Write down that a source was read to its end, and that files which it held before were not there."""
        for record in gone:
            self._leave(source, record)
            self._connection.execute("DELETE FROM files WHERE source = ? AND path = ?", (source, record.path))
        if complete:
            self._connection.execute("UPDATE sources SET complete = 1 WHERE key = ?", (source,))

    def record(self, source: int, record: FileRecord, before: FileRecord | None, revision: int | None = None) -> None:
        """Write down what became of a file, in the place of what was known of it `before`.

        Of an article, `revision` is the key of its content, of the record's id, hash, part and form.
        """
        if before is not None and before.article_id != record.article_id:
            self._leave(source, before)
        own: tuple[object, ...] = (None, None, None, None)
        if revision is None:
            listed = self._diagnostics.key(pack_diagnostics(record.diagnostics))
            own = (self._names.key(record.form), bytes.fromhex(record.sha256), record.outcome, listed)
        self._connection.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, path) DO UPDATE SET "
            "file = excluded.file, revision = excluded.revision, parser = excluded.parser, form = excluded.form, "
            "sha256 = excluded.sha256, outcome = excluded.outcome, diagnostics = excluded.diagnostics",
            (source, record.path, None if record.file == record.path else record.file, revision, record.parser, *own),
        )
        if revision is not None and self._is_any_gone():
            # Without the sign, SQLite looks for the revisions even where no file is gone from there.
            self._connection.execute(
                "DELETE FROM gone WHERE source = ? AND path = ? "
                "AND +revision IN (SELECT key FROM revisions WHERE article_id = ?)",
                (source, record.path, record.article_id),
            )

    def forget_article(self, article_id: str) -> None:
        """Forget what was read of an article, so that its files are read again the next time."""
        read = "SELECT key FROM revisions WHERE article_id = ?"
        self._connection.execute(
            f"UPDATE sources SET complete = 0 WHERE key IN (SELECT source FROM files WHERE revision IN ({read}))",
            (article_id,),
        )
        # Of a file with several articles, the others stay known, but not as read by any parser there is.
        self._connection.execute(
            f"UPDATE files AS t SET parser = 0 WHERE (t.source, {_FILE}) IN "
            f"(SELECT t.source, {_FILE} FROM files t WHERE t.revision IN ({read}))",
            (article_id,),
        )
        for table in ("files", "gone"):
            self._connection.execute(f"DELETE FROM {table} WHERE revision IN ({read})", (article_id,))

    def sources_under(self, folder: str, collection: str | None) -> list[tuple[int, str]]:
        """Return key and path of every source in a folder (absolute) and the folders in it."""
        start = folder.rstrip(os.sep) + os.sep
        return self._connection.execute(
            "SELECT key, path FROM sources WHERE collection = ? AND path >= ? AND path < ? ORDER BY path",
            (collection or "", start, start[:-1] + chr(ord(os.sep) + 1)),
        ).fetchall()

    def leaving(self, sources: Collection[int], gone_sources: Collection[int]) -> list[Leaving]:
        """Return the contents of articles that are gone from `sources`, and all that `gone_sources` held."""
        wanted = {*sources, *gone_sources}
        rows = self._connection.execute(_LEAVING.format("gone")).fetchall()
        found = [each for row in rows if (each := _leaving(*row)).source in wanted]
        for key in gone_sources:
            held = f"{_LEAVING.format('files')} WHERE t.source = ?"
            found += [_leaving(*row) for row in self._connection.execute(held, (key,))]
        return found

    def drop(self, leaving: Iterable[Leaving], gone_sources: Collection[int]) -> None:
        """Forget that articles are `leaving`, and `gone_sources` altogether."""
        keys = {each.source for each in leaving}
        self._connection.executemany("DELETE FROM gone WHERE source = ?", [(key,) for key in keys])
        self._connection.executemany("DELETE FROM sources WHERE key = ?", [(key,) for key in gone_sources])

    def holders(self, article_id: str, sha256: str, part: int) -> list[tuple[int, str, str]]:
        """Return the files that hold a content, then those that held it and are not pruned, each by name.

        Of each: its source, its path in it, and its path as shown.
        """
        found = []
        for table in ("files", "gone"):
            found += self._connection.execute(
                f"SELECT t.source, {_FILE}, s.shown || {_FILE} FROM {table} {_HELD} "
                "WHERE r.article_id = ? AND r.sha256 = ? AND r.part = ? ORDER BY 3",
                (article_id, bytes.fromhex(sha256), part),
            ).fetchall()
        return found

    def _is_any_gone(self) -> bool:
        """Tell whether anything may be gone: of most imports nothing is, and each article would be asked for."""
        if self._may_be_gone is None:
            self._may_be_gone = self._row("SELECT 1 FROM gone LIMIT 1", ()) is not None
        return self._may_be_gone

    def _leave(self, source: int, record: FileRecord) -> None:
        if record.article_id is not None:
            self._may_be_gone = True
            self._connection.execute(
                "INSERT OR REPLACE INTO gone SELECT ?, ?, key, ? FROM revisions "
                "WHERE article_id = ? AND sha256 = ? AND part = ?",
                (source, record.path, record.file, record.article_id, bytes.fromhex(record.sha256), record.part),
            )

    def _row(self, query: str, values: tuple[object, ...]) -> tuple | None:  # type: ignore[type-arg]  # rows of SQLite are untyped
        found: tuple | None = self._connection.execute(query, values).fetchone()  # type: ignore[type-arg]
        return found


def _leaving(source: int, file: str, shown: str, article_id: str, sha256: bytes, part: int) -> Leaving:
    """Return what a row of `_LEAVING` says."""
    return Leaving(source, file, shown, article_id, sha256.hex(), part)


def _record(
    path: str, file: str, sha256: bytes, parser: int, outcome: Outcome, form: str | None, article_id: str | None,
    part: int, diagnostics: str | None, shown: int,
) -> FileRecord:  # fmt: skip
    """Return what a row of `_RECORD` says."""
    found = unpack_diagnostics(diagnostics)
    return FileRecord(path, file, sha256.hex(), parser, outcome, form, article_id, part, found, bool(shown))
