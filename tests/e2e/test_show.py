"""`kbfix show`: an article under any spelling of its id."""

from pathlib import Path

import pytest

from tests.command import Command

SPELLINGS = [
    "Q164175",
    "q164175",
    "KB164175",
    "164175",
    "kb://Q164175",
    "http://support.microsoft.com/kb/164175",
    "https://support.microsoft.com/en-us/kb/164175",
    "http://support.microsoft.com/default.aspx?scid=kb;en-us;Q164175",
    "scid=kb;en-us;Q164175",
    "http://support.microsoft.com/?kbid=164175",
    "http://support.microsoft.com/support/kb/articles/Q164/1/75.asp",
    "articles/Q164/1/75.asp",
    "Q164175.TXT",
]


@pytest.fixture
def show(kbfix: Command, tantivy_home: Path) -> Command:
    """Return the command with a home that holds the corpus."""
    return Command(kbfix.folder, tantivy_home)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_finds_the_article_in_every_spelling(show: Command, spelling: str) -> None:
    ran = show("show", spelling)
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[1].startswith("Q164175 · ")


def test_lays_out_sections_and_references(show: Command) -> None:
    lines = show("show", "Q164175").stdout.splitlines()
    assert lines[0] == "XADM: No Tracking of Internet-bound Mail in Standard Edition"
    assert {"SYMPTOMS", "CAUSE", "RESOLUTION"} <= set(lines)
    assert max(map(len, lines)) <= 80


def test_section_shows_that_one_only(show: Command) -> None:
    lines = show("show", "Q164175", "--section", "cause").stdout.splitlines()
    assert "CAUSE" in lines
    assert "RESOLUTION" not in lines


def test_a_section_that_is_not_there_is_bad_input(show: Command) -> None:
    ran = show("show", "Q164175", "--section", "weather")
    assert (ran.code, ran.stdout) == (2, "")
    assert "SYMPTOMS" in ran.error[1]


def test_raw_gives_the_bytes_of_the_file(show: Command, corpus: Path) -> None:
    ran = show("show", "Q134288", "--raw")
    expected = (corpus / "articles" / "Q134288.TXT").read_bytes()
    assert ran.stdout.encode("utf-8", "surrogateescape") == expected.replace(b"\r\n", b"\n")


def test_revisions_lists_the_current_content(show: Command) -> None:
    ran = show("show", "Q164175", "--revisions")
    assert ran.stdout.split()[:3] == ["2000-10-22", "current", "kb-text"]


def test_the_width_follows_the_terminal(show: Command) -> None:
    ran = show("show", "Q164175", variables={"COLUMNS": "50"})
    prose = [line for line in ran.stdout.splitlines() if line.startswith("  ") and "- " not in line]
    assert max(map(len, prose)) <= 50
