"""Keep an index with tantivy: the default engine, and the only module that imports it.

tantivy counts terms in whole numbers, so a weighted frequency is written as so many repetitions, rounded. Several for a
frequency of 1 would resolve fractions better, but BM25 over scaled counts is BM25 with k1 divided by the scale, and
tantivy's k1 is fixed. Measured on 56,989 articles and 326 written queries, title 3, symptoms 2, less for the rest: MRR
.668 at scale 1, .643 at 2, .597 at 3, .585 at 4.

A document's terms are given as one text, blanks between them, to the white-space tokenizer: a `PreTokenizedString`
makes a Python object of each token, and tantivy 0.25 does not have it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import tantivy
import tantivy.tantivy

from kb.engines.base import (
    FILTER_FIELDS,
    EngineStats,
    busy,
    bytes_on_disk,
    check_request,
    damaged,
    disk_trouble,
    encodable,
    not_unicode,
    prepare_folder,
    rounded,
)
from kb.engines.durable import sync_folder
from kb.engines.tantivy_files import META, NAME, file_problems, footer, lockable, segment_files
from kb.errors import KbError
from kb.models import Candidate, CountedDocument, Filters, IndexDocument

_ID: Final = "id"
_TERMS: Final = "terms"
_DATE: Final = "date"
# One thread leaves one segment, as long as its memory suffices: two take more room and are searched more slowly.
_THREADS: Final = 1
_BUILD_MEMORY: Final = 300_000_000
_CHANGE_MEMORY: Final = 64_000_000
_EARLIEST: Final = -(2**62)
_LATEST: Final = 2**62
_COUNTED_TERMS: Final = 100_000
_KNOWN_IDS: Final = 100_000
# How many hits beyond the limit are fetched at once, to see whether the scores at the limit are tied.
_BEYOND: Final = 16


class TantivyEngine:
    """Makes, opens, changes and checks tantivy indexes."""

    name: str = NAME

    @property
    def version(self) -> str:
        """The version of the tantivy package."""
        return tantivy.tantivy.__version__.removeprefix("tantivy v").split(",")[0]

    def create(self, path: Path) -> None:
        """Make an empty index in a folder."""
        prepare_folder(NAME, path, META)
        with _translated(path, writing=True):
            tantivy.Index(_schema(), path=str(path), reuse=False)

    def open(self, path: Path) -> "TantivyReader":
        """Open the last commit for reading."""
        return TantivyReader(path, self.version)

    def writer(self, path: Path, *, build: bool = False) -> "TantivyWriter":
        """Open for writing."""
        return TantivyWriter(path, build=build)

    def check(self, path: Path) -> list[str]:
        """Compare every segment file with its checksum, then open the index and count."""
        try:
            problems = [problem for file in segment_files(path) for problem in file_problems(file)]
            if not problems:
                with self.open(path) as reader:
                    told, found = reader.stats().documents, sum(1 for _ in reader.ids())
                    # Opens the files that only a search opens: the checksums do not cover the files' own ends.
                    reader.document_frequencies(["-"])
                if told != found:
                    problems.append(f"the {NAME} index says it has {told} documents, but gives {found} ids")
        except KbError as error:
            return [error.what]
        return problems


class _Frequencies(dict[str, int]):
    """How many documents of a snapshot hold each term that was asked for: a search asks for most terms twice."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def __missing__(self, term: str) -> int:
        if len(self) >= _COUNTED_TERMS:
            self.clear()
        found = self[term] = self._searcher.doc_freq(_TERMS, term) if encodable(term) else 0
        return found


