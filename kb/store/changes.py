"""Change the store: put articles in, take them out. One process at a time, under the home's lock."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from kb.frames import Compressor, dictionary_id
from kb.store.article_rows import ArticleRows
from kb.store.articles import Articles
from kb.store.content import DICTIONARY_BYTES, TRAINING_SAMPLES, is_same
from kb.store.database import connect, translated
from kb.store.entries import ArticleColumns, ArticleEntry, columns
from kb.store.home import Home
from kb.store.ledger import FileRecord, Leaving, Ledger
from kb.store.names import Names
from kb.store.shared_lists import DiagnosticLists
from kb.store.standing import Standing, faithful
from kb.text.dates import day_number, iso_date

Put = Literal["added", "updated", "unchanged", "duplicate"]
STANDARD_INPUT = "-"
_REVISION = (
    "date", "form", "source", "path", "parser", "fields", "letters", "diagnostics", "original", "content",
)  # fmt: skip
"""What may change of a revision when its file is read again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article was read: a file within a source of the ledger (None for standard input), and as it is shown.

    `path` is the file's, or for one of several articles in it, its own. `before` is what was known of it.
    """

    source: int | None
    file: str
    path: str
    shown: str
    before: FileRecord | None = None


@dataclass(frozen=True, slots=True)
class _Revision:
    """A stored content of an article, as `put` compares it with a new one."""

    key: int
    sha256: str
    part: int
    parser: int
    source: int | None
    path: str
    shown: str
    article: int
    current: int


@dataclass(frozen=True, slots=True)
class Pruned:
    """An article that left the store, and the file (as it was shown) that held it last."""

    id: str
    path: str


class Changes:
    """The store, opened to be changed; every change is made inside `batch`, which is one transaction."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._connection = connect(home, writable=True)
        self.articles = Articles(home, self._connection)
        self._names = Names(self._connection)
        self._diagnostics = DiagnosticLists(self._connection)
        self.ledger = Ledger(self._connection, self._names, self._diagnostics)
        self._generation = self.articles.generation
        self._compressor: Compressor | None = None
        self._rows = ArticleRows(self._connection, self._names)
        self._fallen_back: set[str] = set()

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        with translated(self.home):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()

    @contextmanager
    def batch(self, *, only_try: bool = False) -> Iterator[None]:
        """Make the changes inside durable together, or none of them; the store moves to its next generation.

        With `only_try` they are undone at the end.
        """
        with translated(self.home):
            self._connection.execute("BEGIN IMMEDIATE")
            self._generation += 1
            done = False
            try:
                yield
                done = not only_try
                if done:
                    query = "UPDATE meta SET value = ? WHERE key = 'generation'"
                    self._connection.execute(query, (str(self._generation),))
                    self._connection.execute("COMMIT")
            except BaseException:
                done = False
                raise
            finally:
                if not done:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    self._generation -= 1
                    self._names.forget()
                    self._diagnostics.forget()
                    self.ledger.forget()
                    self._rows.forget()
                    self._compressor = None
                    self._fallen_back.clear()

    def compressed(self, contents: Sequence[bytes]) -> list[bytes]:
        """Return the frames of packed contents, for `put`: one right after the other takes two thirds of the time.

        A dictionary is trained on them first, where there is none, or after many more articles than it was for; not on
        so few that nothing is gained by it.
        """
        compress = self._compress()
        trained = compress.train(contents, TRAINING_SAMPLES, DICTIONARY_BYTES)
        if trained is not None:
            query = "INSERT INTO dictionaries (id, data) VALUES (?, ?) ON CONFLICT DO NOTHING"
            self._connection.execute(query, (dictionary_id(trained), trained))
        return list(map(compress, contents))

    def put_original(self, sha256: str, compressed: bytes) -> int:
        """Keep the bytes of a file with several articles once, and return the key to give to `put`."""
        self._connection.execute(
            "INSERT INTO originals (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (bytes.fromhex(sha256), compressed),
        )
        row = self._row("SELECT key FROM originals WHERE sha256 = ?", (bytes.fromhex(sha256),))
        assert row is not None
        return int(row[0])

    def put(self, new: ArticleEntry, place: Place, original: int | None = None, frame: bytes | None = None) -> Put:
        """Store an article, write its place down in the ledger, and say what that changed.

        `original` is what `put_original` gave for its file, `frame` what `compressed` gave for its content, if asked.
        Every content is kept as a revision; kb/store/standing.py tells which of them is the article. `added`: there was
        none; `updated`: this one is the article now, or is read differently; `unchanged`: it was and is, from the same
        place; `duplicate`: the article is another, or was read in another place.
        """
        revisions = self._revisions(new.id)
        same = next((r for r in revisions if (r.sha256, r.part) == (new.sha256, new.part)), None)
        is_reread = False
        if same is None:
            key = self._write_revision(new, place, original, frame)
        else:
            key = same.key
            is_reread = self._meet(same, new, place, original, frame)
        if place.source is not None:
            record = FileRecord(place.path, place.file, new.sha256, new.parser, "article", new.form, new.id, new.part)
            self.ledger.record(place.source, record, place.before, key)
            self._overwrite(place, new)
        if not revisions:
            self._write_article(None, new.columns, key)
            return "added"
        article, before = revisions[0].article, revisions[0].current
        best = self._best(new.id) if same is None or len(revisions) > 1 else key
        if best != key:
            if best != before:
                self._fall_back(article, best, new.id)
            return "duplicate"
        if before != key or is_reread:
            self._write_article(article, new.columns, key)
            return "updated"
        assert same is not None
        return "unchanged" if (same.source, same.path) == _stored_place(place) else "duplicate"

    def remove(self, article_id: str) -> bool:
        """Take an article and its revisions out; False where there is none of this id.

        The files it came from are forgotten, so that a later import of them brings it back.
        """
        found = self._row("SELECT key FROM articles WHERE id = ?", (article_id,))
        if found is None:
            return False
        self.ledger.forget_article(article_id)
        self._remove(article_id)
        self._drop_originals()
        return True

    def prune(self, sources: Collection[int], gone_sources: Collection[int]) -> list[Pruned]:
        """Take out what is gone from `sources` of the ledger, and all that `gone_sources` held.

        An article that another file still holds stays, and is what the best of its remaining revisions says. Returns
        those that left, in the order of their ids.
        """
        leaving = self.ledger.leaving(sources, gone_sources)
        self.ledger.drop(leaving, gone_sources)
        pruned = []
        contents: dict[str, list[Leaving]] = {}
        for each in leaving:
            contents.setdefault(each.article_id, []).append(each)
        for article_id, gone in sorted(contents.items()):
            found = self._row("SELECT key, revision FROM articles WHERE id = ?", (article_id,))
            if found is None:
                continue
            standings = self._standings(article_id)
            if not any(standing.provided for _, standing in standings):
                self._remove(article_id)
                pruned.append(Pruned(article_id, gone[-1].shown))
                continue
            article, current = found
            best = self._best(article_id)
            if best != current:
                self._fall_back(article, best, article_id)
            self._leave_behind(article_id, {key for key, s in standings if s.provided}, gone, gone_sources)
        self._drop_originals()
        return pruned

    def take_fallen_back(self) -> list[str]:
        """Return, once, the ids of articles that became what an older revision of theirs says."""
        found = sorted(self._fallen_back)
        self._fallen_back.clear()
        return found

    # --- revisions

    def _revisions(self, article_id: str) -> list[_Revision]:
        return [
            _Revision(key, sha256.hex(), *rest)
            for key, sha256, *rest in self._connection.execute(
                "SELECT r.key, r.sha256, r.part, r.parser, r.source, r.path, coalesce(s.shown, '') || r.path, a.key, "
                "a.revision FROM revisions r JOIN articles a ON a.id = r.article_id "
                "LEFT JOIN sources s ON s.key = r.source WHERE r.article_id = ?",
                (article_id,),
            )
        ]

    def _standings(self, article_id: str) -> list[tuple[int, Standing]]:
        return [
            (
                key,
                Standing(
                    bool(provided),
                    "" if day is None else iso_date(day),
                    fields,
                    faithful(form),
                    letters,
                    sha256.hex(),
                    part,
                ),
            )
            for key, provided, day, fields, form, letters, sha256, part in self._connection.execute(
                "SELECT r.key, r.kept OR EXISTS (SELECT 1 FROM files WHERE revision = r.key) "
                "OR EXISTS (SELECT 1 FROM gone WHERE revision = r.key), r.date, r.fields, n.name, r.letters, "
                "r.sha256, r.part FROM revisions r JOIN names n ON n.key = r.form WHERE r.article_id = ?",
                (article_id,),
            )
        ]

    def _best(self, article_id: str) -> int:
        return max(self._standings(article_id), key=lambda each: each[1])[0]

    def _meet(
        self, stored: _Revision, new: ArticleEntry, place: Place, original: int | None, frame: bytes | None
    ) -> bool:
        """Take note of a content that is stored already; tell whether it is read differently now.

        One that several files hold is shown with the place that comes first by name, whichever was read first.
        """
        row = self._row(
            "SELECT r.content, d.content, r.kept FROM revisions r "
            "LEFT JOIN diagnostic_lists d ON d.key = r.diagnostics WHERE r.key = ?",
            (stored.key,),
        )
        assert row is not None
        content, diagnostics, kept = row
        self._keep(stored.key, kept, place)
        is_here = (stored.source, stored.path) == _stored_place(place)
        goes_first = (place.source is None, place.shown) < (stored.source is None, stored.shown) or (
            place.source is not None and not self._is_held_there(stored)
        )
        if is_here or goes_first or stored.parser != new.parser:
            differs = diagnostics != new.diagnostics or not is_same(self.articles.unpacked(content), new.content)
            if differs:
                self._rewrite_revision(stored.key, new, place, original, frame)
                return True
            source, path = _stored_place(place) if goes_first else (stored.source, stored.path)
            self._connection.execute(
                "UPDATE revisions SET source = ?, path = ?, parser = ? WHERE key = ?",
                (source, path, new.parser, stored.key),
            )
        return False

    def _is_held_there(self, stored: _Revision) -> bool:
        """Tell whether the file with which a content is shown still holds it."""
        return bool(
            self._row(
                "SELECT 1 FROM files WHERE revision = ? AND source = ? AND coalesce(file, path) = ?",
                (stored.key, stored.source, stored.path),
            )
        )

    def _keep(self, key: int, kept: int, place: Place) -> None:
        now = 1 if place.source is None else kept % 2
        if now != kept:
            self._connection.execute("UPDATE revisions SET kept = ? WHERE key = ?", (now, key))

    def _write_revision(self, new: ArticleEntry, place: Place, original: int | None, frame: bytes | None) -> int:
        values = self._revision(new, place, original, frame)
        # Without RETURNING, and without a conflict to resolve, SQLite keeps no copy of the pages that it changes.
        cursor = self._connection.execute(
            f"INSERT INTO revisions ({', '.join(_REVISION)}, article_id, sha256, part, kept) "
            f"VALUES ({', '.join('?' * (len(_REVISION) + 4))})",
            (*values, new.id, bytes.fromhex(new.sha256), new.part, int(place.source is None)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _rewrite_revision(
        self, key: int, new: ArticleEntry, place: Place, original: int | None, frame: bytes | None
    ) -> None:
        self._connection.execute(
            f"UPDATE revisions SET {', '.join(f'{name} = ?' for name in _REVISION)} WHERE key = ?",
            (*self._revision(new, place, original, frame), key),
        )

    def _revision(
        self, new: ArticleEntry, place: Place, original: int | None, frame: bytes | None
    ) -> tuple[object, ...]:
        """Return the values of the columns `_REVISION`."""
        day = new.columns.date and day_number(new.columns.date)
        return (
            day, self._names.key(new.form), *_stored_place(place), new.parser, new.fields, new.letters,
            self._diagnostics.key(new.diagnostics), original,
            self._compress()(new.content) if frame is None else frame,
        )  # fmt: skip

    def _leave_behind(
        self, article_id: str, provided: Collection[int], gone: Sequence[Leaving], gone_sources: Collection[int]
    ) -> None:
        """Delete revisions that only files which are gone have held, and show the others where they still are."""
        places = {(each.source, each.file) for each in gone}
        contents = {(each.sha256, each.part) for each in gone}
        for revision in self._revisions(article_id):
            was_there = (revision.source, revision.path) in places or revision.source in gone_sources
            if revision.key not in provided and (was_there or (revision.sha256, revision.part) in contents):
                self._connection.execute("DELETE FROM revisions WHERE key = ?", (revision.key,))
            elif was_there:
                self._show_elsewhere(article_id, revision.sha256, revision.part)

    def _show_elsewhere(self, article_id: str, sha256: str, part: int) -> None:
        """Show a content with the place of a file that holds it, or of standard input where none does any more."""
        holders = self.ledger.holders(article_id, sha256, part)
        source, path = holders[0][:2] if holders else (None, STANDARD_INPUT)
        self._connection.execute(
            "UPDATE revisions SET source = ?, path = ? WHERE article_id = ? AND sha256 = ? AND part = ?",
            (source, path, article_id, bytes.fromhex(sha256), part),
        )

    def _overwrite(self, place: Place, new: ArticleEntry) -> None:
        """Show the content that a file held before where it still is, if anywhere."""
        before = place.before
        if before is None or before.article_id is None or (before.sha256, before.part) == (new.sha256, new.part):
            return
        if self.ledger.holders(before.article_id, before.sha256, before.part):
            row = self._row(
                "SELECT source, path FROM revisions WHERE article_id = ? AND sha256 = ? AND part = ?",
                (before.article_id, bytes.fromhex(before.sha256), before.part),
            )
            if row == _stored_place(place):
                self._show_elsewhere(before.article_id, before.sha256, before.part)

    def _remove(self, article_id: str) -> None:
        self._rows.remove(article_id, self._generation)
        self._connection.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))

    def _drop_originals(self) -> None:
        self._connection.execute(
            "DELETE FROM originals WHERE NOT EXISTS (SELECT 1 FROM revisions WHERE revisions.original = originals.key)"
        )

    # --- articles

    def _fall_back(self, article: int, revision: int, article_id: str) -> None:
        """Make an article what a stored revision says."""
        self._write_article(article, columns(self.articles.revision(revision)), revision)
        self._fallen_back.add(article_id)

    def _write_article(self, key: int | None, new: ArticleColumns, revision: int) -> None:
        self._fallen_back.discard(new.id)
        self._rows.write(key, new, revision, self._generation)

    def _compress(self) -> Compressor:
        if self._compressor is None:
            row = self._row("SELECT data FROM dictionaries ORDER BY key DESC LIMIT 1")
            self._compressor = Compressor(row[0] if row else None)
        return self._compressor

    def _row(self, query: str, values: Sequence[object] = ()) -> tuple | None:  # type: ignore[type-arg]  # rows of SQLite are untyped
        found: tuple | None = self._connection.execute(query, values).fetchone()  # type: ignore[type-arg]
        return found


def _stored_place(place: Place) -> tuple[int | None, str]:
    return place.source, place.file if place.source is not None else place.shown
