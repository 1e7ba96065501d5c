"""The description of the API (OpenAPI 3.1): its addresses, and the shape of every record."""

from typing import Any, Final

from kb import __version__
from kb.engines.base import MAX_LIMIT
from kb.models import FIX_WORDS
from kb.serve.web.asking import CHOICES, DATE, DEFAULT_LIMIT, LONGEST_VALUE
from kb.serve.web.problems import MEDIA_TYPE

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
_ID: Final = "Q164175"
_ABOUT_FILTERS: Final = {
    "product": "Only what applies to this product.",
    "version": "Only what applies to this version.",
    "since": "Only articles dated then or later.",
    "until": "Only articles dated then or earlier.",
    "kind": "Only articles of this kind.",
    "fix_kind": "Only articles with a fix of this kind.",
    "collection": "Only articles of this collection.",
}


def description() -> Schema:
    """Return the description as a JSON-ready record."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kbfix",
            "version": __version__,
            "description": "Search archives of vendor knowledge base articles by symptom. Every record is the one "
            "that the command prints with --json. Fields may be added; read by name.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/api/v1/search": _asked("search", "Ranked articles for a symptom", "SearchResult", limit=True),
            "/api/v1/answer": _asked("answer", "The fix for a symptom, or that nothing fits", "Answer", limit=False),
            "/api/v1/articles/{id}": _get("article", "An article", "Article", [_id_parameter()]),
            "/api/v1/articles/{id}/related": _get(
                "relatedArticles", "What an article refers to, what refers to it, and what is like it", "Related",
                [_id_parameter(), _limit_parameter()],
            ),
            "/api/v1/articles/{id}/revisions": _get(
                "revisions", "Every content that is kept of an article", "Revisions", [_id_parameter()]
            ),
            "/api/v1/stats": _get("stats", "What is in the knowledge base", "Stats", []),
            "/api/v1/openapi.json": _get("description", "This description", None, []),
        },
        "components": {
            "schemas": _schemas(),
            "responses": {
                name: {"description": words, "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}
                for name, words in (
                    ("Malformed", "The request cannot be read."),
                    ("Unusable", "It can be read, but not searched: nothing in it tells, or a filter fits nothing."),
                    ("Unknown", "There is no such article."),
                    ("Refused", "It came from another site, or by another name."),
                    ("TooLarge", "It is too large."),
                    ("WrongType", "Its body is not marked as JSON."),
                    ("Unready", "The knowledge base cannot be read now, or too many wait."),
                )
            },
        },
    }  # fmt: skip


def _asked(name: str, summary: str, schema: str, *, limit: bool) -> Schema:
    parameters: list[Schema] = [
        {
            "name": "q", "in": "query", "required": True, "description": "What you see, in any words.",
            "schema": _query_schema(), "example": "STOP 0xC000021A at logon",
        },
        *(
            {"name": each, "in": "query", "description": words, "schema": _filter_schema(each)}
            for each, words in _ABOUT_FILTERS.items()
        ),
        _limit_parameter(),
    ]  # fmt: skip
    if not limit:
        parameters.pop()
    return {
        **_get(name, summary, schema, parameters, unusable=True),
        "post": {
            "operationId": f"{name}Text",
            "summary": f"{summary}; for a text too long for an address",
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["q"],
                            "additionalProperties": False,
                            "properties": {
                                "q": _query_schema(),
                                **{each: _filter_schema(each) for each in _ABOUT_FILTERS},
                                **({"limit": _limit_schema()} if limit else {}),
                            },
                        },
                        "example": {"q": "Event ID: 4319\nSource: NetBT\nA duplicate name has been detected."},
                    }
                },
            },
            "responses": _responses(schema, {"400": "Malformed", "415": "WrongType", "422": "Unusable"}, kept=False),
        },
    }


def _get(name: str, summary: str, schema: str | None, parameters: list[Schema], *, unusable: bool = False) -> Schema:
    problems = {"400": "Malformed"}
    if any(each["in"] == "path" for each in parameters):
        problems["404"] = "Unknown"
    if unusable:
        problems["422"] = "Unusable"
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [
                *parameters,
                {"name": "If-None-Match", "in": "header", "description": "The ETag of a reply at hand.",
                 "schema": _TEXT},
            ],
            "responses": _responses(schema, problems, kept=True),
        }
    }  # fmt: skip


def _responses(schema: str | None, problems: dict[str, str], *, kept: bool) -> Schema:
    headers: Schema = {
        "KBfix-Version": {"description": "The version of kbfix.", "schema": _TEXT},
        "KBfix-Index": {"description": "The fingerprint of index and articles.", "schema": _TEXT},
    }
    if kept:
        headers["ETag"] = {"description": "Changes with the index and the articles.", "schema": _TEXT}
    content = {"application/json": {"schema": _ref(schema) if schema else {"type": "object"}}}
    found: Schema = {"200": {"description": "Found.", "headers": headers, "content": content}}
    if kept:
        found["304"] = {"description": "What the client has still holds."}
    every = {**problems, "403": "Refused", "413": "TooLarge", "414": "TooLarge", "503": "Unready"}
    return found | {code: {"$ref": f"#/components/responses/{name}"} for code, name in sorted(every.items())}


def _id_parameter() -> Schema:
    return {
        "name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}, "example": _ID,
        "description": "An article id in any spelling: Q164175, KB164175, 164175, contoso:printer-offline.",
    }  # fmt: skip


def _limit_parameter() -> Schema:
    return {"name": "limit", "in": "query", "description": "How many at most.", "schema": _limit_schema()}


def _limit_schema() -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}


def _query_schema() -> Schema:
    return {"type": "string", "minLength": 1}


def _filter_schema(name: str) -> Schema:
    if name in CHOICES:
        return {"type": "string", "enum": list(CHOICES[name])}
    if name in ("since", "until"):
        return {"type": "string", "pattern": DATE}
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _document(properties: dict[str, Schema]) -> Schema:
    return _object({"schema": {"const": 1}, **properties})


def _schemas() -> Schema:
    texts = _list(_TEXT)
    counted = _list(_object({"value": _TEXT, "count": _COUNT}))
    titled = _list(_object({"id": _TEXT, "title": _TEXT}))
    fix_kind: Schema = {"enum": list(FIX_WORDS)}
    kind: Schema = {"enum": list(CHOICES["kind"])}
    references = _list(_ref("CrossReference"))
    fix = {"kind": fix_kind, "text": _TEXT, "steps": _list(_ref("Step")), "section": _TEXT_OR_NULL}
    plain = ("symptoms", "cause", "resolution", "workaround", "status", "more_information", "summary")
    lists = ("products", "environments", "keywords", "technology", "issue_type", "solution_type", "query_words")
    return {
        "Problem": _object(
            {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT, "next_step": _TEXT},
            optional=("next_step",),
        ),
        "Step": _object({"text": _TEXT, "steps": _list(_ref("Step"))}),
        "CrossReference": _object({"id": _TEXT, "title": _TEXT_OR_NULL, "direction": {"enum": ["cites", "cited_by"]}}),
        "Diagnostic": _object(
            {
                "level": {"enum": ["note", "warning", "error"]},
                "code": _TEXT,
                "line": {"type": ["integer", "null"]},
                "what": _TEXT,
            }
        ),
        "SearchResult": _document(
            {
                "query": _TEXT,
                "understood": _object(
                    {
                        "products": texts,
                        "versions": texts,
                        "signatures": _list(_object({"type": _TEXT, "value": _TEXT})),
                        "corrected": _list(_object({"from": _TEXT, "to": _TEXT})),
                        "acronyms": _list(_object({"short": _TEXT, "long": _TEXT})),
                        "terms": texts,
                        "expression": _TEXT_OR_NULL,
                    }
                ),
                "engine": _TEXT,
                "took_ms": {"type": "number", "minimum": 0},
                "total": _COUNT,
                "hits": _list(
                    _object(
                        {
                            "rank": {"type": "integer", "minimum": 1},
                            "id": _TEXT,
                            "score": {"type": "number"},
                            "title": _TEXT,
                            "product": _TEXT_OR_NULL,
                            "products": texts,
                            "date": _TEXT_OR_NULL,
                            "kind": kind,
                            "fix_kind": _or_null(fix_kind),
                            "snippet": _TEXT,
                            "matched": texts,
                            "why": _TEXT,
                        }
                    )
                ),
                "facets": _object(dict.fromkeys(("product", "version", "year", "kind", "fix_kind"), counted)),
            }
        ),
        "Answer": _document(
            {
                "query": _TEXT,
                "status": {"enum": ["answer", "unsure", "none"]},
                "confidence": _SHARE,
                "best": _or_null(
                    _object(
                        {
                            "id": _TEXT,
                            "title": _TEXT,
                            "products": texts,
                            "date": _TEXT_OR_NULL,
                            "symptoms": _TEXT_OR_NULL,
                            "cause": _TEXT_OR_NULL,
                            "fix": _or_null(_object(fix)),
                            "twins": texts,
                            "warnings": texts,
                        }
                    )
                ),
                "others": _list(_object({"id": _TEXT, "title": _TEXT, "confidence": _SHARE})),
                "ask": texts,
            }
        ),
        "Article": _document(
            {
                "id": _TEXT,
                "collection": _TEXT_OR_NULL,
                "date": _TEXT_OR_NULL,
                "category": _TEXT_OR_NULL,
                "title": _TEXT,
                "product": _TEXT_OR_NULL,
                "versions": _TEXT_OR_NULL,
                **dict.fromkeys(lists, texts),
                "applies_to": _list(
                    _object(
                        {
                            "product": _TEXT,
                            "from": _TEXT_OR_NULL,
                            "to": _TEXT_OR_NULL,
                            "versions": texts,
                            "service_pack": _TEXT_OR_NULL,
                        }
                    )
                ),
                "sections": _list(_object({"heading": _TEXT_OR_NULL, "kind": _TEXT, "text": _TEXT})),
                **dict.fromkeys(plain, _TEXT_OR_NULL),
                "kind": kind,
                "fix": _or_null(_object({**fix, "subsection": _TEXT_OR_NULL})),
                "fixed_in": texts,
                "error_messages": texts,
                "error_codes": texts,
                "signatures": _list(
                    _object({"type": _TEXT, "value": _TEXT, "source": _TEXT_OR_NULL, "spellings": texts})
                ),
                "references": texts,
                "cross_references": references,
                "source": _object({"path": _TEXT, "form": _TEXT, "sha256": _TEXT}),
                "diagnostics": _list(_ref("Diagnostic")),
            }
        ),
        "Related": _document(
            {
                "id": _TEXT,
                "cross_references": references,
                "twins": titled,
                "similar": _list(_object({"id": _TEXT, "title": _TEXT, "score": {"type": "number"}})),
            }
        ),
        "Revisions": _document(
            {
                "id": _TEXT,
                "revisions": _list(
                    _object(
                        {
                            "current": {"type": "boolean"},
                            "date": _TEXT_OR_NULL,
                            "form": _TEXT,
                            "sha256": _TEXT,
                            "path": _TEXT,
                            "files": texts,
                            "diagnostics": _list(_ref("Diagnostic")),
                            "differences": _list(
                                _object(
                                    {
                                        "field": _TEXT,
                                        "heading": _TEXT_OR_NULL,
                                        "change": {"enum": ["lacks", "adds", "differs", "spaces"]},
                                        "here": {},
                                        "current": {},
                                    }
                                )
                            ),
                        }
                    )
                ),
            }
        ),
        "Stats": _document(
            {
                "home": _TEXT,
                "generation": _COUNT,
                **dict.fromkeys(("articles", "revisions", "with_fix", "citations", "dangling"), _COUNT),
                **dict.fromkeys(
                    [f"by_{name}" for name in ("kind", "fix_kind", "product", "year", "form", "collection")], counted
                ),
                "bytes": {"type": "object", "additionalProperties": _COUNT},
                "packed_bytes": _COUNT,
            }
        ),
    }
