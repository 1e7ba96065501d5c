"""A source while it is read: what the ledger knows of it, and what of that is still there."""

import hashlib
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice, takewhile

from indexer.parse import PARSER_VERSION
from kb.store.ledger import FileRecord, Ledger, SourceState


@dataclass(slots=True)
class SourceReading:
    """A file on the disk that is being read; without `state` it is a stream that the ledger cannot know again.

    `known` is what the ledger holds of it by path, `seen` those of its paths that are not gone. `is_listed` tells that
    all paths in it were found, `is_complete` that what became of them is in the ledger. `key` is the ledger's, once it
    is open.
    """

    shown: str
    state: SourceState | None = None
    key: int | None = None
    known: dict[str, FileRecord] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    is_listed: bool = True
    is_complete: bool = True
    _by_file: dict[str, list[FileRecord]] = field(default_factory=dict)
    _sorted: list[str] | None = None

    def recall(self, ledger: Ledger, collection: str | None) -> None:
        """Take from the ledger what was known before."""
        assert self.state is not None
        key = ledger.known_source(self.state.path, collection)
        for record in ledger.files(key) if key is not None else ():
            self.known[record.path] = record
            self._by_file.setdefault(record.file, []).append(record)

    def known_file(self, path: str, data: bytes) -> list[FileRecord] | None:
        """Return what became of a file when these bytes were read by this parser, or None."""
        records = self._by_file.get(path)
        if records is None or any(record.parser != PARSER_VERSION for record in records):
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        return records if all(record.sha256 == sha256 for record in records) else None

    def see(self, path: str) -> None:
        """Take note that what is known of a path, if anything is, is not gone."""
        if path in self.known:
            self.seen.add(path)

    def behind(self, path: str) -> list[FileRecord]:
        """Return what is known of a file, of articles in it, and of its members if it is an archive."""
        if self._sorted is None:
            self._sorted = sorted(self.known)
        following = islice(self._sorted, bisect_left(self._sorted, path), None)
        alike = takewhile(lambda known: known.startswith(path), following)
        return [self.known[known] for known in alike if known[len(path) :][:1] in ("", "!", "#")]

    def gone(self) -> list[FileRecord]:
        """Return what was there before and is not any more."""
        return [record for path, record in self.known.items() if path not in self.seen]
