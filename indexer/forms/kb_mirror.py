"""Pages of the public mirror of Microsoft's articles, as HTML or markdown: the article in the page.

The mirror took each exported text, gave it a head of its own and wrote it out as one preformatted block. It dropped
one leading space of every line, the category, the first colon of the versions and the closing notice; bytes outside
of printable ASCII became `<A0>` and the like.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from indexer.decode import CP1252_OR_850, NotText, decode
from indexer.diagnostics import diagnostic
from indexer.html_text import read_html, without_tags
from kb.models import Diagnostic, RawFile

Markup = Literal["html", "markdown"]

HEAD_BYTES = 8192
HEAD: Final = re.compile(r"^[ \t]{0,4}Article: {0,4}Q?\d{4,7}[ \t]*$", re.MULTILINE)
LABEL: Final = re.compile(
    r"[ \t]{0,4}(Article|Product|Version|Operating System|Keyword|Flags|Last Modified)(?:\(s\))?:(.*)"
)
LIBRARY: Final = re.compile(r"^[ \t]{0,4}(?:Product\(s\):[ \t]*See article|Flags:.*)[ \t]*$", re.MULTILINE)
TITLE: Final = re.compile(r"Q(\d{4,7}):[ \t]*(.*)")
MARKDOWN_TITLE: Final = re.compile(r"^## +(Q\d{4,7}:.*)$", re.MULTILINE)
RAW: Final = re.compile(r"\{% (?:end)?raw %\}")
# The page's generator set these in titles; the articles have plain ones.
TYPESET: Final = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "–": "--", "—": "---", "«": "<<", "»": ">>"}
)
VOLUME: Final = ("Volume in drive ", "Volume Serial Number ")
ESCAPED: Final = re.compile(r"(?<=(.))?<([89A-F][0-9A-F]|7F)>(?=(.))?")
# Real placeholders that look the same: tags and keys (`<DD>`, `<F1>`). A byte of theirs stands within a word.
PLACEHOLDER: Final = re.compile(r"[A-F][A-F]|F[1-9]")


@dataclass(frozen=True, slots=True)
class MirrorPage:
    """An article as a page of the mirror gives it.

    `header` maps the names of the head's labels, without `(s)`, to their values; `lines` are those below the head, with
    escaped bytes read, as the page indents them. `id` is `Q<digits>`.
    """

    id: str | None
    title: str
    header: Mapping[str, str]
    lines: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def mirror_markup(raw: RawFile) -> tuple[Markup, bool] | None:
    """Tell of a file whether it is a page of the mirror: its markup, and whether its head is the older one.

    Articles of the Programmer's Library have the older head, which names no product.
    """
    data = raw.data
    if data.find(b"Article", 0, HEAD_BYTES) < 0 and (data.find(b"\0", 0, 8) < 0 or b"A\0r\0t" not in data[:HEAD_BYTES]):
        return None
    return _head_markup(data[:HEAD_BYTES])


# Three forms ask the same of a page, one after the other.
@lru_cache(maxsize=2)
def _head_markup(data: bytes) -> tuple[Markup, bool] | None:
    decoded = decode(data)
    if isinstance(decoded, NotText):
        return None
    markup: Markup = "markdown" if MARKDOWN_TITLE.search(decoded.text) else "html"
    text = without_tags(decoded.text.replace("<pre", "\n<pre")) if markup == "html" else decoded.text
    head = HEAD.search(text)
    if head is None or (markup == "html" and "<pre" not in decoded.text):
        return None
    end = text.find("Last Modified:", head.end())
    return (markup, bool(LIBRARY.search(text, head.end(), end))) if end >= 0 else None


def read_page(raw: RawFile, markup: Markup) -> MirrorPage | None:
    """Return the article in a page; None where it holds no text."""
    decoded = decode(raw.data)
    if isinstance(decoded, NotText):
        return None
    notes = list(decoded.diagnostics)
    if markup == "html":
        titles, body = _html_parts(decoded.text, notes)
    else:
        titles, body = _markdown_parts(decoded.text)
    title = next((m for text in titles if (m := TITLE.fullmatch(text))), None)
    body, escapes = _read_escapes(body)
    if escapes:
        notes.append(diagnostic("escaped-bytes", str(escapes)))
    header, lines = _header(body.strip("\n").split("\n"))
    number = re.search(r"\d{4,7}", header.get("article", "")) or (title and re.search(r"\d+", title[1]))
    if number is None:
        notes.append(diagnostic("no-id"))
    return MirrorPage(
        f"Q{int(number[0])}" if number else None, title[2].strip() if title else "", header, tuple(lines), tuple(notes)
    )


def with_leading_spaces(lines: tuple[str, ...]) -> list[str]:
    """Return lines as they were before the mirror dropped one leading space of each.

    Lines that are indented still had one more, and so had bullets: of the lines of the text archive that begin with a
    hyphen and one space, 99.4% are indented by one. The others show by the line below, which hangs by one less. Of the
    two lines that MS-DOS puts above a list of files, five in six are.
    """
    return [
        f" {line}" if line[:1] == " " or _is_bullet(line, below) or line.startswith(VOLUME) else line
        for line, below in zip(lines, (*lines[1:], ""), strict=True)
    ]


def _is_bullet(line: str, below: str) -> bool:
    return line[:2] == "- " and line[2:3] != " " and not _hangs_by_one(below)


def _hangs_by_one(line: str) -> bool:
    return line[:1] == " " and line[1:2] not in ("", " ", "-")


def _html_parts(text: str, notes: list[Diagnostic]) -> tuple[tuple[str, ...], str]:
    page = read_html(text)
    if page.was_cut:
        notes.append(diagnostic("page-cut"))
    body = next((block for block in page.preformatted if HEAD.search(block[:200])), "")
    return tuple(title.translate(TYPESET) for title in page.headings), body


def _markdown_parts(text: str) -> tuple[tuple[str, ...], str]:
    m = MARKDOWN_TITLE.search(text)
    assert m is not None, "recognised by it"
    below = RAW.sub("", text[m.end() :])
    lines = [line.removeprefix("\t") for line in below.split("\n")]
    return (html.unescape(m[1].strip()),), "\n".join(lines)


def _read_escapes(text: str) -> tuple[str, int]:
    """Replace escaped bytes by their characters; return the text and how many there were."""
    if "<" not in text:
        return text, 0
    read = sum(_character(m) != m[0] for m in ESCAPED.finditer(text))
    return (ESCAPED.sub(_character, text), read) if read else (text, 0)


def _character(m: re.Match[str]) -> str:
    if PLACEHOLDER.fullmatch(m[2]) and not ((m[1] or " ").isalpha() or (m[3] or " ").isalpha()):
        return m[0]
    code = int(m[2], 16)
    return "" if code == 0x7F else CP1252_OR_850[code].replace("\xa0", " ")


def _header(lines: list[str]) -> tuple[Mapping[str, str], list[str]]:
    values: dict[str, str] = {}
    at = 0
    for at, line in enumerate(lines):  # noqa: B007  (where the head ends is wanted)
        m = LABEL.fullmatch(line)
        if m is None:
            break
        values.setdefault(m[1].lower(), m[2].strip())
    return values, lines[at:]
