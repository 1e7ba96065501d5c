"""A file of any markup to marked lines: web page, markdown or plain text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from indexer.decode import NotText, decode, named_encoding
from indexer.diagnostics import diagnostic
from indexer.forms.labelled.line_ends import DOCUMENT, has_lost_line_ends, with_line_ends
from indexer.html_text import HtmlLink, read_html_lines
from indexer.markdown_text import read_markdown_lines
from indexer.marked_lines import BLANK, MarkedLine
from kb.models import Diagnostic, RawFile

Markup = Literal["html", "markdown", "text"]

HEAD_CHARACTERS: Final = 16_384
HTML_START: Final = re.compile(
    r"\s{0,400}<(?:!doctype|html|head|body|title|meta|h[1-6]|p|table|font|center|\?xml)\b", re.IGNORECASE
)
HTML_TAGS: Final = re.compile(
    r"<(?:html|head|body|title|h[1-6]|p|br|div|table|td|ul|li|b|strong|pre)\b[^<>]{0,200}>", re.IGNORECASE
)
FEWEST_TAGS: Final = 4
MARKDOWN_NAME: Final = re.compile(r"\.(?:md|markdown|mdown|mkd)$", re.IGNORECASE)
# A heading, or a line that begins bold.
MARKDOWN_SIGN: Final = re.compile(r"^(?:#{1,4} [^\s#]|\*\*[^*\n]{2,60}\*\*)", re.MULTILINE)
FEWEST_SIGNS: Final = 2
EMPHASIS: Final = re.compile(r"'{2,5}")
WIKI_SIGN: Final = re.compile(r"^(?:={2,6} {0,2}[^=\s]|h[1-6]\. )", re.MULTILINE)
WIKI: Final = re.compile(r"(?:(={1,6})|h([1-6])\.)[ \t]{0,3}(?=[^=\s])(.{2,120})")
# Mail, news and the like begin with such lines.
MAIL_HEADER: Final = re.compile(
    r"^(?:From|To|Cc|Subject|Date|Message-ID|Received|Return-Path|Newsgroups|MIME-Version|Reply-To|Path):",
    re.IGNORECASE,
)
MAIL_HEADERS: Final = 3
MAIL_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file as marked lines, without a common margin.

    `title` is what the page calls itself outside of its text. `exported` tells a text in the layout of Microsoft's own
    export, whose line ends were lost and are put back. `notes` are the diagnostics of its bytes and lines.
    """

    markup: Markup
    lines: tuple[MarkedLine, ...]
    title: str = ""
    links: tuple[HtmlLink, ...] = ()
    front: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exported: bool = False
    notes: tuple[Diagnostic, ...] = ()


def read_source(raw: RawFile) -> Source | None:
    """Return a file's lines; None where it holds no text, or is a mail."""
    decoded = decode(raw.data, named_encoding(raw.data))
    if isinstance(decoded, NotText):
        return None
    text, notes = decoded.text, decoded.diagnostics
    markup = _markup(raw.name, text)
    if markup == "html":
        page = read_html_lines(text)
        notes = (*notes, diagnostic("page-cut")) if page.was_cut else notes
        return Source(markup, _without_margin(page.lines), page.title or "", page.links, notes=notes)
    if _is_mail(text):
        return None
    if markup == "markdown":
        front, lines = read_markdown_lines(text)
        return Source(markup, _without_margin(lines), next(iter(front.get("title", ())), ""), front=front, notes=notes)
    exported = False
    if has_lost_line_ends(text):
        text = with_line_ends(text)
        exported = text.lstrip().startswith("DOCUMENT")
        notes = (*notes, diagnostic("line-ends-lost"))
    lines = tuple(MarkedLine(line.rstrip()) if line.strip() else BLANK for line in text.split("\n"))
    if exported:
        return Source(markup, lines, exported=True, notes=notes)
    return Source(markup, _without_margin(_wiki(lines)), notes=notes)


def _markup(name: str, text: str) -> Markup:
    head = text[:HEAD_CHARACTERS]
    if DOCUMENT.match(head):
        return "text"
    if MARKDOWN_NAME.search(name):
        return "markdown"
    if HTML_START.match(head) or len(HTML_TAGS.findall(head)) >= FEWEST_TAGS:
        return "html"
    if len(WIKI_SIGN.findall(head)) >= FEWEST_SIGNS:
        return "text"
    return "markdown" if len(MARKDOWN_SIGN.findall(head)) >= FEWEST_SIGNS else "text"


def _is_mail(text: str) -> bool:
    start = text[:HEAD_CHARACTERS].lstrip().split("\n", MAIL_LINES)[:MAIL_LINES]
    return sum(bool(MAIL_HEADER.match(line)) for line in start) >= MAIL_HEADERS


def _wiki(lines: tuple[MarkedLine, ...]) -> tuple[MarkedLine, ...]:
    """Read the headings, numbered lists and emphasis of wikis: `== Cause ==`, `== Cause`, `h2. Cause`, `# step`.

    A single such heading may be anything.
    """
    found = [
        (at, m) for at, line in enumerate(lines) if line.text[:1] in ("=", "h") and (m := WIKI.fullmatch(line.text))
    ]
    if len(found) < FEWEST_SIGNS:
        return lines
    marked = list(lines)
    for at, m in found:
        marked[at] = MarkedLine(m[3].rstrip("= "), len(m[1]) if m[1] else int(m[2]))
    number = 0
    for at, (text, level) in enumerate(marked):
        # Wikis number a list's items themselves.
        number = number + 1 if text.startswith("# ") and not level else 0
        if number or "''" in text:
            words = f"{number}. {text[2:]}" if number else text
            marked[at] = MarkedLine(EMPHASIS.sub("", words), level)
    return tuple(marked)


def _without_margin(lines: tuple[MarkedLine, ...]) -> tuple[MarkedLine, ...]:
    margin = min((len(line.text) - len(line.text.lstrip()) for line in lines if line.text), default=0)
    return tuple(MarkedLine(line.text[margin:], line.level) for line in lines) if margin else lines
