"""`kbfix eval`: figures on labelled queries and on withheld symptoms, comparisons, and what cannot be measured."""

import json
from math import log2
from pathlib import Path
from typing import Any

import pytest

from tests.command import Command

MEASURES = ["S@1", "S@5", "S@10", "MRR@10", "nDCG@10"]


@pytest.fixture
def run(kbfix: Command, tantivy_home: Path) -> Command:
    """Return the command with a home that holds the corpus."""
    return Command(kbfix.folder, tantivy_home)


def written(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "mine.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def scored(queries: Path, run_lines: str) -> dict[str, float]:
    """Return the measures of a TREC run, reckoned from its lines."""
    ranked: dict[str, list[str]] = {}
    for line in run_lines.splitlines():
        query_id, _, article, *_ = line.split()
        ranked.setdefault(query_id, []).append(article)
    ranks = []
    for record in map(json.loads, queries.read_text("utf-8").splitlines()):
        right = {*record["relevant"], *record["also"]}
        if right:
            found = [at for at, each in enumerate(ranked.get(record["id"], []), start=1) if each in right]
            ranks.append(found[0] if found else None)
    within = [rank for rank in ranks if rank is not None]
    values = {f"S@{k}": sum(rank <= k for rank in within) / len(ranks) for k in (1, 5, 10)}
    values["MRR@10"] = sum(1 / rank for rank in within) / len(ranks)
    values["nDCG@10"] = sum(1 / log2(1 + rank) for rank in within) / len(ranks)
    return {name: round(value, 4) for name, value in values.items()}


class TestOnLabelledQueries:
    def test_the_figures_are_those_of_a_trec_run(self, kbfix: Command, corpus_home: Path, corpus: Path) -> None:
        queries = corpus / "queries.jsonl"
        lines = kbfix("search", "--batch", queries, "--format", "trec", home=corpus_home).stdout
        found = kbfix("eval", queries, "--json", home=corpus_home).record
        assert {name: found["measures"][name]["value"] for name in MEASURES} == scored(queries, lines)

    def test_queries_without_a_right_article_are_left_out_and_told(self, run: Command, corpus: Path) -> None:
        ran = run("eval", corpus / "queries.jsonl")
        assert (ran.code, ran.stderr) == (0, "")
        assert ran.stdout.startswith(
            "68 queries searched with tantivy\n8 more without a right article, left out of the figures\n"
        )
        record = run("eval", corpus / "queries.jsonl", "--json").record
        assert (record["schema"], record["queries"], record["left_out"]) == (1, 68, 8)

    def test_groups_are_told_by_kind_or_by_a_field(self, run: Command, corpus: Path) -> None:
        kinds = run("eval", corpus / "queries.jsonl", "--json").record
        assert kinds["by"] == "kind"
        assert sum(group["queries"] for group in kinds["groups"]) == kinds["queries"]
        styles = run("eval", corpus / "queries.jsonl", "--by", "style", "--json").record
        assert {group["value"] for group in styles["groups"]} == {"terse", "sentence", "paste", "ticket"}

    def test_it_prints_the_same_again(self, run: Command, corpus: Path) -> None:
        assert run("eval", corpus / "queries.jsonl") == run("eval", corpus / "queries.jsonl")

    def test_what_cannot_be_found_counts_as_not_found(self, run: Command, tmp_path: Path) -> None:
        queries = written(
            tmp_path,
            {"id": "1", "query": "tracking of internet mail", "relevant": ["KB164175"]},
            {"id": "2", "query": "...", "relevant": ["Q164175"]},
            {"id": "3", "query": "tracking of internet mail", "relevant": ["Q999999"]},
        )
        record = run("eval", queries, "--json").record
        assert (record["queries"], record["not_searchable"], record["not_present"]) == (3, 1, 1)
        assert record["measures"]["S@1"]["value"] == 0.3333
        assert [found["rank"] for found in record["ranks"]] == [1, None, None]
        shown = run("eval", queries, "--misses").stdout
        assert "1 with no words to search for, counted as not found" in shown
        assert "1 whose right articles are not in this knowledge base, counted as not found" in shown
        missed = shown.partition("right at")[2].splitlines()[1:]
        assert [line.split()[0] for line in missed] == ["2", "3"]

    def test_queries_may_come_from_a_pipe(self, run: Command, corpus: Path) -> None:
        piped = run("eval", "-", "--json", stdin=(corpus / "queries.jsonl").read_bytes())
        assert piped.record == run("eval", corpus / "queries.jsonl", "--json").record


class TestOnWithheldSymptoms:
    def test_they_are_searched_for_in_all_else(self, kbfix: Command, corpus_home: Path) -> None:
        before = {path: path.stat().st_mtime_ns for path in (corpus_home / "derived").rglob("*")}
        ran = kbfix("eval", "--withheld-symptoms", "20", "--words", "12", "--json", home=corpus_home)
        assert (ran.code, ran.stderr.count("\n")) == (0, 1)
        assert "62 articles are indexed without symptoms" in ran.stderr
        assert (ran.record["queries"], ran.record["withheld_words"], ran.record["by"]) == (20, 12, "kind")
        assert 0.4 < ran.record["measures"]["S@1"]["value"] < 1
        assert {path: path.stat().st_mtime_ns for path in (corpus_home / "derived").rglob("*")} == before

    def test_words_of_anything_else_are_refused(self, run: Command, corpus: Path) -> None:
        ran = run("eval", corpus / "queries.jsonl", "--words", "12")
        assert (ran.code, ran.stdout) == (2, "")
        assert "--withheld-symptoms" in ran.stderr

    def test_the_seed_decides_which(self, run: Command) -> None:
        first, again, other = (
            [found["id"] for found in run("eval", "--withheld-symptoms", "9", "--seed", seed, "--json").record["ranks"]]
            for seed in ("1", "1", "2")
        )
        assert first == again
        assert first != other

    def test_nothing_stays_in_the_temporary_folder(self, run: Command, tmp_path: Path) -> None:
        (tmp_path / "temporary").mkdir()
        places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path / "temporary"))
        assert run("eval", "--withheld-symptoms", "3", variables=places).code == 0
        assert list((tmp_path / "temporary").iterdir()) == []

    def test_more_than_there_are_takes_all(self, run: Command) -> None:
        assert 30 < run("eval", "--withheld-symptoms", "1000", "--json").record["queries"] <= 62


