"""Text is cut into prose, items, headings, and what keeps its form; nothing of it is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.passages import Passage, gist, is_prose, passages


def kinds(text: str) -> list[str]:
    return [passage.kind for passage in passages(text)]


def test_wrapped_lines_are_one_line_of_prose() -> None:
    text = "When you try to print a document, the printer prints blank pages and the\nspooler stops.\n\nSecond."
    assert list(passages(text)) == [
        Passage("prose", "When you try to print a document, the printer prints blank pages and the spooler stops."),
        Passage("prose", "Second."),
    ]


def test_a_line_that_ends_early_since_the_next_word_is_long_is_prose() -> None:
    text = "This is caused when it is called by\nCMyVeryLongClassName::AndItsEvenLongerMemberFunction(), which fails."
    assert kinds(text) == ["prose"]


@pytest.mark.parametrize("mark", ["1.", "12)", "a.", "B)", "-", "*", "•"])
def test_items_have_their_mark(mark: str) -> None:
    assert list(passages(f" {mark} Click OK.")) == [Passage("item", "Click OK.", 1, mark)]


def test_headings_stand_above_their_rule() -> None:
    text = "Method 1: Restart\n-----------------\n\nRestart it."
    assert list(passages(text)) == [Passage("heading", "Method 1: Restart"), Passage("prose", "Restart it.")]


def test_code_is_kept_with_its_blank_lines_and_inner_indents() -> None:
    text = "Type this:\n\n   if (x)\n   {\n      y = 1;\n\n      z();\n   }\n\nThen stop."
    assert list(passages(text)) == [
        Passage("prose", "Type this:"),
        Passage("kept", "if (x)\n{\n   y = 1;\n\n   z();\n}", 3),
        Passage("prose", "Then stop."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "   HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet",
        "   x = 1;",
        "   #include <stdio.h>",
        "   Name     Size",
        "   ' note",
    ],
)
def test_one_line_of_code_a_path_or_a_table_is_kept(line: str) -> None:
    assert kinds(line) == ["kept"]


def test_an_indented_message_is_prose() -> None:
    assert list(passages("   Access is denied.")) == [Passage("prose", "Access is denied.", 3)]


def test_what_controls_a_terminal_is_not_in_it() -> None:
    assert [passage.text for passage in passages("a\x1b[31mb\u202ec")] == ["a[31mbc"]


@given(st.lists(st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs", "S")), max_size=90), max_size=12))
def test_nothing_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    shown = "".join((passage.mark or "") + passage.text for passage in passages(text))

    # Rules below headings and blanks are told by the layout.
    def bare(words: str) -> str:
        return re.sub(r"[\s-]", "", words)

    assert bare(shown) == bare(text)


def test_a_gist_is_the_beginning_cut_at_a_word() -> None:
    text = "Heading\n-------\n\nInstall the latest service pack.\n\n1. Restart."
    assert gist(text, 200) == "Install the latest service pack. Restart."
    assert gist(text, 20) == "Install the latest…"
    assert len(gist("x" * 500, 100)) <= 100
    assert gist("", 10) == ""


def test_prose_is_told_from_columns() -> None:
    assert is_prose(["Some words that were wrapped at the usual seventy or eighty columns", "and go on."])
    assert not is_prose(["Drive   Size", "C:      2 GB"])
