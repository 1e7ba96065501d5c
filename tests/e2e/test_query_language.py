"""`kbfix search` with the query language: what it finds, says and refuses, with either engine."""

import json
from pathlib import Path

import pytest

from tests.command import Command
from tests.e2e.test_start_up import loaded


@pytest.fixture
def search(kbfix: Command, corpus_home: Path) -> Command:
    """Return the command with a home that holds the corpus, for each engine in turn."""
    return Command(kbfix.folder, corpus_home)


def ids(search: Command, *arguments: str) -> set[str]:
    return {hit["id"] for hit in search("search", *arguments, "--json", "-n", "100").record["hits"]}


def test_an_expression_finds_all_that_satisfies_it_and_the_terminal_says_how_it_was_read(search: Command) -> None:
    ran = search("search", "title:stop OR title:screen NOT title:logon")
    assert ran.code == 0
    assert ran.stderr == "kbfix: searched as an expression: (title:stop OR title:screen) AND NOT title:logon\n"
    words = {record["id"]: set(record["title"].lower().replace(":", "").split()) for record in search("export").records}
    expected = {each for each, title in words.items() if {"stop", "stops", "screen"} & title and "logon" not in title}
    assert ids(search, "title:stop OR title:screen NOT title:logon") == expected != set()


def test_words_may_stand_as_arguments_of_their_own(search: Command) -> None:
    assert ids(search, "title:stop", "OR", "title:screen") == ids(search, "title:stop OR title:screen") != set()


def test_a_script_is_told_in_json(search: Command) -> None:
    ran = search("search", "title:stop   kind:bug", "--json")
    assert ran.stderr == ""
    assert ran.record["query"] == "title:stop   kind:bug"
    assert ran.record["understood"]["expression"] == "title:stop AND kind:bug"


def test_quiet_says_nothing(search: Command) -> None:
    assert search("search", "title:stop", "--quiet").stderr == ""


def test_the_total_is_true_whatever_the_limit(search: Command) -> None:
    record = search("search", "windows AND NOT printer", "--json", "-n", "2").record
    assert len(record["hits"]) == 2
    assert record["total"] == len(ids(search, "windows AND NOT printer")) > 20


def test_a_filter_alone_finds_everything_within_it_the_newest_first(search: Command) -> None:
    records = search("export").records
    hits = search("search", "kind:bug", "--json", "-n", "100").record["hits"]
    assert {hit["id"] for hit in hits} == {record["id"] for record in records if record["kind"] == "bug"}
    dates = [hit["date"] for hit in hits]
    assert dates == sorted(dates, reverse=True)
    assert {hit["why"] for hit in hits} == {"satisfies the expression"}


@pytest.mark.parametrize(
    ("expression", "options"),
    [
        ('error AND product:"windows nt"', ["error AND error", "--product", "windows nt"]),
        ("windows product:exchange version:5.5", ["windows AND windows", "--product", "exchange", "--version", "5.5"]),
        ("error AND date:1999..2000", ["error AND error", "--since", "1999", "--until", "2000"]),
        ("error AND kind:bug", ["error AND error", "--kind", "bug"]),
    ],
)  # fmt: skip
def test_a_field_filters_as_the_option_of_its_name(search: Command, expression: str, options: list[str]) -> None:
    assert ids(search, expression) == ids(search, *options) != set()


def test_a_code_is_found_in_another_spelling(search: Command) -> None:
    assert ids(search, "error:C000021A") == ids(search, "error:0xc000021a") == {"Q116404"}


def test_nothing_found_advises_plain_words(search: Command) -> None:
    ran = search("search", "title:xyzzyplugh")
    assert (ran.code, ran.stdout) == (1, "")
    assert "in plain words" in ran.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("NOT title:printer", "only what the articles must not have"),
        ("error NOT product:nonesuch", "no article applies to a product 'nonesuch'"),
        ("error OR version:99.9", "no article applies to a version '99.9'"),
        ("kind:bugs", "there is no kind 'bugs'"),
        ("date:1998..yesterday", "'yesterday' is not a date"),
    ],
)
def test_what_cannot_be_searched_is_told_with_a_next_step(search: Command, query: str, what: str) -> None:
    ran = search("search", query)
    assert (ran.code, ran.stdout) == (2, "")
    assert what in ran.error[0]


def test_a_batch_may_hold_expressions(search: Command) -> None:
    lines = [{"id": "a", "query": "title:stop kind:bug"}, {"id": "b", "query": "NOT title:x"}]
    ran = search("search", "--batch", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert ran.code == 0
    assert {line.split()[2] for line in ran.stdout.splitlines()} == ids(search, "title:stop kind:bug")
    assert ran.stderr.startswith("kbfix: b: the expression says only")


def test_an_answer_takes_all_text_as_plain(search: Command) -> None:
    plain, expression = (
        search("answer", text, "--json").record for text in ("title stop kind bug", "title:stop kind:bug")
    )
    assert expression["status"] == plain["status"]
    assert "expression" not in expression


def test_only_an_expression_loads_the_parser(kbfix: Command, tantivy_home: Path) -> None:
    run = Command(kbfix.folder, tantivy_home)
    assert "whoosh.qparser" in loaded(run, "search", "title:stop")
    plain = loaded(run, "search", 'Error: 5 in "C:\\x" (title: y) DO NOT TURN OFF *** STOP')
    assert {name for name in plain if name.startswith("whoosh") or name.endswith("query_parser")} == set()
    assert "kb.expression_search" not in plain
