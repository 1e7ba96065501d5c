"""docs/json.md names the fields that the commands print: all of them, and no others."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from kb.matching.sentence_model import can_load
from kb.models import Answer, Best, Fix, Hit, Other, SearchResult, Signature, Step, Understood
from kb.records import answer_record, search_record
from tests.command import Command

from .markdown import REPOSITORY

PAGE = (REPOSITORY / "docs" / "json.md").read_text("utf-8")
_ROW = re.compile(r"^\| (`[^|]+`) \|", re.MULTILINE)

FULL_RESULT = SearchResult(
    query="q", engine="tantivy", took_ms=1.0, total=1,
    understood=Understood(
        ("p",), ("1.0",), (Signature("hex", "c1"),), (("teh", "the"),), (("p", "post"),), ("t",), "title:t"
    ),
    hits=(Hit(1, "Q1", 1.0, "t", "p", ("p",), "2000-01-01", "bug", "workaround", "s", ("w",), "why"),),
    facets=dict.fromkeys(("product", "version", "year", "kind", "fix_kind"), (("v", 1),)),
)  # fmt: skip
FULL_ANSWER = Answer(
    query="q", status="answer", confidence=0.5,
    best=Best(
        "Q1", "t", ("p",), "2000-01-01", "s", "c", Fix("resolution", "t", (Step("a", (Step("b"),)),), "RESOLUTION"),
        twins=("Q2",), warnings=("w",),
    ),
    others=(Other("Q3", "t", 0.1),), ask=("what",),
)  # fmt: skip


def documented(heading: str, part: int = 0) -> list[str]:
    """Return the fields named in a table of the section under `heading`, with `*` for any name."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.split("| field | holds |\n")[1 + part].partition("\n\n")[0]
    return [name for row in _ROW.findall(table) for name in re.findall(r"`([^`]+)`", row)]


def fields(value: object, prefix: str = "") -> Iterator[str]:
    """Yield the paths of everything in a JSON value: `a`, `a.b`, `a[]`, `a[].b`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            path = f"{prefix}.{name}" if prefix else name
            yield path + ("[]" if isinstance(inner, list) else "")
            yield from fields(inner, path)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, f"{prefix}[]")


def undocumented(value: object, patterns: list[str]) -> set[str]:
    # A list may be written with or without its brackets; steps within steps are of the same shape.
    def known(path: str) -> bool:
        plain = re.sub(r"(steps\[\]\.)+steps", "steps[].steps", path)
        plain = re.sub(r"(steps\[\]\.)+text", "steps[].text", plain)
        return any(fnmatchcase(plain.replace("[]", ""), pattern.replace("[]", "")) for pattern in patterns)

    return {path for path in fields(value) if not known(path)}


def unknown(patterns: list[str], value: object) -> set[str]:
    """Return the documented fields that `value` has not."""
    names = {path.replace("[]", "") for path in fields(value)}
    parents = {name.rsplit(".", 1)[0] for name in names if "." in name}
    return {p for p in patterns if not any(fnmatchcase(name, p.replace("[]", "")) for name in names | parents)}


@pytest.mark.parametrize(
    ("heading", "record"),
    [("search", search_record(FULL_RESULT)), ("answer", answer_record(FULL_ANSWER, "1"))],
    ids=["search", "answer"],
)
def test_the_fields_of_a_record_are_those_of_the_page(heading: str, record: object) -> None:
    patterns = documented(heading)
    assert undocumented(record, patterns) == set()
    assert unknown(patterns, record) == set()


@pytest.mark.parametrize(
    ("heading", "arguments"),
    [
        ("search", ["search", "0xc000021a on Windows NT 3.1"]),
        ("answer", ["answer", "0xc000021a on Windows NT 3.1"]),
        ("show --revisions", ["show", "Q194248", "--revisions"]),
        ("related", ["related", "Q194248"]),
        ("stats", ["stats"]),
        ("doctor", ["doctor"]),
        ("eval", ["eval", "--withheld-symptoms", "5", "--compare", "whoosh"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_command_prints_is_on_the_page(
    heading: str, arguments: list[str], kbfix: Command, tantivy_home: Path
) -> None:
    record = kbfix(*arguments, "--json", home=tantivy_home).record
    assert len(record) >= 3
    assert undocumented(record, documented(heading)) == set()


def test_what_an_import_reports_is_on_the_page(kbfix: Command, corpus: Path, tmp_path: Path) -> None:
    record = kbfix("import", corpus, "--json", "--report", tmp_path / "report.jsonl").record
    assert set(fields(record)) == set(documented("import"))
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text("utf-8").splitlines()]
    assert set().union(*map(fields, lines)) == set(documented("import", 1))


@pytest.mark.skipif(not can_load(), reason="needs the extra: pip install 'kbfix[semantic]'")
def test_what_embed_prints_is_on_the_page(kbfix: Command, own_home: Path) -> None:
    record = kbfix("embed", "--json", home=own_home).record
    assert set(fields(record)) == set(documented("embed"))


def test_an_error_is_on_the_page(kbfix: Command, tmp_path: Path) -> None:
    ran = kbfix("search", "x", "--json", home=tmp_path / "nothing")
    assert set(fields(json.loads(ran.stderr))) - {"error"} == set(documented("Errors"))
