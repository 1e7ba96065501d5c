"""Labelled queries: what is read of a line, and what is said of a wrong one."""

import json
from typing import Any

import pytest

from kb.errors import BadInput
from kb.evaluation.labelled import LabelledQuery, grouping, labelled_queries

GOOD: dict[str, Any] = {"id": "a", "query": "printer offline", "relevant": ["Q1001"]}


def read(*records: Any) -> list[LabelledQuery]:
    return labelled_queries([json.dumps(record).encode() for record in records], "q.jsonl")


def test_a_line_gives_a_query_with_its_right_articles_and_fields() -> None:
    (found,) = read({**GOOD, "also": ["Q1002"], "kind": "symptom", "year": 1999, "notes": ["x"], "hard": True})
    assert found == LabelledQuery(
        "a", "printer offline", frozenset(("Q1001", "Q1002")), {"kind": "symptom", "year": "1999"}
    )


def test_ids_may_be_in_any_spelling() -> None:
    (found,) = read({**GOOD, "relevant": ["KB164175", 164176, "contoso:printer-offline", "no id at all"]})
    assert found.relevant == {"Q164175", "Q164176", "contoso:printer-offline", "no id at all"}


def test_empty_lines_do_not_count_but_are_numbered() -> None:
    lines = [b"\n", json.dumps(GOOD).encode(), b"  \n", b"{}"]
    assert labelled_queries(lines[:3], "q.jsonl")[0].id == "a"
    with pytest.raises(BadInput, match=r"line 4 of q\.jsonl"):
        labelled_queries(lines, "q.jsonl")


def test_a_byte_order_mark_is_passed_over() -> None:
    assert labelled_queries([b"\xef\xbb\xbf" + json.dumps(GOOD).encode()], "q.jsonl")[0].id == "a"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"printer offline", "no JSON"),
        (b'{"id": "\xff"}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1]", "no JSON object"),
        (json.dumps({"query": "x", "relevant": []}).encode(), "it has no id"),
        (json.dumps({"id": "a", "relevant": []}).encode(), "it has no query"),
        (json.dumps({"id": "a", "query": "x"}).encode(), "it has no relevant"),
        (json.dumps({**GOOD, "id": None}).encode(), "its id is neither words nor a number"),
        (json.dumps({**GOOD, "query": 7}).encode(), "its query is not a string"),
        (json.dumps({**GOOD, "relevant": "Q1"}).encode(), "its relevant is not a list of article ids"),
        (json.dumps({**GOOD, "relevant": None}).encode(), "its relevant is not a list of article ids"),
        (json.dumps({**GOOD, "also": [None]}).encode(), "its also is not a list of article ids"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_that_is_no_labelled_query_is_named_with_what_is_wrong(line: bytes, why: str) -> None:
    with pytest.raises(BadInput) as raised:
        labelled_queries([json.dumps({**GOOD, "id": "first"}).encode(), line], "q.jsonl")
    assert raised.value.what == f"line 2 of q.jsonl is not a labelled query: {why}"
    assert "relevant" in raised.value.next_step


def test_halves_of_characters_give_way_to_a_question_mark() -> None:
    (found,) = labelled_queries(
        [b'{"id": "\\ud800", "query": "x \\udfff", "relevant": ["\\ud800"], "k": "\\ud800"}'], "q"
    )
    assert found == LabelledQuery("?", "x ?", frozenset("?"), {"k": "?"})


def test_an_id_that_comes_again_is_refused() -> None:
    with pytest.raises(BadInput, match=r"line 2 of q\.jsonl has the id 'a' of an earlier line"):
        read(GOOD, GOOD)


def test_groups_are_told_by_kind_else_style() -> None:
    both = read({**GOOD, "kind": "k", "style": "s"})
    assert grouping(both, None) == "kind"
    assert grouping(both, "style") == "style"
    assert grouping(read({**GOOD, "style": "s"}), None) == "style"
    assert grouping(read(GOOD), None) is None


def test_a_field_that_no_query_has_is_refused() -> None:
    with pytest.raises(BadInput) as raised:
        grouping(read({**GOOD, "kind": "k", "style": "s"}), "tier")
    assert raised.value.what == "no query has a field 'tier'"
    assert raised.value.next_step == "use one of: kind, style"
