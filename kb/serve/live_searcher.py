"""Keep a home open for searching while it changes: what an import or a rebuild puts in use is opened by itself."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kb import __version__
from kb.errors import KbError
from kb.search import Searcher
from kb.store.derived import FORWARD, SENTENCES, VECTORS, engine_folder

_AGAIN_AFTER: Final = 2.0
"""Seconds until the next attempt, where what is new could not be opened."""

_Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Lent:
    """A searcher, and the fingerprint of all that its results depend on: index, articles, version of kbfix."""

    searcher: Searcher
    fingerprint: str


class _Opened:
    """A searcher with the number of those who use it; closed by the last of them once it is retired."""

    def __init__(self, path: Path, engine: str | None) -> None:
        # Looked at first: what is put in use from here on is found out by the next look.
        self.places = _places(path, engine)
        self.searcher = Searcher.open(path, engine)
        if engine is None:
            self.places = _places(path, self.searcher.engine.name)
        self.users = 0
        self.retired = False

    def close_if_unused(self) -> None:
        if self.retired and not self.users:
            self.searcher.close()


class LiveSearcher:
    """A home's searcher for many threads, always of the index in use."""

    def __init__(self, path: Path, engine: str | None = None) -> None:
        """Open the home at `path`; raises what `Searcher.open` does."""
        self._path = path
        self._engine = engine
        self._lock = threading.Lock()
        self._opened = _Opened(path, engine)
        self._next_attempt = 0.0

    @property
    def notices(self) -> list[str]:
        """Return words for the user on what was opened last."""
        return self._opened.searcher.notices

    @contextmanager
    def lend(self) -> Iterator[Lent]:
        """Give the searcher of what is in use now; it stays open until it is given back, whatever is put in use."""
        with self._lock:
            self._look()
            opened = self._opened
            opened.users += 1
        try:
            yield Lent(opened.searcher, _fingerprint(opened))
        finally:
            with self._lock:
                opened.users -= 1
                opened.close_if_unused()

    def close(self) -> None:
        """Close all files, as soon as nobody uses them."""
        with self._lock:
            self._opened.retired = True
            self._opened.close_if_unused()

    def _look(self) -> None:
        """Open what was put in use since; where it cannot be opened, what is open answers on."""
        name = self._engine or self._opened.searcher.engine.name
        if _places(self._path, name) == self._opened.places or time.monotonic() < self._next_attempt:
            return
        try:
            fresh = _Opened(self._path, self._engine)
        except KbError:
            self._next_attempt = time.monotonic() + _AGAIN_AFTER
            return
        self._opened.retired = True
        self._opened.close_if_unused()
        self._opened = fresh


def _places(path: Path, engine: str | None) -> tuple[_Place | None, ...]:
    """Return what changes when something else is put in use: the files that name it are replaced, never changed."""
    pointers = [FORWARD, VECTORS, SENTENCES, *([engine_folder(engine)] if engine else [])]
    store = _place(path / "store.sqlite")
    # The store is written to in place; another inode is another store.
    return (
        store and (store[0], 0, 0),
        _place(path / "kbfix.json"),
        *(_place(path / "derived" / name / "current.json") for name in pointers),
    )


def _place(path: Path) -> _Place | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _fingerprint(opened: _Opened) -> str:
    """Return 16 hexadecimal digits; articles may change before the index does, so their generation is in it."""
    articles = opened.searcher.articles
    told = (__version__, opened.searcher.engine.name, articles.uid, articles.generation, opened.places[1:])
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
