"""`kbfix answer`: the fix with its source, or an honest word that nothing fits."""

import json
from pathlib import Path

import pytest

from kb.answer import differences
from kb.search import Searcher
from tests.command import Command
from tests.samples import article_file

SYMPTOM = "exchange standard: tracking finds no trace of mail sent to the internet"


@pytest.fixture
def answer(kbfix: Command, corpus_home: Path) -> Command:
    """Return the command with a home that holds the corpus, for each engine in turn."""
    return Command(kbfix.folder, corpus_home)


def test_gives_the_fix_and_names_its_source(answer: Command) -> None:
    ran = answer("answer", SYMPTOM)
    assert (ran.code, ran.stderr) == (0, "")
    assert "XADM: No Tracking of Internet-bound Mail in Standard Edition" in ran.stdout
    assert "Q164175 RESOLUTION" in ran.stdout
    assert "kbfix show Q164175" in ran.stdout


def test_every_word_of_the_fix_stands_in_the_article(answer: Command) -> None:
    best = answer("answer", SYMPTOM, "--json").record["best"]
    raw = " ".join(answer("show", best["id"], "--raw").stdout.split())
    assert best["fix"]["text"]
    assert " ".join(best["fix"]["text"].split()) in raw


def test_nothing_fits_is_said_with_exit_code_one(answer: Command) -> None:
    ran = answer("answer", "systemd unit keeps restarting exit 203")
    assert (ran.code, ran.stderr) == (1, "")
    assert ran.stdout.startswith("Nothing in this knowledge base fits.")


def test_nothing_fits_as_json(answer: Command) -> None:
    ran = answer("answer", "xyzzyplugh", "--json")
    assert ran.code == 1
    assert (ran.record["status"], ran.record["best"], ran.record["confidence"]) == ("none", None, 0.0)


def test_reads_a_ticket_from_standard_input(answer: Command) -> None:
    assert answer("answer", "-", "--json", stdin=SYMPTOM).record["best"]["id"] == "Q164175"


def test_filters_bound_what_may_answer(answer: Command) -> None:
    record = answer("answer", SYMPTOM, "--product", "fortran", "--json").record
    assert record["best"] is None or record["best"]["id"] != "Q164175"


def test_a_batch_gives_a_line_for_every_query(answer: Command, tmp_path: Path) -> None:
    queries = [("a", SYMPTOM), ("empty", ""), (7, "systemd unit keeps restarting exit 203")]
    file = tmp_path / "queries.jsonl"
    file.write_text("".join(json.dumps({"id": name, "query": text}) + "\n" for name, text in queries), "utf-8")
    ran = answer("answer", "--batch", file, "--format", "jsonl")
    assert (ran.code, ran.stderr) == (0, "")
    assert [line["id"] for line in ran.records] == ["a", "empty", "7"]
    assert [line["status"] for line in ran.records][1:] == ["none", "none"]
    assert ran.records[0]["best"]["id"] == "Q164175"


def test_a_batch_answers_as_the_single_query_does(answer: Command) -> None:
    line = answer("answer", "--batch", "-", stdin=json.dumps({"id": "a", "query": SYMPTOM})).record
    assert {**line, "id": None} == {**answer("answer", SYMPTOM, "--json").record, "id": None}


def test_an_article_that_has_the_code_itself_is_shown_however_little_else_is_said(answer: Command) -> None:
    record = answer("answer", "0xC000021A", "--json").record
    assert record["status"] != "none"
    assert record["best"]["id"] == "Q116404"


def asked(kbfix: Command, folder: Path, *articles: dict[str, str]) -> tuple[str, ...]:
    """Return what is asked back where articles, given as parts, may all be meant."""
    names = [f"Q{number}" for number, _ in enumerate(articles, start=100_001)]
    for name, parts in zip(names, articles, strict=True):
        (folder / f"{name}.TXT").write_bytes(article_file(name, **parts))
    assert kbfix("import", folder).code == 0
    with Searcher.open(Path(kbfix.environment()["KBFIX_HOME"])) as searcher:
        return differences(searcher, names)


def test_where_candidates_differ_by_product_the_filter_to_add_is_given(kbfix: Command, tmp_path: Path) -> None:
    products = ({"product": "Microsoft Windows 95"}, {"product": "Microsoft LAN Manager"})
    (found,) = asked(kbfix, tmp_path, *products)
    assert found.startswith("which product it is: Microsoft Windows 95, Microsoft LAN Manager")
    assert found.endswith("(add --product 'Microsoft Windows 95', or another)")


def test_where_they_do_not_differ_nothing_is_asked(kbfix: Command, tmp_path: Path) -> None:
    assert asked(kbfix, tmp_path, {"title": "One"}, {"title": "Another"}) == ()


def test_no_twin_of_the_answer_stands_among_the_others(answer: Command) -> None:
    record = answer("answer", SYMPTOM, "--json").record
    assert not set(record["best"]["twins"]) & {other["id"] for other in record["others"]}
