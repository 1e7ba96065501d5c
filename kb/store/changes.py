"""Change the store: put articles in, take them out, keep the ledger. One process at a time, under the home's lock."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from kb.models import Article
from kb.records import article_record
from kb.store.articles import Articles
from kb.store.content import TRAINING_SAMPLES, compressor, pack, richness, train_dictionary
from kb.store.database import connect, translated
from kb.store.home import Home

Put = Literal["added", "updated", "unchanged", "duplicate"]


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article made ready for the store: the columns asked for in queries, and the packed content."""

    id: str
    collection: str | None
    date: str | None
    category: str | None
    title: str
    product: str | None
    kind: str
    fix_kind: str | None
    diagnostics: int
    product_versions: tuple[tuple[str, str | None], ...]
    citations: tuple[tuple[str, str | None], ...]
    form: str
    path: str
    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SourceState:
    """A file on the disk as the ledger remembers it, or as it stands now; `mtime_ns` is its time of change."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file (or member of an archive) when it was last read."""

    path: str
    sha256: str
    outcome: Literal["stored", "duplicate", "unsupported", "failed"]
    form: str | None
    article_id: str | None


def entry(article: Article, original: bytes, product_versions: Sequence[tuple[str, str | None]]) -> ArticleEntry:
    """Make `article` ready for the store; `original` are the bytes it was read from."""
    return ArticleEntry(
        id=article.id,
        collection=article.collection,
        date=article.date,
        category=article.category,
        title=article.title,
        product=article.product or (article.products[0] if article.products else None),
        kind=article.kind,
        fix_kind=article.fix.kind if article.fix else None,
        diagnostics=sum(found.level != "note" for found in article.diagnostics),
        product_versions=tuple(product_versions),
        citations=tuple((r.id, r.title) for r in article.cross_references if r.direction == "cites"),
        form=article.source.form,
        path=article.source.path,
        sha256=hashlib.sha256(original).hexdigest(),
        content=pack(article_record(article), original),
    )


