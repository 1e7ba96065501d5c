"""Keep an index with Whoosh, 2.7.4 or its successor whoosh3: pure Python, and the only module that imports it for this.

Whoosh does what it is good at: the schema, segments, the term dictionary, commits, merging, locks. Three of its seams
carry parts of ours, all of them meant to be replaced:

- the codec's posting lists (`postings`): ids and exact weights in one read, 3 bytes a posting, no pickle;
- the writer's pool, which keeps a term's postings together instead of sorting 12 million tuples: the whole archive is
  in after 30 s on one core, where the plain writer takes 260;
- the storage, which syncs files before the table of contents is renamed, and keeps checksums: Whoosh does neither.

Scoring is ours too (`bm25`), over whole posting lists: Whoosh's matchers step through them several calls a posting.

A table of contents holds a pickle, as Whoosh's do: open no index that a stranger made. A damaged one is not unpickled,
since its checksum is compared first.
"""

import time
import warnings
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

with warnings.catch_warnings():
    # Not yet compiled, Whoosh's sources warn of their escapes on stderr, and fail under -W error.
    warnings.simplefilter("ignore")
    import whoosh
    import whoosh.codec.base
    import whoosh.codec.whoosh3
    import whoosh.fields
    import whoosh.filedb.filestore
    import whoosh.formats
    import whoosh.index
    import whoosh.matching
    import whoosh.reading
    import whoosh.writing

from kb.engines import bm25, manifest, postings, whoosh_commits
from kb.engines.base import (
    ALWAYS_SCORED,
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
)
from kb.engines.durable import sync_file, sync_folder
from kb.engines.segments import FieldNames, Segment
from kb.engines.whoosh_commits import INDEX, MARKER, NAME
from kb.errors import KbError
from kb.models import Candidate, Filters, IndexDocument

# After the `ALWAYS_SCORED` rarest terms of a query, more are scored while the postings to read stay below this. On
# 56,989 articles and 376 written and real queries, MRR and S@200 are those of scoring all, at half of the time (median
# 54 ms of CPU against 117, p95 103 against 259); with the 16 rarest alone, written queries fall from .690 to .665 MRR
# and from .966 to .954 S@200.
POSTINGS_BUDGET: Final = 150_000
# A change adds a segment; from this many on, the smaller half is merged into it.
MAX_SEGMENTS: Final = 8

_ID: Final = "id"
_TERMS: Final = "terms"
# One posting list a fact: every document that has it, the number as its weight.
_FACTS: Final = "facts"
_LENGTH: Final = "length"
_DATE: Final = "date"
_LOCK: Final = "kbfix"
_FIELDS: Final = FieldNames(_TERMS, (_FACTS, _DATE))
_ATTEMPTS: Final = 5
_UINT_SIZE: Final = 4


