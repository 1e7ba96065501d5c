"""Where queries come from: arguments, standard input, a file of many."""

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from kb.errors import BadInput


def query_text(words: list[str] | None) -> str:
    """Return the query from the arguments, or from standard input for `-` or where nothing is given to a pipe."""
    if words == ["-"] or (not words and not sys.stdin.isatty()):
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    if not words:
        raise BadInput(
            "the query is empty", next_step='describe what you see, for example: kbfix search "printer offline"'
        )
    return " ".join(words)


def batch_queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield id and query of every line of a JSON lines file; raise BadInput for the first line that is none."""
    for number, line in enumerate(lines_of(path, "check the path given to --batch"), start=1):
        if line.strip():
            yield _query(path, number, line)


def lines_of(path: Path, next_step: str) -> Iterator[bytes]:
    """Yield the lines of a file, of standard input for `-`; BadInput with this next step where it cannot be read."""
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as file:
            yield from file
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", next_step=next_step) from error


def _query(path: Path, number: int, line: bytes) -> tuple[str, str]:
    try:
        record = json.loads(line)
        query_id, query = record["id"], record["query"]
    except (ValueError, KeyError, TypeError) as error:
        raise _not_a_query(path, number) from error
    if not isinstance(query, str) or not isinstance(query_id, str | int):
        raise _not_a_query(path, number)
    return str(query_id), query


def _not_a_query(path: Path, number: int) -> BadInput:
    return BadInput(
        f"line {number} of {path} is not a query", next_step='write one {"id": "...", "query": "..."} a line'
    )
