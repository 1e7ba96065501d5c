"""Run the parsing of an import in worker processes, in bounded batches and in order."""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Final, Self

from indexer.garbage import collect_seldom
from indexer.prepare import PreparedFile, prepare_files
from kb.models import RawFile

_BATCHES_A_WORKER: Final = 3
"""Enough that no worker waits, few enough that memory stays bounded."""


def usable_cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True)
class Workers:
    """Processes that prepare batches of files; results come back in the order of submission.

    Processes are spawned, not forked, so that every platform runs the same way; they start with the first batch that
    is submitted `started`, until then batches are worked on in this process.
    """

    jobs: int
    collection: str | None
    _pool: ProcessPoolExecutor | None = None
    _strangers: frozenset[BaseProcess] = frozenset()
    _abandoned: bool = False
    _waiting: deque[tuple[Sequence[RawFile], Future[list[PreparedFile]] | list[PreparedFile]]] = field(
        default_factory=deque
    )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def start(self) -> None:
        """Start the processes, unless there is only one processor to run them."""
        if self._pool is None and self.jobs > 1 and not self._abandoned:
            self._strangers = frozenset(active_children())
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=get_context("spawn"), initializer=_begin)

    def submit(self, files: Sequence[RawFile]) -> Iterator[PreparedFile]:
        """Hand over a batch and yield the results that are due, waiting where too much is under way."""
        if self._pool is None:
            self._waiting.append((files, prepare_files(files, self.collection)))
        else:
            self._waiting.append((files, self._send(files)))
        while len(self._waiting) > (self.jobs * _BATCHES_A_WORKER if self._pool else 0):
            yield from self._next()

    def finish(self) -> Iterator[PreparedFile]:
        """Yield all results that are still due."""
        while self._waiting:
            yield from self._next()

    def _send(self, files: Sequence[RawFile]) -> Future[list[PreparedFile]] | list[PreparedFile]:
        assert self._pool is not None
        try:
            return self._pool.submit(prepare_files, files, self.collection)
        except (OSError, RuntimeError, ValueError):  # which of them depends on how far the pool's own thread has come
            self._abandon()
            return prepare_files(files, self.collection)

    def _next(self) -> list[PreparedFile]:
        files, result = self._waiting.popleft()
        if isinstance(result, list):
            return result
        try:
            return result.result()
        except (BrokenProcessPool, CancelledError):
            # A worker was killed, by the system for want of memory or by hand. Its files are still here.
            self._abandon()
            return prepare_files(files, self.collection)

    def _abandon(self) -> None:
        self._abandoned = True
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
            # One that was started as the pool broke would wait for work for ever, and the pool's thread for its end.
            for process in active_children():
                if process not in self._strangers:
                    process.kill()


def _begin() -> None:
    """Leave Ctrl-C to the process that started this one, and end with it, even where it is killed."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    # A worker waits for work on a pipe that it holds both ends of, so it would not see that nobody sends any more.
    os._exit(1)