class _Ids(dict[tuple[int, int], str]):
    """The ids of documents of a snapshot, by segment and number, that were found before: reading one takes longer."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def __missing__(self, place: tuple[int, int]) -> str:
        if len(self) >= _KNOWN_IDS:
            self.clear()
        found = self[place] = _id_at(self._searcher, tantivy.DocAddress(*place))
        return found


class TantivyReader:
    """A snapshot of one tantivy index."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self._version = version
        with _translated(path), ExitStack() as opened:
            self._index = _open_index(lockable(path, opened))
            self._schema = self._index.schema
            self.refresh()
            self._opened = opened.pop_all()

    def candidates(self, terms: Mapping[str, float], filters: Filters, limit: int) -> list[Candidate]:
        """Find the best documents; tantivy's ties come in segment order, so all hits tied at the limit are fetched."""
        check_request(filters, limit)
        with _translated(self.path):
            query = self._query(terms, filters)
            if query is None:
                return []
            asked = limit + _BEYOND
            while True:
                # Without the count, tantivy may skip documents that cannot come in.
                hits = self._searcher.search(query, asked, count=False).hits
                if len(hits) < asked or rounded(hits[-1][0]) < rounded(hits[limit - 1][0]):
                    break
                asked *= 4
            lowest = rounded(hits[min(limit, len(hits)) - 1][0]) if hits else 0.0
            found = [
                Candidate(self._ids[address.segment_ord, address.doc], near)
                for score, address in hits
                if (near := rounded(score)) >= lowest
            ]
        found.sort(key=lambda candidate: (-candidate.score, candidate.id))
        return found[:limit]

    def _query(self, terms: Mapping[str, float], filters: Filters) -> tantivy.Query | None:
        query = tantivy.Query
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for term, frequency in self.document_frequencies(terms).items():
            weight = terms[term]
            if frequency and weight > 0:
                clause = query.term_query(self._schema, _TERMS, term, index_option="freq")
                clauses.append((tantivy.Occur.Should, clause if weight == 1.0 else query.boost_query(clause, weight)))
        if not clauses:
            return None
        scored = query.boolean_query(clauses)
        if not filters:
            return scored
        required = [scored]
        for name, values in filters.keywords.items():
            known = sorted(filter(encodable, values))
            if not known:
                return None
            required.append(query.const_score_query(query.term_set_query(self._schema, name, known), 0.0))
        if filters.since is not None or filters.until is not None:
            since = _EARLIEST if filters.since is None else filters.since
            until = _LATEST if filters.until is None else filters.until
            if since > until:
                return None
            dates = query.range_query(self._schema, _DATE, tantivy.FieldType.Integer, since, until)
            required.append(query.const_score_query(dates, 0.0))
        return query.boolean_query([(tantivy.Occur.Must, clause) for clause in required])

    def document_frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Count the documents that hold each term; what was counted of this snapshot is remembered."""
        with _translated(self.path):
            return {term: self._frequencies[term] for term in terms}

    def ids(self) -> Iterator[str]:
        """Give the id of every live document."""
        searcher = self._searcher
        with _translated(self.path):
            if searcher.num_docs:
                for _, address in searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False).hits:
                    yield _id_at(searcher, address)

    def stats(self) -> EngineStats:
        """Count live documents and the folder's bytes."""
        return EngineStats(self._searcher.num_docs, bytes_on_disk(self.path), NAME, self._version)

    def refresh(self) -> None:
        """Move on to the last commit."""
        with _translated(self.path):
            self._index.reload()
            self._searcher = self._index.searcher()
            self._frequencies = _Frequencies(self._searcher)
            self._ids = _Ids(self._searcher)

    def close(self) -> None:
        """Drop the index; tantivy unmaps its files when the last reference goes."""
        opened = self._opened
        vars(self).clear()
        self._opened = opened  # closing twice is allowed
        opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class TantivyWriter:
    """The one writer of a tantivy index; tantivy holds a lock that the system drops with the process."""

    def __init__(self, path: Path, *, build: bool) -> None:
        self._path = path
        self._build = build
        index = _open_index(path)
        with _translated(path, writing=True):
            memory = _BUILD_MEMORY if build else _CHANGE_MEMORY
            self._writer: tantivy.IndexWriter | None = index.writer(memory, _THREADS)
            # A process that was killed within a commit leaves lists of deletions, whose names would be taken again.
            self._writer.garbage_collect_files()
        self._pending = False

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Add documents, each in place of the one with its id."""
        self.add_counted(map(_counted, documents))

    def add_counted(self, documents: Iterable[CountedDocument]) -> None:
        """Add documents as `add` does, which are counted already."""
        writer = self._open_writer()
        self._pending = True
        for document in documents:
            with _translated(self._path, writing=True):
                made = _made(document)
                if not self._build:
                    writer.delete_documents_by_term(_ID, document.id)
                writer.add_document(made)

    def delete(self, ids: Iterable[str]) -> None:
        """Delete documents by id."""
        writer = self._open_writer()
        self._pending = True
        with _translated(self._path, writing=True):
            for each in filter(encodable, ids):
                writer.delete_documents_by_term(_ID, each)

    def commit(self) -> None:
        """Commit, and remove files that no segment needs."""
        writer = self._open_writer()
        with _translated(self._path, writing=True):
            writer.commit()
            # tantivy syncs its files, and the folder before it renames meta.json, but not after.
            sync_folder(self._path)
            self._pending = False
            writer.garbage_collect_files()

    def close(self) -> None:
        """Drop what was not committed, wait for merges, remove what they left over and give the lock back."""
        if self._writer is None:
            return
        writer, self._writer = self._writer, None
        with _translated(self._path, writing=True):
            try:
                if self._pending:
                    # Ends merges too: without anything to take back, they are better waited for.
                    writer.rollback()
                    writer.garbage_collect_files()
            finally:
                # Gives the lock back, also where a full disk has killed the writer's threads.
                writer.wait_merging_threads()

    def _open_writer(self) -> "tantivy.IndexWriter":
        if self._writer is None:
            raise ValueError("the writer is closed")
        return self._writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_TERMS, tokenizer_name="whitespace", index_option="freq")
    for name in FILTER_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(_DATE, indexed=True)
    return builder.build()


def _counted(document: IndexDocument) -> CountedDocument:
    times = ((term, frequency) for term, frequency in document.terms.items() if frequency > 0)
    terms = [term for term, frequency in times for _ in range(max(1, int(frequency + 0.5)))]
    return CountedDocument(document.id, terms, document.keywords, document.date)


def _made(document: CountedDocument) -> tantivy.Document:
    made = tantivy.Document()
    try:
        made.add_text(_ID, document.id)
        made.add_text(_TERMS, " ".join(document.terms))
        for name in FILTER_FIELDS:
            for value in document.keywords.get(name, ()):
                made.add_text(name, value)
    except UnicodeEncodeError as error:
        raise not_unicode(document) from error
    if document.date is not None:
        made.add_integer(_DATE, document.date)
    return made


def _id_at(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> str:
    found = searcher.doc(address).get_first(_ID)
    assert isinstance(found, str)
    return found


def _open_index(path: Path) -> tantivy.Index:
    """Open after a look at every file's end: tantivy may panic, with a trace on stderr, on files cut short."""
    for file in segment_files(path):
        if footer(file) is None:
            raise damaged(NAME, path, f"{file.name} is missing or cut short")
    with _translated(path):
        index = tantivy.Index(_schema(), path=str(path))
        # Else a thread of tantivy's watches the folder: it moves snapshots on by itself, and may put its lock into a
        # folder that is being removed.
        index.config_reader("manual")
        return index


@contextmanager
def _translated(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn tantivy's ValueError, RuntimeError, OSError and Rust panics, which are BaseExceptions, into ours."""
    try:
        yield
    except (ValueError, RuntimeError, OSError) as error:
        if "LockBusy" in str(error):
            raise busy(NAME, path) from error
        raise (disk_trouble if writing else damaged)(NAME, path, error) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise damaged(NAME, path, error) from error
        raise
