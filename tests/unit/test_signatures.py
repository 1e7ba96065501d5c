"""The codes by which a failure is known, found in what a user pastes."""

import time

import pytest

from kb.text.signatures import Signature, find_signatures


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("see Q164175", "article_id", "Q164175"),
        ("KB 0164175", "article_id", "Q164175"),
        ("STOP 0x0000007B (0xF201B84C)", "stop", "7b"),
        ("*** STOP: 0xC000021A", "stop", "c000021a"),
        ("Stop 7B", "stop", "7b"),
        ("Event ID: 5", "event_id", "5"),
        ("Event 2000", "event_id", "2000"),
        ("failed with 0x80040154", "hex", "80040154"),
        ("returned c0000005", "hex", "c0000005"),
        ("error LNK2001: unresolved", "compiler", "LNK2001"),
        ("fatal error C1083", "compiler", "C1083"),
        ("service specific error 1011", "error_number", "1011"),
        ("Error code: 2184", "error_number", "2184"),
    ],
)
def test_a_signature_is_found(text: str, kind: str, value: str) -> None:
    assert (kind, value) in {(found.type, found.value) for found in find_signatures(text)}


def test_a_stop_code_is_not_told_again_as_a_number() -> None:
    assert find_signatures("STOP 0x0000007B") == (Signature("stop", "7b"),)


def test_repeated_signatures_are_told_once() -> None:
    assert len(find_signatures("error 5, error 5, Error: 5")) == 1


@pytest.mark.parametrize("text", ["", "the printer prints blank pages", "stop the service", "in the event of fire"])
def test_plain_words_have_none(text: str) -> None:
    assert find_signatures(text) == ()


@pytest.mark.parametrize("unit", ["STOP ", "0x", "error ", "event id: ", "aaaaaaaa ", "Q ", "1", "a1b2c3d4 "])
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.perf_counter()
        find_signatures(text)
        return time.perf_counter() - started

    seconds(1000)
    once, eightfold = min(seconds(50_000) for _ in range(3)), min(seconds(400_000) for _ in range(3))
    assert eightfold < 30 * once + 0.05
