"""HTML to text: the one door to bs4 and lxml. No type of theirs leaves this module.

Parsing is lxml's, which takes linear time on broken markup where Python's own parser does not. bs4 picks single parts
out of a page; a whole page is walked in lxml's own tree, since building bs4's takes thirty times as long. What a page
may cost is bounded all the same: markup beyond LARGEST_PAGE characters or MOST_TAGS tags is left out and reported, and
so is what is nested deeper than lxml goes (some 2,000 tags). Nothing here calls itself.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from indexer.decode import SPACES
from indexer.line_writer import LineWriter, in_columns
from indexer.marked_lines import MarkedLine

if TYPE_CHECKING:
    from bs4.filter import SoupStrainer
    from lxml.etree import _Element as Element

# A hundred times the largest page that is known; as many tags take half a second, whatever they are.
LARGEST_PAGE: Final = 4 << 20
MOST_TAGS: Final = 50_000
TAG: Final = re.compile(r"<[^<>]*>")
WANTED: Final = ("title", "h1", "h2", "h3", "pre")

# What a tag does to the lines of a page. Tags that are not named do nothing: their text runs on.
PARAGRAPHS: Final = frozenset(
    {"p", "blockquote", "dl", "figure", "form", "fieldset", "address", "center", "details", "hr", "table"}
)
LINES: Final = frozenset(
    {"div", "dt", "dd", "tr", "td", "th", "section", "article", "main", "header", "body", "html", "caption", "legend",
     "summary", "figcaption", "aside", "footer", "noframes"}
)  # fmt: skip
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
LISTS: Final = frozenset({"ul", "ol", "menu", "dir"})
PREFORMATTED: Final = frozenset({"pre", "xmp", "listing", "plaintext"})
BOLD: Final = frozenset({"b", "strong", "th", "dt", "caption", "legend", "summary"})
INDENTED: Final = frozenset({"blockquote", "dd"})
DROPPED: Final = frozenset(
    {"head", "script", "style", "nav", "noscript", "iframe", "object", "applet", "select", "option", "textarea",
     "button",
     "svg", "math", "template", "audio", "video", "title"}
)  # fmt: skip
# Around an article these hold the site's own words; inside of one they are part of it.
MARGINAL: Final = frozenset({"aside", "footer"})
# A table with one of these in a cell lays a page out; its cells are blocks of text, not of a row.
BLOCKS_IN_CELLS: Final = LISTS | PREFORMATTED | HEADINGS.keys() | {"table", "dl", "blockquote"}
HEADING_CLASS: Final = re.compile(
    r"(?:^|[ _-]|[a-z])(?:sub)?(?:head(?:ing)?|title)s?\d?(?:[ _-]|$)|\bsbody-h\d", re.IGNORECASE
)
# Boxes for messages and code on Microsoft's support site, 2004-2014.
SET_OFF_CLASS: Final = re.compile(r"(?:^|[ _-])(?:errormsg|sbody-error|sbody-code|indent)(?:[ _-]|$)", re.IGNORECASE)
LARGE: Final = re.compile(r"\+[1-6]|[4-7]")
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
LONGEST_LABEL: Final = 40
LONGEST_VALUE: Final = 120
LONGEST_CELL: Final = 400
MOST_CELL_LINES: Final = 2
# Stands for a tag that ends a line in a cell; white space as any other, but none that a page has.
LINE_END: Final = "\x1f"
COLUMNS_OF_PAIRS: Final = 2
# What lxml calls nesting that it does not follow.
TOO_DEEP: Final = frozenset({"ERR_RESOURCE_LIMIT", "ERR_INTERNAL_ERROR"})


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What is read of a page: its title, its headings in order on one line each, its preformatted texts as written.

    `was_cut` tells that the page was too large and its end was not read.
    """

    title: str | None
    headings: tuple[str, ...]
    preformatted: tuple[str, ...]
    was_cut: bool = False


class HtmlLink(NamedTuple):
    """A link to another site: its words on one line, and its address."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page as lines: its title, its lines with their outline, its links to other sites in order.

    `was_cut` tells that the page was too large and its end was not read.
    """

    title: str | None
    lines: tuple[MarkedLine, ...]
    links: tuple[HtmlLink, ...] = ()
    was_cut: bool = False


