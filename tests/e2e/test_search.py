"""`kbfix search`: what it finds, filters and prints, with either engine."""

import json
from pathlib import Path

import pytest

from tests.command import Command

SYMPTOM = "tracking finds no trace of mail sent to the internet"


@pytest.fixture
def search(kbfix: Command, corpus_home: Path) -> Command:
    """Return the command with a home that holds the corpus, for each engine in turn."""
    return Command(kbfix.folder, corpus_home)


def ids(search: Command, *arguments: str) -> list[str]:
    return [hit["id"] for hit in search("search", *arguments, "--json").record["hits"]]


def test_a_symptom_finds_its_article(search: Command) -> None:
    ran = search("search", SYMPTOM)
    assert (ran.code, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(" 1  XADM: No Tracking of Internet-bound Mail")
    assert lines[1].lstrip().startswith("Q164175 · ")


def test_words_may_stand_as_arguments_of_their_own(search: Command) -> None:
    assert ids(search, *SYMPTOM.split()) == ids(search, SYMPTOM)


@pytest.mark.parametrize("arguments", [["-"], []], ids=["dash", "pipe"])
def test_a_pasted_log_is_read_from_standard_input(search: Command, arguments: list[str]) -> None:
    ran = search("search", *arguments, "--json", stdin=f"{SYMPTOM}\n")
    assert ran.record["hits"][0]["id"] == "Q164175"
    assert ran.record["query"].strip() == SYMPTOM


def test_nothing_found_is_exit_code_one(search: Command) -> None:
    ran = search("search", "xyzzyplugh")
    assert (ran.code, ran.stdout) == (1, "")
    assert ran.error == ("nothing was found", "use other words, or fewer filters")


def test_nothing_found_is_still_a_json_document(search: Command) -> None:
    ran = search("search", "xyzzyplugh", "--json")
    assert (ran.code, ran.record["hits"], ran.record["total"]) == (1, [], 0)


def test_limit_bounds_the_hits(search: Command) -> None:
    assert len(ids(search, "windows", "--limit", "3")) == 3
    assert len(ids(search, "windows")) == 10


def test_explain_tells_why(search: Command) -> None:
    assert "score " in search("search", SYMPTOM, "--explain", "-n", "1").stdout


class TestFilters:
    def test_product(self, search: Command) -> None:
        hits = search("search", "error", "--product", "exchange server", "--json").record["hits"]
        assert {hit["id"] for hit in hits} == {"Q149238", "Q270677"}
        assert all(any("Exchange Server" in name for name in hit["products"]) for hit in hits)

    def test_version(self, search: Command) -> None:
        found = ids(search, "error server", "--version", "5.5")
        assert "Q164175" in found
        applying = {
            record["id"]
            for record in search("export").records
            if any("5.5" in (*entry["versions"], entry["from"], entry["to"]) for entry in record["applies_to"])
        }
        assert set(found) <= applying

    def test_since_and_until_are_inclusive(self, search: Command) -> None:
        dates = {record["id"]: record["date"] for record in search("export").records}
        day = dates["Q164175"]
        found = ids(search, "mail tracking windows error", "--since", day, "--until", day, "--limit", "100")
        assert "Q164175" in found
        assert {dates[each] for each in found} == {day}

    def test_a_year_stands_for_all_its_days(self, search: Command) -> None:
        hits = search("search", "windows", "--since", "2000", "--until", "2000", "--json", "-n", "50").record["hits"]
        assert hits
        assert {hit["date"][:4] for hit in hits} == {"2000"}

    def test_kind(self, search: Command) -> None:
        hits = search("search", "windows", "--kind", "howto", "--json").record["hits"]
        assert hits
        assert {hit["kind"] for hit in hits} == {"howto"}

    def test_filters_that_nothing_satisfies_find_nothing(self, search: Command) -> None:
        assert search("search", "windows", "--since", "2031").code == 1


class TestGlobalOptions:
    def test_may_stand_behind_the_command(self, kbfix: Command, corpus_home: Path, engine: str) -> None:
        ran = kbfix("search", SYMPTOM, "--json", "--home", corpus_home, f"--engine={engine}", "--quiet")
        assert (ran.code, ran.record["engine"]) == (0, engine)

    def test_may_stand_before_it(self, kbfix: Command, corpus_home: Path, engine: str) -> None:
        ran = kbfix("--home", corpus_home, "--engine", engine, "search", SYMPTOM, "--json")
        assert (ran.code, ran.record["engine"]) == (0, engine)

    def test_the_environment_names_the_engine(self, search: Command, engine: str) -> None:
        ran = search("search", SYMPTOM, "--json", variables={"KBFIX_ENGINE": engine})
        assert ran.record["engine"] == engine

    def test_behind_two_dashes_they_are_words_of_the_query(self, search: Command) -> None:
        assert search("search", "--json", "--", "--home", "tracking").record["query"] == "--home tracking"

    def test_quiet_says_nothing_but_errors(self, search: Command) -> None:
        assert search("search", "xyzzyplugh", "--quiet").stderr == ""


class TestBatch:
    def test_writes_a_trec_run_of_single_articles(self, search: Command, tmp_path: Path) -> None:
        queries = [
            ("q1", SYMPTOM),
            ("empty", "   "),
            ("2", "STOP 0x7B"),
            ("words", "the and of"),
            ("none", "xyzzyplugh"),
        ]
        file = tmp_path / "queries.jsonl"
        file.write_text("".join(json.dumps({"id": name, "query": text}) + "\n" for name, text in queries), "utf-8")
        ran = search("search", "--batch", file, "--format", "trec", "-n", "5")
        assert ran.code == 0
        lines = [line.split(" ") for line in ran.stdout.splitlines()]
        assert {tuple(line[1::4]) for line in lines} == {("Q0", "kbfix")}
        by_query: dict[str, list[list[str]]] = {}
        for line in lines:
            by_query.setdefault(line[0], []).append(line)
        assert list(by_query) == ["q1", "2"]
        for found in by_query.values():
            assert [int(line[3]) for line in found] == list(range(1, len(found) + 1))
            assert len(found) <= 5
            scores = [float(line[4]) for line in found]
            assert scores == sorted(scores, reverse=True)
        assert by_query["q1"][0][2] == "Q164175"

    def test_reads_standard_input(self, search: Command) -> None:
        ran = search("search", "--batch", "-", stdin=json.dumps({"id": "a", "query": SYMPTOM}))
        assert ran.stdout.startswith("a Q0 Q164175 1 ")

    def test_ranks_as_the_single_search_does(self, search: Command) -> None:
        ran = search("search", "--batch", "-", stdin=json.dumps({"id": "a", "query": SYMPTOM}))
        assert [line.split()[2] for line in ran.stdout.splitlines()] == ids(search, SYMPTOM)


def test_both_engines_find_the_same_articles_first(kbfix: Command, corpus: Path, corpus_homes: object) -> None:
    """The second stage ranks what either engine brings; on a small corpus both bring all that matches."""
    assert callable(corpus_homes)
    runs = {
        name: kbfix("search", "--batch", corpus / "queries.jsonl", "-n", "3", home=corpus_homes(name)).stdout
        for name in ("tantivy", "whoosh")
    }
    assert runs["tantivy"] == runs["whoosh"] != ""


def test_a_code_is_found_in_another_spelling_and_explain_says_so(search: Command) -> None:
    ran = search("search", "blue screen with Stop: C000021A", "--limit", "1", "--explain")
    assert "Q116404" in ran.stdout
    assert "has the same error code or message" in " ".join(ran.stdout.split())
    assert max(len(line) for line in ran.stdout.splitlines()) <= 80


def test_a_misspelt_word_is_corrected_and_the_terminal_says_so(search: Command) -> None:
    done = search("search", "mesage traking shows nothing for internet mail")
    assert "searched for message instead of mesage" in done.stderr
    assert "searched for tracking instead of traking" in done.stderr
    record = search("search", "traking shows nothing for internet mail", "--json").record
    assert record["understood"]["corrected"] == [{"from": "traking", "to": "tracking"}]
    assert record["query"] == "traking shows nothing for internet mail"
