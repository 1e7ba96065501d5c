"""Run `kbfix serve` for tests, and ask it over HTTP."""

import http.client
import json
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command import Command

_PATIENCE = 60
"""Seconds for the server to begin or end."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8")

    @property
    def record(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and its process."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def address(self) -> str:
        """Return the address of its first page, without the last slash."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Reply:
        """Send one request and return the reply, whatever its status; redirects are not followed."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            got = connection.getresponse()
            return Reply(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())


@contextmanager
def serving(kbfix: Command, home: Path, *arguments: str) -> Iterator[Server]:
    """Serve a home on a free port until the block ends."""
    process = kbfix.start("serve", "--port", "0", *arguments, home=home)
    try:
        yield Server(_port_of(process), process)
    finally:
        process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
        try:
            process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise


def needs_web() -> None:
    """Skip the test where what serves pages is not installed."""
    for name in ("starlette", "uvicorn", "jinja2"):
        pytest.importorskip(name, reason="needs the extra: pip install 'kbfix[web]'")


def _port_of(process: "subprocess.Popen[bytes]") -> int:
    """Return the port that a server says it listens on."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            lines.put(line.decode())
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    told = ""
    while line := lines.get(timeout=_PATIENCE):
        told += line
        if "serving" in line:
            return int(line.partition("http://")[2].partition("/")[0].rpartition(":")[2])
    raise AssertionError(f"the server ended with {process.wait()}: {told}")
