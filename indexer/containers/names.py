"""Names of members as text: readable, the same every time, and no two alike within one archive.

Archives hold names as bytes of an encoding that most of them do not state. UTF-8 is known by its bytes. Zip archives
without it are of MS-DOS by their specification, and its code page 437 gives every byte a character of its own, so that
names of another country's code page come out odd, but different and the same each time.
"""

import re
from typing import Final

# Control characters, what looks like a line end, marks that reorder text, and halves of characters.
_UNSHOWN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def from_dos(raw: bytes, *, is_utf8: bool) -> str:
    """Return the name that a zip archive holds; `is_utf8` is what it says of the encoding, which need not be so."""
    if is_utf8:
        return raw.decode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def shown(name: str) -> str:
    r"""Return a name that can be stored and printed: bytes that are no text and control characters become `\xNN`."""
    return _UNSHOWN.sub(_escaped, name)


def _escaped(m: re.Match[str]) -> str:
    code = ord(m[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8 (surrogateescape)
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class Names:
    """The names that were given in one archive."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, name: str) -> str:
        """Return the name to show, which is no other member's: the second of a name gets a number."""
        wanted = unique = shown(name) or "no name"
        number = 1
        while unique in self._given:
            number += 1
            unique = f"{wanted} ({number})"
        self._given.add(unique)
        return unique