class Changes:
    """The store, opened to be changed; every change is made inside `batch`, which is one transaction."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._connection = connect(home, writable=True)
        self.articles = Articles(home, self._connection)
        self._generation = self.articles.generation
        self._compress: Callable[[bytes], bytes] | None = None
        self._products: dict[str, int] = {}

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it."""
        with translated(self.home):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._connection.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make the changes inside durable together, or none of them; the store moves to its next generation."""
        with translated(self.home):
            self._connection.execute("BEGIN IMMEDIATE")
            self._generation += 1
            try:
                yield
                self._connection.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(self._generation),))
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                self._generation -= 1
                self._products.clear()
                raise

    def prepare_compression(self, samples: Sequence[bytes]) -> None:
        """Train a dictionary on packed contents, unless the store has one or the samples are too few to gain by it."""
        if len(samples) < TRAINING_SAMPLES or self._row("SELECT 1 FROM dictionaries"):
            return
        self._connection.execute("INSERT INTO dictionaries (data) VALUES (?)", (train_dictionary(samples),))
        self._compress = None
        self.articles.forget_dictionaries()

    def put(self, new: ArticleEntry) -> Put:
        """Store an article and say what that changed.

        The newest date is the article, of equal ones the content with more fields; others are kept as revisions
        (`duplicate`). The same bytes again are
        `unchanged` from the same path, and a `duplicate` from another, unless the parser reads them otherwise now.
        """
        current = self._row(
            "SELECT a.key, r.key, r.sha256, r.date, r.path, r.content FROM articles a "
            "JOIN revisions r ON r.key = a.revision WHERE a.id = ?",
            (new.id,),
        )
        if current is None:
            self._write_article(None, new, self._write_revision(new))
            return "added"
        key, revision, sha256, date, path, content = current
        if sha256 == new.sha256:
            if path != new.path:
                return "duplicate"
            if self.articles.unpacked(content) == new.content:
                return "unchanged"
            self._connection.execute(
                "UPDATE revisions SET content = ?, form = ? WHERE key = ?",
                (self._compressed(new.content), new.form, revision),
            )
            self._write_article(key, new, revision)
            return "updated"
        written = self._write_revision(new)
        if path != new.path and not self._is_better(new, date, content):
            return "duplicate"
        self._write_article(key, new, written)
        return "updated"

    def remove(self, article_id: str) -> bool:
        """Take an article and its revisions out; False where there is none of this id.

        The files it came from are forgotten, so that a later import of them brings it back.
        """
        found = self._row("SELECT key FROM articles WHERE id = ?", (article_id,))
        if found is None:
            return False
        self._connection.execute("DELETE FROM articles WHERE key = ?", found)
        self._connection.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
        self._connection.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (article_id, self._generation))
        self._connection.execute(
            "UPDATE sources SET complete = 0 WHERE key IN (SELECT source FROM files WHERE article_id = ?)",
            (article_id,),
        )
        self._connection.execute("DELETE FROM files WHERE article_id = ?", (article_id,))
        return True

    # --- the ledger

    def unchanged_files(self, state: SourceState, collection: str | None, parser: int) -> list[FileRecord] | None:
        """Return what became of the files of a source that was read whole and did not change since, else None."""
        row = self._row(
            "SELECT key FROM sources WHERE path = ? AND collection = ? AND size = ? AND mtime_ns = ? AND parser = ? "
            "AND complete = 1",
            (state.path, collection or "", state.size, state.mtime_ns, parser),
        )
        return list(self._files(row[0]).values()) if row else None

    def known_source(self, path: str, collection: str | None, parser: int) -> tuple[int | None, dict[str, FileRecord]]:
        """Return the ledger's key of a source that this parser has read before, and what became of its files."""
        row = self._row(
            "SELECT key FROM sources WHERE path = ? AND collection = ? AND parser = ?", (path, collection or "", parser)
        )
        return (row[0], self._files(row[0])) if row else (None, {})

    def open_source(self, state: SourceState, collection: str | None, parser: int) -> int:
        """Write down that a source is being read, and return its key in the ledger.

        What is known of its files stays, if the same parser read them: an interrupted import goes on from there.
        """
        row = self._row(
            "SELECT key, parser FROM sources WHERE path = ? AND collection = ?", (state.path, collection or "")
        )
        if row is None:
            cursor = self._connection.execute(
                "INSERT INTO sources (path, collection, size, mtime_ns, parser, complete) VALUES (?, ?, ?, ?, ?, 0)",
                (state.path, collection or "", state.size, state.mtime_ns, parser),
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid
        key = int(row[0])
        if row[1] != parser:
            self._connection.execute("DELETE FROM files WHERE source = ?", (key,))
        self._connection.execute(
            "UPDATE sources SET size = ?, mtime_ns = ?, parser = ?, complete = 0 WHERE key = ?",
            (state.size, state.mtime_ns, parser, key),
        )
        return key

    def close_source(self, source: int, gone: Collection[str]) -> None:
        """Write down that a source was read whole; of what it held before, the paths in `gone` were not there."""
        self._connection.executemany(
            "DELETE FROM files WHERE source = ? AND path = ?", [(source, path) for path in gone]
        )
        self._connection.execute("UPDATE sources SET complete = 1 WHERE key = ?", (source,))

    def _files(self, source: int) -> dict[str, FileRecord]:
        return {
            row[0]: FileRecord(*row)
            for row in self._connection.execute(
                "SELECT path, sha256, outcome, form, article_id FROM files WHERE source = ?", (source,)
            )
        }

    def record_file(self, source: int, record: FileRecord) -> None:
        """Write down what became of a file."""
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
            (source, record.path, record.sha256, record.outcome, record.form, record.article_id),
        )

    # --- rows

    def _is_better(self, new: ArticleEntry, date: str | None, content: bytes) -> bool:
        """Tell whether a new content takes the place of the present one: by date, else by what its form has kept."""
        if (new.date or "") != (date or ""):
            return (new.date or "") > (date or "")
        return richness(new.content) > richness(self.articles.unpacked(content))

    def _write_revision(self, new: ArticleEntry) -> int:
        row = self._connection.execute(
            "INSERT INTO revisions (article_id, sha256, date, form, path, content) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (article_id, sha256) DO UPDATE SET date = excluded.date, form = excluded.form, "
            "path = excluded.path, content = excluded.content RETURNING key",
            (new.id, new.sha256, new.date, new.form, new.path, self._compressed(new.content)),
        ).fetchone()
        return int(row[0])

    def _write_article(self, key: int | None, new: ArticleEntry, revision: int) -> None:
        columns = (
            new.id, revision, new.collection, new.date, new.category, new.title, new.product, new.kind, new.fix_kind,
            new.diagnostics, self._generation,
        )  # fmt: skip
        if key is None:
            cursor = self._connection.execute(
                "INSERT INTO articles (id, revision, collection, date, category, title, product, kind, fix_kind, "
                "diagnostics, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                columns,
            )
            assert cursor.lastrowid is not None
            key = cursor.lastrowid
            self._connection.execute("DELETE FROM removals WHERE id = ?", (new.id,))
        else:
            self._connection.execute(
                "UPDATE articles SET id = ?, revision = ?, collection = ?, date = ?, category = ?, title = ?, "
                "product = ?, kind = ?, fix_kind = ?, diagnostics = ?, generation = ? WHERE key = ?",
                (*columns, key),
            )
            self._connection.execute("DELETE FROM applies WHERE article = ?", (key,))
            self._connection.execute("DELETE FROM citations WHERE article = ?", (key,))
        self._connection.executemany(
            "INSERT INTO applies VALUES (?, ?, ?)",
            [(key, self._product(name), version) for name, version in new.product_versions],
        )
        self._connection.executemany(
            "INSERT INTO citations VALUES (?, ?, ?)", [(key, cited, title) for cited, title in new.citations]
        )

    def _product(self, name: str) -> int:
        known = self._products.get(name)
        if known is None:
            row = self._row("SELECT key FROM products WHERE name = ?", (name,))
            if row is None:
                cursor = self._connection.execute("INSERT INTO products (name) VALUES (?)", (name,))
                assert cursor.lastrowid is not None
                row = (cursor.lastrowid,)
            known = self._products[name] = int(row[0])
        return known

    def _compressed(self, content: bytes) -> bytes:
        if self._compress is None:
            row = self._row("SELECT data FROM dictionaries ORDER BY key DESC LIMIT 1")
            self._compress = compressor(row[0] if row else None)
        return self._compress(content)

    def _row(self, query: str, values: Sequence[object] = ()) -> tuple | None:  # type: ignore[type-arg]  # rows of SQLite are untyped
        found: tuple | None = self._connection.execute(query, values).fetchone()  # type: ignore[type-arg]
        return found
