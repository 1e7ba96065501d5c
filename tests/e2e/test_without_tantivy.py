"""Where tantivy cannot be loaded, whoosh steps in by itself, and it is said once."""

from pathlib import Path

import pytest

from tests.command import Command


@pytest.fixture
def run(kbfix: Command, tmp_path: Path) -> Command:
    """Return the command in an environment where `import tantivy` fails."""
    package = tmp_path / "shadow" / "tantivy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('no wheel for this platform')\n")
    return Command(kbfix.folder, kbfix.home, variables={"PYTHONPATH": str(package.parent)})


def test_import_and_search_work_and_the_choice_is_said_once(run: Command, corpus: Path) -> None:
    said = "kbfix: the engine tantivy cannot be used here: no wheel for this platform; whoosh is used instead\n"
    ran = run("import", corpus / "articles", "--json")
    assert (ran.code, ran.record["added"], ran.stderr) == (0, 62, said)
    ran = run("search", "tracking finds no trace of mail sent to the internet", "--json")
    assert (ran.code, ran.record["engine"], ran.stderr) == (0, "whoosh", said)
    assert ran.record["hits"][0]["id"] == "Q164175"
    assert run("answer", "tracking finds no trace of mail sent to the internet", "--quiet").stderr == ""
    assert run("doctor").code == 0


def test_whoosh_asked_for_by_name_needs_no_words(run: Command, corpus: Path) -> None:
    ran = run("import", corpus / "articles", "--engine", "whoosh")
    assert (ran.code, ran.stderr) == (0, "")
    assert run("search", "mail").stderr == ""


def test_tantivy_asked_for_by_name_cannot_run(run: Command, corpus: Path) -> None:
    ran = run("import", corpus / "articles", "--engine", "tantivy")
    assert ran.code == 2
    assert "tantivy cannot be used here" in ran.error[0]
    assert "whoosh" in ran.error[1]


def test_a_home_that_was_indexed_with_tantivy_names_the_rebuild(run: Command, tantivy_home: Path) -> None:
    ran = run("search", "mail", home=tantivy_home)
    assert ran.code == 2
    assert "kbfix rebuild --engine whoosh" in ran.stderr
