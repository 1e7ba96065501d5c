"""Replies: JSON, problems, pages and not-modified, each with its headers for caches."""

import hashlib
import json
from typing import Any, Final

from starlette.responses import Response

from kb.serve.web.problems import MEDIA_TYPE, Problem, problem_record
from kb.serve.web.rendering import render

API: Final = "/api/"
_ASK_EACH_TIME: Final = "private, no-cache"
"""Results depend on the archive, which may change at any time: a browser may keep them, and asks if they still hold."""


def entity_tag(fingerprint: str, address: str) -> str:
    """Return the tag of what an address gives; weak, since times in it may differ."""
    return f'W/"{hashlib.sha256(f"{fingerprint} {address}".encode()).hexdigest()[:20]}"'


def json_reply(record: Any, status: int = 200) -> Response:
    """Return a record as JSON, in the same bytes as the command line prints."""
    return Response(json.dumps(record) + "\n", status, media_type="application/json")


def page_reply(template: str, status: int = 200, **context: Any) -> Response:
    """Return a page."""
    return Response(render(template, **context), status, media_type="text/html")


def problem_reply(problem: Problem, path: str) -> Response:
    """Return a problem: as RFC 9457 to who asks the API, else as a page."""
    if path.startswith(API):
        content, media = json.dumps(problem_record(problem)) + "\n", MEDIA_TYPE
    else:
        content, media = render("problem.html", problem=problem), "text/html"
    return Response(content, problem.status, {"cache-control": "no-store", **problem.headers}, media)


def with_tag(response: Response, fingerprint: str, tag: str | None) -> Response:
    """Add the index that a reply was made from, and how it may be kept; nothing is kept without a tag."""
    response.headers["kbfix-index"] = fingerprint
    if tag is not None and response.status_code in (200, 304):
        response.headers["etag"] = tag
        response.headers["cache-control"] = _ASK_EACH_TIME
    else:
        response.headers.setdefault("cache-control", "no-store")
    return response
