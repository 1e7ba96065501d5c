"""The form of the Programmer's Library CDs, 1988-1991: a head with versions and flags, plain text, no sections.

It is found in three shapes: a raw volume with all articles of a subject one after the other, and the public mirror's
pages of single articles, as HTML and as markdown.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.decode import NotText, decode
from indexer.diagnostics import diagnostic
from indexer.fields import derive
from indexer.fields.dates import iso_date
from indexer.fields.footer import words
from indexer.fields.sections import split_sections
from indexer.fields.slug import slugify
from indexer.forms.kb_mirror import MirrorPage, mirror_markup, read_page
from kb.models import Article, Diagnostic, RawFile, Section, SectionKind, Source

HEAD_BYTES = 65536
IDENT: Final = re.compile(r"(.*?)ArticleIdent:[ \t]*Q?(\d{4,7})")
IDENT_BYTES: Final = re.compile(rb"ArticleIdent:[ \t]*Q?\d{4,7}")
HEAD_LABEL: Final = re.compile(r"[ \t]{0,4}(Product Version|Operating System|Flags|Last Modified)(?:\(s\))?:[ \t]*(.*)")
NUMBER: Final = re.compile(r"[ \t]*\d{1,5}\.?[ \t]+(?=\S)")
# Labels on a line of their own, by which these articles divide their text.
LABELS: Final[dict[str, SectionKind]] = {
    "Problem:": "symptoms",
    "Question:": "symptoms",
    "Response:": "resolution",
    "Answer:": "resolution",
    "Workaround:": "workaround",
    "References:": "references",
}
CATEGORY: Final = re.compile(r"mspl\d+_\w+")
AUDIENCE: Final = re.compile(r"[ \t]*(?:ENDUSER|SDKUSER|INTERNAL)\b[ \t]*\|(.*)")
LONGEST_HEAD = 8


@dataclass(frozen=True, slots=True)
class _Found:
    """One article before it is divided: `number` and `date` as written, `flags` the words editors marked it with."""

    number: str | None
    title: str
    versions: str
    flags: str
    category: str | None
    date: str
    lines: tuple[str, ...]


class ProgrammersLibrary:
    """Articles of the Programmer's Library: one a page of the mirror, or a whole volume in a file."""

    name = "programmers-library"

    def recognises(self, raw: RawFile) -> bool:
        """Tell a page of the mirror with the older head, or a volume by the labels of its articles."""
        head = raw.data[:HEAD_BYTES]
        if b"Product Version" in head and IDENT_BYTES.search(head):
            return True
        page = mirror_markup(raw)
        return page is not None and page[1]

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the articles of the file in order; what was guessed of the file is told with the first."""
        source = Source(raw.path, self.name, hashlib.sha256(raw.data).hexdigest())
        page = mirror_markup(raw)
        if page is not None and page[1]:
            read = read_page(raw, page[0])
            return (_article(_of_page(read), source, read.diagnostics),) if read is not None else ()
        decoded = decode(raw.data)
        if isinstance(decoded, NotText):
            return ()
        notes = decoded.diagnostics
        articles = []
        for found in _of_volume(decoded.text.split("\n")):
            articles.append(_article(found, source, notes))
            notes = ()
        return articles


def _of_page(page: MirrorPage) -> _Found:
    header = page.header
    flags = header.get("flags", header.get("keyword", ""))
    versions, lines = header.get("version", ""), page.lines
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    moved = AUDIENCE.fullmatch(lines[first]) if first is not None else None
    category = flags.rpartition("|")[2].strip()
    if first is not None and moved and not versions:
        # In some pages every value stands one label too low, and the flags fell out into the text.
        versions = header.get("operating system", "")
        return _Found(page.id, page.title, versions, moved[1], _category(category), _date(page), lines[first + 1 :])
    parts = [part for part in flags.split("|") if not CATEGORY.fullmatch(part.strip())]
    return _Found(page.id, page.title, versions, " ".join(parts[1:]), _category(category), _date(page), lines)


def _category(text: str) -> str | None:
    return text if CATEGORY.fullmatch(text) else None


def _date(page: MirrorPage) -> str:
    return page.header.get("last modified", "")


def _of_volume(lines: Sequence[str]) -> Iterator[_Found]:
    heads = [(at, m) for at, line in enumerate(lines) if "ArticleIdent:" in line and (m := IDENT.match(line))]
    starts = [_head_start(lines, at) for at, _ in heads]
    for place, (at, ident) in enumerate(heads):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(lines)
        title_line, head_line = starts[place]
        values = _head_values([*lines[head_line:at], ident[1] or ""])
        title = " ".join(" ".join(lines[title_line:head_line]).split())
        flags = values.get("flags", "").partition("|")[2]
        yield _Found(
            number=f"Q{int(ident[2])}",
            title=NUMBER.sub("", title, count=1),
            versions=values.get("product version", ""),
            flags=flags.replace("|", " "),
            category=None,
            date=values.get("last modified", ""),
            lines=tuple(lines[at + 1 : max(at + 1, end)]),
        )


def _head_start(lines: Sequence[str], ident: int) -> tuple[int, int]:
    """Return the lines at which title and head of an article begin, from the line with its id upwards."""
    head = ident
    for at in range(ident, max(-1, ident - LONGEST_HEAD), -1):
        if HEAD_LABEL.match(lines[at]):
            head = at
        if lines[at].startswith("Product Version"):
            break
    at = head - 1
    while at >= 0 and at > head - LONGEST_HEAD and not lines[at].strip():
        at -= 1
    title = at
    # A title over two lines has its number on the first.
    while title > max(0, at - 2) and not NUMBER.match(lines[title]) and lines[title - 1].strip():
        title -= 1
    if at < 0:
        return head, head
    return (title if NUMBER.match(lines[title]) else at), head


def _head_values(lines: Sequence[str]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    label = None
    for line in lines:
        m = HEAD_LABEL.fullmatch(line)
        if m:
            label = m[1].lower()
            values.setdefault(label, m[2].strip())
        elif label and line.strip():
            values[label] = f"{values[label]} {line.strip()}"
    return values


def _article(found: _Found, source: Source, notes: Sequence[Diagnostic]) -> Article:
    told = list(notes)
    date = iso_date(found.date)
    if date is None:
        told.append(diagnostic("bad-date", found.date))
    if not found.title:
        told.append(diagnostic("no-title"))
    told.append(diagnostic("no-applies-to"))
    sections, more = _sections(found.lines)
    article = Article(
        id=found.number or slugify(found.title),
        title=found.title,
        source=source,
        collection="microsoft" if found.number else None,
        date=date,
        category=found.category,
        versions=found.versions or None,
        keywords=words(found.flags),
        sections=sections,
        diagnostics=(*told, *more),
    )
    return derive.complete(article)


def _sections(lines: Sequence[str]) -> tuple[tuple[Section, ...], tuple[Diagnostic, ...]]:
    """Divide a text at its labels; where it has none, at underlined headings as in later articles."""
    marks = [(at, line.strip()) for at, line in enumerate(lines) if line.rstrip() in LABELS]
    if not marks:
        split = split_sections(lines)
        return split.sections, tuple(d for d in split.diagnostics if d.code != "other-heading")
    sections = [Section(None, "notice", _text(lines[: marks[0][0]]))] if _text(lines[: marks[0][0]]) else []
    for place, (at, label) in enumerate(marks):
        end = marks[place + 1][0] if place + 1 < len(marks) else len(lines)
        sections.append(Section(label.rstrip(":"), LABELS[label], _text(lines[at + 1 : end])))
    return tuple(sections), ()


def _text(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")
