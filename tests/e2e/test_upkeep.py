"""The commands that keep a home: related, stats, export, parse, remove, rebuild, doctor."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.command import Command, Ran

COMMANDS = [
    "import",
    "search",
    "answer",
    "show",
    "related",
    "parse",
    "remove",
    "stats",
    "doctor",
    "rebuild",
    "export",
    "eval",
    "embed",
]


@pytest.fixture
def run(kbfix: Command, tantivy_home: Path) -> Command:
    """Return the command with a home that holds the corpus."""
    return Command(kbfix.folder, tantivy_home)


@pytest.fixture
def own(kbfix: Command, own_engine_home: Path) -> Command:
    """Return the command with a home of its own that holds the corpus, for each engine in turn."""
    return Command(kbfix.folder, own_engine_home)


def test_related_lists_references_and_similar_articles(kbfix: Command, corpus_home: Path) -> None:
    ran = kbfix("related", "Q125750", home=corpus_home)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Q125750  PRB: LNK2001 on _WinMain@16")
    assert "Similar" in ran.stdout


def test_stats_counts_what_is_in(run: Command) -> None:
    ran = run("stats")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("62 articles in ")


def test_stats_lists_products_as_the_filter_knows_them(run: Command) -> None:
    names = run("stats", "--products").stdout.splitlines()
    assert names == sorted(names)
    assert any("exchange server" in name for name in names)


def test_parse_prints_what_the_parser_guessed(run: Command, corpus: Path) -> None:
    ran = run("parse", corpus / "articles")
    assert (ran.code, ran.stderr) == (0, "")
    assert "Q164175 XADM: No Tracking" in ran.stdout


def test_parse_needs_no_home(kbfix: Command, corpus: Path) -> None:
    assert kbfix("parse", corpus / "articles" / "Q164175.TXT").code == 0
    assert kbfix.home is not None
    assert not kbfix.home.exists()


def test_remove_takes_out_of_store_and_index_and_import_brings_back(own: Command, corpus: Path) -> None:
    symptom = "tracking finds no trace of mail sent to the internet"
    ran = own("remove", "KB164175")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "1 removed\n", "")
    assert own("show", "Q164175").code == 1
    assert "Q164175" not in [hit["id"] for hit in own("search", symptom, "--json").record["hits"]]
    assert own("doctor").code == 0
    again = own("import", corpus / "articles", "--json").record
    assert (again["added"], again["unchanged"]) == (1, 61)
    assert own("search", symptom, "--json").record["hits"][0]["id"] == "Q164175"


def test_remove_tells_what_was_not_there(own_home: Path, kbfix: Command) -> None:
    ran = kbfix("remove", "Q164175", "Q999999", home=own_home)
    assert (ran.code, ran.stdout) == (1, "1 removed\n")
    assert ran.stderr == "kbfix: Q999999 is not in this knowledge base\n"


def test_rebuild_gives_the_same_results(own: Command) -> None:
    before = own("search", "blue screen at startup", "--batch", "-", stdin='{"id": 1, "query": "stop error"}').stdout
    ran = own("rebuild")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("62 articles indexed with ")
    after = own("search", "blue screen at startup", "--batch", "-", stdin='{"id": 1, "query": "stop error"}').stdout
    assert before == after != ""


def test_rebuild_makes_a_second_engine_usable(own_home: Path, kbfix: Command) -> None:
    run = Command(kbfix.folder, own_home)
    assert run("rebuild", "--engine", "whoosh").code == 0
    assert run("search", "mail", "--json", "--engine", "whoosh").record["engine"] == "whoosh"
    assert run("search", "mail", "--json").record["engine"] == "tantivy"


def test_an_index_that_lags_behind_is_said_to_and_caught_up_by_the_next_import(
    own_home: Path, kbfix: Command, corpus: Path
) -> None:
    run = Command(kbfix.folder, own_home)
    run("rebuild", "--engine", "whoosh")
    assert run("remove", "Q164175", "--engine", "tantivy").code == 0
    ran = run("search", "mail tracking", "--engine", "whoosh")
    assert ran.code == 0
    assert "kbfix rebuild --engine whoosh" in ran.stderr
    assert run("import", corpus / "articles", "--engine", "whoosh").code == 0
    ran = run("search", "mail tracking", "--engine", "whoosh", "--json")
    assert (ran.stderr, ran.record["hits"][0]["id"]) == ("", "Q164175")


def test_doctor_finds_a_fresh_home_sound(kbfix: Command, corpus_home: Path) -> None:
    ran = kbfix("doctor", home=corpus_home)
    assert (ran.code, ran.stderr) == (0, "")
    checks, _, diagnostics = ran.stdout.partition("\n\n")
    assert {line.split()[0] for line in checks.splitlines()} == {"sound"}
    assert {line.split()[0] for line in diagnostics.splitlines()[1:-1]} == {"note"}
    assert "kbfix parse FILE" in diagnostics


@pytest.mark.skipif(os.name == "nt", reason="a closed pipe is another matter there")
def test_a_closed_pipe_is_quiet(run: Command) -> None:
    with run.start("export") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [("search", "printer"), ("stats",), ("export",), ("show", "Q164175")])
def test_a_full_disk_is_told(kbfix: Command, corpus_home: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full, kbfix.start(*arguments, home=corpus_home, stdout=full) as process:
        assert process.stderr is not None
        told = Ran(process.wait(), "", process.stderr.read().decode())
    assert told.code == 2
    assert told.error[0].startswith("the output cannot be written: ")
    assert told.error[1].endswith("run the same command again")


def test_help_names_every_command(run: Command) -> None:
    listed = run("--help").stdout
    assert [name for name in COMMANDS if f" {name} " not in listed] == []


def test_the_version_is_that_of_the_package(run: Command) -> None:
    from kb import __version__

    assert run("--version").stdout == f"kbfix {__version__}\n"


def test_python_runs_no_warning(run: Command) -> None:
    """Nothing that is loaded warns, even where warnings are shown."""
    ran = run("search", "mail", variables={"PYTHONWARNINGS": "always"})
    assert (ran.code, ran.stderr) == (0, "")


def test_output_fits_a_terminal_of_another_encoding(run: Command) -> None:
    done = subprocess.run(
        [*run.executable, "show", "Q134288"],
        env=run.environment() | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        cwd=run.folder, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
