"""The form of any other support page: read by its labels and headings, whoever published it and in whatever markup.

It is asked only where no specific form knows the file. What words it goes by is data: labelled/vocabulary.py.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from indexer.diagnostics import diagnostic
from indexer.fields import derive
from indexer.fields.applies_to import Entries, read_entries
from indexer.fields.dates import first_date
from indexer.fields.footer import words
from indexer.fields.references import with_plain_references
from indexer.forms.kb_text import read_export
from indexer.forms.labelled.headings import heading_kind
from indexer.forms.labelled.identity import foreign_id, identify, stated_number
from indexer.forms.labelled.labels import UNLABELLED, Label
from indexer.forms.labelled.parts import Parts, cut, section_text
from indexer.forms.labelled.source import Source as Page
from indexer.forms.labelled.source import read_source
from indexer.forms.labelled.title import choose_title, without_title
from indexer.forms.labelled.vocabulary import NO_ARTICLES, NO_PAGES, VAGUE
from kb.models import Article, Diagnostic, RawFile, Section, Source

# Forty times the longest article that is known.
LARGEST_FILE: Final = 8 << 20
# A page without any of these words is no troubleshooting page in a language of the vocabulary; most are left here.
PROMISING: Final = re.compile(
    rb"symptom|problem|issue|cause|resol|solution|workaround|summary|more information|question|goal|situation|\bfix\b|"
    rb"document ?: ?q\d",
    re.IGNORECASE,
)
PROMISING_BYTES: Final = 1 << 20
PROBLEM: Final = frozenset({"symptoms"})
REMEDY: Final = frozenset({"cause", "resolution", "workaround"})
SECTIONS: Final = PROBLEM | REMEDY | {"status", "summary", "more_information"}
# A file with more problems than this is a list of known ones.
MOST_PROBLEMS: Final = 3
SEPARATED: Final = re.compile(r"[ \t]{0,4}[,;][ \t]{0,4}")
WORD_ENDS: Final = re.compile(r"[\s,;]+")
KB_WORD: Final = re.compile(r"kb[A-Za-z]\w+")


@dataclass(frozen=True, slots=True)
class _Read:
    page: Page
    parts: Parts


class LabelledPage:
    """Troubleshooting pages with headings such as Symptom, Cause, Resolution, one a file."""

    name = "labelled-page"

    def recognises(self, raw: RawFile) -> bool:
        """Tell a page by an id label with a heading, or a problem's heading with a cause's or a remedy's."""
        if not _is_promising(raw):
            return False
        read = _read(raw)
        return read is not None and _is_article(read, raw)

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the one article of the file."""
        read = _read(raw)
        if read is None:
            return ()
        if read.page.exported:
            lines = [line.text for line in read.page.lines]
            return (read_export(lines, raw, self.name, read.page.notes),)
        return (_article(read, raw, self.name),)


# A file is recognised and then parsed: it is read once for both.
@lru_cache(maxsize=1)
def _read(raw: RawFile) -> _Read | None:
    page = read_source(raw)
    if page is None:
        return None
    return _Read(page, cut(page))


def _is_promising(raw: RawFile) -> bool:
    if len(raw.data) > LARGEST_FILE or raw.name.rpartition(".")[2].lower() in NO_PAGES:
        return False
    start = raw.data[:PROMISING_BYTES]
    return bool(PROMISING.search(start)) or b"\0" in start[:64] or not start[:PROMISING_BYTES].isascii()


def _is_article(read: _Read, raw: RawFile) -> bool:
    if read.page.exported:
        return True
    found = [
        section for section in read.parts.sections if section.heading and heading_kind(section.heading) in SECTIONS
    ]
    kinds = {heading_kind(section.heading or "") for section in found}
    if kinds and stated_number(read.parts.labels, read.parts.microsofts) is not None:
        return True
    if raw.name.partition(".")[0].lower() in NO_ARTICLES:
        return False
    telling = [s for s in found if (s.heading or "").casefold() not in VAGUE]
    tells = {heading_kind(section.heading or "") for section in telling}
    if foreign_id(read.parts.labels) is not None:
        return bool(tells & (PROBLEM | REMEDY)) or bool(kinds & PROBLEM and kinds & REMEDY)
    problems = sum(heading_kind(section.heading or "") in PROBLEM for section in telling)
    return bool(tells & PROBLEM and tells & REMEDY) and (problems <= MOST_PROBLEMS or not read.parts.by_colons)


def _article(read: _Read, raw: RawFile, form: str) -> Article:
    page, parts = read.page, read.parts
    notes = [*page.notes, *parts.notes]
    digest = hashlib.sha256(raw.data).hexdigest()
    title = choose_title(page, parts, parts.labels)
    who = identify(parts.labels, read.parts.microsofts, title.text, title.beside, raw, digest)
    notes += who.notes
    if not title.text:
        notes.append(diagnostic("no-title"))
    date = _date(parts.labels, who.numbered, notes)
    products, environments = _entries(parts, who.numbered)
    if not products.products:
        notes.append(diagnostic("no-applies-to"))
    if parts.legacy:
        notes.append(diagnostic("legacy-preamble"))
    if parts.navigation:
        notes.append(diagnostic("site-words", str(parts.navigation)))
    lead = section_text(without_title(parts.lead, title))
    sections = parts.sections
    if lead:
        sections = (Section(None, "notice" if sections else "body", lead), *sections)
    article = Article(
        id=who.id,
        title=title.text,
        source=Source(raw.path, form, digest),
        collection="microsoft" if who.numbered else None,
        date=date,
        versions=_versions(parts),
        products=products.products,
        environments=environments,
        applies_to=products.applies_to,
        keywords=_keywords(parts),
        technology=words(_value(parts.labels, "technology")),
        issue_type=words(_value(parts.labels, "issue_type")),
        solution_type=words(_value(parts.labels, "solution_type")),
        query_words=tuple(word for word in WORD_ENDS.split(_value(parts.labels, "query_words")) if word),
        sections=sections,
        diagnostics=tuple(notes),
    )
    complete = derive.complete(article)
    return with_plain_references(complete, page.links) if who.numbered else complete


def _value(labels: Sequence[Label], wanted: str) -> str:
    return next((label.value for label in labels if label.field == wanted and label.value), "")


def _date(labels: Sequence[Label], numbered: bool, notes: list[Diagnostic]) -> str | None:
    """Return the date of the last change, else the latest of writing and publishing."""
    read = [(label, first_date(label.value)) for label in labels if label.field in ("modified", "created")]
    dated = [(label, found) for label, found in read if found is not None]
    if not dated:
        notes.append(diagnostic("bad-date", read[0][0].value if read else ""))
        return None
    changes = [one for one in dated if one[0].field == "modified"]
    label, (iso, either_way) = changes[0] if changes else max(dated, key=lambda one: one[1][0])
    if label.name == UNLABELLED:
        notes.append(diagnostic("date-without-label", label.value))
    if either_way and not numbered:
        notes.append(diagnostic("date-order", label.value))
    return iso


def _entries(parts: Parts, numbered: bool) -> tuple[Entries, tuple[str, ...]]:
    """Return what the page applies to; environments are products where it names no others."""
    products = read_entries(parts.products)
    if not products.products:
        products = read_entries(parts.environments)
        return products, products.environments
    around = read_entries(parts.environments).products if not numbered else ()
    return replace(products, products=(*products.products, *around)), (*products.environments, *around)


def _versions(parts: Parts) -> str | None:
    written = _value(parts.labels, "versions")
    if not written:
        written = " ".join(word for word in parts.legacy if not KB_WORD.fullmatch(word))
    return (written.strip(": ") and written) or None


def _keywords(parts: Parts) -> tuple[str, ...]:
    """Return the keywords: Microsoft's are words; others' may be phrases between commas."""
    written = _value(parts.labels, "keywords")
    if not written:
        return tuple(word for word in parts.legacy if KB_WORD.fullmatch(word))
    pieces = SEPARATED.split(written) if SEPARATED.search(written) else written.split()
    return tuple(piece.strip() for piece in pieces if piece.strip())
