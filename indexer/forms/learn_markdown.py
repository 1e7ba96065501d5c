"""The form of Microsoft's present troubleshooting articles: markdown with front matter, headings in title case."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from indexer.decode import NotText, decode
from indexer.diagnostics import diagnostic
from indexer.fields import derive
from indexer.fields.applies_to import read_entries
from indexer.fields.dates import iso_date
from indexer.fields.headings import section_kind
from indexer.fields.slug import slugify
from indexer.markdown_text import Part, front_matter, read_markdown
from kb.models import Article, CrossReference, Diagnostic, RawFile, Section, SectionKind, Source

HEAD_BYTES = 4096
KEYS_NEEDED: Final = ("title", "ms.date")
ORIGINAL: Final = re.compile(r"[ \t]*Original KB number:[ \t]*(?:KB|Q)?[ \t]*(\d{5,7})\b.*", re.IGNORECASE)
APPLIES_TO: Final = re.compile(r"[ \t]*Applies to:[ \t]*(\S.*)", re.IGNORECASE)
ASKS_FOR_FEEDBACK: Final = "Still need help?"
KB_ADDRESS: Final = re.compile(
    r"(?:\[([^\[\]]{1,200})\]\()?https?://support\.microsoft\.com/(?:[a-z]{2}-[a-z]{2}/)?(?:help|kb)/(\d{5,7})\b"
)
# `Resolution 2`, `Workaround 1: ...`, `Solution - Method 1`: one of several remedies.
ONE_OF_SEVERAL: Final = re.compile(
    r"(symptom|cause|resolution|solution|workaround)s?(?=[ \t]*(?:[-:\u2013]|(?:option|method)?[ \t]*\d))",
    re.IGNORECASE,
)
# What the older articles do not have, or call otherwise.
KINDS: Final[dict[str, SectionKind]] = {
    "causes": "cause",
    "resolutions": "resolution",
    "solution": "resolution",
    "solutions": "resolution",
    "workarounds": "workaround",
    "additional information": "more_information",
    "overview": "summary",
    "reference": "references",
    "related articles": "references",
    "see also": "references",
}
BLANK_LINES: Final = re.compile(r"\n{3,}")
SECTION_LEVEL = 2


class LearnMarkdown:
    """Troubleshooting articles of Microsoft Learn, one a file."""

    name = "learn-markdown"

    def recognises(self, raw: RawFile) -> bool:
        """Tell whether the file begins with front matter that has the keys of this form."""
        start = raw.data[:5].removeprefix(b"\xef\xbb\xbf")
        if not start.startswith(b"--"):
            return False
        head = raw.data[:HEAD_BYTES].replace(b"\r\n", b"\n").removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
        front, _ = front_matter([*head.split("\n"), "---"])
        return all(key in front for key in KEYS_NEEDED)

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the one article of the file."""
        decoded = decode(raw.data)
        if isinstance(decoded, NotText):
            return ()
        notes = list(decoded.diagnostics)
        document = read_markdown(decoded.text)
        front = document.front
        titled = next((part.heading for part in document.parts if part.level == 1), "")
        title = titled or _first(front, "title")
        if not title:
            notes.append(diagnostic("no-title"))
        date = iso_date(_first(front, "ms.date"))
        if date is None:
            notes.append(diagnostic("bad-date", _first(front, "ms.date")))
        number, products, parts = _stated(document.parts)
        entries = read_entries([f"- {name}" for name in (*front.get("appliesto", ()), *products)])
        if not entries.products:
            notes.append(diagnostic("no-applies-to"))
        article = Article(
            id=f"Q{number}" if number else slugify(raw.name.rsplit(".", 1)[0]),
            title=" ".join(title.split()),
            source=Source(raw.path, self.name, hashlib.sha256(raw.data).hexdigest()),
            collection="microsoft" if number else None,
            date=date,
            products=entries.products,
            applies_to=entries.applies_to,
            keywords=front.get("ms.custom", ()),
            sections=_sections(parts, _first(front, "description"), notes),
            diagnostics=tuple(notes),
        )
        return (_with_addresses(derive.complete(article), decoded.text),)


def _first(front: Mapping[str, tuple[str, ...]], key: str) -> str:
    return next(iter(front.get(key, ())), "")


def _stated(parts: Sequence[Part]) -> tuple[int | None, list[str], list[Part]]:
    """Take the lines with the number and the products out of the text; return them and what is left."""
    number: int | None = None
    products: list[str] = []
    left = []
    for part in parts:
        lines = []
        for line in part.lines:
            if number is None and (m := ORIGINAL.fullmatch(line)):
                number = int(m[1])
            elif part.level < SECTION_LEVEL and (m := APPLIES_TO.fullmatch(line)):
                products += [name.strip() for name in m[1].split(",")]
            elif not line.startswith(ASKS_FOR_FEEDBACK):
                lines.append(line)
        left.append(replace(part, lines=tuple(lines)))
    return number, products, left


def _sections(parts: Sequence[Part], description: str, notes: list[Diagnostic]) -> tuple[Section, ...]:
    """Make a section of each heading of the second level, and of canonical ones below a level that has none."""
    lead = [description] if description else []
    found: list[tuple[str, SectionKind, list[str]]] = []
    # The last heading of the second level is none of the usual ones: `Issue 1`, with symptoms and a cause of its own.
    divides = False
    for part in parts:
        text = BLANK_LINES.sub("\n\n", "\n".join(part.lines)).strip("\n").rstrip()
        if part.level < SECTION_LEVEL and not found:
            lead += [text] if text and text != description else []
            continue
        kind = _kind(part.heading)
        if part.level == SECTION_LEVEL:
            divides = kind is None
        if part.level <= SECTION_LEVEL or not found or (kind is not None and divides):
            several = bool(ONE_OF_SEVERAL.match(part.heading)) and bool(found) and _opened(found) == kind
            found.append((part.heading, "other" if kind is None or several else kind, [text] if text else []))
        else:
            found[-1][2].append(f"{part.heading}\n{'-' * len(part.heading)}\n\n{text}".rstrip())
    sections = [Section(heading, kind, "\n\n".join(texts)) for heading, kind, texts in found]
    notes += [diagnostic("empty-section", s.heading or "") for s in sections if not s.text and s.kind != "other"]
    notes += [diagnostic("other-heading", s.heading or "") for s in sections if s.kind == "other"]
    if lead:
        sections.insert(0, Section(None, "notice" if sections else "body", "\n\n".join(lead)))
    return tuple(sections)


def _kind(heading: str) -> SectionKind | None:
    plain = heading.strip().rstrip(":").lower()
    several = ONE_OF_SEVERAL.match(plain)
    if several:
        plain = several[1]
    return section_kind(plain) or KINDS.get(plain)


def _opened(found: Sequence[tuple[str, SectionKind, list[str]]]) -> SectionKind | None:
    """Return the kind of the canonical section that the last part belongs to."""
    return next((kind for _, kind, _ in reversed(found) if kind != "other"), None)


def _with_addresses(article: Article, text: str) -> Article:
    """Add the articles that the text names by their address, with the words of the link as their title."""
    known = dict.fromkeys(article.references)
    crosses = list(article.cross_references)
    for m in KB_ADDRESS.finditer(text):
        name = f"Q{int(m[2])}"
        if name != article.id and name not in known:
            known[name] = None
            words = " ".join((m[1] or "").split())
            is_title = not words.isdecimal() and not words.startswith("http")
            crosses.append(CrossReference(name, words if words and is_title else None))
    return replace(article, references=tuple(known), cross_references=tuple(crosses))
