"""The import: found files -> raw files -> parsed articles -> store and indexes, in bounded batches.

    reader (this process)    finds files, opens archives, asks the ledger what is known already
    workers (processes)      decode, parse and analyse: everything that costs time and needs no store
    writer (this process)    store, engine and forward index, one transaction a thousand files

Nothing is counted before it is in the store: an import that was killed goes on where its last transaction ended.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from indexer.containers import BrokenMember, read_stream
from indexer.derive import IndexUpdate
from indexer.diagnostics import diagnostic
from indexer.files import FoundFile, Unreadable, find_files, shown_name, source_path
from indexer.parse import PARSER_VERSION
from indexer.prepare import PreparedArticle, PreparedFile
from indexer.pruning import count_gone, index_from_store, look_for_gone, prune
from indexer.reports import Counts, FileReport, Status
from indexer.sources import SourceReading
from indexer.workers import Workers
from kb.models import RawFile
from kb.store.changes import Changes, Place
from kb.store.ledger import FileRecord, SourceState

_BATCH_FILES: Final = 256
"""Many share their words: what is done once a word is done less often."""
_BATCH_BYTES: Final = 8 << 20
_TRANSACTION_FILES: Final = 1024
"""What a killed import has to do again is at most this many files, and those under way."""
_WORKERS_FROM: Final = 256
"""Files; starting processes costs more than parsing fewer."""


@dataclass(frozen=True, slots=True)
class _End:
    """Marks, in the order of results, that a source has been read to its end."""


_Result = PreparedFile | BrokenMember | list[FileRecord] | _End


@dataclass(slots=True)
class Importer:
    """One run of an import into an open store.

    `report` is called once for every article or file, in the order of reading; `progress` with the bytes of the
    sources read so far. Without `update` the store alone is changed. With `prune`, articles of files that are gone
    from what was named leave at the end.
    """

    changes: Changes
    update: IndexUpdate | None
    workers: Workers
    collection: str | None = None
    verify: bool = False
    prune: bool = False
    report: Callable[[FileReport], None] = lambda _: None
    progress: Callable[[int], None] = lambda _: None
    counts: Counts = field(default_factory=Counts)
    gone: int = 0
    """How many articles are of files that are gone, and were not pruned."""
    is_all_listed: bool = True
    """Whether everything that was named could be looked through, which pruning needs."""
    _visited: set[int] = field(default_factory=set)
    _batch: list[RawFile] = field(default_factory=list)
    _batch_bytes: int = 0
    _order: list[tuple[SourceReading, _Result | None]] = field(default_factory=list)
    _prepared: list[PreparedFile] = field(default_factory=list)
    _files: int = 0
    _bytes_before: int = 0

    def run(self, paths: Sequence[Path]) -> Counts:
        """Import everything under `paths` and return the counts."""
        for found in find_files(list(paths)):
            if isinstance(found, Unreadable):
                self.is_all_listed = False
                why = (diagnostic("unreadable-file", found.reason),)
                self._count(FileReport(shown_name(found.path), "failed", diagnostics=why))
                continue
            if not self._skip(found):
                self._read(found)
            self._bytes_before += found.size
            self.progress(self._bytes_before)
        self._finish()
        self._settle([source_path(path) for path in paths if path.is_dir()])
        return self.counts

    def run_stream(self, stream: BinaryIO, shown: str) -> Counts:
        """Import what a seekable stream holds, which the ledger cannot know again."""
        self._read_stream(SourceReading(shown), stream)
        self._finish()
        return self.counts

    # --- reading

    def _skip(self, file: FoundFile) -> bool:
        """Count a source of which all is known and that has not changed since, from the ledger."""
        state = _state(file)
        found = None if self.verify else self.changes.ledger.unchanged(state, self.collection, PARSER_VERSION)
        if found is None:
            return False
        key, records = found
        self._visited.add(key)
        if self._order:  # reports come in the order of reading
            self._pass_on(SourceReading(state.shown, state, key), records)
        else:
            for record in records:
                self._count(_known(record, state.shown))
        return True

    def _read(self, found: FoundFile) -> None:
        state = _state(found)
        source = SourceReading(state.shown, state)
        source.recall(self.changes.ledger, self.collection)
        try:
            with found.path.open("rb") as stream:
                self._read_stream(source, stream)
        except OSError as error:
            self._pass_on(source, BrokenMember(state.shown, "unreadable-file", error.strerror or str(error)))
        self._pass_on(source, _End())

    def _read_stream(self, source: SourceReading, stream: BinaryIO) -> None:
        for item in read_stream(stream, source.shown):
            if isinstance(item, BrokenMember):
                self._pass_on(source, item)
                continue
            known = source.known_file(item.path.removeprefix(source.shown), item.data)
            if known is not None:
                self._pass_on(source, known)
                continue
            self._order.append((source, None))
            self._batch.append(item)
            self._batch_bytes += len(item.data)
            self._files += 1
            if len(self._batch) >= _BATCH_FILES or self._batch_bytes >= _BATCH_BYTES:
                self._submit()
                self.progress(self._bytes_before + (stream.tell() if not stream.closed else 0))

    def _pass_on(self, source: SourceReading, result: _Result) -> None:
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
            frames = iter(self.changes.compressed([a.entry.content for file in prepared for a in file.articles]))
            for source, result in due:
                if isinstance(result, PreparedFile):
                    self._store(source, result, frames, reports, changed)
                elif isinstance(result, BrokenMember):
                    self._store_broken(source, result, reports)
                elif isinstance(result, list):
                    source.seen.update(record.path for record in result)
                    reports += [_known(record, source.shown) for record in result]
                else:
                    self._close(source)
            fallen_back = self.changes.take_fallen_back()
        if self.update is not None:
            for _, some in groupby(changed, key=lambda article: id(article.batch)):
                together = list(some)
                self.update.add(together[0].batch.only([article.place for article in together]))
            index_from_store(self.changes, self.update, fallen_back)
        for report in reports:
            self._count(report)

    def _due(self) -> list[tuple[SourceReading, _Result]]:
        prepared = iter(self._prepared)
        due: list[tuple[SourceReading, _Result]] = []
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
        self,
        source: SourceReading,
        file: PreparedFile,
        frames: Iterator[bytes],
        reports: list[FileReport],
        changed: list[PreparedArticle],
    ) -> None:
        inner = file.path.removeprefix(source.shown)
        key = self._key(source)
        if file.outcome != "parsed":
            record = FileRecord(
                inner, inner, file.sha256, PARSER_VERSION, file.outcome, file.form, diagnostics=file.diagnostics
            )
            self._record(source, record)
            reports.append(FileReport(file.path, file.outcome, None, file.form, file.diagnostics))
            return
        original = self.changes.put_original(file.sha256, file.original) if file.original is not None else None
        for article in file.articles:
            entry = article.entry
            number = f" ({entry.part + 1})" if entry.part else ""
            path = inner if original is None else f"{inner}#{entry.id}{number}"
            source.see(path)
            place = Place(key, inner, path, file.path, source.known.get(path))
            status = self.changes.put(entry, place, original, next(frames))
            reports.append(
                FileReport(source.shown + path, status, entry.id, file.form, (*file.diagnostics, *article.diagnostics))
            )
            if status in ("added", "updated"):
                changed.append(article)

    def _store_broken(self, source: SourceReading, broken: BrokenMember, reports: list[FileReport]) -> None:
        inner = broken.path.removeprefix(source.shown)
        why = (diagnostic(broken.code, broken.reason),)
        reports.append(FileReport(broken.path, broken.outcome, diagnostics=why))
        if broken.hides:
            source.is_listed = self.is_all_listed = False
        behind = source.behind(inner)
        source.seen.update(record.path for record in behind)
        # Articles known of it are neither gone nor as they were: they stay, and it is read again the next time.
        source.is_complete &= all(record.article_id is None for record in behind)
        before = source.known.get(inner)
        if before is None or before.article_id is None:
            self._record(source, FileRecord(inner, inner, "", PARSER_VERSION, broken.outcome, diagnostics=why))

    def _record(self, source: SourceReading, record: FileRecord) -> None:
        source.see(record.path)
        key = self._key(source)
        if key is not None:
            self.changes.ledger.record(key, record, source.known.get(record.path))

    def _key(self, source: SourceReading) -> int | None:
        if source.key is None and source.state is not None:
            source.key = self.changes.ledger.open_source(source.state, self.collection, PARSER_VERSION)
        return source.key

    def _close(self, source: SourceReading) -> None:
        key = self._key(source)
        assert key is not None, "a stream has no end mark"
        self._visited.add(key)
        if source.is_listed:
            self.changes.ledger.close_source(key, source.gone(), complete=source.is_complete)

    def _settle(self, folders: Sequence[str]) -> None:
        """Prune, or count, the articles of files that are gone from what was named."""
        gone = look_for_gone(self.changes, self._visited, folders, self.collection)
        if gone is None:
            return
        if not (self.prune and self.is_all_listed):
            self.gone = count_gone(self.changes, gone)
            return
        for each in prune(self.changes, self.update, gone):
            self._count(FileReport(each.path, "pruned", each.id))

    # --- counting

    def _count(self, report: FileReport) -> None:
        self.counts.count(report)
        self.report(report)


def total_bytes(paths: Iterable[Path]) -> int:
    """Return the bytes of all files under `paths`, for showing how far an import is."""
    return sum(found.size for found in find_files(list(paths)) if isinstance(found, FoundFile))


def _state(found: FoundFile) -> SourceState:
    return SourceState(shown_name(found.source), shown_name(found.path), found.size, found.mtime_ns)


def _known(record: FileRecord, shown: str) -> FileReport:
    if record.outcome != "article":
        return FileReport(shown + record.path, record.outcome, None, record.form, record.diagnostics)
    status: Status = "unchanged" if record.shown else "duplicate"
    return FileReport(shown + record.path, status, record.article_id, record.form, record.diagnostics)
