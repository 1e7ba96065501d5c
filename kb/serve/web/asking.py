"""What a request asks for: query, filters and limit, read from an address, a form or a JSON body."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, Final, NoReturn, get_args
from urllib.parse import parse_qsl, quote_plus, unquote_plus, urlencode

from kb.engines.base import MAX_LIMIT
from kb.models import FIX_WORDS, ArticleKind
from kb.search import SearchFilters
from kb.serve.web.problems import Problem

FILTERS: Final = tuple(each.name for each in fields(SearchFilters))
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"kind": get_args(ArticleKind), "fix_kind": tuple(FIX_WORDS)}
"""The filters that have a fixed set of values."""
ANSWERED: Final = ("q", *FILTERS)
SEARCHED: Final = (*ANSWERED, "limit")
"""What may be asked of an answer and of a search."""
DATE: Final = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
LONGEST_VALUE: Final = 500
DEFAULT_LIMIT: Final = 10
LONGEST_PERMALINK: Final = 6_000
"""Bytes of an encoded query; a longer one does not go into an address."""
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_MOST_FIELDS: Final = 50
_ID_OR_ADDRESS: Final = re.compile(r"(?:Q|KB) ?[0-9]{4,7}|(?:https?://|www\.)\S+|[a-z0-9_-]+:[^\s:/]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as asked for; the query is "" where there is none."""

    query: str = ""
    filters: SearchFilters = field(default_factory=SearchFilters)
    limit: int = DEFAULT_LIMIT

    def chosen(self) -> dict[str, str]:
        """Return the filters that are set, by name."""
        return {name: value for name in FILTERS if (value := getattr(self.filters, name))}

    def address(self, changes: Mapping[str, str] | None = None, without: Collection[str] = ()) -> str:
        """Return the address of this search on the page, with some filters changed or left out."""
        values = self.chosen()
        if self.limit != DEFAULT_LIMIT:
            values["limit"] = str(self.limit)
        values |= changes or {}
        kept = {name: value for name, value in values.items() if name not in without}
        return f"/?q={_encoded(self.query)}" + (f"&{urlencode(kept)}" if kept else "")

    def has_address(self) -> bool:
        """Tell whether the query is short enough to be in an address."""
        return len(_encoded(self.query)) <= LONGEST_PERMALINK


@lru_cache(maxsize=16)
def _encoded(query: str) -> str:
    """Return a query as it stands in an address; a page has many links with the same one."""
    return quote_plus(query)


def compacted(text: str) -> str:
    """Return a pasted text without what says nothing: spaces at the ends of lines, more than one blank line."""
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def names_an_article(text: str) -> bool:
    """Tell whether a query is nothing but the id or address of an article; a bare number may be an error's."""
    return _ID_OR_ADDRESS.fullmatch(text) is not None


def plain(query: str) -> str:
    """Return the query of an old address without its encoding."""
    return unquote_plus(query)


def of_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form as a browser sends it; a Problem for anything else."""
    try:
        return dict(parse_qsl(body.decode("utf-8"), max_num_fields=_MOST_FIELDS))
    except ValueError as error:
        raise Problem(400, "the form cannot be read", "fill it in again") from error


def of_page(values: Mapping[str, str]) -> Asked:
    """Return what a page is asked for; what is empty or unknown does not matter."""
    given = {name: value.strip() for name in FILTERS if (value := values.get(name, "").strip())}
    limit = values.get("limit", "")
    return Asked(
        compacted(values.get("q", "")),
        SearchFilters(**given),
        min(100, max(1, int(limit))) if _NUMBER.fullmatch(limit) else DEFAULT_LIMIT,
    )


def of_address(pairs: Iterable[tuple[str, str]], allowed: Collection[str] = SEARCHED) -> Asked:
    """Return what an address of the API asks for; a Problem for what it may not hold."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Problem(400, f"the parameter {name!r} stands there twice", "give each parameter once")
        found[name] = value
    if _NUMBER.fullmatch(found.get("limit", "")):
        found["limit"] = int(found["limit"])
    return _checked(found, allowed)


def of_json(media_type: str, body: bytes, allowed: Collection[str] = SEARCHED) -> Asked:
    """Return what a JSON body of the API asks for; a Problem for any other."""
    if media_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "the body is not marked as JSON", "send Content-Type: application/json")
    try:
        record = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "the body is not JSON", 'send an object: {"q": "..."}') from error
    if not isinstance(record, dict):
        raise Problem(400, "the body is no JSON object", 'send an object: {"q": "..."}')
    return _checked(record, allowed)


def limit_of(pairs: Iterable[tuple[str, str]]) -> int:
    """Return the limit that an address gives, where it may give nothing else; a Problem otherwise."""
    listed = list(pairs)
    nothing(pair for pair in listed if pair[0] != "limit")
    return of_address([("q", "-"), *listed]).limit


def nothing(pairs: Iterable[tuple[str, str]]) -> None:
    """Refuse any parameter."""
    for name, _ in pairs:
        _unknown(name)


def _unknown(name: str) -> NoReturn:
    raise Problem(400, f"there is no parameter {name!r} here", "see /api/v1/openapi.json")


def _checked(values: Mapping[str, Any], allowed: Collection[str]) -> Asked:
    for name in values:
        if name not in allowed:
            _unknown(name)
    if not isinstance(values.get("q"), str) or not values["q"]:
        raise Problem(400, "there is no query", "give what you see as q")
    limit = values.get("limit", DEFAULT_LIMIT)
    if isinstance(limit, float) and limit.is_integer():  # 10.0 is an integer in JSON
        limit = int(limit)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise Problem(400, f"the limit {limit!r} is out of range", f"give a number from 1 to {MAX_LIMIT}")
    return Asked(values["q"], SearchFilters(**{name: _filter(name, values.get(name)) for name in FILTERS}), limit)


def _filter(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_VALUE:
        raise Problem(400, f"the value of {name} is empty, too long or no text", "leave it out, or give a short text")
    if name in CHOICES and value not in CHOICES[name]:
        raise Problem(400, f"there is no {name} {value!r}", f"use one of: {', '.join(CHOICES[name])}")
    if name in ("since", "until") and not re.fullmatch(DATE.strip("^$"), value):
        raise Problem(400, f"{value!r} is not a date", "give YYYY, YYYY-MM or YYYY-MM-DD")
    return value
