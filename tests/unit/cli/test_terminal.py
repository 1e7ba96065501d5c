"""What may be written to a terminal, and how wide it is."""

import pytest

from cli.terminal import pager_command, styled, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07", "]0;title"),
        ("\x9b31mred", "31mred"),
        ("a\rb\r\nc", "a\nb\nc"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\u202egnp\u202c \u2066x\u2069", "gnp x"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone \ud83d surrogate", "lone  surrogate"),
        ("\x00\x08\x7f", ""),
        ("naïve “quotes” 日本", "naïve “quotes” 日本"),
    ],
)
def test_nothing_is_left_that_a_terminal_acts_on(text: str, expected: str) -> None:
    assert styled(text).plain == expected


@pytest.mark.parametrize(("columns", "expected"), [("5", 20), ("72", 72), ("500", 100)])
def test_the_width_stays_readable(monkeypatch: pytest.MonkeyPatch, columns: str, expected: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width() == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [("less -S", "more", ["less", "-S"]), ("", "more", None), (None, "more", ["more"]), (None, "", None)],
)
def test_the_pager_is_ours_before_that_of_all_programs(
    monkeypatch: pytest.MonkeyPatch, ours: str | None, theirs: str, expected: list[str] | None
) -> None:
    monkeypatch.setenv("PAGER", theirs)
    monkeypatch.delenv("KBFIX_PAGER", raising=False)
    if ours is not None:
        monkeypatch.setenv("KBFIX_PAGER", ours)
    assert pager_command() == expected
