"""Read the store: articles, their metadata, products, citations, counts."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kb.errors import HomeError
from kb.frames import Decompressor
from kb.frozen import dataclass
from kb.models import Article, CrossReference, Diagnostic, Filters
from kb.store.content import (
    opening,
    unpack_article,
    unpack_diagnostics,
    unpack_opening,
    unpack_original,
    unpack_record,
)
from kb.store.database import connect, integrity_problems, translated
from kb.store.home import Home
from kb.text.dates import day_number, iso_date, parse_date
from kb.text.fields import VERSION_OF_PRODUCT, first_product

if TYPE_CHECKING:
    from kb.store.revisions import Revision

_MANY = 500
_YEAR_DIGITS = 4
# Where a revision was read: its path within the file on the disk that the ledger knows.
_PATH = "coalesce(s.shown, '') || r.path"
_HEAD = "articles.id, articles.title, product.name, articles.date, kind.name, fix.name"
_HEADS = (
    "articles JOIN names kind ON kind.key = articles.kind LEFT JOIN names product ON product.key = articles.product "
    "LEFT JOIN names fix ON fix.key = articles.fix_kind"
)
_VALUES = "SELECT value FROM json_each(?)"
_TIE = VERSION_OF_PRODUCT.format(product="", version="")
_TIED = f"products.name || '{_TIE}' || applies.version"
_APPLIES = {"product": ("products.name",), "version": ("applies.version", _TIED)}


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What a list of articles shows of one, without unpacking it."""

    id: str
    title: str
    product: str | None
    date: str | None
    kind: str
    fix_kind: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a result shows of an article, with what it says first (kb/store/content.py, `opening`)."""

    head: ArticleHead
    products: tuple[str, ...]
    opening: str


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What is in the store; bytes are those of the SQLite file."""

    articles: int
    revisions: int
    citations: int
    dangling: int
    with_fix: int
    by_kind: tuple[tuple[str, int], ...]
    by_fix_kind: tuple[tuple[str, int], ...]
    by_product: tuple[tuple[str, int], ...]
    by_year: tuple[tuple[str, int], ...]
    by_form: tuple[tuple[str, int], ...]
    by_collection: tuple[tuple[str, int], ...]


