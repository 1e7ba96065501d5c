"""Sections and subsections: text cut at its underlined headings.

The rule was measured over the whole archive: a canonical heading word over any rule is a heading; anything else over
a rule of `=` only where it looks like one, since boxes, tables, logs and scripts use such rules too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.diagnostics import diagnostic
from indexer.fields.headings import NOT_PROMOTED, SECTION_KINDS, section_kind
from kb.models import Diagnostic, Section, SectionKind

# Underlines are off by one to three characters in some fifty articles.
LENGTH_TOLERANCE = 3
COLUMNS: Final = re.compile(r"\S[ \t]{2,}\S|\t")
NUMBERED: Final = re.compile(r"(?:\d+(?:\.\d+)*|[A-Z])\.?[ \t]+")
FILE_NAME: Final = re.compile(r"[\w$~-]+\.[A-Za-z]{2,4}")
COMMENT_STARTS: Final = (";", "#", "|", "+", "*", "-", "=", "<", '"', "REM ", "Example:")
RULES: Final = frozenset(("===", "---"))
RULE_SIGNS: Final = "=-"
SENTENCE_ENDS: Final = (".", ",", ";", ":")


@dataclass(frozen=True, slots=True)
class SectionSplit:
    """The sections of a text in order, and what was guessed in finding them."""

    sections: tuple[Section, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Subsection:
    """A part of a section under an underlined subheading; `title` is None for the part before the first."""

    title: str | None
    text: str


def split_sections(lines: Sequence[str], first_line: int = 1) -> SectionSplit:
    """Cut the lines of a body into sections at its headings; every other line goes to the section it stands in.

    `first_line` is the number, in the file, of the first of `lines`. Text before the first heading becomes a section
    without heading: a `notice`, or the `body` when it is the article's real text.
    """
    found: list[Diagnostic] = []
    marks: list[tuple[int, str, SectionKind]] = []
    for at in [at for at, line in enumerate(lines) if line and line[0] in RULE_SIGNS and line[:3] in RULES and at]:
        kind, doubt = _heading_kind(lines, at)
        if kind is None:
            continue
        heading = lines[at - 1].strip()
        if doubt:
            found.append(diagnostic(doubt, heading, first_line + at - 1))
        marks.append((at - 1, heading, kind))
    sections = [_section(None, "notice", lines[: marks[0][0] if marks else len(lines)])]
    for place, (start, heading, kind) in enumerate(marks):
        end = marks[place + 1][0] if place + 1 < len(marks) else len(lines)
        sections.append(_section(heading, kind, lines[start + 2 : end]))
        if not sections[-1].text:
            found.append(diagnostic("empty-section", heading, first_line + start))
    return SectionSplit(_settle_lead(sections), tuple(found + _repeats(marks, first_line)))


def section_texts(sections: Sequence[Section], kinds: Iterable[SectionKind]) -> dict[str, str | None]:
    """Return the texts of canonical sections, by kind, with the parts under other headings that follow each, or None.

    Of several sections of a kind the first that is not empty is given.
    """
    found: dict[str, str | None] = dict.fromkeys(kinds)
    for at, section in enumerate(sections):
        if section.kind in found and found[section.kind] is None:
            found[section.kind] = text_with_parts(sections, at) or None
    return found


def text_with_parts(sections: Sequence[Section], at: int) -> str:
    """Return the text of the section at a place with the parts under other headings that belong to it.

    A heading without text at the end (`Issue 2` before the symptoms of another problem) is none of them.
    """
    if at + 1 == len(sections) or sections[at + 1].kind != "other":
        return sections[at].text
    parts = list(parts_after(sections, at))
    while parts and not parts[-1].text:
        parts.pop()
    texts = [sections[at].text] if sections[at].text else []
    texts += [f"{part.heading}\n{'=' * len(part.heading or '')}\n\n{part.text}".rstrip() for part in parts]
    return "\n\n".join(texts)


def parts_after(sections: Sequence[Section], at: int) -> Iterator[Section]:
    """Yield the parts under other headings that belong to the section at a place."""
    for place in range(at + 1, len(sections)):
        if sections[place].kind != "other":
            return
        yield sections[place]


def subsections(text: str) -> tuple[Subsection, ...]:
    """Cut a section's text at its subheadings: a line at the left margin over a rule of dashes of like length."""
    if "---" not in text:
        return (Subsection(None, text),) if text else ()
    lines = text.split("\n")
    parts: list[Subsection] = []
    title: str | None = None
    start = 0
    for at in range(1, len(lines)):
        if lines[at][:3] == "---" and _is_subheading(lines, at):
            _add(parts, title, lines[start : at - 1])
            title, start = lines[at - 1].strip(), at + 1
    _add(parts, title, lines[start:])
    return tuple(parts)


