"""Lines of a page that belong to its site, not to its article: menus, buttons, questions to the reader."""

import re
from collections.abc import Sequence
from typing import Final

from indexer.forms.labelled.headings import heading_kind, is_rule, opens_section
from indexer.forms.labelled.labels import read_labels
from indexer.forms.labelled.vocabulary import (
    NAVIGATION,
    NAVIGATION_IN_MARGIN,
    NAVIGATION_LIKE,
    NAVIGATION_WITHIN,
)
from indexer.line_writer import LONGEST_TITLE
from indexer.marked_lines import BLANK, MarkedLine

LONGEST: Final = 200
AROUND: Final = " \t[]|»>-*•·"
MENU: Final = re.compile(r"[ \t]*[|»>·][ \t]*|[ \t]{2,}")
# Without case, as words are compared.
SITE: Final = frozenset(words.casefold() for words in NAVIGATION)
SITE_IN_MARGIN: Final = SITE | {words.casefold() for words in NAVIGATION_IN_MARGIN}


def without_navigation(lines: Sequence[MarkedLine]) -> tuple[list[MarkedLine], int]:
    """Return the lines without those of the site around the article, and how many those were."""
    start = next((at for at, line in enumerate(lines) if _names_section(line.text)), 0)
    end = _margin_start(lines)
    kept: list[MarkedLine] = []
    dropped = 0
    for at, line in enumerate(lines):
        text = line.text
        if not text or len(text) > LONGEST:
            kept.append(line)
        elif _is_navigation(text, in_margin=at < start or at >= end):
            dropped += 1
        elif ("ollapse" in text or "op" in text[-5:]) and (cleaned := NAVIGATION_WITHIN.sub("", text).rstrip()) != text:
            dropped += 1
            kept.append(MarkedLine(cleaned, line.level) if cleaned else BLANK)
        else:
            kept.append(line)
    return kept, dropped


def _names_section(text: str) -> bool:
    return bool(text) and len(text) <= LONGEST_TITLE and opens_section(heading_kind(text))


def _margin_start(lines: Sequence[MarkedLine]) -> int:
    """Return the line from which on there is nothing but words of the site, labels and blank lines."""
    at = len(lines)
    while at > 0:
        text = lines[at - 1].text
        if text and not (is_rule(text) or _is_navigation(text, in_margin=True) or read_labels(text)):
            break
        at -= 1
    return at


def _is_navigation(text: str, *, in_margin: bool) -> bool:
    bare = text.strip(AROUND).casefold()
    plain = " ".join(bare.rstrip(".").split())
    if plain in SITE or NAVIGATION_LIKE.fullmatch(plain):
        return True
    # A row of a menu is several of its words.
    return in_margin and all(piece.rstrip(".") in SITE_IN_MARGIN for piece in MENU.split(bare))
