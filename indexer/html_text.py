"""HTML to text: the one door to bs4 and lxml. No type of theirs leaves this module.

Parsing is lxml's, which takes linear time on broken markup where Python's own parser does not. What a page may cost
is bounded all the same: markup beyond LARGEST_PAGE characters or MOST_TAGS tags is left out and reported.
"""

import re
import warnings
from dataclasses import dataclass
from typing import Final

# The largest page of the public mirror has 0.6 MB and 40,000 tags.
LARGEST_PAGE: Final = 4 << 20
MOST_TAGS: Final = 100_000
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
    from bs4 import BeautifulSoup, SoupStrainer

    markup, was_cut = _bounded(markup)
    with warnings.catch_warnings():
        # It warns of input that looks like a file name or like XML; whatever a page looks like, it is read as HTML.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(markup, "lxml", parse_only=SoupStrainer(WANTED))
    title = soup.find("title")
    return HtmlText(
        title=_on_one_line(title.get_text()) if title is not None else None,
        headings=tuple(_on_one_line(tag.get_text()) for tag in soup.find_all(("h1", "h2", "h3"))),
        preformatted=tuple(tag.get_text() for tag in soup.find_all("pre") if tag.find_parent("pre") is None),
        was_cut=was_cut,
    )


def without_tags(markup: str) -> str:
    """Return the start of a page without its tags, at no more cost than one pass; entities stay."""
    return TAG.sub("", markup)


def _bounded(markup: str) -> tuple[str, bool]:
    cut = markup[:LARGEST_PAGE]
    if cut.count("<") > MOST_TAGS:
        cut = "<".join(cut.split("<", MOST_TAGS)[:MOST_TAGS])
    return cut, len(cut) < len(markup)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
