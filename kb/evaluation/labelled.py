"""Labelled queries: what was asked, and which articles are right."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kb.errors import BadInput
from kb.text.ids import article_id

_USUAL_FIELDS: Final = ("kind", "style")
_STEP: Final = 'write one {"id": "...", "query": "...", "relevant": ["Q164175"]} a line'


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """A query with the ids of all right articles (empty: nothing answers it), and what else is known of it by field."""

    id: str
    query: str
    relevant: frozenset[str]
    fields: Mapping[str, str] = field(default_factory=dict)


def labelled_queries(lines: Iterable[bytes], source: str) -> list[LabelledQuery]:
    """Read JSON lines: {"id", "query", "relevant": [ids]} and, if wanted, "also": [ids] that are right as well.

    Ids may be in any spelling. Other fields whose values are words or numbers are kept, to tell groups by. Raise
    BadInput for the first line that is no such query, or has an id again; `source` names the file for it.
    """
    found: dict[str, LabelledQuery] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            query = _query(json.loads(line))
        except (ValueError, RecursionError) as error:
            why = "no JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError) else error
            raise BadInput(f"line {number} of {source} is not a labelled query: {why}", next_step=_STEP) from error
        if query.id in found:
            raise BadInput(
                f"line {number} of {source} has the id {query.id!r} of an earlier line",
                next_step="give every query an id of its own",
            )
        found[query.id] = query
    return list(found.values())


def grouping(queries: Iterable[LabelledQuery], wanted: str | None) -> str | None:
    """Return the field to group by: the one wanted, else `kind` or `style`, else None; BadInput if none has it."""
    known = {name for query in queries for name in query.fields}
    if wanted is None:
        return next((name for name in _USUAL_FIELDS if name in known), None)
    if wanted not in known:
        step = f"use one of: {', '.join(sorted(known))}" if known else "leave --by out"
        raise BadInput(f"no query has a field {wanted!r}", next_step=step)
    return wanted


def _query(record: Any) -> LabelledQuery:
    if not isinstance(record, dict):
        raise ValueError("no JSON object")  # noqa: TRY004  (becomes a BadInput, as all that is wrong with a line)
    for name in ("id", "query", "relevant"):
        if name not in record:
            raise ValueError(f"it has no {name}")
    if not _is_name(record["id"]):
        raise ValueError("its id is neither words nor a number")
    if not isinstance(record["query"], str):
        raise ValueError("its query is not a string")  # noqa: TRY004  (as above)
    relevant = _ids(record["relevant"], "relevant") | _ids(record.get("also"), "also")
    others = {
        _text(name): _text(value) for name, value in record.items() if _is_name(value) and name not in ("id", "query")
    }
    return LabelledQuery(_text(record["id"]), _text(record["query"]), relevant, others)


def _ids(value: Any, name: str) -> frozenset[str]:
    if value is None and name == "also":
        return frozenset()
    if not isinstance(value, list) or not all(_is_name(each) for each in value):
        raise ValueError(f"its {name} is not a list of article ids")
    return frozenset(article_id(_text(each)) or _text(each) for each in value)


def _text(value: str | int) -> str:
    # JSON can name halves of a character, which can be neither stored nor searched.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
