"""No face can disagree with another: one table of queries, the same hits, scores and answers wherever they are asked.

A face is a class below with two questions, and a line in `faces`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from kb.answer import answer
from kb.records import answer_record, search_record
from kb.search import Searcher, SearchFilters
from tests.agent import Agent, agent_of
from tests.command import Command
from tests.serving import Server, needs_web, serving

LIMIT = 20
LOG = """Event Type: Error
Event Source: NetBT
Event ID: 4319
Date: 11/12/2000
Description: A duplicate name has been detected on the TCP network.
0000: 00 00 00 00 01 00 50 00
"""
TABLE: tuple[tuple[str, dict[str, str]], ...] = (
    ("tracking finds no trace of mail sent to the internet", {}),
    ("server does not start", {}),
    ("stop screen at startup", {}),
    ("STOP 0x0000007B after moving the disk", {}),
    ("euro sign missing", {"product": "windows nt"}),
    ("server", {"product": "exchange", "version": "5.5"}),
    ("server", {"since": "1999", "until": "2000-06"}),
    ("server", {"kind": "bug"}),
    ("server", {"collection": "microsoft"}),
    ("server", {"collection": "nobody"}),
    ("trackng of mail", {}),
    (LOG, {}),
    (LOG.replace("\n", "\r\n") * 40, {}),
    ("title:tracking AND NOT printer", {}),
    ('"blue screen" OR error:0xC000021A', {}),
    ("date:1998..1999 server*", {"kind": "problem"}),
    ("zzyzx quux", {}),
    ("Q164175", {}),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a face tells of an answer."""

    status: str
    confidence: float
    best: str | None
    title: str | None
    fix: str | None
    fix_kind: str | None
    others: tuple[tuple[str, float], ...]


class Face(Protocol):
    """A way to ask: hits as id, title and score, best first, and how many there are; an answer."""

    def search(self, query: str, filters: Mapping[str, str]) -> tuple[int, list[tuple[str, str, float]]]: ...

    def answer(self, query: str, filters: Mapping[str, str]) -> Told: ...


class Library:
    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher

    def search(self, query: str, filters: Mapping[str, str]) -> tuple[int, list[tuple[str, str, float]]]:
        return hits_of(search_record(self._searcher.search(query, SearchFilters(**filters), LIMIT)))

    def answer(self, query: str, filters: Mapping[str, str]) -> Told:
        return told_of(answer_record(answer(self._searcher, query, SearchFilters(**filters))))


class CommandLine:
    def __init__(self, command: Command) -> None:
        self._command = command

    def search(self, query: str, filters: Mapping[str, str]) -> tuple[int, list[tuple[str, str, float]]]:
        return hits_of(self._json("search", query, filters, "--limit", str(LIMIT)))

    def answer(self, query: str, filters: Mapping[str, str]) -> Told:
        return told_of(self._json("answer", query, filters))

    def _json(self, name: str, query: str, filters: Mapping[str, str], *more: str) -> dict[str, Any]:
        options = [word for option, value in filters.items() for word in (f"--{option}", value)]
        ran = self._command(name, "-", "--json", *options, *more, stdin=query)
        assert ran.code in (0, 1), ran.stderr
        return ran.record


class Mcp:
    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def search(self, query: str, filters: Mapping[str, str]) -> tuple[int, list[tuple[str, str, float]]]:
        return hits_of(self._agent.record("search_fixes", query=query, **filters, limit=LIMIT, max_tokens=50_000))

    def answer(self, query: str, filters: Mapping[str, str]) -> Told:
        return told_of(self._agent.record("get_answer", query=query, **filters, max_tokens=50_000))


class Http:
    def __init__(self, server: Server) -> None:
        self._server = server

    def search(self, query: str, filters: Mapping[str, str]) -> tuple[int, list[tuple[str, str, float]]]:
        return hits_of(self._ask("search", {"q": query, **filters, "limit": LIMIT}))

    def answer(self, query: str, filters: Mapping[str, str]) -> Told:
        return told_of(self._ask("answer", {"q": query, **filters}))

    def _ask(self, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(asked).encode()
        reply = self._server.ask(f"/api/v1/{name}", "POST", {"Content-Type": "application/json"}, body)
        assert reply.status == 200, reply.text
        record: dict[str, Any] = reply.record
        return record


@pytest.fixture(scope="module")
def faces(tantivy_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Face]]:
    """Return all faces of a home with the corpus."""
    needs_web()
    command = Command(tmp_path_factory.mktemp("faces"), tantivy_home)
    with ExitStack() as opened:
        yield {
            "library": Library(opened.enter_context(Searcher.open(tantivy_home))),
            "command line": CommandLine(command),
            "http": Http(opened.enter_context(serving(command, tantivy_home))),
            "mcp": Mcp(opened.enter_context(agent_of(command))),
        }


def hits_of(record: Mapping[str, Any]) -> tuple[int, list[tuple[str, str, float]]]:
    assert [hit["rank"] for hit in record["hits"]] == list(range(1, len(record["hits"]) + 1))
    return record["total"], [(hit["id"], hit["title"], hit["score"]) for hit in record["hits"]]


def told_of(record: Mapping[str, Any]) -> Told:
    best = record["best"] or {}
    fix = best.get("fix") or {}
    return Told(
        record["status"], record["confidence"], best.get("id"), best.get("title"), fix.get("text"), fix.get("kind"),
        tuple((other["id"], other["confidence"]) for other in record["others"]),
    )  # fmt: skip


@pytest.mark.parametrize(("query", "filters"), TABLE, ids=[f"{n}" for n in range(len(TABLE))])
def test_all_faces_tell_the_same(faces: dict[str, Face], query: str, filters: dict[str, str]) -> None:
    found = {name: face.search(query, filters) for name, face in faces.items()}
    given = {name: face.answer(query, filters) for name, face in faces.items()}
    for name in faces:
        assert found[name] == found["library"], name
        assert given[name] == given["library"], name


def test_the_table_has_every_outcome(faces: dict[str, Face]) -> None:
    told = [faces["library"].answer(query, filters) for query, filters in TABLE]
    assert {each.status for each in told} == {"answer", "unsure", "none"}
    counts = [faces["library"].search(query, filters)[0] for query, filters in TABLE]
    assert 0 in counts
    assert max(counts) > LIMIT
