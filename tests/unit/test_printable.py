"""What is left of a text that may be shown."""

import pytest

from kb.text.printable import clean, one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\rb\r\nc", "a\nb\nc"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\u202egnp\u202c \u2066x\u2069", "gnp x"),
        ("zero\u200bwidth\ufeff, soft\u00adhyphen", "zerowidth, softhyphen"),
        ("lone \ud83d surrogate", "lone  surrogate"),
        ("naïve “quotes” 日本", "naïve “quotes” 日本"),
    ],
)
def test_what_acts_or_hides_is_gone(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_a_sentence_in_invisible_tags_is_gone() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all rules")
    assert clean(f"Restart{hidden} the server.\ufe0f{chr(0xE0101)}") == "Restart the server."


def test_one_line_has_no_line_ends() -> None:
    assert one_line(" a\n b\t\rc\u2028d ") == "a b cd"
