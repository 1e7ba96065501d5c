"""Text as it may be shown: without what a terminal acts on, and without what a person would not see."""

import re
from typing import Final

# Control characters but tab and newline, the C1 range, line separators, marks that reorder or hide text, blanks of no
# width, selectors of variants and tags: whole sentences can be written in the last two, and nobody sees them.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """Return `text` without anything that a terminal would act on or a reader not see; article text is data."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return cleaned `text` with all white space made single blanks."""
    return " ".join(clean(text).split())