def read_html(markup: str) -> HtmlText:
    """Read a page's titles and preformatted texts; any string gives a result. Entities become characters."""
    from bs4 import BeautifulSoup

    markup, was_cut = _bounded(markup)
    with warnings.catch_warnings():
        # It warns of input that looks like a file name or like XML; whatever a page looks like, it is read as HTML.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(markup, "lxml", parse_only=_strainer())
    # The outermost ones only: reading each of many nested ones would cost the square of their number.
    found = [(tag.name, tag.get_text()) for tag in soup.find_all(WANTED, recursive=False)]
    return HtmlText(
        title=next((_on_one_line(text) for name, text in found if name == "title"), None),
        headings=tuple(_on_one_line(text) for name, text in found if name.startswith("h")),
        preformatted=tuple(text for name, text in found if name == "pre"),
        was_cut=was_cut,
    )


@cache
def _strainer() -> "SoupStrainer":
    # It moves about between versions; at the top every version has it, if not for type checkers.
    from bs4 import SoupStrainer  # type: ignore[attr-defined]

    return SoupStrainer(WANTED)


def read_html_lines(markup: str) -> HtmlPage:
    """Read a page as plain lines; any string gives a result.

    Bullets become ` - `, ordered lists are numbered, nested ones stand in; preformatted and quoted blocks stand in by
    three; rows of tables become columns; headings, bold paragraphs and labels of rows are marked. Scripts, styles and
    navigation are left out, and with one `main` part all that is outside of it.
    """
    markup, was_cut = _bounded(markup)
    tree, is_whole = _tree(markup)
    if tree is None:
        return HtmlPage(None, (), was_cut=was_cut)
    title = next(tree.iter("title"), None)
    reader = _PageReader()
    reader.read(_main(_without_frames(tree)))
    return HtmlPage(
        title=_text_of(title) if title is not None else None,
        lines=reader.writer.finish(),
        links=tuple(reader.links),
        was_cut=was_cut or not is_whole,
    )


def without_tags(markup: str) -> str:
    """Return the start of a page without its tags, at no more cost than one pass; entities stay."""
    return TAG.sub("", markup)


class _Open(NamedTuple):
    """A tag that is open: what the writer was told before it, so that it can be told so again."""

    name: str
    indent: int
    bold: int
    level: int
    lists: int
    articles: int
    in_link: bool


@dataclass(slots=True)
class _List:
    """A list that is open: the column it stands at, and for ordered ones the next number and how it is written."""

    column: int
    number: int | None = None
    style: str = "1"


class _Cell(NamedTuple):
    text: str
    is_label: bool


