"""`kbfix import --prune`: what is gone from the disk leaves store and indexes, and nothing else does."""

import json
import os
import shutil

import pytest

from tests.command import Command
from tests.packing import zipped
from tests.samples import article_file

HUM, SING = "The printer hums while it is switched off.", "The modem sings at night."


@pytest.fixture
def run(kbfix: Command) -> Command:
    """Return the command with a folder `in` of three articles imported, two as files and one in an archive."""
    folder = kbfix.folder / "in"
    folder.mkdir()
    (folder / "Q100001.TXT").write_bytes(article_file("Q100001", symptoms=HUM))
    (folder / "Q100002.TXT").write_bytes(article_file("Q100002", symptoms=SING))
    (folder / "kb.zip").write_bytes(zipped({"Q100003.TXT": article_file("Q100003"), "README": b"hello"}))
    assert kbfix("import", "in").code == 0
    return kbfix


def ids(run: Command) -> set[str]:
    return {record["id"] for record in run("export").records}


def test_without_it_what_is_gone_is_told_in_one_line(run: Command) -> None:
    (run.folder / "in" / "Q100001.TXT").unlink()
    ran = run("import", "in")
    assert ran.code == 0
    assert ran.stderr.splitlines()[0] == "kbfix: 1 article is of files that are gone; --prune takes it out"
    assert ids(run) == {"Q100001", "Q100002", "Q100003"}
    (run.folder / "in" / "kb.zip").unlink()
    assert "2 articles are of files that are gone; --prune takes them out" in run("import", "in").stderr
    assert run("import", "in", "--quiet").stderr == ""


def test_it_takes_articles_out_of_store_and_indexes(run: Command) -> None:
    (run.folder / "in" / "Q100001.TXT").unlink()
    (run.folder / "in" / "kb.zip").write_bytes(zipped({"README": b"hello"}))
    ran = run("import", "in", "--prune", "--report", "report.jsonl")
    assert ran.code == 0
    assert ran.stdout.startswith("2 found: 0 added, 1 unchanged, 1 unsupported; 2 pruned, in ")
    assert "gone" not in ran.stderr
    lines = [json.loads(line) for line in (run.folder / "report.jsonl").read_text("utf-8").splitlines()]
    assert [(line["status"], line["id"], line["path"]) for line in lines[-2:]] == [
        ("pruned", "Q100001", "in/Q100001.TXT"), ("pruned", "Q100003", "in/kb.zip!Q100003.TXT"),
    ]  # fmt: skip
    assert ids(run) == {"Q100002"}
    assert run("search", "hums").code == 1
    assert run("search", "modem sings", "--json").record["total"] == 1
    assert run("doctor").code == 0
    again = run("import", "in", "--prune", "--json")
    assert (again.code, again.record["pruned"], again.record["unchanged"]) == (0, 0, 1)


def test_a_dry_run_tells_what_would_go(run: Command) -> None:
    (run.folder / "in" / "Q100001.TXT").unlink()
    ran = run("import", "in", "--prune", "--dry-run")
    assert ran.stdout == "3 found: would be 0 added, 2 unchanged, 1 unsupported; 1 pruned\n"
    assert len(ids(run)) == 3


def test_of_everything_it_leaves_nothing_and_that_is_no_failure(run: Command) -> None:
    shutil.rmtree(run.folder / "in")
    (run.folder / "in").mkdir()
    ran = run("import", "in", "--prune", "--json")
    assert (ran.code, ran.record["found"], ran.record["pruned"]) == (0, 0, 3)
    assert ids(run) == set()
    assert run("doctor").code == 0


def test_a_folder_that_is_gone_itself_is_an_error(run: Command) -> None:
    (run.folder / "in").rename(run.folder / "away")
    ran = run("import", "in", "--prune")
    assert (ran.code, ran.error[0]) == (2, "there is no file or folder in")
    assert len(ids(run)) == 3


def test_an_article_that_falls_back_is_found_by_what_it_says_now(run: Command) -> None:
    newer = run.folder / "in" / "newer.TXT"
    newer.write_bytes(article_file("Q100001", date="02-FEB-2000", symptoms="The printer whistles."))
    assert run("import", "in", "--json").record["updated"] == 1
    assert run("search", "hums").code == 1
    newer.unlink()
    assert run("import", "in", "--prune", "--json").record["pruned"] == 0
    assert run("show", "Q100001", "--json").record["symptoms"] == HUM
    assert run("search", "hums", "--json").record["total"] == 1
    assert run("search", "whistles").code == 1
    assert run("doctor").code == 0


def test_an_index_that_is_missing_is_built_without_what_is_pruned(run: Command) -> None:
    assert run.home is not None
    shutil.rmtree(run.home / "derived")
    (run.folder / "in" / "Q100001.TXT").unlink()
    assert run("import", "in", "--prune", "--json").record["pruned"] == 1
    assert run("search", "hums").code == 1
    assert run("search", "modem sings", "--json").record["total"] == 1
    assert run("doctor").code == 0


def test_nothing_goes_while_something_cannot_be_read(run: Command) -> None:
    (run.folder / "in" / "Q100001.TXT").unlink()
    (run.folder / "in" / "cut.zip").write_bytes(b"PK\x03\x04")
    ran = run("import", "in", "--prune")
    assert ran.code == 1
    assert "kbfix: nothing was pruned, although 1 article is of files that are gone: not all" in ran.stderr
    assert len(ids(run)) == 3


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs to be root, who may drop its rights")
def test_nothing_goes_from_a_folder_that_cannot_be_listed(run: Command) -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("there is no setpriv")
    closed = run.folder / "in" / "closed"
    closed.mkdir()
    (closed / "Q100004.TXT").write_bytes(article_file("Q100004"))
    assert run("import", "in").code == 0
    (run.folder / "in" / "Q100001.TXT").unlink()
    closed.chmod(0o000)
    drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    ran = Command(run.folder, run.home, (*drop, *run.executable))("import", "in", "--prune", "--json")
    closed.chmod(0o700)
    assert (ran.code, ran.record["pruned"]) == (1, 0)
    assert len(ids(run)) == 4


def test_what_was_removed_by_hand_is_not_pruned_and_comes_back_with_its_file(run: Command) -> None:
    assert run("remove", "Q100001", "Q100003").code == 0
    (run.folder / "in" / "Q100001.TXT").unlink()
    ran = run("import", "in", "--prune", "--json")
    assert (ran.record["pruned"], ran.record["added"]) == (0, 1)
    assert ids(run) == {"Q100002", "Q100003"}


def test_a_collection_is_pruned_by_itself(run: Command) -> None:
    assert run("import", "in", "--collection", "contoso", "--json").record["added"] == 3
    (run.folder / "in" / "Q100001.TXT").unlink()
    assert run("import", "in", "--prune", "--json").record["pruned"] == 1
    assert "contoso:q100001" in ids(run)
    assert run("import", "in", "--collection", "contoso", "--prune", "--json").record["pruned"] == 1
    assert ids(run) == {"Q100002", "Q100003", "contoso:q100002", "contoso:q100003"}
