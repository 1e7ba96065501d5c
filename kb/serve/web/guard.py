"""Stand before the app: only this machine's own browser and programs get in, and nothing they get can do harm.

A web page elsewhere can make a browser send requests to 127.0.0.1, or let its own name resolve to it (DNS rebinding).
So the Host must be this server's own name, and the Origin, where there is one, too. What browsers say of a request's
origin (Sec-Fetch-Site) is believed: only a person who follows a link may come from elsewhere, to read a page.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb import __version__
from kb.serve.web.problems import Problem
from kb.serve.web.replies import problem_reply

LONGEST_BODY: Final = 1 << 20
"""Bytes of a request's body."""
LONGEST_ADDRESS: Final = 16_000
"""Bytes of a path with its query."""
PATIENCE: Final = 20.0
"""Seconds for a body to arrive."""
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # Not "no-referrer": with it, browsers send "Origin: null" with a form.
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "kbfix-version": __version__,
    }.items()
)


class Guard:
    """The app behind checks of Host, Origin, sizes and time; it adds the headers that every reply has."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        names = [f"{name}:{port}" for name in LOOPBACK] + (list(LOOPBACK) if port == 80 else [])
        self._hosts = frozenset(names)
        self._origins = frozenset(f"http://{name}" for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or reply why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
            await send(message)

        problem = self._objection(scope)
        body: Receive = receive
        if problem is None and scope["method"] == "POST":
            try:
                body = _replayed(await _body(receive))
            except Problem as found:
                problem = found
        if problem is not None:
            await problem_reply(problem, scope["path"])(scope, receive, send_safe)
            return
        await self._app(scope, body, send_safe)

    def _objection(self, scope: Scope) -> Problem | None:
        headers = scope["headers"]
        hosts = _values(headers, b"host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return Problem(
                403,
                f"this server does not go by the name {hosts[0] if hosts else ''!r}",
                f"use one of its own: {', '.join(sorted(self._hosts))}",
            )
        if any(origin.lower() not in self._origins for origin in _values(headers, b"origin")):
            return Problem(403, "another site's page may not ask this server", "open its own page instead")
        if any(each not in ("same-origin", "none") for each in _values(headers, b"sec-fetch-site")) and not (
            _is_visit(scope)
        ):
            return Problem(403, "another site's page may not ask this server", "follow a link to its page instead")
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return Problem(414, "the address is too long", "send a long text in the body of a POST request")
        length = _values(headers, b"content-length")
        if length and length[0].isdecimal() and int(length[0]) > LONGEST_BODY:
            return _too_large()
        return None


def _is_visit(scope: Scope) -> bool:
    """Tell whether a browser says that a person comes by a link, to read a page."""
    mode, wanted = (_values(scope["headers"], name) for name in (b"sec-fetch-mode", b"sec-fetch-dest"))
    reads = scope["method"] in ("GET", "HEAD") and not scope["path"].startswith("/api/")
    return reads and mode == ["navigate"] and wanted == ["document"]


def _too_large() -> Problem:
    return Problem(413, f"the text is longer than {LONGEST_BODY >> 20} MiB", "send the part that tells of the failure")


async def _body(receive: Receive) -> bytes:
    """Read a body; a Problem where it is too large or does not come."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Problem(400, "the request ended before its body")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > LONGEST_BODY:
                    raise _too_large()
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError as error:
        raise Problem(408, "the body of the request did not arrive", "send it again") from error


def _replayed(body: bytes) -> Receive:
    """Return what gives a body that was read already."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == name]
