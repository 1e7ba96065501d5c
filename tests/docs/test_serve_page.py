"""The API answers what docs/serve.md shows."""

import json
import re

import pytest

from tests.serving import Server

from .markdown import REPOSITORY, Block, blocks
from .test_examples import agrees

EXAMPLES = blocks((REPOSITORY / "docs" / "serve.md").read_text("utf-8"), "http")
_REQUEST = re.compile(r"(GET|POST) (\S+) ?(.*)")


def answered(server: Server, request: str) -> str:
    """Return the status and the body, laid out as the page has it."""
    found = _REQUEST.fullmatch(request)
    assert found is not None, request
    headers = {"Content-Type": "application/json"} if found[3] else {}
    reply = server.ask(found[2], found[1], headers, found[3].encode() or None)
    return f"HTTP {reply.status} {reply.headers['content-type']}\n{json.dumps(reply.record, indent=2)}"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda block: block.text.partition("\n")[0][:40])
def test_the_api_answers_what_the_page_shows(example: Block, served: Server) -> None:
    request, _, shown = example.text.rstrip("\n").partition("\n\n")
    given = answered(served, request)
    assert agrees(shown.split("\n"), given.split("\n")), given


def test_the_page_shows_an_answer_a_search_and_a_problem() -> None:
    shown = " ".join(block.text for block in EXAMPLES)
    assert all(part in shown for part in ("/answer", "POST /api/v1/search", "application/problem+json"))
