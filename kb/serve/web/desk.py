"""Hand requests to worker processes, one at a time to each, and wait for their replies.

Searching is work for a processor, of which Python uses one a process. So this process keeps the connections, and each
worker a searcher of its own. The first is started at once, others when all are busy.
"""

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from kb.serve.web import worker
from kb.serve.web.problems import Problem
from kb.serve.web.worker import Task

MOST_WAITING: Final = 250
MOST_PROCESSES: Final = 4


class Desk:
    """Where requests wait their turn; to be closed in the end."""

    def __init__(self, home: Path, engine: str | None, processes: int | None = None) -> None:
        self._home = home
        self._engine = engine
        self._processes = processes or min(MOST_PROCESSES, _processors())
        self._waiting = 0
        self._pool = self._started()

    def close(self) -> None:
        """End the workers."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def reply(self, request: Request, work: Callable[..., Response | None], *arguments: Any) -> Response:
        """Return what `work` makes of a searcher and these arguments; None is not found, a KbError a problem.

        `work` must be a function of a module, and all arguments plain values: they go to another process.
        """
        if self._waiting >= MOST_WAITING:
            raise Problem(503, "too many requests are waiting", "try again in a moment", {"retry-after": "2"})
        task = Task(
            work, arguments, request.method, request.scope["path"], request.scope["query_string"].decode("latin-1"),
            request.headers.get("if-none-match", ""),
        )  # fmt: skip
        pool = self._pool
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, worker.worked, task)
        except BrokenExecutor as error:
            if pool is self._pool:
                pool.shutdown(wait=False)
                self._pool = self._started()
            raise Problem(503, "a worker process ended", "try again in a moment", {"retry-after": "1"}) from error
        finally:
            self._waiting -= 1

    def _started(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            self._processes, multiprocessing.get_context("spawn"), worker.start, (self._home, self._engine)
        )
        pool.submit(worker.ready)
        return pool


def _processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