class _Weighted(whoosh.fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field given as a mapping from term to weight."""

    def __init__(self) -> None:
        super().__init__(format=whoosh.formats.Existence(), analyzer=None)

    def index(self, value: Mapping[str, float], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, weight in value.items():
            yield term.encode(), 1, weight, b""


class _Exact(whoosh.fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field given as a tuple of values, each a term as it stands."""

    def __init__(self, *, sortable: bool = False) -> None:
        super().__init__(format=whoosh.formats.Existence(), analyzer=None, sortable=sortable)

    def index(self, value: Collection[str], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for each in dict.fromkeys(value):
            yield each.encode(), 1, 1.0, b""


def _schema() -> Any:
    return whoosh.fields.Schema(
        **{_ID: _Exact(sortable=True), _TERMS: _Weighted(), _FACTS: _Weighted()},
        **{name: _Exact() for name in FILTER_FIELDS},
    )


class _Postings(whoosh.codec.base.PostingsWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes a term's postings, which come all at once from `_Pool`."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._ids: array[int] = array("I")
        self._weights: array[float] = array("f")
        self._info: Any = None

    def start_postings(self, _format: object, info: Any) -> None:
        self._info = info

    def add_posting(self, ids: "array[int]", weights: "array[float]", _value: bytes, _length: object = None) -> None:
        self._ids, self._weights = ids, weights

    def finish_postings(self) -> Any:
        start = self._file.tell()
        packed = postings.pack(self._ids, self._weights)
        # The length that the dictionary keeps comes back in another shape in 2.7.4 than in whoosh3.
        self._file.write_uint(len(packed))
        self._file.write(packed)
        self._info.add_block(self)
        self._info.set_extent(start, len(packed))
        return self._info

    def written(self) -> bool:
        return False

    # What the term's entry in the dictionary asks of a block.

    def __len__(self) -> int:
        return len(self._ids)

    def min_id(self) -> int:
        return self._ids[0]

    def max_id(self) -> int:
        return self._ids[-1]

    def min_length(self) -> int:
        return 0

    def max_length(self) -> int:
        return 0

    def max_weight(self) -> float:
        return max(self._weights)


class _Matcher(whoosh.matching.LeafMatcher):  # type: ignore[misc]  # Whoosh has no types
    """Holds a term's postings: whole for our scoring, one by one for Whoosh's merging."""

    scorer = None

    def __init__(self, packed: bytes, term: object, format_: object) -> None:
        self.ids, self.weights = postings.unpack(packed)
        self.format = format_
        self._term = term
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self.ids)

    def reset(self) -> None:
        self._at = 0

    def next(self) -> None:
        self._at += 1

    def skip_to(self, target: int) -> None:
        while self.is_active() and self.ids[self._at] < target:
            self._at += 1

    def id(self) -> int:
        return self.ids[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self.ids)

    def weight(self) -> float:
        return self.weights[self._at]

    def value(self) -> bytes:
        return b""


class _Codec(whoosh.codec.whoosh3.W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's own codec with our posting lists."""

    # Else Whoosh would ask for the length of each document at each posting.
    length_stats = False

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _Postings:
        assert not byteids
        return _Postings(dbfile)

    def postings_reader(
        self,
        dbfile: Any,
        terminfo: Any,
        format_: object,
        term: object = None,
        scorer: object = None,  # noqa: ARG002  # as Whoosh declares it
    ) -> _Matcher:
        start, _ = terminfo.extent()
        return _Matcher(dbfile.get(start + _UINT_SIZE, dbfile.get_uint(start)), term, format_)


class _Pool:
    """Keeps the postings to be written by term, in two arrays each, in the order the documents come: by number."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, bytes], tuple[array[int], array[float]]] = {}

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        name, term, document, weight, _ = item
        found = self._lists.get((name, term))
        if found is None:
            self._lists[name, term] = (array("I", (document,)), array("f", (weight,)))
        else:
            found[0].append(document)
            found[1].append(weight)

    def iter_postings(self) -> Iterator[tuple[str, bytes, "array[int]", "array[float]", bytes]]:
        for name, term in sorted(self._lists):
            yield name, term, *self._lists[name, term], b""

    def cleanup(self) -> None:
        self._lists.clear()


class _Storage(whoosh.filedb.filestore.FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """A folder whose commits outlive a power cut; `live` names the segments that the next commit is made of."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path
        self.live: frozenset[str] = frozenset()
        self._files: list[Any] = []

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        file = super().create_file(name, *args, **kwargs)
        self._files.append(file)
        return file

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        file = super().open_file(name, *args, **kwargs)
        self._files.append(file)
        return file

    def close_files(self) -> None:
        """Close what Whoosh leaves open where it fails half-way; files that it closed itself complain, and may."""
        for file in self._files:
            with suppress(Exception):
                file.close()
        self._files.clear()

    def temp_storage(self, name: str | None = None) -> Any:  # noqa: ARG002  # as Whoosh declares it
        return whoosh.filedb.filestore.RamStorage()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename the table of contents, the one file that Whoosh renames: this is the moment of the commit."""
        sums = {name: manifest.measure(self.path / name) for name in self.list() if name.split(".")[0] in self.live}
        for name in sums:
            sync_file(self.path / name)
        sums[newname] = manifest.measure(self.path / oldname)
        sync_file(self.path / oldname)
        listing = self.path / whoosh_commits.listing(newname)
        listing.write_bytes(manifest.dump(sums))
        sync_file(listing)
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(self.path)


class _SegmentWriter(whoosh.writing.SegmentWriter):  # type: ignore[misc]  # Whoosh has no types
    """Writes one segment; `superseded` are documents of it that were replaced before the commit."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=_Codec(), compound=False)
        self.pool = _Pool()
        self.superseded: set[int] = set()

    def get_segment(self) -> Any:
        segment = super().get_segment()
        for number in self.superseded:
            segment.delete_document(number)
        return segment


class WhooshEngine:
    """Makes, opens, changes and checks Whoosh indexes."""

    name: str = NAME

    @property
    def version(self) -> str:
        """The version of Whoosh, or of whoosh3."""
        return str(whoosh.versionstring())

    def create(self, path: Path) -> None:
        """Make an empty index in a folder."""
        prepare_folder(NAME, path, MARKER)
        with _translated(path, writing=True):
            whoosh.index.FileIndex.create(_Storage(path), _schema(), INDEX)

    def open(self, path: Path) -> "WhooshReader":
        """Open the last commit for reading."""
        return WhooshReader(path, self.version)

    def writer(self, path: Path, *, build: bool = False) -> "WhooshWriter":
        """Open for writing."""
        return WhooshWriter(path, build=build)

    def check(self, path: Path) -> list[str]:
        """Compare every file with its checksum, then open the index and count."""
        try:
            sums = whoosh_commits.sums(path, verify=False)
            found = list(manifest.problems(path, sums, read_through=sums))
            if not found:
                with self.open(path) as reader:
                    told, given = reader.stats().documents, sum(1 for _ in reader.ids())
                if told != given:
                    found.append(f"the {NAME} index says it has {told} documents, but gives {given} ids")
        except KbError as error:
            return [error.what]
        return found


class WhooshReader:
    """A snapshot of one Whoosh index."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self._version = version
        self._lock = Lock()
        self._reader: Any = None
        self._leaves: list[Any] = []
        self._segments: list[Segment] = []
        self.refresh()

    def candidates(self, terms: Mapping[str, float], filters: Filters, limit: int) -> list[Candidate]:
        """Find the best documents."""
        check_request(filters, limit)
        with self._lock, _translated(self.path):
            weights = self._weights(terms)
            if not weights:
                return []
            found = [each for segment in self._segments for each in segment.search(weights, filters, limit)]
        found.sort(key=lambda candidate: (-candidate.score, candidate.id))
        return found[:limit]

    def _weights(self, terms: Mapping[str, float]) -> dict[str, float]:
        """Choose the terms to score, and weigh them by idf: the rarest of a query say most, and cost least."""
        documents = sum(segment.documents for segment in self._segments)
        asked = (term for term, weight in terms.items() if weight > 0)
        known = sorted((held, term) for term, held in self._frequencies(asked).items() if held)
        chosen: dict[str, float] = {}
        cost = 0
        for held, term in known:
            cost += held
            if len(chosen) >= ALWAYS_SCORED and cost > POSTINGS_BUDGET:
                break
            chosen[term] = terms[term] * bm25.inverse_document_frequency(held, documents)
        return chosen

    def _frequencies(self, terms: Iterable[str]) -> dict[str, int]:
        return {
            term: sum(leaf.doc_frequency(_TERMS, term) for leaf in self._leaves) if encodable(term) else 0
            for term in terms
        }

    def document_frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Count the documents that hold each term."""
        with self._lock, _translated(self.path):
            return self._frequencies(terms)

    def ids(self) -> Iterator[str]:
        """Give the id of every live document."""
        for segment in self._segments:
            for number in range(segment.documents):
                if number not in segment.deleted:
                    with self._lock, _translated(self.path):
                        found = segment.ids[number]
                    yield found

    def stats(self) -> EngineStats:
        """Count live documents and the folder's bytes."""
        live = sum(segment.documents - len(segment.deleted) for segment in self._segments)
        return EngineStats(live, bytes_on_disk(self.path), NAME, self._version)

    def refresh(self) -> None:
        """Move on to the last commit; if a writer removes its files meanwhile, there is a newer one to open."""
        for attempt in range(1, _ATTEMPTS + 1):
            generation = whoosh_commits.generation(self.path)
            try:
                opened = _open(self.path)
                break
            except KbError:
                if attempt == _ATTEMPTS or whoosh_commits.generation(self.path) == generation:
                    raise
                time.sleep(0.02 * attempt)
        with self._lock:
            self.close()
            self._reader, self._leaves, self._segments = opened

    def close(self) -> None:
        """Close the segments' files."""
        if self._reader is not None:
            self._reader.close()
            self._reader, self._leaves, self._segments = None, [], []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class WhooshWriter:
    """The one writer of a Whoosh index; its lock is the system's, which drops it with the process."""

    def __init__(self, path: Path, *, build: bool) -> None:
        self._path = path
        self._build = build
        whoosh_commits.sums(path)
        with _translated(path, writing=True):
            self._storage = _Storage(path)
            self._index = self._storage.open_index(INDEX, schema=_schema())
            self._lock: Any = self._index.lock(_LOCK)
            if not self._lock.acquire():
                self._lock = None
                raise busy(NAME, path)
            # What a writer left that was killed.
            whoosh_commits.remove_strays(path)
        self._segment: _SegmentWriter | None = None
        # The numbers of documents by id: in the committed segments all together, and in the new one.
        self._committed: dict[str, int] = {}
        self._added: dict[str, int] = {}

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Add documents, each in place of the one with its id."""
        segment = self._open_segment()
        for document in documents:
            fields = _fields(document)
            with _translated(self._path, writing=True):
                if not self._build:
                    self._forget(segment, document.id)
                    self._added[document.id] = segment.docnum
                segment.add_document(**fields)

    def delete(self, ids: Iterable[str]) -> None:
        """Delete documents by id."""
        segment = self._open_segment()
        with _translated(self._path, writing=True):
            for each in ids:
                self._forget(segment, each)

    def commit(self) -> None:
        """Write the segment, and rename the new table of contents once all is on the disk."""
        self._check_open()
        if self._segment is None:
            return
        segment, self._segment = self._segment, None
        self._committed, self._added = {}, {}
        lock = segment.writelock
        with _translated(self._path, writing=True):
            try:
                segment.commit(mergetype=_keep_or_merge)
            except BaseException:
                # The files belong to no commit, and go with the next. whoosh3 has given its lock back, and complains.
                with suppress(Exception):
                    lock.release()
                raise
            finally:
                self._storage.close_files()
            whoosh_commits.remove_strays(self._path)

    def close(self) -> None:
        """Remove what was not committed and give the lock back."""
        if self._lock is None:
            return
        segment, self._segment = self._segment, None
        self._committed, self._added = {}, {}
        try:
            if segment is not None:
                with _translated(self._path, writing=True):
                    segment.cancel()
                    whoosh_commits.remove_strays(self._path)
        finally:
            lock, self._lock = self._lock, None
            lock.release()

    def _check_open(self) -> None:
        if self._lock is None:
            raise ValueError("the writer is closed")

    def _open_segment(self) -> _SegmentWriter:
        self._check_open()
        if self._segment is None:
            with _translated(self._path, writing=True):
                self._segment = _SegmentWriter(self._index)
                self._committed = {} if self._build else _numbers(self._segment)
        return self._segment

    def _forget(self, segment: _SegmentWriter, id_: str) -> None:
        pending = self._added.pop(id_, None)
        if pending is not None:
            segment.superseded.add(pending)
        committed = self._committed.pop(id_, None)
        if committed is not None:
            segment.delete_document(committed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _numbers(writer: _SegmentWriter) -> dict[str, int]:
    """Find the number of every live document; asked one by one, Whoosh would list those deleted each time."""
    reader = writer.reader()
    try:
        return {
            id_: base + number
            for leaf, base in reader.leaf_readers()
            if leaf.doc_count_all()
            for number, id_ in enumerate(leaf.column_reader(_ID))
            if not leaf.is_deleted(number)
        }
    finally:
        reader.close()


def _fields(document: IndexDocument) -> dict[str, object]:
    terms = document.terms
    if min(terms.values(), default=1.0) <= 0:
        terms = {term: frequency for term, frequency in terms.items() if frequency > 0}
    facts = {_LENGTH: sum(terms.values())}
    if document.date is not None:
        facts[_DATE] = document.date
    fields: dict[str, object] = {_ID: (document.id,), _TERMS: terms, _FACTS: facts}
    for name in FILTER_FIELDS:
        if values := document.keywords.get(name):
            fields[name] = values
    # Told only inside Whoosh, it would leave the segment with half a document.
    keywords = (value for values in document.keywords.values() for value in values)
    if not encodable("".join((document.id, *terms, *keywords))):
        raise not_unicode(document)
    return fields


def _keep_or_merge(writer: _SegmentWriter, segments: Sequence[Any]) -> list[Any]:
    """Choose the segments to keep beside the new one, as Whoosh's merge policies do, and merge the others into it.

    Segments without a live document go. Above `MAX_SEGMENTS`, the small ones are merged, up to the first that is
    larger than all of them together, so that a document is merged only about as often as the index doubles.
    """
    kept = sorted((each for each in segments if each.doc_count()), key=lambda each: each.doc_count())
    if len(kept) >= MAX_SEGMENTS:
        merged = 0
        while kept and (len(kept) > MAX_SEGMENTS // 2 or kept[0].doc_count() <= merged):
            small = kept.pop(0)
            merged += small.doc_count()
            reader = whoosh.reading.SegmentReader(writer.storage, writer.schema, small)
            writer.add_reader(reader)
            reader.close()
    # Without a document in it, Whoosh drops the new segment.
    new = [writer.newsegment] if writer.doc_count() else []
    writer.storage.live = frozenset(each.segment_id() for each in (*kept, *new))
    return kept


def _open(path: Path) -> tuple[Any, list[Any], list[Segment]]:
    """Open the last commit: Whoosh's reader, its readers of single segments, and what we search."""
    whoosh_commits.sums(path)
    with _translated(path), ExitStack() as undo:
        storage = _Storage(path)
        undo.callback(storage.close_files)
        reader = storage.open_index(INDEX, schema=_schema()).reader()
        leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
        lengths = [_postings(leaf, _FACTS, _LENGTH)[1] for leaf in leaves]
        documents = sum(map(len, lengths))
        average = sum(map(sum, lengths)) / documents if documents else 0.0
        segments = [
            Segment(
                documents=leaf.doc_count_all(),
                fields=_FIELDS,
                postings=partial(_postings, leaf),
                half=bm25.saturations(each, average),
                ids=leaf.column_reader(_ID),
                deleted=frozenset(leaf.segment().deleted_docs()),
            )
            for leaf, each in zip(leaves, lengths, strict=True)
        ]
        undo.pop_all()
        return reader, leaves, segments


def _postings(leaf: Any, field: str, term: str) -> tuple[Sequence[int], Sequence[float]]:
    """Give the numbers and weights of the documents that hold a term, those deleted too."""
    if not leaf.doc_frequency(field, term):
        return (), ()
    matcher = leaf.postings(field, term)
    # Where documents were deleted, Whoosh wraps the matcher to leave them out one by one.
    whole = matcher if isinstance(matcher, _Matcher) else matcher.child
    return whole.ids, whole.weights


@contextmanager
def _translated(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn whatever Whoosh raises into ours: on damaged files that may be any exception."""
    try:
        yield
    except KbError:
        raise
    except whoosh.writing.LockError as error:
        raise busy(NAME, path) from error
    except OSError as error:
        raise (disk_trouble if writing else damaged)(NAME, path, error) from error
    except Exception as error:
        raise damaged(NAME, path, error) from error
