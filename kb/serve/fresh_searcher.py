"""A home that stays open: searched as it is now, opened again after an import, a rebuild or new sentence vectors."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.engines.registry import names
from kb.search import Searcher
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, Stamp, engine_folder
from kb.store.home import Home, open_home

_State = tuple[Home, tuple[tuple[Path, Stamp] | None, ...]]


class FreshSearcher:
    """The searcher of a home as it stands; one thread at a time has it. Opening it raises what `Searcher` raises.

    A home that cannot be opened when it is asked is tried again the next time.
    """

    def __init__(self, path: Path, engine: str | None = None) -> None:
        self._path = path
        self._asked = engine
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._state: _State | None = None

    @contextmanager
    def searcher(self) -> Iterator[Searcher]:
        """Give the searcher, opened anew if the home has changed since it was last given."""
        with self._lock:
            # Read before anything is opened: what changes meanwhile is then seen the next time.
            state = _state(self._path)
            opened = self._searcher
            if opened is None or state != self._state:
                self._close()
                opened = self._searcher = Searcher(state[0], self._asked)
                self._state = state
            yield opened

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
        self._searcher = self._state = None


def _state(path: Path) -> _State:
    """Return what changes with every import, rebuild and `kbfix embed`: settings, folders in use and their stamps."""
    home = open_home(path)
    folders = (*map(engine_folder, names()), FORWARD, VECTORS, SENTENCES)
    return home, tuple(Derived(home, name).current() for name in folders)
