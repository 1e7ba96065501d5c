"""The form of Microsoft's own text export, 1994-2002: labelled header, applies-to list, capitals over `===`, footer."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from indexer.decode import NotText, decode
from indexer.diagnostics import diagnostic
from indexer.fields.dates import iso_date
from indexer.fields.slug import slugify
from indexer.forms.kb_article import Header, article_of
from indexer.forms.kb_layout import RULE_LENGTH, Layout, cut_after, is_rule
from indexer.forms.kb_path import path_number
from kb.models import Article, Diagnostic, RawFile, Source

LABELS: Final = {
    "DOCUMENT": "document",
    "TITLE": "title",
    "PRODUCT": "product",
    "PROD/VER": "versions",
    "OPER/SYS": "system",
    "KEYWORDS": "keywords",
}
HEADER_STARTS: Final = tuple(label.encode("ascii") for label in LABELS)
DOCUMENT: Final = re.compile(r"[ \t]*(Q?\d{4,7})?\s*([\w/ ,-]*?)?\s*(?:\[([^\]]*)\])?\s*")
HEAD_BYTES = 2048
# Half of the labels: enough to be sure, and mirrors have been seen that lost the first line.
LABELS_NEEDED = 3
HEADER_LINES = 24
# Between a label and its colon.
MOST_BLANKS = 4


class KbText:
    """Microsoft Knowledge Base articles as text, one a file."""

    name = "kb-text"

    def recognises(self, raw: RawFile) -> bool:
        """Tell whether the first lines carry the labels of the header."""
        head = raw.data[:HEAD_BYTES]
        if b"\0" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            decoded = decode(head[: len(head) // 4 * 4])
            head = b"" if isinstance(decoded, NotText) else decoded.text.encode("utf-8", "replace")
        lines = b"\n" + head.replace(b"\r", b"\n").removeprefix(b"\xef\xbb\xbf")
        found = (label for label in HEADER_STARTS if _starts_a_line(label, lines))
        return next(islice(found, LABELS_NEEDED - 1, None), None) is not None

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the one article of the file."""
        decoded = decode(raw.data)
        if isinstance(decoded, NotText):
            return ()
        return (read_export(decoded.text.split("\n"), raw, self.name, decoded.diagnostics),)


def read_export(lines: Sequence[str], raw: RawFile, form: str, notes: Sequence[Diagnostic]) -> Article:
    """Return the article in the lines of an exported text; `notes` are the diagnostics of how they were read."""
    found = list(notes)
    layout = cut(lines)
    header = _header(_header_values(layout.header, found), raw, found)
    return article_of(header, layout, Source(raw.path, form, hashlib.sha256(raw.data).hexdigest()), found)


def _starts_a_line(label: bytes, lines: bytes) -> bool:
    """Tell whether a label with its colon begins one of the first lines."""
    at = lines.find(b"\n" + label)
    end = at + 1 + len(label)
    return at >= 0 and lines[end : end + 5].lstrip(b" \t")[:1] == b":"


def cut(lines: Sequence[str]) -> Layout:
    """Cut the lines of a file into its parts."""
    return cut_after(lines, _header_end(lines))


def _header_end(lines: Sequence[str]) -> int:
    """Return the line after the last label and the rule that may follow."""
    end = 0
    for at, line in enumerate(lines[:HEADER_LINES]):
        if _labelled(line):
            end = at + 1
        elif end and not line.strip():
            break
    for at in range(end, min(end + 3, len(lines))):
        if is_rule(lines[at], "=", RULE_LENGTH):
            return at + 1
        if lines[at].strip():
            break
    return end


def _labelled(line: str) -> tuple[str, str] | None:
    """Return what a line of the header states: the name of its label, and the value."""
    before, colon, value = line.partition(":")
    label = before.rstrip(" \t")
    is_label = colon and label in LABELS and len(before) - len(label) <= MOST_BLANKS
    return (LABELS[label], value.strip()) if is_label else None


def _header_values(lines: Sequence[str], notes: list[Diagnostic]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    label = None
    for number, line in enumerate(lines, start=1):
        labelled = _labelled(line)
        if labelled:
            label, value = labelled
            values.setdefault(label, value)
        elif label and line.strip() and not line.startswith("==="):
            values[label] = f"{values[label]} {line.strip()}"
            notes.append(diagnostic("header-continued", line.strip()[:40], number))
    return values


def _header(values: Mapping[str, str], raw: RawFile, notes: list[Diagnostic]) -> Header:
    m = DOCUMENT.fullmatch(values.get("document", ""))
    number, date, category = (m[1], m[2], m[3]) if m else (None, None, None)
    iso = iso_date(date) if date else None
    if iso is None:
        notes.append(diagnostic("bad-date", date or "", 1))
    name, numbered = _identity(number, raw, notes)
    return Header(
        id=name,
        numbered=numbered,
        date=iso,
        category=category or None,
        title=values.get("title", ""),
        product=values.get("product", ""),
        versions=values.get("versions", ""),
        keywords=values.get("keywords", ""),
    )


def _identity(number: str | None, raw: RawFile, notes: list[Diagnostic]) -> tuple[str, bool]:
    """Return the id, and whether it is Microsoft's own number: the stated one, else that of the path."""
    if number is None:
        number = path_number(raw.path)
        if number is None:
            slug = slugify(raw.name.rsplit(".", 1)[0])
            notes.append(diagnostic("no-id", slug, 1))
            return slug, False
        notes.append(diagnostic("id-from-path", number, 1))
    return f"Q{int(number.lstrip('Q'))}", True
