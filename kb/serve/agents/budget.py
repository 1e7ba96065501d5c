"""How much a reply may take of an agent's attention: tokens, reckoned high, and texts cut to what is left of them.

Tokens are counted by no model's own tokenizer, since agents differ, but by what is hard for all of them: four small
letters or blanks of English make a token, two capitals, and one and a half digits, signs or bytes of other alphabets.
Lists of files and dumps take twice as many tokens a byte as prose does.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_EASY: Final = b"abcdefghijklmnopqrstuvwxyz "
_CAPITALS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Twelfths of a token that a byte takes.
_OF_EASY: Final = 3
_OF_CAPITAL: Final = 6
_OF_OTHER: Final = 8
_MOST_ROOM: Final = 1 << 20
"""Bytes; no reply has room for more."""
_BASE_SHARE: Final = 0.7
"""Of the budget: what a reply's entries may take before any of their long texts, so that there is room for these."""
_MARK: Final = " …"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool says: the record that programs read, and a text beside it."""

    record: Mapping[str, Any]
    text: str

    @property
    def tokens(self) -> int:
        """Return the tokens of both together, as reckoned here."""
        return tokens(json.dumps(self.record, ensure_ascii=False)) + tokens(self.text)


def tokens(text: str) -> int:
    """Return how many tokens a text takes at most."""
    data = text.encode("utf-8", "replace")
    uneasy = data.translate(None, _EASY)
    others = len(uneasy.translate(None, _CAPITALS))
    twelfths = _OF_EASY * (len(data) - len(uneasy)) + _OF_CAPITAL * (len(uneasy) - others) + _OF_OTHER * others
    return -(-twelfths // 12)


def fitted(build: Callable[[int, int], Reply], entries: int, budget: int, *, asked: int = 0, least: int = 0) -> Reply:
    """Return the fullest reply within `budget` tokens.

    `build` makes one of at most so many entries, with room for so many bytes of long texts. Entries behind the first
    `least` are left out for `asked` bytes of such texts. A reply without entries and room must fit.
    """
    shown = max(
        _greatest(entries, lambda number: build(number, asked).tokens <= budget),
        _greatest(min(entries, least), lambda number: build(number, 0).tokens <= budget * _BASE_SHARE),
        _greatest(min(entries, 1), lambda number: build(number, 0).tokens <= budget),
    )
    return build(shown, _greatest(_MOST_ROOM, lambda room: build(shown, room).tokens <= budget))


class Room:
    """Bytes that are left for long texts; who asks first gets of them first."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, text: str, most: int = _MOST_ROOM) -> tuple[str, bool]:
        """Return what there is room for of a text, `most` bytes at most, and whether that is less than all of it."""
        kept, is_cut = cut(text, min(self._left, most))
        self._left -= size(kept)
        return kept, is_cut


def cut(text: str, most: int) -> tuple[str, bool]:
    """Return at most so many bytes of a text, whole words and an ellipsis, and whether that is less than all of it."""
    if size(text) <= most:
        return text, False
    kept = text.encode("utf-8", "replace")[: max(0, most - size(_MARK))].decode("utf-8", "ignore")
    if not text[len(kept) :][:1].isspace():
        # A text without blanks, such as a path, is cut where it must be.
        words_end = max(kept.rfind(" "), kept.rfind("\n"))
        kept = kept[:words_end] if words_end > len(kept) // 2 else kept
    kept = kept.rstrip()
    return (kept + _MARK if kept else ""), True


def uncut_length(kept: str) -> int:
    """Return how many characters of a text that was cut are its own."""
    return len(kept.removesuffix(_MARK))


def size(text: str) -> int:
    """Return the bytes of a text."""
    return len(text.encode("utf-8", "replace"))


def _greatest(most: int, fits: Callable[[int], bool]) -> int:
    """Return the greatest number up to `most` that fits, where smaller ones fit if greater ones do; at least 0."""
    if fits(most):
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
