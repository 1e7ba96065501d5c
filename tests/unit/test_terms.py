"""The one analysis of text that index and query share."""

import pytest

from kb.text.terms import LONGEST_COMPOUND, LONGEST_PART, terms, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("printing Printers PRINTED", ["print", "printer", "print"]),
        ("win.ini", ["win", "ini", "win.ini"]),
        ("MessageBackColor", ["messagebackcolor", "messag", "back", "color"]),
        ("nt4", ["nt4", "nt", "4"]),
        ("0x0000000A", ["0x0000000a", "#a"]),
        ("C000021A", ["c000021a", "#c000021a"]),
        ("0x00000000", ["0x00000000", "#0"]),
        ("can't CAN’T", ["cant", "cant"]),
        ("Microsoft's", ["microsoft"]),
        ("C++ C# c", ["c++", "c#", "c"]),
        ("_WinMain@16", ["winmain", "win", "main", "16"]),
        ("", []),
        ("--- *** ...", []),
    ],
)
def test_words_give_these_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_numbers_in_base_16_meet_whatever_their_zeros() -> None:
    assert set(terms("0x7B")) & set(terms("0x0000007b")) == {"#7b"}


def test_a_path_is_found_by_its_parts_and_whole() -> None:
    assert {"system32", "driver", "etc", "system32\\drivers\\etc"} <= set(terms("SYSTEM32\\Drivers\\ETC"))


def test_words_tell_their_place_in_the_text() -> None:
    text = "the file win.ini's missing"
    assert [text[word.start : word.end] for word in words(text)] == ["the", "file", "win.ini's", "missing"]


def test_long_runs_give_no_compound() -> None:
    assert max(map(len, terms("a" * 300))) == LONGEST_PART
    assert max(map(len, terms("/".join(["abc"] * 50)))) < LONGEST_COMPOUND
