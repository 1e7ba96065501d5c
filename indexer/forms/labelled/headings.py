"""Which lines of a page are headings, and what they open.

Pages mark their headings in many ways: by tags, bold, a rule below, capitals, a line of their own, a colon. A weaker
mark counts only on a page that has no two headings of a stronger one, so that a word of the text is not taken for one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from indexer.forms.labelled.vocabulary import EMPHASIS, HEADINGS, RUN_IN, SEVERAL, STRONG, HeadingKind
from indexer.line_writer import LONGEST_TITLE
from indexer.marked_lines import STANDS_OUT, MarkedLine

# Kinds of which a page has two before its way of marking headings is known.
SECTION_KINDS: Final = frozenset(
    {"symptoms", "cause", "resolution", "workaround", "status", "summary", "more_information"}
)
AROUND: Final = " \t#*_[]»>«<▼▲+|="
RULE: Final = re.compile(r"[ \t]{0,8}([=\-~*_^\"+])\1{2,}[ \t]*")
NUMBERED: Final = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[A-Z]\.)[ \t]+")
BULLET: Final = re.compile(r"[-*•·+][ \t]")
RUN_IN_LINE: Final = re.compile(r"([^\s:：][^:：]{2,28}?)[ \t]{0,4}[:：][ \t]{0,8}(\S.*)")
COLONS: Final = ":："
# Without case, as words are compared: it makes a sigma of the final one, and `ss` of a sharp s.
KINDS: Final[dict[str, HeadingKind]] = {words.casefold(): kind for words, kind in HEADINGS.items()}
LONGEST_WORD: Final = 40
LONGEST_SEVERAL: Final = 200


class Mark(IntEnum):
    """How a heading is marked, weakest first."""

    RUN_IN = 0
    COLON = 1
    BARE = 2
    CAPITALS = 3
    MARKED = 4


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its words as written, what it opens (None: a word outside of the vocabulary), and where it stands.

    `level` is that of its line, and 0 where only its words tell. `rest` is text that runs on behind it on the line.
    `lines` counts its own line and the rule below.
    """

    at: int
    words: str
    kind: HeadingKind | None
    level: int
    mark: Mark
    rest: str = ""
    lines: int = 1


@lru_cache(maxsize=4096)
def heading_kind(text: str) -> HeadingKind | None:
    """Tell what a heading of these words opens; None for words that are not in the vocabulary."""
    written = text.strip(AROUND)
    numbered = NUMBERED.match(written)
    for candidate in (written, written[numbered.end() :]) if numbered else (written,):
        words = " ".join(candidate.rstrip(COLONS + ". ").casefold().split())
        kind = KINDS.get(words) or KINDS.get(words.replace("(s)", "s"))
        if kind is not None:
            return kind
        if several := SEVERAL.fullmatch(words):
            return KINDS.get(several[1])
    return None


def is_one_of_several(text: str) -> bool:
    """Tell `Cause 2` and the like from a heading that stands alone."""
    return bool(SEVERAL.fullmatch(text.strip(AROUND).rstrip(COLONS)))


def opens_section(kind: HeadingKind | None) -> bool:
    """Tell the kinds that are a section's from those that open a list, labels, contents or words of the site."""
    return kind is not None and kind not in ("applies_to", "contents", "dropped", "labels")


def is_rule(text: str) -> bool:
    """Tell a line that is nothing but a rule."""
    return bool(RULE.fullmatch(text))


def find_headings(lines: Sequence[MarkedLine]) -> tuple[Heading, ...]:
    """Return the headings of a page in order: those of the vocabulary, and marked lines with other words."""
    found = [heading for at in range(len(lines)) if (heading := _candidate(lines, at)) is not None]
    weakest = _weakest(found)
    first = next((h.at for h in found if h.mark >= weakest and h.kind in SECTION_KINDS), len(lines))
    return tuple(
        heading
        for heading in found
        if heading.mark >= weakest
        # A list of products may be marked less than the sections are.
        or (heading.kind == "applies_to" and (heading.at < first or heading.words.casefold() in STRONG))
        or (heading.kind in ("contents", "labels") and heading.mark >= Mark.BARE and heading.at < first)
    )


def _weakest(found: Sequence[Heading]) -> Mark:
    """Return the weakest mark that counts: the strongest by which two different sections are told."""
    for mark in (Mark.MARKED, Mark.CAPITALS, Mark.BARE, Mark.COLON):
        kinds = {heading.kind for heading in found if heading.mark >= mark and heading.kind in SECTION_KINDS}
        if len(kinds) > 1:
            # Capitals on a line of their own are a heading beside marked ones too.
            return min(mark, Mark.CAPITALS)
    return Mark.RUN_IN


def _candidate(lines: Sequence[MarkedLine], at: int) -> Heading | None:
    text, level = lines[at]
    words = text.strip()
    if not words or len(words) > LONGEST_SEVERAL:
        return _run_in(at, text) if not level else None
    if level:
        plain = words.rstrip(COLONS + " ")
        kind = (
            None
            if level == STANDS_OUT and plain.casefold() in EMPHASIS and not plain.islower()
            else heading_kind(words)
        )
        return Heading(at, plain, kind, level, Mark.MARKED)
    if len(words) > LONGEST_TITLE or BULLET.match(words):
        return _run_in(at, text)
    kind = heading_kind(words) if len(words) <= LONGEST_WORD or words[0].isupper() else None
    if kind is None:
        return _run_in(at, text)
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    if below and is_rule(below):
        sign = below.strip()[0]
        return Heading(at, words.rstrip(COLONS), kind, 1 if sign in "=*" else 2, Mark.MARKED, lines=2)
    if text[0] in " \t" or not _stands_alone(lines, at):
        return None
    plain = words.rstrip(COLONS + " ")
    if words[-1] in COLONS:
        return Heading(at, plain, kind, 0, Mark.COLON)
    if plain.casefold() in STRONG or not plain.isascii():
        return Heading(at, plain, kind, 0, Mark.CAPITALS if plain.isupper() or not plain.isascii() else Mark.BARE)
    return Heading(at, plain, kind, 0, Mark.BARE) if _blank(lines, at - 1) else None


def _run_in(at: int, text: str) -> Heading | None:
    m = RUN_IN_LINE.match(text)
    if m is None:
        return None
    words = " ".join(m[1].casefold().split())
    kind = KINDS.get(words) if words in RUN_IN else None
    if kind is None and (several := SEVERAL.fullmatch(words)) is not None:
        kind = KINDS.get(several[1].casefold())
    return Heading(at, m[1], kind, 0, Mark.RUN_IN, m[2]) if kind is not None else None


def _stands_alone(lines: Sequence[MarkedLine], at: int) -> bool:
    """Tell a line that a blank line or another heading stands before, or that begins a text."""
    if _blank(lines, at - 1):
        return True
    above = lines[at - 1]
    return bool(above.level) or is_rule(above.text) or (lines[at].text.isupper() and above.text[-1:] in ".:!?")


def _blank(lines: Sequence[MarkedLine], at: int) -> bool:
    return at < 0 or not lines[at].text.strip()
