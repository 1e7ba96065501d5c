"""The form of Microsoft's own text export, 1994-2002: labelled header, applies-to list, capitals over `===`, footer.

A file is cut from both ends: header and applies-to list from the top, disclaimer, footer and query words from the
bottom, so that the rules of the footer cannot be taken for headings. What is left is the body.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.decode import NotText, decode
from indexer.diagnostics import diagnostic
from indexer.fields import derive
from indexer.fields.applies_to import read_entries
from indexer.fields.dates import iso_date
from indexer.fields.footer import footer_label, footer_values, words
from indexer.fields.sections import split_sections
from indexer.fields.slug import slugify
from kb.models import Article, Diagnostic, RawFile, Section, Source

LABELS: Final = {
    "DOCUMENT": "document",
    "TITLE": "title",
    "PRODUCT": "product",
    "PROD/VER": "versions",
    "OPER/SYS": "system",
    "KEYWORDS": "keywords",
}
HEADER_LINE: Final = re.compile(r"(DOCUMENT|TITLE|PRODUCT|PROD/VER|OPER/SYS|KEYWORDS)[ \t]{0,4}:(.*)")
HEADER_STARTS: Final = tuple(label.encode("ascii") for label in LABELS)
DOCUMENT: Final = re.compile(r"[ \t]*(Q?\d{4,7})?\s*([\w/ ,-]*?)?\s*(?:\[([^\]]*)\])?\s*")
PATH_ID: Final = re.compile(r"(?:^|[/\\!])Q?(\d{5,6})\.[^/\\!]*$", re.IGNORECASE)
PATH_ID_PARTS: Final = re.compile(r"(?:^|[/\\!])Q(\d{2,3})[/\\](\d)[/\\](\d\d)\.[^/\\!]*$", re.IGNORECASE)
APPLIES_TO: Final = re.compile(r"information in this article applies to", re.IGNORECASE)
QUERY_WORDS: Final = re.compile(r"Additional (?:query|reference) words[ \t]{0,20}:", re.IGNORECASE)
DISCLAIMER: Final = "THE INFORMATION PROVIDED IN THE MICROSOFT KNOWLEDGE BASE"
COPYRIGHT: Final = "Copyright "
LONGEST_NOTICE: Final = 40
HEAD_BYTES = 2048
# Half of the labels: enough to be sure, and mirrors have been seen that lost the first line.
LABELS_NEEDED = 3
HEADER_LINES = 24
RULE_LENGTH = 50
SHORT_RULE = 20
# No text before the applies-to list is longer; the sentence further down belongs to an article that is quoted.
LONGEST_LEAD = 20
# Lines of the older header are lists of versions, platforms and keywords (all `kb...`), or columns of them.
PROSE_WORD: Final = re.compile(r"(?!kb)[A-Za-z]?[a-z]+[.,:]?")
FEWEST_PROSE_WORDS = 5
TITLE_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of a file, each a run of its lines in order; together they are the whole file.

    `preamble` are the lines of an older header before the applies-to list, `lead` is text that stands there (a warning
    that the product is a beta); at most one of the two is filled.
    """

    header: tuple[str, ...]
    preamble: tuple[str, ...]
    lead: tuple[str, ...]
    applies_to: tuple[str, ...]
    body: tuple[str, ...]
    query_words: tuple[str, ...]
    footer: tuple[str, ...]
    disclaimer: tuple[str, ...]

    @property
    def body_line(self) -> int:
        """Return the number of the body's first line in the file, from 1."""
        return len(self.header) + len(self.preamble) + len(self.lead) + len(self.applies_to) + 1


