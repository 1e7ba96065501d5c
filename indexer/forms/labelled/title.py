"""The title of a page, without the id and the name of the site that stand beside it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.forms.labelled.labels import Label, read_labels, read_sentence
from indexer.forms.labelled.parts import Parts
from indexer.forms.labelled.source import Source
from indexer.forms.labelled.vocabulary import NO_TITLES, SITE_NAMES
from indexer.line_writer import LONGEST_TITLE
from indexer.marked_lines import STANDS_OUT

# An id beside a title, with the letters that belong to it, without the words that only announce it.
ID: Final = (
    r"(?:(?:SAP )?Note |Doc(?:ument)? ID:? |Article ID:? )?"
    r"((?:MSKB|KB|Q|CTX|TECH|TID|swg|CSC[a-z]{2})?[ \t]?\d{5,9}(?:\.\d)?)"
)
ID_BEFORE: Final = re.compile(rf"[\[(]?{ID}[\])]?[ \t]{{0,3}}(?:[:|]|[-\u2013][ \t])[ \t]{{0,3}}(?=\S)", re.IGNORECASE)
ID_BEHIND: Final = re.compile(rf"[ \t]{{0,3}}[\[(]{ID}[\])]$", re.IGNORECASE)
ID_ALONE: Final = re.compile(rf"(?:Article |Document )?#?{ID}", re.IGNORECASE)
LONGEST_ID: Final = 40
LONGEST_WRITTEN: Final = 500
SITE: Final = re.compile(r"[ \t]+(?:[|\u2013\u2014:]{1,2}|-)[ \t]+")
SITE_BEFORE: Final = re.compile(r"([^|:\u2013\u2014]{2,40}?)[ \t]{0,2}(?:[|:\u2013\u2014]|-(?=[ \t]))[ \t]+(?=\S)")
FEWEST_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Title:
    """A title; `beside` is the id that stood beside it, `written` are the lines it was taken from, without case."""

    text: str
    beside: str | None
    written: frozenset[str]


def choose_title(source: Source, parts: Parts, labels: Sequence[Label]) -> Title:
    """Return the title that a page states, shows as its first heading, or calls itself; empty where it has none."""
    own, own_id = _cleaned(source.title, site=True)
    stated = next((label.value for label in labels if label.field == "title" and label.value), "")
    candidates = [(line, *_cleaned(line.text)) for line in parts.titles]
    usable = [candidate for candidate in candidates if _is_title(candidate[1])]
    # The longest, since the name of the site is part of a page's own title too.
    heading = max((c for c in usable if own and _like(c[1], own)), key=lambda c: len(c[1]), default=None)
    if heading is None:
        ranked = sorted(usable, key=lambda c: c[0].level)
        heading = next((c for c in ranked if c[0].level < STANDS_OUT or not own), None)
    first = _first_line(parts.lead) if heading is None and not own else ""
    text, beside = _cleaned(stated or (heading[1] if heading else own or first))
    beside = beside or (heading[2] if heading else None) or own_id or _cleaned(first)[1]
    written = {_plain(value) for value in (stated, text, own, source.title, first) if value}
    if heading is not None:
        written |= {_plain(heading[0].text), _plain(heading[1])}
    return Title(text, beside, frozenset(written))


def without_title(lines: Iterable[str], title: Title) -> list[str]:
    """Return lines without those that only repeat the title."""
    return [line for line in lines if not line.strip() or _plain(line) not in title.written]


def _is_title(text: str) -> bool:
    return bool(text) and text.casefold() not in NO_TITLES and not ID_ALONE.fullmatch(text)


def _first_line(lines: Sequence[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    words = first.strip()
    if (
        len(words) > LONGEST_TITLE
        or not _is_title(words)
        or words[0] in "-*•"
        or read_labels(words)
        or read_sentence(words)
    ):
        return ""
    return "" if words.endswith((".", ":")) and len(words.split()) > FEWEST_WORDS * 4 else words


def _cleaned(title: str, *, site: bool = False) -> tuple[str, str | None]:
    """Return a title without id and site, and the id."""
    text = " ".join(title[:LONGEST_WRITTEN].split())
    if site:
        text = _without_site(text)
    before, behind = ID_BEFORE.match(text), ID_BEHIND.search(text[-LONGEST_ID:])
    if before is not None:
        return text[before.end() :], before[1]
    if behind is not None:
        return text[: len(text) - len(behind[0])], behind[1]
    return text, None


def _without_site(text: str) -> str:
    """Return a page's own title without the name of its site, which stands behind it or before."""
    pieces = SITE.split(text)
    while len(pieces) > 1 and (SITE_NAMES.fullmatch(pieces[-1]) or ID_ALONE.fullmatch(pieces[-1])):
        text = text[: text.rindex(pieces.pop())].rstrip(" |\u2013\u2014:-\t")
    before = SITE_BEFORE.match(text)
    return text[before.end() :] if before is not None and SITE_NAMES.fullmatch(before[1]) else text


def _like(text: str, other: str) -> bool:
    """Tell whether one of two titles holds the other."""
    a, b = _plain(text), _plain(other)
    return len(a.split()) >= FEWEST_WORDS and (a in b or b in a)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
