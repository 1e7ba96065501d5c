"""How well the bundled corpus is searched and answered, on its own labelled queries: floors that only rise."""

import json
from pathlib import Path

import pytest

from tests.command import Command

QUERIES = [json.loads(line) for line in Path("corpus/queries.jsonl").read_text("utf-8").splitlines()]
FIRST = 0.98
"""Share of the queries with a right article whose first article is right."""
ANSWERED = 0.9
"""Share of them that are answered, or nearly: not told that nothing fits."""


@pytest.fixture
def answers(kbfix: Command, corpus_home: Path, corpus: Path) -> dict[str, dict[str, object]]:
    """Return the answer to every query by its id, for each engine in turn."""
    ran = kbfix("answer", "--batch", corpus / "queries.jsonl", home=corpus_home)
    assert ran.code == 0
    return {record["id"]: record for record in ran.records}


def test_the_right_article_comes_first_and_what_has_no_answer_gets_none(
    kbfix: Command, corpus_home: Path, corpus: Path, answers: dict[str, dict[str, object]]
) -> None:
    ran = kbfix("search", "--batch", corpus / "queries.jsonl", "--format", "trec", "--limit", "1", home=corpus_home)
    first = {line.split()[0]: line.split()[2] for line in ran.stdout.splitlines()}
    answerable = [query for query in QUERIES if query["relevant"]]
    right = [first.get(query["id"]) in {*query["relevant"], *query["also"]} for query in answerable]
    assert sum(right) >= FIRST * len(answerable)
    told = [answers[query["id"]]["status"] != "none" for query in answerable]
    assert sum(told) >= ANSWERED * len(answerable)


def test_far_more_without_an_answer_are_refused_than_answered(answers: dict[str, dict[str, object]]) -> None:
    status = [answers[query["id"]]["status"] for query in QUERIES if not query["relevant"]]
    assert status.count("answer") <= 1
    assert status.count("none") >= len(status) // 2
