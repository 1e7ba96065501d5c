"""Put labelled queries in as an agent's tickets: `make bench-mcp HOME_DIR=...`.

A scripted agent talks to `kbfix mcp` over real pipes, by the SDK's own client: it searches with what the ticket says,
and where the fix of one of the first two hits is cut, reads the first such fix with what is left of its tokens. Counted
is how often the whole fix of a right article is in its hands then: within two calls, and within TOKENS tokens of
replies in all, records and texts together, as kb/serve/agents/budget.py reckons them.

One table, a line a set: `fixes` are queries of which a right article names a fix, `first two` the share that has such
an article among the first two hits, `in hand` the share counted, `one call` that after the search alone, `tokens` and
`bytes/4` medians of a whole ticket, `ms` the median wall time of one.
"""

import argparse
import json
import statistics
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from kb.serve.agents.budget import tokens
from kb.serve.agents.replies import LEAST_TOKENS
from kb.store.articles import Articles
from kb.store.home import open_home

TOKENS = 1500


@dataclass(frozen=True, slots=True)
class Ticket:
    """What came of a query: what was found, what was in hand after one and after two calls, and what that took."""

    among_first_two: bool
    after_one: bool
    after_two: bool
    tokens: int
    quarters: float
    seconds: float


def main() -> int:
    """Work off every set and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("data", type=Path, help="the folder with queries/")
    arguments.add_argument("--set", action="append", metavar="NAME", help="only this set, e.g. written-2; repeatable")
    options = arguments.parse_args()
    sets = {path.stem.removeprefix("dev-"): path for path in sorted((options.data / "queries").glob("dev-*.jsonl"))}
    chosen = {name: path for name, path in sets.items() if name in (options.set or sets)}
    if not chosen:
        print(f"no queries in {options.data / 'queries'}", file=sys.stderr)
        return 2
    print(f"{'set':<14}{'fixes':>6}{'first two':>11}{'one call':>10}{'in hand':>9}{'tokens':>8}{'bytes/4':>9}{'ms':>6}")
    written: list[Ticket] = []
    for name, path in chosen.items():
        queries = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        tickets = anyio.run(work_off, options.home, with_fixes(options.home, queries))
        if tickets:
            print(line_of(name, tickets), flush=True)
        written += tickets if name.startswith("written") else []
    if written:
        print(line_of("all written", written))
    return 0


def with_fixes(home: Path, queries: Sequence[Mapping[str, Any]]) -> list[tuple[str, dict[str, str]]]:
    """Return the queries of which a right article names a fix, with these fixes by id."""
    found = []
    with Articles(open_home(home)) as articles:
        for query in queries:
            right = articles.articles(query["relevant"])
            fixes = {each.id: words(each.fix.text) for each in right.values() if each.fix}
            if fixes:
                found.append((query["query"], fixes))
    return found


async def work_off(home: Path, queries: Sequence[tuple[str, dict[str, str]]]) -> list[Ticket]:
    """Return what comes of each query, asked of one server."""
    command = str(Path(sysconfig.get_path("scripts")) / "kbfix")
    async with Client(StdioServerParameters(command=command, args=["--home", str(home), "mcp"])) as client:
        return [await ticket(client, query, fixes) for query, fixes in queries]


async def ticket(client: Client, query: str, fixes: Mapping[str, str]) -> Ticket:
    """Search, read a fix that is cut, and tell what is in hand."""
    started = time.perf_counter()
    found = await client.call_tool("search_fixes", {"query": query})
    hits = found.structured_content["hits"][:2] if found.structured_content else []
    whole = {hit["id"]: words(hit["fix"]["text"]) for hit in hits if hit["fix"] and not hit["fix"]["cut"]}
    after_one = in_hand(whole, fixes)
    spent, quarters = cost(found), quarter(found)
    unread = [hit["id"] for hit in hits if hit["fix"] and hit["fix"]["cut"]]
    if unread and TOKENS - spent >= LEAST_TOKENS:
        asked = {"id": unread[0], "section": "fix", "max_tokens": TOKENS - spent}
        read = await client.call_tool("read_article", asked)
        spent, quarters = spent + cost(read), quarters + quarter(read)
        assert read.structured_content is not None, read
        (section,) = read.structured_content["sections"]
        if not section["cut"]:
            whole[unread[0]] = words(section["text"])
    assert spent <= TOKENS, (query, spent)
    among = any(hit["id"] in fixes for hit in hits)
    return Ticket(among, after_one, in_hand(whole, fixes), spent, quarters, time.perf_counter() - started)


def in_hand(held: Mapping[str, str], fixes: Mapping[str, str]) -> bool:
    """Tell whether the text of a right fix is held, word for word."""
    return any(held.get(name) == text for name, text in fixes.items())


def words(text: str) -> str:
    """Return a text with its words a blank apart, and nothing but printable characters."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def cost(result: CallToolResult) -> int:
    """Return the tokens of a reply: of its record and of its text."""
    return tokens(json.dumps(result.structured_content, ensure_ascii=False)) + tokens(shown(result))


def quarter(result: CallToolResult) -> float:
    """Return what a reply takes at four bytes a token."""
    return len((json.dumps(result.structured_content, ensure_ascii=False) + shown(result)).encode()) / 4


def shown(result: CallToolResult) -> str:
    """Return the text of a reply."""
    return "\n".join(each.text for each in result.content if isinstance(each, TextContent))


def line_of(name: str, tickets: Sequence[Ticket]) -> str:
    """Return a set's line of the table."""
    shares = [
        sum(each) / len(tickets)
        for each in zip(*((t.among_first_two, t.after_one, t.after_two) for t in tickets), strict=True)
    ]
    medians = [
        statistics.median(each)
        for each in zip(*((t.tokens, t.quarters, 1000 * t.seconds) for t in tickets), strict=True)
    ]
    return (
        f"{name:<14}{len(tickets):>6}{shares[0]:>11.3f}{shares[1]:>10.3f}{shares[2]:>9.3f}"
        f"{medians[0]:>8.0f}{medians[1]:>9.0f}{medians[2]:>6.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