class TestComparing:
    def test_two_engines_on_withheld_symptoms(self, run: Command) -> None:
        ran = run("eval", "--withheld-symptoms", "20", "--compare", "whoosh", "--json")
        found = ran.record["compared"]
        assert (ran.record["engine"], found["engine"]) == ("tantivy", "whoosh")
        assert found["better"] + found["worse"] + found["same"] == 20
        assert list(found["differences"]) == MEASURES

    def test_an_engine_that_is_not_built(self, run: Command, corpus: Path) -> None:
        ran = run("eval", corpus / "queries.jsonl", "--compare", "whoosh")
        assert ran.code == 2
        assert ran.error[1] == "run: kbfix rebuild --engine whoosh"

    def test_two_homes_and_what_may_be_chance(self, run: Command, corpus: Path, tmp_path: Path) -> None:
        some = sorted((corpus / "articles").iterdir())[:20]
        assert run("import", *some, home=tmp_path / "fewer").code == 0
        compared = ("eval", corpus / "queries.jsonl", "--compare-home", tmp_path / "fewer")
        shown = run(*compared).stdout
        assert "on the same queries" in shown
        assert "hardly chance" in shown
        found = run(*compared, "--json").record
        difference = found["compared"]["differences"]["S@1"]
        assert difference["low"] <= difference["value"] <= difference["high"]
        assert difference["p"] < 0.05
        assert difference["may_be_chance"] is False
        assert found["compared"]["better"] > 20

    def test_no_difference_is_said(self, run: Command, corpus: Path, own_home: Path) -> None:
        shown = run("eval", corpus / "queries.jsonl", "--compare-home", own_home).stdout
        assert "No query has its right article at another rank." in shown

    def test_a_side_with_itself(self, run: Command, corpus: Path) -> None:
        ran = run("eval", corpus / "queries.jsonl", "--compare", "tantivy")
        assert ran.code == 2
        assert ran.error[0].endswith("would be compared with itself")


class TestWhatCannotBeMeasured:
    @pytest.mark.parametrize("arguments", [[], ["mine.jsonl", "--withheld-symptoms", "5"]])
    def test_neither_or_both_kinds_of_queries(self, run: Command, arguments: list[str]) -> None:
        ran = run("eval", *arguments)
        assert (ran.code, ran.stdout) == (2, "")
        assert "--withheld-symptoms N" in ran.error[1]

    def test_a_file_that_is_not_there(self, run: Command) -> None:
        ran = run("eval", "nosuch.jsonl")
        assert ran.code == 2
        assert ran.error[0].startswith("nosuch.jsonl cannot be read")

    def test_a_wrong_line_is_named(self, run: Command, tmp_path: Path) -> None:
        queries = written(tmp_path, {"id": "1", "query": "x", "relevant": ["Q1001"]}, {"id": "2", "query": "x"})
        ran = run("eval", queries)
        assert (ran.code, ran.stdout) == (2, "")
        assert ran.error[0] == f"line 2 of {queries} is not a labelled query: it has no relevant"

    def test_queries_of_which_none_has_an_answer(self, run: Command, tmp_path: Path) -> None:
        ran = run("eval", written(tmp_path, {"id": "1", "query": "x", "relevant": []}), "--json")
        assert (ran.code, ran.stdout) == (2, "")
        assert "has a right article" in json.loads(ran.stderr)["error"]["what"]

    def test_a_field_that_no_query_has(self, run: Command, corpus: Path) -> None:
        ran = run("eval", corpus / "queries.jsonl", "--by", "colour")
        assert ran.code == 2
        assert ran.error == ("no query has a field 'colour'", "use one of: kind, style")
