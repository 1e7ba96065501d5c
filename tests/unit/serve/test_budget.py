"""Texts and replies cut to a budget of tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.serve.agents.budget import Reply, Room, cut, fitted, size, tokens, uncut_length


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("a", 1), ("four letters", 3), ("HKEY_LOCAL_MACHINE", 10), ("0x8007000e", 6), ("日本", 4)],
)
def test_what_is_hard_for_tokenizers_takes_more_tokens(text: str, expected: int) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("one two three", 13, ("one two three", False)),
        ("one two three", 12, ("one two …", True)),
        ("one two three", 3, ("", True)),
        ("one\ntwo three four", 13, ("one\ntwo …", True)),
        (r"c:\winnt\system32\drivers\etc\hosts", 20, (r"c:\winnt\system3 …", True)),
        ("日本日本日本", 11, ("日本 …", True)),
        ("", 0, ("", False)),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, most: int, expected: tuple[str, bool]) -> None:
    assert cut(text, most) == expected


@given(st.text(), st.integers(0, 60))
def test_what_is_kept_is_the_beginning_and_within_the_limit(text: str, most: int) -> None:
    kept, is_cut = cut(text, most)
    assert size(kept) <= most or kept == text
    assert text.startswith(kept[: uncut_length(kept)] if is_cut else kept)
    assert is_cut == (kept != text)


def test_who_asks_first_gets_of_the_room_first() -> None:
    room = Room(10)
    assert room.take("12345678") == ("12345678", False)
    assert room.take("12") == ("12", False)
    assert room.take("1") == ("", True)


def listed(shown: int, room: int, texts: list[str]) -> Reply:
    left = Room(room)
    return Reply({"texts": [left.take(text)[0] for text in texts[:shown]]}, "")


def test_a_reply_is_as_full_as_its_budget() -> None:
    texts = ["word " * 200] * 5
    for budget in range(30, 2_000, 70):
        made = fitted(lambda shown, room: listed(shown, room, texts), 5, budget)
        assert budget - 5 <= made.tokens <= budget or made.record["texts"] == texts


def test_entries_are_left_out_for_the_texts_that_are_asked_for() -> None:
    texts = ["word " * 60, *["x" * 60] * 9]
    many = fitted(lambda shown, room: listed(shown, room, texts), 10, 160, least=3)
    few = fitted(lambda shown, room: listed(shown, room, texts), 10, 160, asked=300, least=3)
    assert len(many.record["texts"]) == 10
    assert len(few.record["texts"]) >= 3
    assert few.record["texts"][0] == texts[0]
