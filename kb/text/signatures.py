"""Find error signatures in what a user pastes: the codes and ids by which a failure is known."""

import re
from dataclasses import dataclass
from typing import Final, Literal

SignatureType = Literal["article_id", "stop", "event_id", "hex", "compiler", "error_number"]


@dataclass(frozen=True, slots=True)
class Signature:
    """A code with its type; `value` is in one spelling: numbers in base 16 without leading zeros, others as written."""

    type: SignatureType
    value: str


# Every pattern stops at the first character it cannot use: the time grows with the text and no faster.
_PATTERNS: Final[tuple[tuple[SignatureType, re.Pattern[str]], ...]] = (
    ("article_id", re.compile(r"\b(?:Q|KB)\s?(\d{5,7})\b", re.IGNORECASE)),
    ("stop", re.compile(r"\bSTOP:?\s{0,3}(?:error\s)?(?:0x|Ox)?([0-9A-F]{1,10})\b", re.IGNORECASE)),
    ("event_id", re.compile(r"\bEvent(?:\s{0,3}IDs?)?\s{0,3}[:#(]?\s{0,3}(\d{1,5})\b", re.IGNORECASE)),
    ("hex", re.compile(r"\b(?:0x([0-9a-f]{1,16})|((?=[0-9a-f]{0,7}\d)[0-9a-f]{8}))\b", re.IGNORECASE)),
    ("compiler", re.compile(r"\b((?:LNK|C|RC|U|A|BK|CVT|D|PRJ|M)\d{4})\b")),
    (
        "error_number",
        re.compile(r"\b(?:error|err)(?:\s(?:code|number|no\.?))?\s{0,2}[:#=]?\s{0,2}(\d{1,10})\b", re.IGNORECASE),
    ),
)


def find_signatures(text: str) -> tuple[Signature, ...]:
    """Return the distinct signatures in `text`, by type, in the order of the table and of the text."""
    found: dict[Signature, None] = {}
    taken: set[str] = set()
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = next(group for group in match.groups() if group)
            if kind == "error_number" and value in taken:
                continue
            if kind in ("stop", "hex"):
                value = value.lower().lstrip("0") or "0"
                if kind == "hex" and value in taken:
                    continue
                taken.add(value)
            elif kind == "article_id":
                value = f"Q{int(value)}"
            found[Signature(kind, value)] = None
    return tuple(found)
