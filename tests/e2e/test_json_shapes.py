"""The fields of every JSON document: an interface that scripts rely on, so each is written out here in full."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command import Command

ARTICLE = {
    "schema", "id", "collection", "date", "category", "title", "product", "versions", "products", "environments",
    "applies_to", "keywords", "technology", "issue_type", "solution_type", "query_words", "sections", "symptoms",
    "cause", "resolution", "workaround", "status", "more_information", "summary", "kind", "fix", "fixed_in",
    "error_messages", "error_codes", "signatures", "references", "cross_references", "source", "diagnostics",
}  # fmt: skip
STRINGS = {"products", "environments", "keywords", "technology", "issue_type", "solution_type", "query_words",
           "fixed_in", "error_messages", "error_codes", "references"}  # fmt: skip
PARTS = {
    "applies_to": {"product", "from", "to", "versions", "service_pack"},
    "sections": {"heading", "kind", "text"},
    "signatures": {"type", "value", "source", "spellings"},
    "cross_references": {"id", "title", "direction"},
    "diagnostics": {"level", "code", "line", "what"},
}
KINDS = {"bug", "fix", "problem", "howto", "information", "documentation", "error_message"}
FIX_KINDS = {"resolution", "workaround", "service_pack", "by_design", "no_fix", "procedure"}


@pytest.fixture
def run(kbfix: Command, tantivy_home: Path) -> Command:
    """Return the command with a home that holds the corpus."""
    return Command(kbfix.folder, tantivy_home)


def check_steps(steps: list[dict[str, Any]]) -> None:
    for step in steps:
        assert step.keys() == {"text", "steps"}
        check_steps(step["steps"])


def check_article(record: Mapping[str, Any]) -> None:
    assert record.keys() == ARTICLE
    assert record["schema"] == 1
    for name in STRINGS:
        assert all(isinstance(value, str) for value in record[name]), name
    for name, fields in PARTS.items():
        assert all(part.keys() == fields for part in record[name]), name
    assert record["source"].keys() == {"path", "form", "sha256"}
    assert record["kind"] in KINDS
    assert {reference["direction"] for reference in record["cross_references"]} <= {"cites", "cited_by"}
    assert {diagnostic["level"] for diagnostic in record["diagnostics"]} <= {"note", "warning", "error"}
    if record["fix"] is not None:
        assert record["fix"].keys() == {"kind", "text", "steps", "section", "subsection"}
        assert record["fix"]["kind"] in FIX_KINDS
        check_steps(record["fix"]["steps"])


def test_export_has_every_field_of_every_article(run: Command) -> None:
    records = run("export").records
    assert len(records) == 62
    for record in records:
        check_article(record)
    assert {record["fix"]["kind"] for record in records if record["fix"]} > {"resolution", "workaround"}


def test_show_is_a_line_of_export(run: Command) -> None:
    by_id = {record["id"]: record for record in run("export").records}
    assert run("show", "Q164175", "--json").record == by_id["Q164175"]


def test_parse_has_the_same_fields(run: Command, corpus: Path) -> None:
    ran = run("parse", corpus / "articles" / "Q164175.TXT", "--format", "jsonl")
    assert (ran.code, ran.stderr) == (0, "")
    check_article(ran.record)


def test_absent_values_are_null_or_empty_lists(run: Command) -> None:
    record = run("show", "Q97443", "--json").record
    assert (record["applies_to"], record["symptoms"]) == ([], None)


def test_search(run: Command) -> None:
    record = run("search", "w2k STOP 0x7B after moving the disk, see Q126423", "--json").record
    assert record.keys() == {"schema", "query", "understood", "engine", "took_ms", "total", "hits", "facets"}
    assert record["schema"] == 1
    assert record["understood"].keys() == {
        "products",
        "versions",
        "signatures",
        "corrected",
        "acronyms",
        "terms",
        "expression",
    }
    assert {"type": "stop", "value": "7b"} in record["understood"]["signatures"]
    assert record["understood"]["products"] == ["windows 2000"]
    assert record["understood"]["expression"] is None
    hit = record["hits"][0]
    assert hit.keys() == {
        "rank", "id", "score", "title", "product", "products", "date", "kind", "fix_kind", "snippet", "matched", "why",
    }  # fmt: skip
    assert (hit["rank"], hit["id"]) == (1, "Q126423")
    assert record["facets"].keys() == {"product", "version", "year", "kind", "fix_kind"}
    for values in record["facets"].values():
        assert all(value.keys() == {"value", "count"} for value in values)


def test_answer(run: Command) -> None:
    record = run("answer", "tracking finds no trace of mail sent to the internet exchange", "--json").record
    assert record.keys() == {"schema", "query", "status", "confidence", "best", "others", "ask"}
    assert record["schema"] == 1
    assert record["status"] in ("answer", "unsure")
    assert 0 <= record["confidence"] <= 1
    best = record["best"]
    assert best.keys() == {"id", "title", "products", "date", "symptoms", "cause", "fix", "twins", "warnings"}
    assert best["fix"].keys() == {"kind", "text", "steps", "section"}
    check_steps(best["fix"]["steps"])
    assert all(other.keys() == {"id", "title", "confidence"} for other in record["others"])
    assert record["others"]


def test_related(run: Command) -> None:
    record = run("related", "Q164175", "--json").record
    assert record.keys() == {"schema", "id", "cross_references", "twins", "similar"}
    assert all(each.keys() == {"id", "title", "score"} for each in record["similar"])


def test_stats_and_doctor_are_documents_too(run: Command) -> None:
    stats, doctor = run("stats", "--json").record, run("doctor", "--json").record
    assert (stats["schema"], doctor["schema"]) == (1, 1)
    assert sum(each["count"] for each in stats["by_kind"]) == stats["articles"] == 62
    assert doctor.keys() == {"schema", "sound", "checks", "diagnostics"}
    assert all(each.keys() == {"level", "code", "articles", "files"} for each in doctor["diagnostics"])
    assert all(each.keys() == {"check", "about", "problems", "next_step"} for each in doctor["checks"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["search", "", "--json"], 2),
        (["answer", "the of and", "--json"], 2),
        (["show", "Q999999", "--json"], 1),
        (["search", "mail", "--product", "nonesuch", "--json"], 2),
        (["search", "--no-such-option", "--json"], 2),
    ],
)
def test_an_error_is_one_document_on_stderr(run: Command, arguments: list[str], code: int) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.stdout) == (code, "")
    record = json.loads(ran.stderr)
    assert record.keys() == {"error"}
    assert record["error"].keys() == {"what", "next_step"}
    assert all(record["error"].values())