class _PageReader:
    """Walks over a page once and tells a writer what it meets."""

    def __init__(self) -> None:
        self.writer = LineWriter()
        self.links: list[HtmlLink] = []
        self._open: list[_Open] = []
        self._lists: list[_List] = []
        self._articles = 0
        self._in_link = False
        self._heading_at = 0

    def read(self, root: "Element") -> None:
        """Write the lines of a tag and all that is in it."""
        writer = self.writer
        _tell(writer, root.text)
        inside: list[tuple[Element, Iterator[Element]]] = [(root, iter(root))]
        while inside:
            tag, children = inside[-1]
            child = next(children, None)
            if child is None:
                inside.pop()
                if inside:
                    self._leave()
                    _tell(writer, tag.tail)
            elif self._enter(child):
                _tell(writer, child.text)
                inside.append((child, iter(child)))
            else:
                _tell(writer, child.tail)

    def _enter(self, tag: "Element") -> bool:
        """Begin a tag; tell whether what is in it is still to be read."""
        name, writer = tag.tag, self.writer
        if name == "br":
            writer.line_break()
            return False
        if name in DROPPED or (name in MARGINAL and not self._articles):
            writer.line()
            return False
        if name in PREFORMATTED:
            writer.preformatted(INVISIBLE.sub("", "".join(tag.itertext())).translate(SPACES))
            return False
        if name == "table" and (rows := _rows(tag)) is not None:
            self._table(rows)
            return False
        self._open.append(
            _Open(name, writer.indent, writer.bold, writer.level, len(self._lists), self._articles, self._in_link)
        )
        self._begin(tag, name)
        return True

    def _begin(self, tag: "Element", name: str) -> None:
        writer = self.writer
        if name in HEADINGS:
            writer.paragraph()
            writer.level = HEADINGS[name]
            self._heading_at = writer.count
        elif name in LISTS:
            self._begin_list(tag, name)
        elif name == "li":
            self._begin_item(tag)
        elif name in PARAGRAPHS:
            writer.paragraph()
            self._end_heading()
        elif name in LINES:
            writer.line()
        if name in BOLD or (name == "font" and LARGE.fullmatch(tag.get("size", ""))):
            writer.bold += 1
        elif name in INDENTED:
            writer.indent += 3
        elif name in ("article", "main"):
            self._articles += 1
        elif name == "a":
            self._link(tag)
        if told := tag.get("class"):
            self._by_class(told, name)

    def _end_heading(self) -> None:
        """End a heading in which a block begins after its words: somebody forgot to close it."""
        if self.writer.level and self.writer.count > self._heading_at:
            self.writer.level = 0
            self._open[-1] = self._open[-1]._replace(level=0)

    def _by_class(self, told: str, name: str) -> None:
        heads, set_off = _class_says(told)
        if heads and name not in HEADINGS:
            self.writer.bold += 1
        elif set_off:
            self.writer.paragraph()
            self.writer.indent += 3

    def _leave(self) -> None:
        before = self._open.pop()
        name, writer = before.name, self.writer
        if name in PARAGRAPHS or name in HEADINGS:
            writer.paragraph()
        elif name in LISTS:
            if before.lists:
                writer.line()
            else:
                writer.paragraph()
        elif name in LINES or name == "li" or writer.indent != before.indent:
            writer.line()
        writer.indent, writer.bold, writer.level = before.indent, before.bold, before.level
        del self._lists[before.lists :]
        self._articles, self._in_link = before.articles, before.in_link

    def _begin_list(self, tag: "Element", name: str) -> None:
        if self._lists:
            self.writer.line()
        else:
            self.writer.paragraph()
        self._end_heading()
        column = self.writer.indent
        number = _number(tag.get("start"), 1) if name == "ol" else None
        self._lists.append(_List(column, number, tag.get("type", "1")))
        # Words in a list but in no item, as pages have them that use lists to indent.
        self.writer.indent = column + 3

    def _begin_item(self, tag: "Element") -> None:
        writer = self.writer
        own = self._lists[-1] if self._lists else _List(writer.indent)
        if own.number is None:
            writer.item("- ", own.column + 1)
            writer.indent = own.column + 3
            return
        number = _number(tag.get("value"), own.number)
        own.number = number + 1
        lettered = own.style in ("a", "A") and 1 <= number <= len(LETTERS)
        marker = f"{LETTERS[number - 1] if lettered else number}. "
        writer.item(marker.upper() if own.style == "A" else marker, own.column)
        writer.indent = own.column + len(marker)

    def _link(self, tag: "Element") -> None:
        address = tag.get("href", "")
        # Reading each of many links inside one another would cost the square of their number.
        if address[:4].lower() == "http" and not self._in_link:
            self.links.append(HtmlLink(_text_of(tag), address))
        self._in_link = True

    def _table(self, rows: list[list[_Cell]]) -> None:
        writer = self.writer
        writer.paragraph()
        if not _are_pairs(rows):
            for line in in_columns([[cell.text for cell in row] for row in rows]):
                writer.row(line)
            writer.paragraph()
            return
        for row in rows:
            label, value = row[0].text, " ".join(cell.text for cell in row[1:])
            if len(value) <= LONGEST_VALUE:
                writer.row(f"{label.rstrip(': ')}: {value}".rstrip())
                continue
            writer.paragraph()
            writer.bold += 1
            writer.text(label)
            writer.bold -= 1
            writer.paragraph()
            writer.text(value)
            writer.paragraph()
        writer.paragraph()


