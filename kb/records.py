"""Articles, search results and answers as JSON records: the one shape for the store and for every face.

The field names are an interface that scripts rely on (docs/article.md); `schema` is raised when one of them changes
its meaning.
"""

from collections.abc import Mapping
from typing import Any

from kb.models import (
    Answer,
    AppliesTo,
    Article,
    CrossReference,
    Diagnostic,
    Fix,
    SearchResult,
    Section,
    Signature,
    Source,
    Step,
)
from kb.text.signatures import spellings

SCHEMA = 1

Record = dict[str, Any]

TEXT_FIELDS = ("symptoms", "cause", "resolution", "workaround", "status", "more_information", "summary")
"""What of an article's record is the text of a canonical section."""
_PLAIN = (*TEXT_FIELDS, "kind")
_LISTS = ("products", "environments", "keywords", "technology", "issue_type", "solution_type", "query_words")


def article_record(article: Article) -> Record:
    """Return `article` as a JSON-ready record; absent values are None or []."""
    record: Record = {
        "schema": SCHEMA,
        "id": article.id,
        "collection": article.collection,
        "date": article.date,
        "category": article.category,
        "title": article.title,
        "product": article.product,
        "versions": article.versions,
    }
    for name in _LISTS:
        record[name] = list(getattr(article, name))
    record["applies_to"] = [
        {
            "product": entry.product,
            "from": entry.first,
            "to": entry.last,
            "versions": list(entry.versions),
            "service_pack": entry.service_pack,
        }
        for entry in article.applies_to
    ]
    record["sections"] = [{"heading": s.heading, "kind": s.kind, "text": s.text} for s in article.sections]
    for name in _PLAIN:
        record[name] = getattr(article, name)
    record["fix"] = fix_record(article.fix)
    record["fixed_in"] = list(article.fixed_in)
    record["error_messages"] = list(article.error_messages)
    record["error_codes"] = list(article.error_codes)
    record["signatures"] = [
        {"type": s.type, "value": s.value, "source": s.source, "spellings": list(spellings(s))}
        for s in article.signatures
    ]
    record["references"] = list(article.references)
    record["cross_references"] = [
        {"id": r.id, "title": r.title, "direction": r.direction} for r in article.cross_references
    ]
    record["source"] = {"path": article.source.path, "form": article.source.form, "sha256": article.source.sha256}
    record["diagnostics"] = [diagnostic_record(d) for d in article.diagnostics]
    return record


def fix_record(fix: Fix | None) -> Record | None:
    """Return `fix` as a JSON-ready record, or None."""
    if fix is None:
        return None
    return {
        "kind": fix.kind,
        "text": fix.text,
        "steps": [step_record(step) for step in fix.steps],
        "section": fix.section,
        "subsection": fix.subsection,
    }


def step_record(step: Step) -> Record:
    """Return `step` and the steps nested in it as a JSON-ready record."""
    return {"text": step.text, "steps": [step_record(s) for s in step.steps]}


def diagnostic_record(diagnostic: Diagnostic) -> Record:
    """Return `diagnostic` as a JSON-ready record."""
    return {"level": diagnostic.level, "code": diagnostic.code, "line": diagnostic.line, "what": diagnostic.what}


def article_from_record(record: Mapping[str, Any]) -> Article:
    """Return the article that `article_record` made `record` of; a missing key is a KeyError.

    Records that were stored before articles had signatures have none.
    """
    fix = record["fix"]
    plain: dict[str, Any] = {name: record[name] for name in _PLAIN}
    plain.update({name: tuple(record[name]) for name in _LISTS})
    return Article(
        id=record["id"],
        title=record["title"],
        source=Source(**record["source"]),
        collection=record["collection"],
        date=record["date"],
        category=record["category"],
        product=record["product"],
        versions=record["versions"],
        applies_to=tuple(
            AppliesTo(e["product"], e["from"], e["to"], tuple(e["versions"]), e["service_pack"])
            for e in record["applies_to"]
        ),
        sections=tuple(Section(**s) for s in record["sections"]),
        fix=Fix(fix["kind"], fix["text"], _steps(fix["steps"]), fix["section"], fix["subsection"]) if fix else None,
        fixed_in=tuple(record["fixed_in"]),
        error_messages=tuple(record["error_messages"]),
        error_codes=tuple(record["error_codes"]),
        signatures=tuple(Signature(s["type"], s["value"], s["source"]) for s in record.get("signatures", ())),
        references=tuple(record["references"]),
        cross_references=tuple(CrossReference(**r) for r in record["cross_references"]),
        diagnostics=tuple(Diagnostic(**d) for d in record["diagnostics"]),
        **plain,
    )


def _steps(records: list[Record]) -> tuple[Step, ...]:
    return tuple(Step(r["text"], _steps(r["steps"])) for r in records)


def search_record(result: SearchResult) -> Record:
    """Return a search result as a JSON-ready record."""
    understood = result.understood
    return {
        "schema": SCHEMA,
        "query": result.query,
        "understood": {
            "products": list(understood.products),
            "versions": list(understood.versions),
            "signatures": [{"type": s.type, "value": s.value} for s in understood.signatures],
            "corrected": [{"from": wrong, "to": right} for wrong, right in understood.corrected],
            "acronyms": [{"short": short, "long": long} for short, long in understood.acronyms],
            "terms": list(understood.terms),
            "expression": understood.expression,
        },
        "engine": result.engine,
        "took_ms": round(result.took_ms, 1),
        "total": result.total,
        "hits": [
            {
                "rank": hit.rank,
                "id": hit.id,
                "score": round(hit.score, 4),
                "title": hit.title,
                "product": hit.product,
                "products": list(hit.products),
                "date": hit.date,
                "kind": hit.kind,
                "fix_kind": hit.fix_kind,
                "snippet": hit.snippet,
                "matched": list(hit.matched),
                "why": hit.why,
            }
            for hit in result.hits
        ],
        "facets": {
            name: [{"value": value, "count": count} for value, count in values]
            for name, values in result.facets.items()
        },
    }


def answer_record(answer: Answer, query_id: str | None = None) -> Record:
    """Return an answer as a JSON-ready record; `query_id` is that of a batch."""
    best = answer.best
    fix = fix_record(best.fix) if best else None
    return {
        "schema": SCHEMA,
        **({"id": query_id} if query_id is not None else {}),
        "query": answer.query,
        "status": answer.status,
        "confidence": round(answer.confidence, 4),
        "best": best
        and {
            "id": best.id,
            "title": best.title,
            "products": list(best.products),
            "date": best.date,
            "symptoms": best.symptoms,
            "cause": best.cause,
            "fix": fix and {name: fix[name] for name in ("kind", "text", "steps", "section")},
            "twins": list(best.twins),
            "warnings": list(best.warnings),
        },
        "others": [
            {"id": other.id, "title": other.title, "confidence": round(other.confidence, 4)} for other in answer.others
        ],
        "ask": list(answer.ask),
    }
