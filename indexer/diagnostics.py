"""The codes of all diagnostics, as data: how serious each is and what it means. docs/diagnostics.md tells more."""

from typing import Final

from kb.models import Diagnostic, DiagnosticLevel

CODES: Final[dict[str, tuple[DiagnosticLevel, str]]] = {
    # bytes
    "empty-file": ("warning", "the file holds no text"),
    "not-text": ("warning", "the bytes are not text"),
    "encoding-guessed": ("note", "the character encoding is not stated and was guessed"),
    "undefined-byte": ("note", "a byte without meaning in the encoding was read as the old MS-DOS code page has it"),
    "control-characters": ("note", "control characters were dropped"),
    "escaped-bytes": ("note", "bytes that a mirror wrote as <A0> and the like were read as what they stand for"),
    "line-ends-lost": (
        "note",
        "the text has lost its line ends; they were put back at headings, bullets, steps and labels",
    ),
    "page-cut": ("warning", "the page is larger than any article and its end was not read"),
    # form
    "unknown-form": ("warning", "no known form of article recognises the file"),
    "ambiguous-form": ("error", "more than one form claims the file"),
    "no-article": ("error", "the form recognises the file, but finds no article in it"),
    "parser-bug": ("error", "the parser itself failed"),
    # archives and folders
    "unreadable-file": ("error", "the file cannot be read from the disk"),
    "broken-archive": ("error", "the archive is damaged or of an unknown kind"),
    "broken-member": ("error", "a file inside an archive cannot be unpacked"),
    "encrypted-member": ("warning", "a file inside an archive is protected by a password"),
    "file-too-large": ("warning", "the file is larger than any that holds articles and was not read"),
    "nested-too-deep": ("warning", "an archive lies inside an archive inside an archive"),
    "unknown-compression": ("warning", "a file inside an archive is compressed in a way that cannot be read"),
    "archive-bomb": ("error", "the archive unpacks to far more than articles would, and was not read on"),
    "empty-archive": ("warning", "the archive holds no file"),
    "not-a-file": ("note", "an entry of an archive is no file and holds nothing to read"),
    # header and footer
    "id-from-path": ("warning", "the article does not state its id, so that of the path was taken"),
    "no-id": ("warning", "neither the article nor its path tells an id, so one was made of the file's name"),
    "id-in-title": ("note", "the id stands beside the title only and was taken from there"),
    "id-from-title": ("note", "neither the article nor its path tells an id, so one was made of the title"),
    "other-vendor-id": ("note", "the number is not said to be one of Microsoft's and was kept as an id of its own"),
    "no-title": ("warning", "the article has no title"),
    "title-cut": ("note", "the title is as long as titles could be and may be cut"),
    "bad-date": ("warning", "the date cannot be read"),
    "date-without-label": ("note", "a date that no label explains was taken for that of the article"),
    "date-order": ("note", "day and month of the date may be the other way round"),
    "header-continued": ("warning", "a header line without a label was joined to the line above"),
    "keywords-from-header": ("note", "the footer has no keywords, so those of the header were taken"),
    "no-footer": ("note", "the article has no footer"),
    "legacy-preamble": ("note", "an older header stands before the text and was set apart"),
    "site-words": ("note", "lines of the site around the article were left out"),
    # applies-to
    "no-applies-to": ("note", "the article does not say what it applies to"),
    "placeholder-product": ("note", "an entry of the applies-to list is a placeholder, not a product"),
    # sections
    "no-body": ("warning", "the article has no text"),
    "no-headings": ("note", "the text has no headings"),
    "empty-section": ("note", "a heading has no text under it"),
    "repeated-heading": ("note", "a heading occurs more than once"),
    "demoted-heading": ("note", "a section heading is underlined as a subheading and was taken as a section"),
    "underline-length": ("note", "a heading and its underline differ in length"),
    "other-heading": ("note", "a heading outside the usual ones was taken as one"),
    # derived
    "kind-guessed": ("note", "neither title nor footer says what kind of article it is; its text was taken to tell"),
    "fix-elsewhere": ("note", "the fix does not stand under RESOLUTION or WORKAROUND and was found elsewhere"),
    "fix-not-found": ("note", "the article tells a problem, but no fix was found in it"),
    "reference-without-id": ("note", "another article is named by a search word only"),
}


def diagnostic(code: str, detail: str = "", line: int | None = None) -> Diagnostic:
    """Return the diagnostic of a code: its one-line meaning, with the detail of this case after a colon.

    `line` counts from 1. Raises KeyError for a code that is not in CODES.
    """
    level, meaning = CODES[code]
    return Diagnostic(level, code, f"{meaning}: {detail}" if detail else meaning, line)