def _rows(table: "Element") -> list[list[_Cell]] | None:
    """Return the rows of a table of short texts; None for a table that lays out a page, whose cells are blocks.

    Looks no further than to the first block in a cell, so that tables in tables cost no more than their size.
    """
    from lxml.etree import iterwalk

    rows: list[list[list[str]]] = []
    labels: list[list[bool]] = []
    parts: list[str] | None = None
    walk = iterwalk(table, events=("start", "end"))
    for event, node in walk:
        name = node.tag
        if node is table:
            continue
        if event == "end":
            parts = None if name in ("td", "th") else parts
            if parts is not None:
                parts.append(node.tail or "")
            continue
        if name in BLOCKS_IN_CELLS:
            return None
        if name == "tr":
            rows.append([])
            labels.append([])
        elif name in ("td", "th") and rows:
            parts = [node.text or ""]
            rows[-1].append(parts)
            labels[-1].append(name == "th")
        elif name in DROPPED:
            walk.skip_subtree()
        elif parts is not None:
            if name in ("b", "strong") and not "".join(parts).strip():
                labels[-1][-1] = True
            parts.append((LINE_END if name in ("br", "p", "div") else "") + (node.text or ""))
    return _short_cells(rows, labels)


def _short_cells(rows: list[list[list[str]]], labels: list[list[bool]]) -> list[list[_Cell]] | None:
    found: list[list[_Cell]] = []
    for row, told in zip(rows, labels, strict=True):
        cells = []
        for parts, is_label in zip(row, told, strict=True):
            raw = "".join(parts).strip()
            words = _on_one_line(INVISIBLE.sub("", raw))
            if len(words) > LONGEST_CELL or sum(bool(line.strip()) for line in raw.split(LINE_END)) > MOST_CELL_LINES:
                return None
            cells.append(_Cell(words, is_label))
        if any(cell.text for cell in cells):
            found.append(cells)
    is_table = any(len(row) >= COLUMNS_OF_PAIRS for row in found)
    return found if is_table else None


def _are_pairs(rows: list[list[_Cell]]) -> bool:
    """Tell whether every row is a label with its value, not one of a table with a head."""
    for row in rows:
        filled = [cell for cell in row[1:] if cell.text]
        label = row[0]
        if len(row) > COLUMNS_OF_PAIRS or not label.text or len(label.text) > LONGEST_LABEL:
            return False
        if not (label.is_label or label.text.endswith(":")) or any(cell.is_label for cell in filled):
            return False
    return True


@lru_cache(maxsize=512)
def _class_says(names: str) -> tuple[bool, bool]:
    """Tell of a class attribute whether it calls its text a heading, and whether it sets it off."""
    return bool(HEADING_CLASS.search(names)), bool(SET_OFF_CLASS.search(names))


def _number(written: str | None, otherwise: int) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 5 else otherwise


def _tree(markup: str) -> "tuple[Element | None, bool]":
    """Return the tree of a page, and whether it holds all of it; None for markup without any text."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    tree = etree.fromstring(markup.encode("utf-8"), parser) if markup.strip() else None
    return tree, not any(entry.type_name in TOO_DEEP for entry in parser.error_log)


def _without_frames(tree: "Element") -> "Element":
    """Return what a page of frames shows to those that have none; it is no markup to lxml."""
    frames = next(tree.iter("frameset"), None)
    if frames is None:
        return tree
    inside = "".join(text for tag in tree.iter("noframes") for text in tag.itertext())
    other, _ = _tree(inside)
    return tree if other is None else other


def _main(tree: "Element") -> "Element":
    """Return the part of a page that calls itself its main part, where there is one and it has text."""
    mains = list(islice(tree.iter("main"), 2))
    if len(mains) == 1 and any(not text.isspace() for text in mains[0].itertext()):
        return mains[0]
    return tree


def _tell(writer: LineWriter, text: str | None) -> None:
    if text:
        writer.text(text if text.isascii() else INVISIBLE.sub("", text))


def _text_of(tag: "Element") -> str:
    return _on_one_line(INVISIBLE.sub("", "".join(tag.itertext())))


def _bounded(markup: str) -> tuple[str, bool]:
    cut = markup[:LARGEST_PAGE]
    if cut.count("<") > MOST_TAGS:
        cut = "<".join(cut.split("<", MOST_TAGS)[:MOST_TAGS])
    # Half of a surrogate pair is no character; lxml refuses the whole page for one.
    return cut.encode("utf-8", "replace").decode("utf-8"), len(cut) < len(markup)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