class Articles:
    """The store as it stands, for reading; a context manager. Several threads may share one."""

    def __init__(self, home: Home, connection: sqlite3.Connection | None = None) -> None:
        self.home = home
        self._owned = connection is None
        self._connection = connection or connect(home)
        self._decompress: Decompressor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, if this object opened it."""
        if self._owned:
            self._connection.close()

    @property
    def uid(self) -> str:
        """Return the name that this store, and no other, was given when it was made."""
        return self._meta("uid")

    @property
    def generation(self) -> int:
        """Return the number of changes the store has seen; derived indexes are stamped with it."""
        return int(self._meta("generation"))

    def count(self) -> int:
        """Return the number of articles."""
        return int(self._rows("SELECT count(*) FROM articles")[0][0])

    def article(self, article_id: str) -> Article | None:
        """Return the article of this id with its cross-references in both directions, or None."""
        found = next(self._articles("WHERE articles.id = ?", (article_id,)), None)
        return found and self.with_incoming(found)

    def with_incoming(self, article: Article) -> Article:
        """Return the article with the references of others to it added, and the titles of those it names filled in."""
        untitled = self.heads([reference.id for reference in article.cross_references if not reference.title])
        cited = tuple(
            replace(reference, title=untitled[reference.id].title) if reference.id in untitled else reference
            for reference in article.cross_references
        )
        return replace(article, cross_references=(*cited, *self.cited_by(article.id)))

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles of these ids that are in the store, without incoming references."""
        found: dict[str, Article] = {}
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            for article in self._articles(f"WHERE articles.id IN ({_marks(some)})", tuple(some)):
                found[article.id] = article
        return found

    def previews(self, ids: Sequence[str]) -> dict[str, Preview]:
        """Return what a result shows of the articles of these ids."""
        decompress = self._decompressor()
        found: dict[str, Preview] = {}
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            for *head, content in self._rows(
                f"SELECT {_HEAD}, r.content FROM {_HEADS} JOIN revisions r ON r.key = articles.revision "
                f"WHERE articles.id IN ({_marks(some)})",
                some,
            ):
                with self._readable(head[0]):
                    found[head[0]] = Preview(_head(*head), *unpack_opening(decompress(content)))
        return found

    def every_article(self) -> Iterator[Article]:
        """Yield all articles in the order of import, without incoming references."""
        yield from self._articles("ORDER BY articles.key", ())

    def changed_since(self, generation: int) -> Iterator[Article]:
        """Yield the articles added or changed after `generation`, without incoming references."""
        yield from self._articles("WHERE articles.generation > ? ORDER BY articles.key", (generation,))

    def generations(self, since: int = -1) -> list[tuple[str, int]]:
        """Return the id of every article changed after the generation `since`, and the generation of its last change.

        In the order of import.
        """
        return [
            (str(row[0]), int(row[1]))
            for row in self._rows("SELECT id, generation FROM articles WHERE generation > ? ORDER BY key", (since,))
        ]

    def removed_since(self, generation: int) -> list[str]:
        """Return the ids taken out after `generation`."""
        return [row[0] for row in self._rows("SELECT id FROM removals WHERE generation > ?", (generation,))]

    def packed_bytes(self) -> int:
        """Return what all articles and their originals take, as they are packed."""
        ((packed, apart),) = self._rows(
            "SELECT (SELECT total(length(content)) FROM revisions), (SELECT total(length(content)) FROM originals)"
        )
        return int(packed + apart)

    def ids(self) -> Iterator[str]:
        """Yield every id, sorted."""
        for row in self._connection.execute("SELECT id FROM articles ORDER BY id"):
            yield row[0]

    def heads(self, ids: Sequence[str]) -> dict[str, ArticleHead]:
        """Return what lists show of the articles of these ids."""
        found: dict[str, ArticleHead] = {}
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            for row in self._rows(
                f"SELECT {_HEAD} FROM {_HEADS} WHERE articles.id IN ({_marks(some)})",
                tuple(some),
            ):
                found[row[0]] = _head(*row)
        return found

    def versions(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """Return the versions that the articles of these ids apply to, by id."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(ids), _MANY):
            some = ids[start : start + _MANY]
            for article_id, version in self._rows(
                "SELECT DISTINCT articles.id, applies.version FROM applies "
                "JOIN articles ON articles.applies = applies.list "
                f"WHERE applies.version <> '' AND articles.id IN ({_marks(some)})",
                tuple(some),
            ):
                found.setdefault(article_id, []).append(version)
        return found

    def satisfying(self, filters: Filters) -> set[str]:
        """Return the ids of all articles within the filters, as an engine applies them (kb/engines/base.py)."""
        conditions: list[str] = []
        values: list[object] = []
        for name, wanted in filters.keywords.items():
            condition, named = _condition(name, sorted(wanted))
            conditions.append(condition)
            values += named
        for sign, day in ((">=", filters.since), ("<=", filters.until)):
            if day is not None:
                conditions.append(f"articles.date {sign} ?")
                values.append(day)
        where = " AND ".join(conditions) or "TRUE"
        return {row[0] for row in self._rows(f"SELECT id FROM articles WHERE {where}", values)}

    def newest(self, ids: Collection[str]) -> list[str]:
        """Return those of the ids that are in the store, the newest first, ties by id, those without a date last."""
        query = f"SELECT id FROM articles WHERE id IN ({_VALUES}) ORDER BY date IS NULL, date DESC, id"
        return [row[0] for row in self._rows(query, [json.dumps(list(ids))])]

    def original(self, article_id: str, sha256: str | None = None) -> tuple[bytes, int] | None:
        """Return the bytes of the file that the article was read from, and how many articles they hold.

        Those of the current revision, or of the one whose file has the hash. None for an unknown id or hash.
        """
        try:
            wanted = None if sha256 is None else bytes.fromhex(sha256)
        except ValueError:
            return None
        rows = self._rows(
            "SELECT r.content, r.original, o.content FROM revisions r JOIN articles a ON a.id = r.article_id "
            "LEFT JOIN originals o ON o.key = r.original "
            "WHERE a.id = ? AND (r.sha256 = ? OR (? IS NULL AND r.key = a.revision))",
            (article_id, wanted, wanted),
        )
        if not rows:
            return None
        content, key, original = rows[0]
        if key is None:
            return unpack_original(self._decompressor()(content)), 1
        held = self._rows("SELECT count(DISTINCT article_id) FROM revisions WHERE original = ?", (key,))
        return self._decompressor()(original), int(held[0][0])

    def revisions(self, article_id: str) -> "list[Revision]":
        """Return every content that is kept of the article: the current one, then the others, newest date first."""
        # Searches do without.
        from kb.store.revisions import Revision

        decompress = self._decompressor()
        found = []
        for key, sha256, part, day, form, path, current, diagnostics, content in self._rows(
            f"SELECT r.key, r.sha256, r.part, r.date, n.name, {_PATH}, r.key = a.revision, d.content, r.content "
            "FROM revisions r JOIN articles a ON a.id = r.article_id JOIN names n ON n.key = r.form "
            "LEFT JOIN sources s ON s.key = r.source LEFT JOIN diagnostic_lists d ON d.key = r.diagnostics "
            "WHERE r.article_id = ? "
            "ORDER BY r.key = a.revision DESC, r.date DESC, r.fields DESC, n.name DESC, r.sha256, r.part",
            (article_id,),
        ):
            files = self._rows(
                "SELECT s.shown || coalesce(f.file, f.path) FROM files f JOIN sources s ON s.key = f.source "
                "WHERE f.revision = ? ORDER BY 1",
                (key,),
            )
            with self._readable(article_id):
                article = unpack_article(decompress(content), path, sha256.hex(), diagnostics)
            found.append(
                Revision(
                    sha256.hex(), part, _date(day), form, path, bool(current), tuple(row[0] for row in files), article,
                    article.diagnostics,
                )
            )  # fmt: skip
        return found

    def revision(self, key: int) -> Article:
        """Return the article as the revision with this key has it, without incoming references."""
        ((article_id, path, sha256, diagnostics, content),) = self._rows(
            f"SELECT r.article_id, {_PATH}, r.sha256, d.content, r.content FROM revisions r "
            "LEFT JOIN sources s ON s.key = r.source LEFT JOIN diagnostic_lists d ON d.key = r.diagnostics "
            "WHERE r.key = ?",
            (key,),
        )
        with self._readable(article_id):
            return unpack_article(self._decompressor()(content), path, sha256.hex(), diagnostics)

    def diagnostics(self) -> Iterator[tuple[bool, tuple[Diagnostic, ...]]]:
        """Yield the diagnostics of each article, and of each file that gave none; True for those of articles."""
        for is_article, table in (
            (True, "articles a JOIN revisions t ON t.key = a.revision"),
            (False, "files t"),
        ):
            query = f"SELECT d.content FROM {table} JOIN diagnostic_lists d ON d.key = t.diagnostics"
            for (packed,) in self._connection.execute(query):
                yield is_article, unpack_diagnostics(packed)

    def cited_by(self, article_id: str) -> tuple[CrossReference, ...]:
        """Return the articles that name this one."""
        rows = self._rows(
            "SELECT articles.id, articles.title FROM citations JOIN articles ON articles.key = citations.article "
            "WHERE citations.cited = ? ORDER BY articles.id",
            (article_id,),
        )
        return tuple(CrossReference(cited, title, "cited_by") for cited, title in rows)

    def listed(
        self, product: str | None, year: str | None, skip: int, limit: int
    ) -> tuple[tuple[ArticleHead, ...], int]:
        """Return some of the articles of a product and year (None for all), newest first, and how many there are."""
        conditions, values = ["TRUE"], {"skip": skip, "limit": limit, "product": product}
        if product is not None:
            conditions.append("articles.product = (SELECT key FROM names WHERE name = :product)")
        if year is not None:
            first, last = (parse_date(year, end=end) if len(year) == _YEAR_DIGITS else None for end in (False, True))
            conditions.append("articles.date BETWEEN :first AND :last")
            values |= {"first": first and day_number(first), "last": last and day_number(last)}
        where = " AND ".join(conditions)
        with translated(self.home):
            ((total,),) = self._connection.execute(f"SELECT count(*) FROM articles WHERE {where}", values).fetchall()
            rows = self._connection.execute(
                f"SELECT {_HEAD} FROM {_HEADS} WHERE {where} "
                "ORDER BY articles.date IS NULL, articles.date DESC, articles.id LIMIT :limit OFFSET :skip",
                values,
            ).fetchall()
        return tuple(_head(*row) for row in rows), int(total)

    def citation_counts(self, limit: int) -> list[tuple[str, int]]:
        """Return the ids of the articles that most others refer to, and how many do, the most first."""
        return [
            (str(row[0]), int(row[1]))
            for row in self._rows(
                "SELECT cited, count(DISTINCT article) FROM citations WHERE cited IN (SELECT id FROM articles) "
                "GROUP BY cited ORDER BY 2 DESC, 1 LIMIT ?",
                (limit,),
            )
        ]

    def products(self) -> list[str]:
        """Return the lower-case names of all products that any article applies to, sorted."""
        return [
            row[0]
            for row in self._rows(
                "SELECT name FROM products WHERE EXISTS (SELECT 1 FROM applies WHERE applies.product = products.key) "
                "ORDER BY name"
            )
        ]

    def version_names(self) -> list[str]:
        """Return all versions that any article applies to, sorted."""
        return [row[0] for row in self._rows("SELECT DISTINCT version FROM applies WHERE version <> '' ORDER BY 1")]

    def counts(self) -> StoreCounts:
        """Count what is in the store."""

        def pairs(column: str, table: str = "articles") -> tuple[tuple[str, int], ...]:
            query = (
                f"SELECT name, count(*) FROM {table} JOIN names ON names.key = {column} GROUP BY 1 ORDER BY 2 DESC, 1"
            )
            return tuple((str(name), int(number)) for name, number in self._rows(query))

        def number(query: str) -> int:
            return int(self._rows(query)[0][0])

        return StoreCounts(
            articles=self.count(),
            revisions=number("SELECT count(*) FROM revisions"),
            citations=number("SELECT count(*) FROM citations"),
            dangling=number("SELECT count(DISTINCT cited) FROM citations WHERE cited NOT IN (SELECT id FROM articles)"),
            with_fix=number("SELECT count(*) FROM articles WHERE fix_kind IS NOT NULL"),
            by_kind=pairs("articles.kind"),
            by_fix_kind=pairs("articles.fix_kind"),
            by_product=pairs("articles.product"),
            by_year=self._counts_by_year(),
            by_form=pairs("revisions.form", "articles JOIN revisions ON revisions.key = articles.revision"),
            by_collection=pairs("articles.collection"),
        )

    def _counts_by_year(self) -> tuple[tuple[str, int], ...]:
        years: Counter[str] = Counter()
        for day, number in self._rows("SELECT date, count(*) FROM articles WHERE date IS NOT NULL GROUP BY 1"):
            years[iso_date(day)[:4]] += number
        return tuple(sorted(years.items()))

    def problems(self) -> list[str]:
        """Return what is wrong with the store, a sentence each: damage of the file, contents that cannot be read."""
        found = integrity_problems(self._connection)
        if found:
            return [f"the store is damaged: {problem}" for problem in found]
        found = [
            f"{row[0]}: its content is missing"
            for row in self._rows(
                "SELECT id FROM articles WHERE revision NOT IN (SELECT key FROM revisions) ORDER BY key"
            )
        ]
        # Slow to load, and of no use to a search.
        import hashlib

        decompress = self._decompressor()
        for article_id, content in self._connection.execute("SELECT article_id, content FROM revisions"):
            try:
                unpack_record(decompress(content))
            except ValueError as error:
                found.append(f"{article_id}: {error}")
        for sha256, content in self._connection.execute("SELECT sha256, content FROM originals"):
            try:
                sound = hashlib.sha256(decompress(content)).digest() == sha256
            except ValueError:
                sound = False
            if not sound:
                found.append(f"the original bytes of a file with several articles ({sha256.hex()[:12]}) are damaged")
        return found

    def unpacked(self, frame: bytes) -> bytes:
        """Return the packed content that a frame of the store holds; a damaged one is a ValueError."""
        return self._decompressor()(frame)

    def _articles(self, condition: str, values: tuple[object, ...]) -> Iterator[Article]:
        decompress = self._decompressor()
        query = (
            f"SELECT articles.id, r.content, {_PATH}, r.sha256, d.content FROM articles "
            "JOIN revisions r ON r.key = articles.revision LEFT JOIN sources s ON s.key = r.source "
            f"LEFT JOIN diagnostic_lists d ON d.key = r.diagnostics {condition}"
        )
        with translated(self.home):
            for article_id, content, path, sha256, diagnostics in self._connection.execute(query, values):
                with self._readable(article_id):
                    article = unpack_article(decompress(content), path, sha256.hex(), diagnostics)
                yield article

    @contextmanager
    def _readable(self, article_id: str) -> Iterator[None]:
        """Say of which article a content is that cannot be unpacked, and what to do."""
        try:
            yield
        except ValueError as error:
            raise HomeError(
                f"{article_id} in the store is damaged: {error}",
                next_step=f"run: kbfix remove {article_id}, then import it again",
            ) from error

    def _decompressor(self) -> Decompressor:
        if self._decompress is None:
            self._decompress = Decompressor(self._dictionary)
        return self._decompress

    def _dictionary(self, wanted: int) -> bytes | None:
        found = self._rows("SELECT data FROM dictionaries WHERE id = ?", (wanted,))
        return found[0][0] if found else None

    def _meta(self, key: str) -> str:
        return str(self._rows("SELECT value FROM meta WHERE key = ?", (key,))[0][0])

    def _rows(self, query: str, values: Iterable[object] = ()) -> list[tuple]:  # type: ignore[type-arg]  # rows of SQLite are untyped
        with translated(self.home):
            return self._connection.execute(query, tuple(values)).fetchall()


def preview(article: Article) -> Preview:
    """Return what a result shows of an article, as `Articles.previews` does."""
    fix_kind = article.fix.kind if article.fix else None
    head = ArticleHead(article.id, article.title, first_product(article), article.date, article.kind, fix_kind)
    said = opening(article.symptoms, article.summary, (section.text for section in article.sections))
    return Preview(head, article.products, said)


def _head(article_id: str, title: str, product: str | None, day: int | None, kind: str, fix: str | None) -> ArticleHead:
    """Return what a row of `_HEAD` says."""
    return ArticleHead(article_id, title, product, _date(day), kind, fix)


def _date(day: int | None) -> str | None:
    return None if day is None else iso_date(day)


def _condition(name: str, wanted: list[str]) -> tuple[str, list[str]]:
    """Return the SQL by which an article has one of some values of a filter field, and what to bind to it."""
    values = json.dumps(wanted)
    if name not in _APPLIES:
        return f"articles.{name} IN (SELECT key FROM names WHERE name IN ({_VALUES}))", [values]
    columns = [column for column in _APPLIES[name] if column != _TIED or any(_TIE in each for each in wanted)]
    has_one = " OR ".join(f"{column} IN ({_VALUES})" for column in columns)
    named = " AND applies.version <> ''" if name == "version" else ""
    applying = f"SELECT list FROM applies JOIN products ON products.key = applies.product WHERE ({has_one}){named}"
    return f"articles.applies IN ({applying})", [values] * len(columns)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