class KbText:
    """Microsoft Knowledge Base articles as text, one a file."""

    name = "kb-text"

    def recognises(self, raw: RawFile) -> bool:
        """Tell whether the first lines carry the labels of the header."""
        head = raw.data[:HEAD_BYTES]
        if b"\0" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            decoded = decode(head[: len(head) // 4 * 4])
            head = b"" if isinstance(decoded, NotText) else decoded.text.encode("utf-8", "replace")
        lines = head.replace(b"\r", b"\n").removeprefix(b"\xef\xbb\xbf").split(b"\n", HEADER_LINES)
        found = {line[:13].partition(b":")[0].rstrip() for line in lines if line.startswith(HEADER_STARTS)}
        return len(found.intersection(HEADER_STARTS)) >= LABELS_NEEDED

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the one article of the file."""
        decoded = decode(raw.data)
        if isinstance(decoded, NotText):
            return ()
        layout = cut(decoded.text.split("\n"))
        notes = list(decoded.diagnostics)
        header = _header_values(layout.header, notes)
        footer = footer_values(layout.footer)
        identity = _identity(header, raw, notes)
        entries = read_entries(layout.applies_to)
        notes += _layout_notes(layout, header, footer)
        notes += [diagnostic("placeholder-product", name) for name in entries.placeholders]
        split = split_sections(layout.body, layout.body_line)
        lead = "\n".join(line.rstrip() for line in layout.lead).strip("\n")
        sections = (Section(None, "notice", lead), *split.sections) if lead else split.sections
        notes += split.diagnostics
        keywords = footer.get("keywords") if layout.footer else header.get("keywords")
        article = Article(
            id=identity.id,
            title=" ".join(header.get("title", "").split()),
            source=Source(raw.path, self.name, hashlib.sha256(raw.data).hexdigest()),
            collection="microsoft" if identity.numbered else None,
            date=identity.date,
            category=identity.category,
            product=header.get("product") or None,
            versions=_versions(header, footer),
            products=entries.products,
            environments=entries.environments,
            applies_to=entries.applies_to,
            keywords=words(keywords),
            technology=words(footer.get("technology")),
            issue_type=words(footer.get("issue_type")),
            solution_type=words(footer.get("solution_type")),
            query_words=words(_query_words(layout) or footer.get("query_words")),
            sections=sections,
            diagnostics=tuple(notes),
        )
        return (derive.complete(article),)


@dataclass(frozen=True, slots=True)
class _Identity:
    id: str
    numbered: bool
    date: str | None
    category: str | None


def cut(lines: Sequence[str]) -> Layout:
    """Cut the lines of a file into its parts."""
    header_end = _header_end(lines)
    disclaimer = _disclaimer_start(lines, header_end)
    footer = _footer_start(lines, header_end, disclaimer)
    query = _query_words_start(lines, header_end, footer)
    preamble, applies_to = _applies_to(lines, header_end, query)
    before = tuple(lines[header_end:preamble])
    is_text = any(_is_prose(line) for line in before)
    return Layout(
        header=tuple(lines[:header_end]),
        preamble=() if is_text else before,
        lead=before if is_text else (),
        applies_to=tuple(lines[preamble:applies_to]),
        body=tuple(lines[applies_to:query]),
        query_words=tuple(lines[query:footer]),
        footer=tuple(lines[footer:disclaimer]),
        disclaimer=tuple(lines[disclaimer:]),
    )


def _is_rule(line: str, sign: str, length: int) -> bool:
    return line.startswith(sign * length) and not line.strip(sign + " \t")


def _is_prose(line: str) -> bool:
    if line.startswith("**"):
        # A warning in a box of asterisks, all in capitals.
        return True
    return sum(bool(PROSE_WORD.fullmatch(word)) for word in line.split()) >= FEWEST_PROSE_WORDS


def _header_end(lines: Sequence[str]) -> int:
    """Return the line after the last label and the rule that may follow."""
    end = 0
    for at, line in enumerate(lines[:HEADER_LINES]):
        if HEADER_LINE.match(line):
            end = at + 1
        elif end and not line.strip():
            break
    for at in range(end, min(end + 3, len(lines))):
        if _is_rule(lines[at], "=", RULE_LENGTH):
            return at + 1
        if lines[at].strip():
            break
    return end


def _disclaimer_start(lines: Sequence[str], start: int) -> int:
    """Return the line of the rule above the closing disclaimer, or the end."""
    for at in range(len(lines) - 1, max(start, len(lines) - 60) - 1, -1):
        if lines[at].startswith(DISCLAIMER):
            above = at - 1
            while above >= start and not lines[above].strip():
                above -= 1
            return above if above >= start and _is_rule(lines[above], "=", RULE_LENGTH) else at
    return _notice_start(lines, start)


def _notice_start(lines: Sequence[str], start: int) -> int:
    """Return the line of the rule above a closing notice in other words that ends with a copyright, or the end."""
    last = len(lines) - 1
    while last >= start and not lines[last].strip():
        last -= 1
    if last < start or not lines[last].startswith(COPYRIGHT):
        return len(lines)
    for at in range(last - 1, max(start, last - LONGEST_NOTICE) - 1, -1):
        if footer_label(lines[at]):
            break
        if _is_rule(lines[at], "=", RULE_LENGTH):
            return at
    return len(lines)


def _footer_start(lines: Sequence[str], start: int, end: int) -> int:
    """Return the line of the rule above the labelled lines at the end, or `end` when there are none."""
    first = end
    at = end - 1
    while at >= start and end - at < 80:
        line = lines[at]
        if _is_rule(line, "=", RULE_LENGTH):
            return at
        if footer_label(line):
            first = at
        elif line.strip() and not (at > start and not line.startswith(" ") and _continues(lines, at, start)):
            break
        at -= 1
    return first


def _continues(lines: Sequence[str], at: int, start: int) -> bool:
    """Tell whether the line is a wrapped value: a labelled line stands close above with no blank line between."""
    for above in range(at - 1, max(start, at - 4) - 1, -1):
        if not lines[above].strip():
            return False
        label = footer_label(lines[above])
        if label:
            return label[0] in ("keywords", "query_words")
    return False


def _query_words_start(lines: Sequence[str], start: int, end: int) -> int:
    """Return the line of the additional query words just above the footer, or `end` when there are none."""
    at = end - 1
    while at >= start and not lines[at].strip():
        at -= 1
    for above in range(at, max(start, at - 5) - 1, -1):
        if not lines[above].strip():
            break
        if QUERY_WORDS.match(lines[above]):
            return above
    return end


def _applies_to(lines: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """Return where the preamble ends and where the applies-to list ends."""
    filled = 0
    for at in range(start, end):
        line = lines[at]
        if not line.strip() or _is_rule(line, "-", SHORT_RULE):
            continue
        if APPLIES_TO.search(line):
            first = at
            while first > start and (not lines[first - 1].strip() or _is_rule(lines[first - 1], "-", SHORT_RULE)):
                first -= 1
            return first, _list_end(lines, at + 1, end)
        filled += 1
        if filled > LONGEST_LEAD or line.startswith("==="):
            break
    return start, start


def _list_end(lines: Sequence[str], start: int, end: int) -> int:
    for at in range(start, end):
        line = lines[at]
        if _is_rule(line, "-", SHORT_RULE):
            return at + 1
        if line.strip() and line[0] not in " \t-*" and (line.isupper() or not _in_list(lines, at, end)):
            return at
    return end


def _in_list(lines: Sequence[str], at: int, end: int) -> bool:
    """Tell whether another entry follows soon, so that the line only parts two groups of entries."""
    return any(line.lstrip().startswith("- ") for line in lines[at + 1 : min(at + 4, end)])


def _header_values(lines: Sequence[str], notes: list[Diagnostic]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    label = None
    for number, line in enumerate(lines, start=1):
        m = HEADER_LINE.match(line)
        if m:
            label = LABELS[m[1]]
            values.setdefault(label, m[2].strip())
        elif label and line.strip() and not line.startswith("==="):
            values[label] = f"{values[label]} {line.strip()}"
            notes.append(diagnostic("header-continued", line.strip()[:40], number))
    return values


def _identity(header: Mapping[str, str], raw: RawFile, notes: list[Diagnostic]) -> _Identity:
    m = DOCUMENT.fullmatch(header.get("document", ""))
    number, date, category = (m[1], m[2], m[3]) if m else (None, None, None)
    iso = iso_date(date) if date else None
    if iso is None:
        notes.append(diagnostic("bad-date", date or "", 1))
    if number is None:
        number = _path_number(raw.path)
        if number is None:
            slug = slugify(raw.name.rsplit(".", 1)[0])
            notes.append(diagnostic("no-id", slug, 1))
            return _Identity(slug, False, iso, category or None)
        notes.append(diagnostic("id-from-path", number, 1))
    return _Identity(f"Q{int(number.lstrip('Q'))}", True, iso, category or None)


def _path_number(path: str) -> str | None:
    if m := PATH_ID.search(path):
        return m[1]
    m = PATH_ID_PARTS.search(path)
    return m[1] + m[2] + m[3] if m else None


def _versions(header: Mapping[str, str], footer: Mapping[str, str]) -> str | None:
    """Return the header's versions; those of the footer where the header's are cut off."""
    short, whole = header.get("versions", ""), footer.get("version", "")
    chosen = whole if whole.startswith(short) else short
    return chosen if chosen.strip(": ") else None


def _query_words(layout: Layout) -> str:
    text = " ".join(layout.query_words)
    m = QUERY_WORDS.match(text)
    return text[m.end() :] if m else ""


def _layout_notes(layout: Layout, header: Mapping[str, str], footer: Mapping[str, str]) -> list[Diagnostic]:
    notes = []
    title = header.get("title", "")
    if not title:
        notes.append(diagnostic("no-title", line=2))
    elif len(title) >= TITLE_LIMIT:
        notes.append(diagnostic("title-cut", line=2))
    if any(line.strip(" -") for line in layout.preamble):
        notes.append(diagnostic("legacy-preamble", line=len(layout.header) + 1))
    if not layout.applies_to:
        notes.append(diagnostic("no-applies-to"))
    if not footer:
        notes.append(diagnostic("no-footer"))
        if header.get("keywords"):
            notes.append(diagnostic("keywords-from-header"))
    return notes
