"""Connections: who sends nothing, or not all, does not keep one for ever."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

pytest.importorskip("uvicorn", reason="needs the extra: pip install 'kbfix[web]'")

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from kb.serve.web.server import _listening, server_of


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(1.5)
    await PlainTextResponse("done")(scope, receive, send)


@pytest.fixture
def port() -> Iterator[int]:
    """Return the port of a server that waits one second for a request."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = server_of(slow, idle=1)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(20)


def seconds_until_closed(connection: socket.socket, parts: bytes = b"") -> float:
    started = time.monotonic()
    connection.settimeout(0.2)
    while True:
        with contextlib.suppress(TimeoutError):
            if not connection.recv(1000):
                return time.monotonic() - started
        assert time.monotonic() - started < 15
        if parts:
            connection.sendall(parts[:1])
            parts = parts[1:]


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: "])
def test_a_request_that_does_not_come_is_not_waited_for(begun: bytes, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(begun)
        assert 0.5 < seconds_until_closed(connection) < 5


def test_sending_a_letter_now_and_then_does_not_help(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
        with contextlib.suppress(ConnectionError):
            assert seconds_until_closed(connection, b"x" * 100) < 5


def test_a_reply_that_takes_its_time_is_waited_for_and_the_next_request_too(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(2):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.settimeout(10)
            got = b""
            while not got.endswith(b"done"):
                got += connection.recv(1000)
        assert 0.3 < seconds_until_closed(connection) < 5


def test_what_is_written_is_sent_at_once() -> None:
    """Guard against 40 ms for each page: asyncio asks for TCP_NODELAY only where the socket names its protocol."""
    with _listening("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP
