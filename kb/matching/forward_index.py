"""The forward index: per article, the terms of each field in order, for scoring the candidates of a query.

A term is one Unicode character and an article one short string: its fields, in the order of `FIELD_WEIGHTS`, joined by
`FIELD_END`. Python then counts and finds terms at the speed of its string search, without a numeric library to load.
Terms get characters in the order in which they first appear; all beyond the last character (1.1 million) share
`UNKNOWN`, which no query term has. SQLite keeps the strings (UTF-16, two bytes a term for the first 63 thousand
terms) and maps them into memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from kb.errors import IndexUnavailable
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle

FORWARD_FORMAT = 1
FIELD_END = "\x01"
UNKNOWN = "\x02"
_FIRST = 0x20
_SURROGATES = range(0xD800, 0xE000)
_LAST = 0x10FFFF
_FILE = "forward.sqlite"
_MAPPED_BYTES = 1 << 34
_MANY = 500

_SCHEMA = """
CREATE TABLE terms (code INTEGER PRIMARY KEY, term TEXT NOT NULL UNIQUE);
CREATE TABLE articles (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sequence BLOB NOT NULL, length REAL NOT NULL);
CREATE TABLE totals (key INTEGER PRIMARY KEY, articles INTEGER NOT NULL, average REAL);
"""


class ForwardIndex:
    """The forward index in one folder; `writable` makes it where it is missing. Several readers may share one."""

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        self._folder = folder
        path = folder / _FILE
        with self._translated():
            if writable:
                folder.mkdir(parents=True, exist_ok=True)
                self._connection = sqlite3.connect(path, isolation_level=None)
            else:
                uri = f"{path.absolute().as_uri()}?mode=ro"
                self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            try:
                if writable:
                    self._begin_writing()
                else:
                    self._connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
                    self._connection.execute("SELECT 1 FROM articles LIMIT 1").fetchone()
            except BaseException:
                self._connection.close()
                raise

    def _begin_writing(self) -> None:
        self._connection.execute("PRAGMA synchronous = NORMAL")
        if not self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN IMMEDIATE")
        self._codes = dict(self._connection.execute("SELECT term, code FROM terms"))
        self._next = max(self._codes.values(), default=_FIRST - 1) + 1

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        self._connection.close()

    def add(self, articles: Iterable[AnalysedArticle]) -> None:
        """Add articles, each in place of the one with its id."""
        rows = []
        new: list[tuple[int, str]] = []
        codes = self._codes
        for article in articles:
            fields = []
            length = 0.0
            for weight, sequence in zip(FIELD_WEIGHTS.values(), article.fields, strict=True):
                for term in sequence:
                    if term not in codes:
                        new.append((self._take_code(), term))
                        codes[term] = new[-1][0]
                fields.append("".join([chr(codes[term]) for term in sequence]))
                length += weight * len(sequence)
            rows.append((article.id, FIELD_END.join(fields).encode("utf-16-le"), length))
        with self._translated():
            self._connection.executemany(
                "INSERT INTO terms VALUES (?, ?)", [(code, term) for code, term in new if code != ord(UNKNOWN)]
            )
            self._connection.executemany(
                "INSERT OR REPLACE INTO articles (id, sequence, length) VALUES (?, ?, ?)", rows
            )

    def delete(self, ids: Iterable[str]) -> None:
        """Take articles out; an id that is not there is ignored."""
        with self._translated():
            self._connection.executemany("DELETE FROM articles WHERE id = ?", [(each,) for each in ids])

    def commit(self) -> None:
        """Make durable what was added and deleted."""
        with self._translated():
            self._connection.execute("INSERT OR REPLACE INTO totals SELECT 1, count(*), avg(length) FROM articles")
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")

    def characters(self, terms: Iterable[str]) -> dict[str, str]:
        """Return the characters that stand for those of the `terms` that any article holds."""
        wanted = list(dict.fromkeys(terms))
        found: dict[str, str] = {}
        with self._translated():
            for start in range(0, len(wanted), _MANY):
                some = wanted[start : start + _MANY]
                for term, code in self._connection.execute(
                    f"SELECT term, code FROM terms WHERE term IN ({','.join('?' * len(some))})", some
                ):
                    found[term] = chr(code)
        return found

    def sequences(self, ids: Sequence[str]) -> dict[str, tuple[str, float]]:
        """Return, by id, the term string and the weighted length of those articles that are here."""
        found: dict[str, tuple[str, float]] = {}
        with self._translated():
            for start in range(0, len(ids), _MANY):
                some = ids[start : start + _MANY]
                for article_id, sequence, length in self._connection.execute(
                    f"SELECT id, sequence, length FROM articles WHERE id IN ({','.join('?' * len(some))})", some
                ):
                    found[article_id] = (sequence.decode("utf-16-le"), length)
        return found

    def averages(self) -> tuple[int, float]:
        """Return the number of articles and their average weighted length."""
        with self._translated():
            row = self._connection.execute("SELECT articles, average FROM totals").fetchone()
        return (int(row[0]), float(row[1] or 1.0)) if row else (0, 1.0)

    def ids(self) -> Iterator[str]:
        """Yield the id of every article here."""
        with self._translated():
            for row in self._connection.execute("SELECT id FROM articles"):
                yield row[0]

    def problems(self) -> list[str]:
        """Return what SQLite finds wrong with the file, a sentence each."""
        with self._translated():
            found = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check(10)")]
        return [problem for problem in found if problem != "ok"]

    def _take_code(self) -> int:
        if self._next > _LAST:
            return ord(UNKNOWN)
        code = self._next
        self._next = _SURROGATES.stop if code + 1 in _SURROGATES else code + 1
        return code

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexUnavailable(
                f"the forward index in {self._folder} cannot be used: {error}", next_step="run: kbfix rebuild"
            ) from error


def field_strings(sequence: str) -> Mapping[str, str]:
    """Return the parts of an article's term string by field."""
    return dict(zip(FIELD_WEIGHTS, sequence.split(FIELD_END), strict=True))
