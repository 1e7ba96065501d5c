"""The import: found files -> raw files -> parsed articles -> store and indexes, in bounded batches.

    reader (this process)    finds files, opens archives, asks the ledger what is known already
    workers (processes)      decode, parse and analyse: everything that costs time and needs no store
    writer (this process)    store, engine and forward index, one transaction a thousand files

Nothing is counted before it is in the store: an import that was killed goes on where its last transaction ended.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from indexer.containers import BrokenMember, read_stream
from indexer.derive import IndexUpdate
from indexer.diagnostics import diagnostic
from indexer.files import FoundFile, Unreadable, find_files, is_gone, shown_name, source_path
from indexer.parse import PARSER_VERSION
from indexer.prepare import PreparedArticle, PreparedFile
from indexer.reports import Counts, FileReport, Status
from indexer.workers import Workers
from kb.models import RawFile
from kb.store.changes import Changes, Place
from kb.store.ledger import FileRecord, SourceState

_BATCH_FILES: Final = 64
_BATCH_BYTES: Final = 8 << 20
_TRANSACTION_FILES: Final = 1024
"""What a killed import has to do again is at most this many files, and those under way."""
_WORKERS_FROM: Final = 256
"""Files; starting processes costs more than parsing fewer."""
_ANALYSED_AT_ONCE: Final = 256


@dataclass(slots=True)
class _Source:
    """A file on the disk that is being read; without `state` it is a stream that the ledger cannot know again.

    `known` is what the ledger holds of it, `seen` the paths in it that were found now; `unread` are those behind which
    there may be others; `is_listed` tells that all paths in it were found, `is_complete` that all is in the ledger.
    """

    shown: str
    state: SourceState | None = None
    key: int | None = None
    known: dict[str, FileRecord] = field(default_factory=dict)
    by_file: dict[str, list[FileRecord]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    is_listed: bool = True
    is_complete: bool = True

    def has_articles(self, path: str) -> bool:
        """Tell whether articles are known of a path, or of an archive's members behind it."""
        return any(
            record.article_id is not None and (known == path or known.startswith(f"{path}!"))
            for known, record in self.known.items()
        )

    def known_file(self, path: str, data: bytes) -> list[FileRecord] | None:
        """Return what became of a file when these bytes were read by this parser, or None."""
        records = self.by_file.get(path)
        if records is None or any(record.parser != PARSER_VERSION for record in records):
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        return records if all(record.sha256 == sha256 for record in records) else None

    def gone(self) -> list[FileRecord]:
        """Return what was there before and is not any more."""
        hidden = tuple(f"{path}!" for path in self.unread)
        return [r for path, r in self.known.items() if path not in self.seen and not path.startswith(hidden)]


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
    _order: list[tuple[_Source, _Result | None]] = field(default_factory=list)
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
        self._look_for_gone([source_path(path) for path in paths if path.is_dir()])
        return self.counts

    def run_stream(self, stream: BinaryIO, shown: str) -> Counts:
        """Import what a seekable stream holds, which the ledger cannot know again."""
        self._read_stream(_Source(shown), stream)
        self._finish()
        return self.counts

    # --- reading

    def _skip(self, found: FoundFile) -> bool:
        """Count a source of which all is known and that has not changed since, from the ledger."""
        state = _state(found)
        key = None if self.verify else self.changes.ledger.unchanged_source(state, self.collection, PARSER_VERSION)
        if key is None:
            return False
        self._visited.add(key)
        records = self.changes.ledger.files(key)
        if self._order:  # reports come in the order of reading
            self._pass_on(_Source(state.shown, state, key), records)
        else:
            for record in records:
                self._count(_known(record, state.shown))
        return True

    def _read(self, found: FoundFile) -> None:
        state = _state(found)
        source = _Source(state.shown, state)
        key = self.changes.ledger.known_source(state.path, self.collection)
        for record in self.changes.ledger.files(key) if key is not None else ():
            source.known[record.path] = record
            source.by_file.setdefault(record.file, []).append(record)
        try:
            with found.path.open("rb") as stream:
                self._read_stream(source, stream)
        except OSError as error:
            self._pass_on(source, BrokenMember(state.shown, "unreadable-file", error.strerror or str(error)))
        self._pass_on(source, _End())

    def _read_stream(self, source: _Source, stream: BinaryIO) -> None:
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
                    self._store_broken(source, result, reports)
                elif isinstance(result, list):
                    source.seen.update(record.path for record in result)
                    reports += [_known(record, source.shown) for record in result]
                else:
                    self._close(source)
            fallen_back = self.changes.take_fallen_back()
        if self.update is not None:
            self.update.add([article.analysed for article in changed])
            self._index(fallen_back)
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
            source.seen.add(path)
            place = Place(key, inner, path, file.path, source.known.get(path))
            status = self.changes.put(entry, place, original)
            reports.append(
                FileReport(source.shown + path, status, entry.id, file.form, (*file.diagnostics, *article.diagnostics))
            )
            if status in ("added", "updated"):
                changed.append(article)

    def _store_broken(self, source: _Source, broken: BrokenMember, reports: list[FileReport]) -> None:
        inner = broken.path.removeprefix(source.shown)
        why = (diagnostic(broken.code, broken.reason),)
        reports.append(FileReport(broken.path, broken.outcome, diagnostics=why))
        source.unread.append(inner)
        if broken.hides:
            source.is_listed = self.is_all_listed = False
        if source.has_articles(inner):
            # They are neither gone nor as they were: they stay known, and the file is read again the next time.
            source.is_complete = False
            source.seen.add(inner)
        else:
            self._record(source, FileRecord(inner, inner, "", PARSER_VERSION, broken.outcome, diagnostics=why))

    def _record(self, source: _Source, record: FileRecord) -> None:
        source.seen.add(record.path)
        key = self._key(source)
        if key is not None:
            self.changes.ledger.record(key, record, source.known.get(record.path))

    def _key(self, source: _Source) -> int | None:
        if source.key is None and source.state is not None:
            source.key = self.changes.ledger.open_source(source.state, self.collection, PARSER_VERSION)
        return source.key

    def _close(self, source: _Source) -> None:
        key = self._key(source)
        assert key is not None, "a stream has no end mark"
        self._visited.add(key)
        if source.is_listed:
            self.changes.ledger.close_source(key, source.gone(), complete=source.is_complete)

    # --- what is gone

    def _look_for_gone(self, folders: Sequence[str]) -> None:
        """Prune, or count, the articles of files that are gone from what was named."""
        gone_sources = [
            key
            for folder in folders
            for key, path in self.changes.ledger.sources_under(folder, self.collection)
            if key not in self._visited and is_gone(path)
        ]
        if not self.changes.ledger.leaving(self._visited, gone_sources):
            if self.prune and self.is_all_listed and gone_sources:
                with self.changes.batch():
                    self.changes.prune(self._visited, gone_sources)
            return
        will_prune = self.prune and self.is_all_listed
        with self.changes.batch(only_try=not will_prune):
            pruned = self.changes.prune(self._visited, gone_sources)
            fallen_back = self.changes.take_fallen_back()
        if not will_prune:
            self.gone = len(pruned)
            return
        if self.update is not None:
            self.update.delete([each.id for each in pruned])
            self._index(fallen_back)
        for each in pruned:
            self._count(FileReport(each.path, "pruned", each.id))

    def _index(self, ids: Iterable[str]) -> None:
        """Bring the indexes up to what the store says now of articles that are not in hand."""
        from kb.text.fields import analyse

        assert self.update is not None
        waiting = iter(ids)
        while some := list(islice(waiting, _ANALYSED_AT_ONCE)):
            self.update.add([analyse(article) for article in self.changes.articles.articles(some).values()])

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
