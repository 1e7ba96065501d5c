"""The forward index: per article, the terms of each field in order, for scoring candidates and evaluating expressions.

A term is a number, its code, and an article a sequence of codes: its fields, in the order of `FIELD_WEIGHTS`, joined by
`FIELD_END`. Terms that have a vector (`term_vectors`) come first, in the order of their rows, so that a code leads to
a vector by itself; the others get codes in the order in which they first appear. Codes are Unicode characters and
sequences are UTF-16, two bytes a term for the first 63 thousand terms; all terms beyond the last character (1.1
million) share `UNKNOWN`, which no query term has. SQLite keeps the sequences, compressed (kb/frames.py), and maps them
into memory. Which code stands for which term is told by kb/matching/term_dictionary.py, in the same file.
Beside them stand the acronyms that each article spells out, and the values that it is counted by, as codes too.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexUnavailable
from kb.frames import Compressor, Decompressor, dictionary_id
from kb.frozen import dataclass
from kb.matching.term_dictionary import SCHEMA as TERM_SCHEMA
from kb.matching.term_dictionary import TermDictionary
from kb.matching.term_vectors import Floats, TermVectors, shipped_vectors
from kb.matching.weighing import field_lengths
from kb.text.acronyms import Acronym
from kb.text.batches import Batch
from kb.text.fields import FACETS, FIELD_WEIGHTS
from kb.text.terms import terms as terms_of
from kb.text.vocabulary import Vocabulary

FORWARD_FORMAT = 7
FIELD_END = "\x01"
UNKNOWN = "\x02"
FIRST_CODE = 0x20
"""The code of the first row of the term vectors."""
_SURROGATES = range(0xD800, 0xE000)
_SURROGATE_BITS = 0xF800
_LAST = 0x10FFFF
_FILE = "forward.sqlite"
_MAPPED_BYTES = 1 << 34
_PAGE_BYTES = 65_536
"""The largest that SQLite has: what is left empty at the end of each is less of it."""
_MANY = 500
_DICTIONARY_BYTES = 110_000
"""With a sequence just below 128 KiB, where Zstandard begins to look for fewer matches."""
_SAMPLES = 200
"""Sequences from which on a dictionary is trained: most of what an import adds at a time."""

_SCHEMA = f"""
{TERM_SCHEMA}
CREATE TABLE facet_values (code INTEGER PRIMARY KEY, facet TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (facet, value));
CREATE TABLE dictionaries (key INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, data BLOB NOT NULL);
CREATE TABLE articles (
  key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, facets BLOB NOT NULL, sequence BLOB NOT NULL, length REAL NOT NULL
);
CREATE TABLE acronyms (
  key INTEGER PRIMARY KEY, short TEXT NOT NULL, long TEXT NOT NULL, stems TEXT NOT NULL, UNIQUE (short, long)
);
CREATE INDEX acronyms_by_stems ON acronyms (stems);
CREATE TABLE definitions (
  acronym INTEGER NOT NULL REFERENCES acronyms (key), article INTEGER NOT NULL REFERENCES articles (key),
  PRIMARY KEY (acronym, article)
) WITHOUT ROWID;
CREATE INDEX definitions_by_article ON definitions (article);
CREATE TABLE totals (key INTEGER PRIMARY KEY, articles INTEGER NOT NULL, average REAL);
"""
_UNDEFINE = "DELETE FROM definitions WHERE article = (SELECT key FROM articles WHERE id = ?)"

_Key = TypeVar("_Key", bound=Hashable)


class _Codes(dict[_Key, int]):
    """Codes of what was met so far; what is new gets the next, and is new until it is taken to be written."""

    def __init__(self, known: Iterable[tuple[_Key, int]]) -> None:
        super().__init__(known)
        self.next_code = _after(max(self.values(), default=FIRST_CODE - 1))
        self._taken = len(self)

    def __missing__(self, key: _Key) -> int:
        code = self.next_code
        if code > _LAST:
            return ord(UNKNOWN)
        self[key] = code
        self.next_code = _after(code)
        return code

    def take_new(self) -> dict[_Key, int]:
        """Return what is new, once, in the order of its codes."""
        found = dict(islice(self.items(), self._taken, None))
        self._taken = len(self)
        return found


@dataclass(frozen=True, slots=True)
class Sequences:
    """The codes of some articles, one after the other with `FIELD_END` between all fields, and weighted lengths.

    `facets` are their values of `FACETS`, of each article as `ForwardIndex.facets` takes them.
    """

    ids: tuple[str, ...]
    codes: NDArray[np.int32]
    lengths: Floats
    facets: tuple[bytes, ...]


class AcronymWords(NamedTuple):
    """All acronyms, and the stems of the first words that they are spelled out in."""

    shorts: frozenset[str]
    first_stems: frozenset[str]


class ForwardIndex:
    """The forward index in one folder; `writable` makes it where it is missing. Several readers may share one."""

    def __init__(self, folder: Path, *, writable: bool = False, vectors: TermVectors | None = None) -> None:
        self._folder = folder
        self._writable = writable
        self._averages: tuple[int, float] | None = None
        self._acronym_words: AcronymWords | None = None
        self._facet_values: dict[str, tuple[str, str]] = {}
        self._decompress = Decompressor(self._dictionary)
        self._known: WeakKeyDictionary[Vocabulary, NDArray[np.uint32]] = WeakKeyDictionary()
        """The codes of vocabularies' terms by their numbers, 0 for those that were in no article yet."""
        self._rows = (vectors or shipped_vectors()).rows
        assert FIRST_CODE + len(self._rows) <= _SURROGATES.start
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
        self._terms = TermDictionary(self._connection)

    def _begin_writing(self) -> None:
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        if not self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN IMMEDIATE")
        stored = TermDictionary(self._connection).every()
        self._codes = _Codes[str](chain(((term, FIRST_CODE + row) for term, row in self._rows.items()), stored))
        dictionary = self._connection.execute("SELECT data FROM dictionaries ORDER BY key DESC LIMIT 1").fetchone()
        self._compress = Compressor(dictionary[0] if dictionary else None)
        values = self._connection.execute("SELECT facet, value, code FROM facet_values")
        self._facet_codes = _Codes[tuple[str, str]](((facet, value), code) for facet, value, code in values)

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        self._connection.close()

    def add(self, batch: Batch) -> None:
        """Add articles (each id once), each in place of the one with its id."""
        lengths = field_lengths(batch)
        # After every field but the last of an article.
        ends = np.cumsum(lengths.ravel()).reshape(lengths.shape)[:, :-1]
        joined = np.insert(self._coded(batch), ends.ravel(), ord(FIELD_END))
        sizes = (lengths.sum(1) + lengths.shape[1] - 1).tolist()
        weighted = (lengths @ np.array(list(FIELD_WEIGHTS.values()))).tolist()
        counted = np.array([self._facet_codes[each] for facets in batch.facets for each in facets], np.uint32)
        counts = _utf16(counted, [len(facets) for facets in batch.facets])
        sequences = list(_utf16(joined, sizes))
        trained = self._compress.train(sequences, _SAMPLES, _DICTIONARY_BYTES)
        rows = list(zip(batch.ids, counts, map(self._compress, sequences), weighted, strict=True))
        defined = [(each, i) for i, acronyms in zip(batch.ids, batch.acronyms, strict=True) for each in acronyms]
        acronyms = {each: " ".join(terms_of(each.long)) for each, _ in defined}
        new_values = [(code, *each) for each, code in self._facet_codes.take_new().items()]
        with self._translated():
            if trained is not None:
                query = "INSERT INTO dictionaries (id, data) VALUES (?, ?) ON CONFLICT DO NOTHING"
                self._connection.execute(query, (dictionary_id(trained), trained))
            self._connection.executemany("INSERT INTO facet_values VALUES (?, ?, ?)", new_values)
            self._connection.executemany(_UNDEFINE, [row[:1] for row in rows])
            self._connection.executemany(
                "INSERT OR REPLACE INTO articles (id, facets, sequence, length) VALUES (?, ?, ?, ?)", rows
            )
            self._connection.executemany(
                "INSERT INTO acronyms (short, long, stems) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(*each, stems) for each, stems in acronyms.items()],
            )
            self._connection.executemany(
                "INSERT INTO definitions SELECT acronyms.key, articles.key FROM acronyms JOIN articles "
                "WHERE short = ? AND long = ? AND id = ?",
                [(*each, article_id) for each, article_id in defined],
            )

    def _coded(self, batch: Batch) -> NDArray[np.uint32]:
        """Return the codes of a batch's terms, one after the other; new terms get theirs as they first appear."""
        words = batch.vocabulary.terms
        known = self._known.get(batch.vocabulary, np.empty(0, np.uint32))
        self._known[batch.vocabulary] = known = np.concatenate((known, np.zeros(len(words) - len(known), np.uint32)))
        terms = np.array(batch.terms, np.uint32)
        new = list(dict.fromkeys(terms[known[terms] == 0].tolist()))
        known[new] = [self._codes[words[term]] for term in new]
        return known[terms]

    def delete(self, ids: Iterable[str]) -> None:
        """Take articles out; an id that is not there is ignored."""
        gone = [(each,) for each in ids]
        with self._translated():
            self._connection.executemany(_UNDEFINE, gone)
            self._connection.executemany("DELETE FROM articles WHERE id = ?", gone)

    def commit(self) -> None:
        """Make durable what was added and deleted."""
        with self._translated():
            if new := self._codes.take_new():
                # Those with a vector came first.
                self._terms.write(new, islice(self._codes.items(), len(self._rows), None))
            self._connection.execute("INSERT OR REPLACE INTO totals SELECT 1, count(*), avg(length) FROM articles")
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN IMMEDIATE")

    def codes(self, terms: Iterable[str]) -> dict[str, int]:
        """Return the codes of those of the `terms` that any article holds, or that have a vector."""
        wanted = list(dict.fromkeys(terms))
        found = {term: FIRST_CODE + self._rows[term] for term in wanted if term in self._rows}
        with self._translated():
            return found | self._terms.codes(term for term in wanted if term not in found)

    def signature_kinds(self, codes: Iterable[int]) -> dict[int, str]:
        """Return the kinds of those of the codes that stand for a signature of one (kb/text/signatures.py)."""
        with self._translated():
            return self._terms.signature_kinds(code for code in codes if code >= FIRST_CODE + len(self._rows))

    def sequences(self, ids: Sequence[str]) -> Sequences:
        """Return what is here of the articles of these ids, in the order of `ids`."""
        rows = self._selected("SELECT id, sequence, length, facets FROM articles WHERE id IN", ids)
        found = {row[0]: row for row in rows}
        held = [found[article_id] for article_id in dict.fromkeys(ids) if article_id in found]
        present, sequences, lengths, facets = zip(*held, strict=True) if held else ((), (), (), ())
        with self._translated():
            joined = FIELD_END.encode("utf-16-le").join(self._decompress.some(sequences))
        codes = np.frombuffer(joined, "<u2").astype(np.int32)
        if np.any((codes & _SURROGATE_BITS) == _SURROGATES.start):
            codes = np.frombuffer(joined.decode("utf-16-le").encode("utf-32-le"), "<i4").astype(np.int32, copy=False)
        return Sequences(present, codes, np.array(lengths, np.float32), facets)

    def facets_of(self, ids: Sequence[str]) -> dict[str, bytes]:
        """Return the values of `FACETS` of the articles of these ids, as `facets` takes them."""
        return dict(self._selected("SELECT id, facets FROM articles WHERE id IN", ids))

    def facets(self, articles: Iterable[bytes]) -> dict[str, "Counter[str]"]:
        """Return of each of `FACETS` how many articles have each value; `articles` are the values of each."""
        counted = Counter(b"".join(articles).decode("utf-16-le"))
        unknown = [ord(code) for code in counted if code not in self._facet_values]
        self._facet_values |= {
            chr(code): (facet, value)
            for code, facet, value in self._selected(
                "SELECT code, facet, value FROM facet_values WHERE code IN", unknown
            )
        }
        found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        for code, number in counted.items():
            if code != UNKNOWN:
                facet, value = self._facet_values[code]
                found[facet][value] = number
        return found

    def every_sequence(
        self, many: int, ids: Collection[str] | None = None
    ) -> Iterator[tuple[list[str], NDArray[np.uint16]]]:
        """Yield all articles, or those of the `ids`, `many` at a time at most.

        Of each lot, their ids, and their sequences with `FIELD_END` between, in UTF-16.
        """
        end = FIELD_END.encode("utf-16-le")
        with self._translated():
            rows = self._connection.execute("SELECT id, sequence FROM articles")
            while some := rows.fetchmany(many):
                wanted = some if ids is None else [row for row in some if row[0] in ids]
                units = np.frombuffer(end.join(self._decompress.every(row[1] for row in wanted)), "<u2")
                if wanted:
                    yield [row[0] for row in wanted], units.astype(np.uint16, copy=False)

    def beginning_with(self, prefix: str) -> list[str]:
        """Return the terms that begin so, of those that any article holds, or that have a vector."""
        with self._translated():
            found = self._terms.beginning_with(prefix)
        return [*found, *(term for term in self._rows if term.startswith(prefix))]

    def acronym_words(self) -> AcronymWords:
        """Return the words by which acronyms can be asked for at all, as a reader found them first."""
        if self._acronym_words is not None:
            return self._acronym_words
        with self._translated():
            rows = self._connection.execute("SELECT short, stems FROM acronyms").fetchall()
        found = AcronymWords(frozenset(row[0] for row in rows), frozenset(row[1].partition(" ")[0] for row in rows))
        if not self._writable:
            self._acronym_words = found
        return found

    def meanings(self, shorts: Collection[str]) -> list[tuple[Acronym, int]]:
        """Return what articles spell these acronyms out as, and how many of them do."""
        return self._acronyms("short", shorts)

    def spelled_out(self, stems: Collection[str]) -> list[tuple[Acronym, int]]:
        """Return the acronyms that articles spell out in words of these stems, joined by blanks, and how many do."""
        return self._acronyms("stems", stems)

    def _acronyms(self, column: str, values: Collection[str]) -> list[tuple[Acronym, int]]:
        rows = self._selected(
            f"SELECT short, long, count(*) FROM acronyms JOIN definitions ON acronym = key WHERE {column} IN",
            list(dict.fromkeys(values)), "GROUP BY key ORDER BY short, long",
        )  # fmt: skip
        return [(Acronym(short, long), number) for short, long, number in rows]

    def averages(self) -> tuple[int, float]:
        """Return the number of articles and their average weighted length, as a reader found them first."""
        if self._averages is not None:
            return self._averages
        with self._translated():
            row = self._connection.execute("SELECT articles, average FROM totals").fetchone()
        found = (int(row[0]), float(row[1] or 1.0)) if row else (0, 1.0)
        if not self._writable:
            self._averages = found
        return found

    def ids(self) -> Iterator[str]:
        """Yield the id of every article here."""
        with self._translated():
            for row in self._connection.execute("SELECT id FROM articles"):
                yield row[0]

    def problems(self) -> list[str]:
        """Return what is wrong with the file, a sentence each: what SQLite finds, sequences that cannot be read."""
        with self._translated():
            found = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check(10)")]
            if found != ["ok"]:
                return found
            found = self._terms.problems()
            for article_id, sequence in self._connection.execute("SELECT id, sequence FROM articles"):
                try:
                    self._decompress(sequence)
                except ValueError as error:
                    found.append(f"{article_id}: {error}")
        return found

    def _dictionary(self, wanted: int) -> bytes | None:
        found = self._connection.execute("SELECT data FROM dictionaries WHERE id = ?", (wanted,)).fetchone()
        return found[0] if found else None

    def _selected(self, query: str, values: Sequence[str | int], rest: str = "") -> list[Any]:
        """Return the rows of a query that ends in IN (and the `rest` after it), for any number of values."""
        found: list[Any] = []
        with self._translated():
            for start in range(0, len(values), _MANY):
                some = values[start : start + _MANY]
                found += self._connection.execute(f"{query} ({','.join('?' * len(some))}) {rest}", some)
        return found

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError) as error:
            raise IndexUnavailable(
                f"the forward index in {self._folder} cannot be used: {error}", next_step="run: kbfix rebuild"
            ) from error


def _utf16(codes: NDArray[np.uint32], sizes: Sequence[int]) -> Iterator[bytes]:
    """Yield the codes in pieces of these sizes, as UTF-16."""
    is_wide = codes.max(initial=0) > 0xFFFF
    start = 0
    for size in sizes:
        piece = codes[start : start + size]
        start += size
        yield (
            piece.astype("<u4").tobytes().decode("utf-32-le").encode("utf-16-le")
            if is_wide
            else piece.astype("<u2").tobytes()
        )


def _after(code: int) -> int:
    return _SURROGATES.stop if code + 1 in _SURROGATES else code + 1
