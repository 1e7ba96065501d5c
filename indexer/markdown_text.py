"""Markdown to the plain text that articles are read as: front matter, headings, and lines without markup.

No whole grammar: what support articles use of it. Indentation, bullets and numbers stay, since they are the outline
by which steps and messages are found; code and quotations are indented as in the older articles.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.marked_lines import BLANK, STANDS_OUT, MarkedLine

KEY: Final = re.compile(r"([A-Za-z][\w.-]{0,40}):[ \t]*(.*)")
ITEM: Final = re.compile(r"[ \t]+-[ \t]+(.*)")
HEADING: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
BOLD_LINE: Final = re.compile(r" {0,3}(?:\*\*([^*]{1,120})\*\*|__([^_]{1,120})__)[ \t]*:?[ \t]*")
FENCE: Final = re.compile(r"([ \t]*)(```+|~~~+)")
QUOTE: Final = re.compile(r"([ \t]*)>[ \t]?(.*)")
ALERT: Final = re.compile(r"\[!([A-Z]{3,12})\][ \t]*")
NUMBERED: Final = re.compile(r"([ \t]*)(\d{1,3})([.)][ \t].*)")
DROPPED: Final = re.compile(
    r"[ \t]*(?::::|\[!(?:INCLUDE|VIDEO|div)|<!--.*-->[ \t]*$|\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*$)"
)
IMAGE: Final = re.compile(r"!\[[^\[\]]*\]\([^()\s]*(?:[ \t]+\"[^\"]*\")?\)")
LINK: Final = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)?)(?:[ \t]+\"[^\"]*\")?[ \t]*\)")
STRONG: Final = re.compile(
    r"\*\*([^*]+)\*\*|(?<![\w*\\])\*([^*\s][^*]*)(?<!\\)\*(?![\w*])|(?<![\w\\])_([^_\s][^_]*)(?<!\\)_(?!\w)"
)
CODE: Final = re.compile(r"(?<!`)`+([^`]+)`+")
TAG: Final = re.compile(r"</?(?:a|b|br|code|details|div|em|i|p|span|strong|sub|summary|sup|u)\b[^<>]*>", re.IGNORECASE)
ESCAPE: Final = re.compile(r"\\([*_<>\[\]#|])")
INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff]")
BLOCK_INDENT: Final = "   "


@dataclass(frozen=True, slots=True)
class Markdown:
    """A document: its front matter (key to values), and its parts in order; the first has level 0 and no heading."""

    front: Mapping[str, tuple[str, ...]]
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading of a level (1 to 6), as lines of plain text."""

    level: int
    heading: str
    lines: tuple[str, ...]


def front_matter(lines: Sequence[str]) -> tuple[Mapping[str, tuple[str, ...]], int]:
    """Read `key: value` and lists of `- item` between two rules; return them and the number of lines they take."""
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    values: dict[str, list[str]] = {}
    key = ""
    for at, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return {name: tuple(found) for name, found in values.items()}, at + 1
        if m := KEY.fullmatch(line):
            key = m[1].lower()
            values[key] = [_unquoted(m[2])] if m[2].strip() else []
        elif key and (m := ITEM.fullmatch(line)):
            values[key].append(_unquoted(m[1]))
    return {}, 0


def read_markdown(text: str) -> Markdown:
    """Cut a document into its parts; any text gives a result."""
    lines = text.split("\n")
    front, start = front_matter(lines)
    parts: list[Part] = []
    level, heading, own = 0, "", list[str]()
    for line in _plain(lines[start:]):
        if line.level in (0, STANDS_OUT):
            own.append(line.text)
            continue
        parts.append(Part(level, heading, tuple(own)))
        level, heading, own = line.level, line.text, []
    parts.append(Part(level, heading, tuple(own)))
    return Markdown(front, tuple(parts))


def read_markdown_lines(text: str) -> tuple[Mapping[str, tuple[str, ...]], tuple[MarkedLine, ...]]:
    """Return the front matter and all lines of plain text, headings and bold lines marked; any text gives a result."""
    lines = text.split("\n")
    front, start = front_matter(lines)
    return front, tuple(_plain(lines[start:]))


def inline(text: str) -> str:
    """Return a line without the marks of emphasis, code, links and tags; addresses of other sites stay."""
    if "`" in text:
        text = CODE.sub(r"\1", text)
    if "[" in text:
        text = LINK.sub(_link, IMAGE.sub("", text))
    if "*" in text or "_" in text:
        text = STRONG.sub(lambda m: m[1] or m[2] or m[3], text)
    if "<" in text:
        text = TAG.sub("", text)
    if "\\" in text:
        text = ESCAPE.sub(r"\1", text)
    if "&" in text:
        text = html.unescape(text).replace("\xa0", " ")
    return INVISIBLE.sub("", text)


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _link(m: re.Match[str]) -> str:
    return f"{m[1]} ({m[2]})" if m[2].startswith("http") and m[1] != m[2] else m[1]


def _plain(lines: Sequence[str]) -> Iterator[MarkedLine]:
    """Yield the lines as plain text; headings and lines that are bold as a whole are marked."""
    fence = ""
    numbers: dict[int, int] = {}
    for line in lines:
        if m := FENCE.match(line):
            if not fence:
                fence = m[2]
                yield BLANK
                continue
            if m[2].startswith(fence):
                fence = ""
                yield BLANK
                continue
        if fence:
            yield MarkedLine(BLOCK_INDENT + INVISIBLE.sub("", line.rstrip())) if line.strip() else BLANK
        elif m := HEADING.fullmatch(line):
            numbers.clear()
            yield MarkedLine(" ".join(inline(m[2].rstrip("# \t")).split()), len(m[1]))
        elif not DROPPED.match(line):
            is_bold = line.lstrip()[:2] in ("**", "__") and BOLD_LINE.fullmatch(line)
            yield MarkedLine(_line(line, numbers), STANDS_OUT if is_bold else 0)


def _line(line: str, numbers: dict[int, int]) -> str:
    if m := QUOTE.fullmatch(line):
        words = ALERT.sub(r"\1: ", m[2])
        return f"{m[1]}{BLOCK_INDENT}{inline(words)}".rstrip()
    m = NUMBERED.fullmatch(line)
    words = line.strip()
    if m is None:
        indent = len(line) - len(line.lstrip())
        for deeper in [column for column in numbers if words and column >= indent]:
            del numbers[deeper]
        return inline(line).rstrip()
    column = len(m[1].expandtabs(4))
    for deeper in [other for other in numbers if other > column]:
        del numbers[deeper]
    # Lists are often written as 1. 1. 1. and numbered by whoever shows them.
    numbers[column] = numbers[column] + 1 if column in numbers and m[2] == "1" else int(m[2])
    return f"{m[1]}{numbers[column]}{inline(m[3])}".rstrip()
