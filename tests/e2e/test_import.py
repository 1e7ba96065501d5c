"""`kbfix import`: what it counts, what it leaves alone, what it reports."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.command import Command, Ran
from tests.samples import article_file

STATUSES = ("added", "updated", "unchanged", "duplicate", "unsupported", "failed")


def counts(ran: Ran) -> dict[str, int]:
    record = ran.record
    return {name: record[name] for name in STATUSES if record[name]}


def test_counts_add_up_and_the_second_import_changes_nothing(kbfix: Command, engine: str, corpus: Path) -> None:
    first = kbfix("import", corpus, "--engine", engine)
    assert first.code == 0
    assert first.stderr.startswith("kbfix: 2 warnings (2 unknown-form)\n  next: --report FILE.jsonl lists each; ")
    assert re.fullmatch(r"64 found: 62 added, 2 unsupported, in \d+\.\d s\n", first.stdout)
    second = kbfix("import", corpus, "--engine", engine)
    assert (second.code, second.stderr) == (0, first.stderr)
    assert re.fullmatch(
        r"64 found: 0 added, 62 unchanged, 2 unsupported, in \d+\.\d s\nNothing changed\.\n", second.stdout
    )


def test_the_engine_named_at_the_first_import_is_remembered(corpus_home: Path, engine: str, kbfix: Command) -> None:
    assert kbfix("search", "printer", "--json", home=corpus_home).record["engine"] == engine


def test_json_counts_are_numbers_that_add_up(kbfix: Command, corpus: Path) -> None:
    record = kbfix("import", corpus, "--json").record
    assert record["schema"] == 1
    assert record["found"] == 64 == sum(record[status] for status in STATUSES)


def test_verify_reads_again_and_finds_all_unchanged(kbfix: Command, own_home: Path, corpus: Path) -> None:
    ran = kbfix("import", corpus / "articles", "--verify", "--json", home=own_home)
    assert (ran.code, counts(ran)) == (0, {"unchanged": 62})


def test_a_changed_file_updates_its_article_and_keeps_the_older_revision(kbfix: Command, tmp_path: Path) -> None:
    file = tmp_path / "Q100001.TXT"
    file.write_bytes(article_file(symptoms="The printer hums."))
    assert counts(kbfix("import", file, "--json")) == {"added": 1}
    file.write_bytes(article_file(symptoms="The printer whistles.", date="02-FEB-2000"))
    assert counts(kbfix("import", file, "--json")) == {"updated": 1}
    assert kbfix("show", "Q100001", "--json").record["symptoms"] == "The printer whistles."
    assert kbfix("show", "Q100001", "--revisions", "--json").record["revisions"][1]["date"] == "1999-01-01"
    assert kbfix("search", "whistles", "--json").record["total"] == 1
    assert kbfix("search", "hums").code == 1


def test_the_same_article_from_another_path_is_a_duplicate(kbfix: Command, own_home: Path, corpus: Path) -> None:
    other = shutil.copytree(corpus / "articles", own_home.parent / "copy")
    assert counts(kbfix("import", other, "--json", home=own_home)) == {"duplicate": 62}


def test_dry_run_tells_what_would_happen_and_changes_nothing(kbfix: Command, own_home: Path, tmp_path: Path) -> None:
    def state() -> dict[str, bytes]:
        # SQLite makes and removes its -wal and -shm files as it reads.
        files = [path for path in own_home.rglob("*") if path.is_file() and not path.name.startswith("store.sqlite-")]
        return {str(path): path.read_bytes() for path in files}

    (tmp_path / "Q100001.TXT").write_bytes(article_file())
    before = state()
    ran = kbfix("import", tmp_path / "Q100001.TXT", "--dry-run", home=own_home)
    assert (ran.code, ran.stdout, ran.stderr) == (0, "1 found: would be 1 added\n", "")
    assert state() == before


def test_dry_run_makes_no_home(kbfix: Command, corpus: Path) -> None:
    assert kbfix("import", corpus, "--dry-run").code == 0
    assert kbfix.home is not None
    assert not kbfix.home.exists()


def test_the_report_has_a_line_for_every_file(kbfix: Command, corpus: Path, tmp_path: Path) -> None:
    ran = kbfix("import", corpus, "--report", tmp_path / "report.jsonl")
    assert ran.code == 0
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == 64
    assert {tuple(line) for line in lines} == {("schema", "path", "status", "id", "form", "diagnostics")}
    by_name = {Path(line["path"]).name: line for line in lines}
    assert (by_name["Q164175.TXT"]["status"], by_name["Q164175.TXT"]["id"]) == ("added", "Q164175")
    assert by_name["README.md"]["status"] == "unsupported"
    assert by_name["README.md"]["diagnostics"][0].keys() == {"level", "code", "line", "what"}


def test_a_collection_keeps_ids_apart(kbfix: Command, own_home: Path, corpus: Path) -> None:
    ran = kbfix("import", corpus / "articles", "--collection", "contoso", "--json", home=own_home)
    assert counts(ran) == {"added": 62}
    assert kbfix("stats", "--json", home=own_home).record["articles"] == 124
    hits = kbfix("search", "printer", "--collection", "contoso", "--json", home=own_home).record["hits"]
    assert hits
    assert {hit["id"].partition(":")[0] for hit in hits} == {"contoso"}


def test_standard_input_is_read_as_a_file(kbfix: Command) -> None:
    assert counts(kbfix("import", "-", "--json", stdin=article_file())) == {"added": 1}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_in_a_folder_is_passed_over(kbfix: Command, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "Q100001.TXT").write_bytes(article_file())
    os.mkfifo(tmp_path / "in" / "pipe")
    assert counts(kbfix("import", tmp_path / "in", "--json")) == {"added": 1}
