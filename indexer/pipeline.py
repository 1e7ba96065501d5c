"""The import: found files -> raw files -> parsed articles -> store and indexes, in bounded batches.

    reader (this process)    finds files, opens archives, asks the ledger what is known already
    workers (processes)      decode, parse and analyse: everything that costs time and needs no store
    writer (this process)    store, engine and forward index, one transaction a thousand files

Nothing is counted before it is in the store: an import that was killed goes on where its last transaction ended.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Literal

from indexer.containers import BrokenMember, read_stream
from indexer.derive import IndexUpdate
from indexer.diagnostics import diagnostic
from indexer.files import FoundFile, Unreadable, find_files, shown_name
from indexer.parse import PARSER_VERSION
from indexer.prepare import PreparedArticle, PreparedFile
from indexer.workers import Workers
from kb.models import Diagnostic, RawFile
from kb.store.changes import Changes, FileRecord, SourceState

Status = Literal["added", "updated", "unchanged", "duplicate", "unsupported", "failed"]

_BATCH_FILES: Final = 64
_BATCH_BYTES: Final = 8 << 20
_TRANSACTION_FILES: Final = 1024
"""What a killed import has to do again is at most this many files, and those under way."""
_WORKERS_FROM: Final = 256
"""Files; starting processes costs more than parsing fewer."""
_STATUS_OF_KNOWN: Final[dict[str, Status]] = {
    "stored": "unchanged",
    "duplicate": "duplicate",
    "unsupported": "unsupported",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one article, or of a file that gave none: a line of `import --report`."""

    path: str
    status: Status
    id: str | None = None
    form: str | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Counts:
    """How many articles (or files that gave none) were found, and what became of each."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    unsupported: int = 0
    failed: int = 0

    @property
    def found(self) -> int:
        """Return the sum of all."""
        return self.added + self.updated + self.unchanged + self.duplicate + self.unsupported + self.failed

    def count(self, status: Status) -> None:
        """Count one more of a status."""
        setattr(self, status, getattr(self, status) + 1)


@dataclass(slots=True)
class _Source:
    """A file on the disk that is being read; `key` and `known` come from the ledger, `seen` are paths read now."""

    state: SourceState
    key: int | None
    known: dict[str, FileRecord]
    seen: set[str] = field(default_factory=set)
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _End:
    """Marks, in the order of results, that a source has been read to its end."""

    source: _Source


_Result = PreparedFile | BrokenMember | FileRecord | _End


@dataclass(slots=True)
class Importer:
    """One run of an import into an open store.

    `report` is called once for every article or file, in the order of reading; `progress` with the bytes of the
    sources read so far. Without `update` the store alone is changed.
    """

    changes: Changes
    update: IndexUpdate | None
    workers: Workers
    collection: str | None = None
    verify: bool = False
    report: Callable[[FileReport], None] = lambda _: None
    progress: Callable[[int], None] = lambda _: None
    counts: Counts = field(default_factory=Counts)
    _batch: list[RawFile] = field(default_factory=list)
    _batch_bytes: int = 0
    _order: list[tuple[_Source, _Result | None]] = field(default_factory=list)
    _prepared: list[PreparedFile] = field(default_factory=list)
    _files: int = 0
    _bytes_before: int = 0

    def run(self, paths: Sequence[Path]) -> Counts:
        """Import everything under `paths` and return the counts."""
        for found in find_files(list(paths)):
            if isinstance(found, Unreadable):
                self._count(
                    FileReport(
                        shown_name(found.path), "failed", diagnostics=(diagnostic("unreadable-file", found.reason),)
                    )
                )
            elif not self._skip(found):
                self._read(found)
            self._bytes_before += found.size if isinstance(found, FoundFile) else 0
            self.progress(self._bytes_before)
        self._finish()
        return self.counts

    def run_stream(self, stream: BinaryIO, shown: str) -> Counts:
        """Import what a seekable stream holds, which the ledger cannot know again."""
        source = _Source(SourceState(shown, 0, 0), None, {})
        self._read_stream(source, stream, shown)
        self._finish()
        return self.counts

    # --- reading

    def _skip(self, found: FoundFile) -> bool:
        """Count a source that was read whole and has not changed since, from the ledger."""
        state = _state(found)
        known = None if self.verify else self.changes.unchanged_files(state, self.collection, PARSER_VERSION)
        if known is None:
            return False
        for record in known:
            self._count(_known(record))
        return True

    def _read(self, found: FoundFile) -> None:
        state = _state(found)
        key, known = self.changes.known_source(state.path, self.collection, PARSER_VERSION)
        source = _Source(state, key, known)
        try:
            with found.path.open("rb") as stream:
                self._read_stream(source, stream, shown_name(found.path))
        except OSError as error:
            source.whole = False
            self._pass_on(source, BrokenMember(shown_name(found.path), "unreadable-file", error.strerror or str(error)))
        self._pass_on(source, _End(source))

    def _read_stream(self, source: _Source, stream: BinaryIO, shown: str) -> None:
        for item in read_stream(stream, shown):
            if isinstance(item, BrokenMember):
                self._pass_on(source, item)
                continue
            source.seen.add(item.path)
            known = source.known.get(item.path)
            if known is not None and known.sha256 == hashlib.sha256(item.data).hexdigest():
                self._pass_on(source, known)
                continue
            self._order.append((source, None))
            self._batch.append(item)
            self._batch_bytes += len(item.data)
            self._files += 1
            if len(self._batch) >= _BATCH_FILES or self._batch_bytes >= _BATCH_BYTES:
                self._submit()
                self.progress(self._bytes_before + (stream.tell() if not stream.closed else 0))

    def _pass_on(self, source: _Source, result: _Result) -> None:
        self._order.append((source, result))
        if len(self._order) >= 8 * _TRANSACTION_FILES:
            self._submit()

    def _submit(self) -> None:
        if self._files >= _WORKERS_FROM:
            self.workers.start()
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        self._prepared.extend(self.workers.submit(batch))
        if len(self._prepared) >= _TRANSACTION_FILES or len(self._order) >= 8 * _TRANSACTION_FILES:
            self._write()

    def _finish(self) -> None:
        self._submit()
        self._prepared.extend(self.workers.finish())
        self._write()

    # --- writing

    def _write(self) -> None:
        """Write, in one transaction, all results that are there, in the order in which they were read."""
        due = self._due()
        if not due:
            return
        prepared = [result for _, result in due if isinstance(result, PreparedFile)]
        reports: list[FileReport] = []
        changed: list[PreparedArticle] = []
        with self.changes.batch():
            self.changes.prepare_compression([a.entry.content for file in prepared for a in file.articles])
            for source, result in due:
                if isinstance(result, PreparedFile):
                    self._store(source, result, reports, changed)
                elif isinstance(result, BrokenMember):
                    source.whole = False
                    reports.append(
                        FileReport(result.path, result.outcome, diagnostics=(diagnostic(result.code, result.reason),))
                    )
                elif isinstance(result, FileRecord):
                    reports.append(_known(result))
                else:
                    self._close(result.source)
        if self.update is not None:
            self.update.add([article.analysed for article in changed])
        for report in reports:
            self._count(report)

    def _due(self) -> list[tuple[_Source, _Result]]:
        prepared = iter(self._prepared)
        due: list[tuple[_Source, _Result]] = []
        for position, (source, result) in enumerate(self._order):
            found = result if result is not None else next(prepared, None)
            if found is None:
                self._order = self._order[position:]
                break
            due.append((source, found))
        else:
            self._order = []
        self._prepared = list(prepared)
        return due

    def _store(
        self, source: _Source, file: PreparedFile, reports: list[FileReport], changed: list[PreparedArticle]
    ) -> None:
        if file.outcome != "parsed":
            self._record(source, FileRecord(file.path, file.sha256, file.outcome, file.form, None))
            reports.append(FileReport(file.path, file.outcome, None, file.form, file.diagnostics))
            return
        for article in file.articles:
            path = file.path if len(file.articles) == 1 else f"{file.path}#{article.entry.id}"
            source.seen.add(path)
            status = self.changes.put(article.entry)
            outcome: Literal["stored", "duplicate"] = "duplicate" if status == "duplicate" else "stored"
            self._record(source, FileRecord(path, file.sha256, outcome, file.form, article.entry.id))
            reports.append(
                FileReport(path, status, article.entry.id, file.form, (*file.diagnostics, *article.diagnostics))
            )
            if status in ("added", "updated"):
                changed.append(article)

    def _record(self, source: _Source, record: FileRecord) -> None:
        if source.state.mtime_ns:
            if source.key is None:
                source.key = self.changes.open_source(source.state, self.collection, PARSER_VERSION)
            self.changes.record_file(source.key, record)

    def _close(self, source: _Source) -> None:
        key = self.changes.open_source(source.state, self.collection, PARSER_VERSION)
        if source.whole:
            self.changes.close_source(key, gone=source.known.keys() - source.seen)

    # --- counting

    def _count(self, report: FileReport) -> None:
        self.counts.count(report.status)
        self.report(report)


def total_bytes(paths: Iterable[Path]) -> int:
    """Return the bytes of all files under `paths`, for showing how far an import is."""
    return sum(found.size for found in find_files(list(paths)) if isinstance(found, FoundFile))


def _state(found: FoundFile) -> SourceState:
    return SourceState(shown_name(found.path.absolute()), found.size, found.mtime_ns)


def _known(record: FileRecord) -> FileReport:
    return FileReport(record.path, _STATUS_OF_KNOWN[record.outcome], record.article_id, record.form)
