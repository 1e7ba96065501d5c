"""Listen on this machine's own address, and serve a home there until stopped."""

import asyncio
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from kb.errors import BadInput
from kb.search import Searcher
from kb.serve.web.app import make_app
from kb.serve.web.desk import Desk

HOSTS: Final = ("127.0.0.1", "localhost", "::1")
_LONGEST_HEADERS: Final = 32 << 10
_MOST_CONNECTIONS: Final = 500
IDLE: Final = 15
"""Seconds until a connection is closed on which no whole request comes, or none begins."""


def serve(
    home: Path,
    engine: str | None,
    host: str,
    port: int,
    ready: Callable[[str, list[str]], None],
    processes: int | None = None,
) -> None:
    """Serve the home until the process is interrupted.

    At most `processes` requests are worked on at once (None: as many as there are processors, at most
    four). `ready` is told the address and the searcher's notices before the first request; port 0 chooses a free one.
    BadInput for a host that is not this machine's own, or a port that is taken; what `Searcher.open` raises.
    """
    if host not in HOSTS:
        raise BadInput(
            f"kbfix serves this machine alone; {host} can be reached from others",
            next_step=f"use --host with one of: {', '.join(HOSTS)}",
        )
    listening = _listening(host, port)
    with listening:
        # What is wrong with the home is said before anything is served.
        with Searcher.open(home, engine) as searcher:
            notices = searcher.notices
        # A server that is told to end must still end its workers.
        signal.signal(signal.SIGTERM, _interrupted)
        taken = listening.getsockname()[1]
        desk = Desk(home, engine, processes)
        try:
            ready(f"http://{'[::1]' if host == '::1' else host}:{taken}/", notices)
            server_of(make_app(desk, taken)).run([listening])
        finally:
            desk.close()


class _Patient(H11Protocol):
    """HTTP on one connection, with an end to waiting: uvicorn waits for the rest of a request's headers for ever."""

    _until = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._begin()
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._begin()

    def _begin(self) -> None:
        self._until = self.loop.time() + self.timeout_keep_alive

    def _wait(self) -> None:
        if self.timeout_keep_alive_task is None:
            left = max(0.0, self._until - self.loop.time())
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    # With its protocol named, asyncio sends at once what is written (TCP_NODELAY); else a page waits 40 ms for it.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1" if host == "localhost" else host, port))
        listening.listen(256)
    except (OSError, OverflowError) as error:
        listening.close()
        raise BadInput(
            f"port {port} of {host} cannot be used: {getattr(error, 'strerror', None) or error}",
            next_step="choose another with --port, or end the program that uses it",
        ) from error
    return listening


def server_of(app: ASGIApp, idle: int = IDLE) -> uvicorn.Server:
    """Return the HTTP server of an app."""
    return uvicorn.Server(
        uvicorn.Config(
            app, loop="asyncio", http=_Patient, ws="none", lifespan="off", log_level="error", access_log=False,
            proxy_headers=False, server_header=False, limit_concurrency=_MOST_CONNECTIONS, timeout_keep_alive=idle,
            timeout_graceful_shutdown=5, h11_max_incomplete_event_size=_LONGEST_HEADERS,
        )
    )  # fmt: skip
