"""HTML to text: the one door to bs4 and lxml. No type of theirs leaves this module.

Parsing is lxml's, which takes linear time on broken markup where Python's own parser does not. What a page may cost
is bounded all the same: markup beyond LARGEST_PAGE characters or MOST_TAGS tags is left out and reported.
"""

import re
import warnings
from dataclasses import dataclass
from typing import Final

# A hundred times the largest page that is known; as many tags take half a second, whatever they are.
LARGEST_PAGE: Final = 4 << 20
MOST_TAGS: Final = 50_000
TAG: Final = re.compile(r"<[^<>]*>")
WANTED: Final = ("title", "h1", "h2", "h3", "pre")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What is read of a page: its title, its headings in order on one line each, its preformatted texts as written.

    `was_cut` tells that the page was too large and its end was not read.
    """

    title: str | None
    headings: tuple[str, ...]
    preformatted: tuple[str, ...]
    was_cut: bool = False


def read_html(markup: str) -> HtmlText:
    """Read a page; any string gives a result. Tags are dropped, entities become characters."""
    # SoupStrainer moves about between versions; at the top every version has it, if not for type checkers.
    from bs4 import BeautifulSoup, SoupStrainer  # type: ignore[attr-defined]

    markup, was_cut = _bounded(markup)
    with warnings.catch_warnings():
        # It warns of input that looks like a file name or like XML; whatever a page looks like, it is read as HTML.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(markup, "lxml", parse_only=SoupStrainer(WANTED))
    # The outermost ones only: reading each of many nested ones would cost the square of their number.
    found = [(tag.name, tag.get_text()) for tag in soup.find_all(WANTED, recursive=False)]
    return HtmlText(
        title=next((_on_one_line(text) for name, text in found if name == "title"), None),
        headings=tuple(_on_one_line(text) for name, text in found if name.startswith("h")),
        preformatted=tuple(text for name, text in found if name == "pre"),
        was_cut=was_cut,
    )


def without_tags(markup: str) -> str:
    """Return the start of a page without its tags, at no more cost than one pass; entities stay."""
    return TAG.sub("", markup)


def _bounded(markup: str) -> tuple[str, bool]:
    cut = markup[:LARGEST_PAGE]
    if cut.count("<") > MOST_TAGS:
        cut = "<".join(cut.split("<", MOST_TAGS)[:MOST_TAGS])
    # Half of a surrogate pair is no character; lxml refuses the whole page for one.
    return cut.encode("utf-8", "replace").decode("utf-8"), len(cut) < len(markup)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