def _add(parts: list[Subsection], title: str | None, lines: Sequence[str]) -> None:
    text = "\n".join(lines).strip("\n")
    if title is not None or text.strip():
        parts.append(Subsection(title, text))


def _section(heading: str | None, kind: SectionKind, lines: Sequence[str]) -> Section:
    text = "\n".join(lines)
    if " \n" in text or "\t\n" in text:
        text = "\n".join(line.rstrip() for line in lines)
    return Section(heading, kind, text.strip("\n").rstrip())


def _settle_lead(sections: list[Section]) -> tuple[Section, ...]:
    """Drop an empty lead; call it the body where no heading follows, or where the first heading has no text."""
    lead, *rest = sections
    if not lead.text:
        return tuple(rest)
    if not rest or not rest[0].text:
        lead = Section(None, "body", lead.text)
    return (lead, *rest)


def _repeats(marks: Sequence[tuple[int, str, SectionKind]], first_line: int) -> list[Diagnostic]:
    seen: set[str] = set()
    found = []
    for start, heading, kind in marks:
        if kind != "other" and heading in seen:
            found.append(diagnostic("repeated-heading", heading, first_line + start))
        seen.add(heading)
    return found


def _heading_kind(lines: Sequence[str], at: int) -> tuple[SectionKind | None, str | None]:
    """Decide what line `at - 1` is over the rule in line `at`: its kind (None: no heading), and the code of a doubt."""
    rule, heading = lines[at].rstrip(), lines[at - 1].rstrip()
    sign = rule[0]
    if not heading or heading[0] in " \t" or rule.strip(sign):
        return None, None
    kind = SECTION_KINDS.get(heading)
    off = abs(len(heading) - len(rule))
    if kind is not None:
        if sign == "-":
            return (None, None) if heading in NOT_PROMOTED else (kind, "demoted-heading")
        return kind, "underline-length" if off else None
    if sign == "-" or off > LENGTH_TOLERANCE or not _looks_like_heading(heading):
        return None, None
    if at >= 2 and lines[at - 2].strip():
        return None, None
    if section_kind(heading) is not None:
        return section_kind(heading), "other-heading"
    return "other", "other-heading"


def _looks_like_heading(text: str) -> bool:
    """Tell a title from a table head, a comment in a script, a file name or the end of a paragraph."""
    if text.startswith(COMMENT_STARTS) or "|" in text or FILE_NAME.fullmatch(text):
        return False
    numbered = NUMBERED.match(text)
    rest = text[numbered.end() :] if numbered else text
    return not COLUMNS.search(rest) and not text.endswith(SENTENCE_ENDS)


def _is_subheading(lines: Sequence[str], at: int) -> bool:
    rule, title = lines[at].rstrip(), lines[at - 1].rstrip()
    if not title or title[0] in " \t" or rule.strip("-"):
        return False
    if abs(len(title) - len(rule)) > LENGTH_TOLERANCE or title.startswith(COMMENT_STARTS) or "|" in title:
        return False
    numbered = NUMBERED.match(title)
    rest = title[numbered.end() :] if numbered else title
    return not COLUMNS.search(rest)
