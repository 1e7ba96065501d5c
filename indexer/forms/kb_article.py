"""From the parts of an exported article to its fields, whatever page or file the parts were found in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.diagnostics import diagnostic
from indexer.fields import derive
from indexer.fields.applies_to import read_entries
from indexer.fields.footer import footer_values, words
from indexer.fields.sections import split_sections
from indexer.forms.kb_layout import QUERY_WORDS, Layout
from kb.models import Article, Diagnostic, Section, Source

TITLE_LIMIT = 64
# What is derived from the text is told with the place of its section or its words.
DERIVED: Final = frozenset({"fix-elsewhere", "reference-without-id"})
SEARCH_WORD: Final = "query on the"


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of an article states; an empty string is an absent value.

    `numbered` tells that `id` is Microsoft's own (`Q<digits>`), not a slug. `date` is ISO.
    """

    id: str
    numbered: bool
    date: str | None
    category: str | None
    title: str
    product: str
    versions: str
    keywords: str


def article_of(header: Header, layout: Layout, source: Source, notes: Sequence[Diagnostic]) -> Article:
    """Return the article with all its fields; `notes` are the diagnostics of the bytes and the header."""
    found = list(notes)
    footer = footer_values(layout.footer)
    entries = read_entries(layout.applies_to)
    found += _layout_notes(layout, header, bool(footer))
    found += [diagnostic("placeholder-product", name) for name in entries.placeholders]
    split = split_sections(layout.body, layout.body_line)
    lead = "\n".join(line.rstrip() for line in layout.lead).strip("\n")
    sections = (Section(None, "notice", lead), *split.sections) if lead else split.sections
    found += split.diagnostics
    keywords = footer.get("keywords") if layout.footer else header.keywords
    article = Article(
        id=header.id,
        title=" ".join(header.title.split()),
        source=source,
        collection="microsoft" if header.numbered else None,
        date=header.date,
        category=header.category,
        product=header.product or None,
        versions=_versions(header.versions, footer.get("version", "")),
        products=entries.products,
        environments=entries.environments,
        applies_to=entries.applies_to,
        keywords=words(keywords),
        technology=words(footer.get("technology")),
        issue_type=words(footer.get("issue_type")),
        solution_type=words(footer.get("solution_type")),
        query_words=words(_query_words(layout) or footer.get("query_words")),
        sections=sections,
        diagnostics=tuple(found),
    )
    return _with_lines(derive.complete(article), layout)


def _with_lines(article: Article, layout: Layout) -> Article:
    """Return the article with the lines added at which what was derived stands in the file."""
    if not any(note.line is None and note.code in DERIVED for note in article.diagnostics):
        return article
    placed = [
        replace(note, line=_line_of(note.code, article, layout)) if note.line is None and note.code in DERIVED else note
        for note in article.diagnostics
    ]
    return replace(article, diagnostics=tuple(placed))


def _line_of(code: str, article: Article, layout: Layout) -> int | None:
    """Return the line of the section that holds the fix, or of the words that send the reader elsewhere."""
    if code == "fix-elsewhere":
        heading = article.fix.section if article.fix else None
        at = next((n for n, line in enumerate(layout.body) if line.strip() == heading), 0 if heading is None else None)
    else:
        at = next((n for n, line in enumerate(layout.body) if SEARCH_WORD in line.lower()), None)
    return None if at is None else layout.body_line + at


def _versions(short: str, whole: str) -> str | None:
    """Return the header's versions; those of the footer where the header's are cut off.

    Mirrors lost the colon of a value that begins with one.
    """
    chosen = whole if whole.startswith((short, f":{short}")) else short
    return chosen if chosen.strip(": ") else None


def _query_words(layout: Layout) -> str:
    text = " ".join(layout.query_words)
    m = QUERY_WORDS.match(text)
    return text[m.end() :] if m else ""


def _layout_notes(layout: Layout, header: Header, has_footer: bool) -> list[Diagnostic]:
    notes = []
    if not header.title:
        notes.append(diagnostic("no-title", line=2))
    elif len(header.title) >= TITLE_LIMIT:
        notes.append(diagnostic("title-cut", line=2))
    if any(line.strip(" -") for line in layout.preamble):
        notes.append(diagnostic("legacy-preamble", line=len(layout.header) + 1))
    if not layout.applies_to:
        notes.append(diagnostic("no-applies-to", line=len(layout.header) + 1))
    if not has_footer:
        notes.append(diagnostic("no-footer"))
        if header.keywords:
            notes.append(diagnostic("keywords-from-header"))
    return notes
