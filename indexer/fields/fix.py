"""The fix of an article, wherever it stands.

One in five articles with symptoms has no resolution and no workaround of its own. So the places are tried in order:
the two sections, subsections named so, sentences that announce a remedy, inline labels, the STATUS; the first that
holds one is taken.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from indexer.fields.paragraphs import Paragraph, one_line, paragraphs
from indexer.fields.remedies import (
    ADVICE,
    BY_DESIGN,
    CONFIRMED,
    CORRECTED,
    DISCLAIMER,
    GOAL,
    INLINE_LABEL,
    INSIDE_REMEDY,
    METHODS,
    NAMES_RELEASE,
    NO_FIX,
    NO_REMEDY,
    RELEASE,
    REMEDY,
    SOLVES,
    TITLES,
    TROUBLESHOOTING,
    WORDS_OF,
    WORK_AROUND,
    Titles,
)
from indexer.fields.sections import parts_after, subsections, text_with_parts
from indexer.fields.sentences import sentences
from indexer.fields.steps import find_steps
from indexer.fields.word_sets import telling_words
from kb.models import PROBLEM_KINDS, ArticleKind, Fix, FixKind, Section, SectionKind

# Where a remedy stands that has no section of its own, likeliest first.
ELSEWHERE: Final[tuple[SectionKind, ...]] = (
    "more_information",
    "status",
    "cause",
    "summary",
    "symptoms",
    "body",
    "notice",
)
SAID_OF_SYMPTOMS: Final[tuple[tuple[re.Pattern[str], FixKind], ...]] = (
    (CORRECTED, "service_pack"),
    (BY_DESIGN, "by_design"),
    (CONFIRMED, "no_fix"),
)
FEW_WORDS = 3
# The opening of a resolution says which sort of remedy it is; what comes later is detail.
OPENING = 600


def find_fix(kind: ArticleKind, sections: Sequence[Section]) -> Fix | None:
    """Return what to do, from the first place that tells it; None where nothing is to be fixed or nothing is said."""
    own = _own_section(sections)
    if kind == "howto":
        return replace(own, kind="procedure") if own and own.kind == "resolution" else own or _procedure(sections)
    if own is not None:
        return own
    if kind == "documentation" and _first(sections, "symptoms"):
        return _by_status(sections)
    if kind not in PROBLEM_KINDS:
        return None
    for search in SEARCHES:
        found = search(sections)
        if found is not None:
            return found
    return None


def _fix(kind: FixKind, text: str, section: Section, subsection: str | None = None) -> Fix:
    return Fix(kind, text, find_steps(text), section.heading, subsection)


def _own_section(sections: Sequence[Section]) -> Fix | None:
    """Take RESOLUTION, else WORKAROUND; one that only says that there is none is taken when no other is there."""
    none: Fix | None = None
    for kind in ("resolution", "workaround"):
        for at, section in enumerate(sections):
            if section.kind != kind:
                continue
            text = text_with_parts(sections, at)
            if len(text.split(None, FEW_WORDS)) < FEW_WORDS or _is_disclaimer(text):
                continue
            if NO_REMEDY.match(_flat(text[:OPENING])):
                none = none or Fix("no_fix", text, (), section.heading)
                continue
            named: FixKind = "workaround" if kind == "workaround" else _resolution_kind(text)
            return _fix(named, text, section)
    return none


def _resolution_kind(text: str) -> FixKind:
    """Tell which remedy a resolution names: that of its opening, or none in particular where it has several methods."""
    kind = _remedy_kind(text[:OPENING])
    if kind != "resolution" and "---" in text:
        lead, *parts = subsections(text)
        announced = _remedy_kind(lead.text) == "resolution" and METHODS.search(_flat(lead.text))
        if lead.title is None and announced and len({_remedy_kind(part.text) for part in parts}) > 1:
            return "resolution"
    if kind == "resolution" and len(text) < 200 and NO_FIX.search(_flat(text)):
        return "no_fix"
    return kind


def _remedy_kind(text: str) -> FixKind:
    """Tell which remedy a text names first: a workaround by its own words, a release, or any other."""
    flat = _flat(text)
    around, release = WORK_AROUND.search(flat), RELEASE.search(flat)
    if around and (not release or around.start() < release.start()):
        return "workaround"
    return "service_pack" if release else "resolution"


def _flat(text: str) -> str:
    """Return a text on one line and in lower case, without the full stops of `U.S.`, which would end a sentence."""
    return one_line(text).lower().replace("u.s. ", "us ")


def _procedure(sections: Sequence[Section]) -> Fix | None:
    """Take the part of a how-to that tells how: the tasks of its summary, MORE INFORMATION, or the whole text."""
    more = _first(sections, "more_information")
    summary = _first(sections, "summary")
    lead = _first(sections, "body")
    if summary is not None and (more is None or (_instructs(summary.text) and not _instructs(more.text))):
        parts = subsections(summary.text)
        titled = [part for part in parts if part.title]
        if len(titled) == 1:
            return _fix("procedure", titled[0].text, summary, titled[0].title)
        return _fix("procedure", summary.text, summary)
    section = more or lead
    return _fix("procedure", section.text, section) if section is not None else None


def _instructs(text: str) -> bool:
    return bool(find_steps(text)) or any(
        block.text[:3] == "To " or REMEDY.match(block.text.lower()) for block in paragraphs(text) if not block.marker
    )


def _first(sections: Sequence[Section], kind: SectionKind) -> Section | None:
    """Return the first section of a kind that says something, with the parts under other headings in its text."""
    for at, section in enumerate(sections):
        if section.kind == kind and not _is_disclaimer(section.text) and (text := text_with_parts(sections, at)):
            return replace(section, text=text)
    return None


def _is_disclaimer(text: str) -> bool:
    """Tell a section that holds nothing but the notice on products of other makers."""
    return len(text) < 400 and "roduct" in text and bool(DISCLAIMER.search(one_line(text).lower()))


def _in_order(sections: Sequence[Section]) -> Iterator[Section]:
    for kind in ELSEWHERE:
        for at, section in enumerate(sections):
            if section.kind == kind:
                yield section
                yield from parts_after(sections, at)


def _by_subsection(sections: Sequence[Section], titles: Titles = TITLES) -> Fix | None:
    for section in _in_order(sections):
        if "---" not in section.text:
            continue
        for part in subsections(section.text):
            for pattern, kind in titles:
                if part.title and part.text and pattern.search(part.title.lower()):
                    return _fix(kind, part.text, section, part.title)
    return None


def _by_troubleshooting(sections: Sequence[Section]) -> Fix | None:
    return _by_subsection(sections, TROUBLESHOOTING)


def _by_sentence(sections: Sequence[Section]) -> Fix | None:
    return _announced(sections, REMEDY.match)


def _by_clause(sections: Sequence[Section]) -> Fix | None:
    return _announced([s for s in sections if s.kind != "symptoms"], INSIDE_REMEDY.search)


def _by_clause_in_symptoms(sections: Sequence[Section]) -> Fix | None:
    return _announced([s for s in sections if s.kind == "symptoms"], SOLVES.search)


def _by_goal(sections: Sequence[Section]) -> Fix | None:
    return _announced([s for s in sections if s.kind != "symptoms"], GOAL.match)


def _announced(sections: Sequence[Section], announces: Callable[[str], object]) -> Fix | None:
    for section in _in_order(sections):
        for part in subsections(section.text):
            blocks = paragraphs(part.text)
            for at in range(len(blocks)):
                text = _from_sentence(blocks, at, announces, part.text)
                if text is not None:
                    return _fix(_announced_kind(text), text, section, part.title)
    return None


def _announced_kind(text: str) -> FixKind:
    return "workaround" if WORK_AROUND.search(_flat(text)[:400]) else _remedy_kind(text[:400])


def _from_sentence(blocks: Sequence[Paragraph], at: int, announces: Callable[[str], object], text: str) -> str | None:
    """Return the text from the first sentence that announces a remedy to the end of what it announces."""
    block = blocks[at]
    parts = sentences(block.text)
    for number, sentence in enumerate(parts):
        low = sentence.lower()
        if announces(low) and not _is_negative(low):
            begin = " ".join(parts[number:])
            below = _belonging(blocks, at)
            if below is None:
                return begin
            lines = text.split("\n")[blocks[at + 1].start : below]
            return begin + "\n\n" + "\n".join(lines).strip("\n")
    return None


def _is_negative(low: str) -> bool:
    return (
        low.startswith(("no ", "there is no", "there are no", "currently"))
        or " no known " in low
        or "is not available" in low
        or "knowledge base" in low
        or "there is no" in low
    )


def _belonging(blocks: Sequence[Paragraph], at: int) -> int | None:
    """Return the line behind the lists and indented blocks that follow a paragraph; None when there are none."""
    intro = blocks[at]
    last = at
    for place in range(at + 1, len(blocks)):
        block = blocks[place]
        inside = block.indent > intro.indent or block.marker in ("or", "and")
        numbered = block.marker.isdecimal() and block.indent >= intro.indent
        if not (inside or numbered or (block.marker == "-" and block.indent >= intro.indent)):
            break
        last = place
    return blocks[last].start + len(blocks[last].raw) if last > at else None


def _by_label(sections: Sequence[Section]) -> Fix | None:
    """Take a whole section that gives a remedy beside each of its problems (`Resolution: ...`)."""
    for section in _in_order(sections):
        if section.kind != "symptoms" and INLINE_LABEL.search(section.text.lower()):
            return _fix("resolution", section.text, section)
    return None


def _by_status(sections: Sequence[Section]) -> Fix | None:
    for wanted, kind in ((CORRECTED, "service_pack"), (BY_DESIGN, "by_design")):
        for section in sections:
            if section.kind == "status" and (text := _sentence_with(section.text, wanted)):
                return Fix("service_pack" if kind == "service_pack" else "by_design", text, (), section.heading)
    return None


def _by_confirmation(sections: Sequence[Section]) -> Fix | None:
    """Take a STATUS that says only that the problem is known."""
    for section in sections:
        if section.kind == "status" and NO_FIX.search(one_line(section.text).lower()):
            return Fix("no_fix", section.text, (), section.heading)
    return None


def _by_remark(sections: Sequence[Section]) -> Fix | None:
    """Take a sentence outside of STATUS that says what became of the problem."""
    for wanted, kind in ((CORRECTED, "service_pack"), (BY_DESIGN, "by_design")):
        for section in _in_order(sections):
            if section.kind in ("symptoms", "notice"):
                continue
            text = _sentence_with(section.text, wanted, NAMES_RELEASE if wanted is CORRECTED else None)
            if text:
                return Fix("service_pack" if kind == "service_pack" else "by_design", text, (), section.heading)
    for section in _in_order(sections):
        text = _sentence_with(section.text, NO_FIX) if section.kind != "symptoms" else None
        if text:
            return Fix("no_fix", text, (), section.heading)
    return None


def _by_remark_on_symptoms(sections: Sequence[Section]) -> Fix | None:
    symptoms = [section for section in sections if section.kind == "symptoms"]
    for wanted, kind in SAID_OF_SYMPTOMS:
        for section in symptoms:
            if text := _sentence_with(section.text, wanted, NAMES_RELEASE if wanted is CORRECTED else None):
                return Fix(kind, text, (), section.heading)
    return None


def _sentence_with(text: str, wanted: re.Pattern[str], also: re.Pattern[str] | None = None) -> str | None:
    if wanted in WORDS_OF and WORDS_OF[wanted].isdisjoint(telling_words(text)):
        return None
    for block in paragraphs(text):
        flat = block.text
        if wanted.search(flat.lower()):
            for sentence in sentences(flat):
                low = sentence.lower()
                if wanted.search(low) and (also is None or also.search(low)):
                    return sentence
    return None


def _by_advice(sections: Sequence[Section]) -> Fix | None:
    """Take the first paragraph that tells what must be done, with its list."""
    for kind in ("more_information", "summary", "cause", "body"):
        for section in sections:
            if section.kind == kind and not _is_disclaimer(section.text):
                blocks = paragraphs(section.text)
                for at, block in enumerate(blocks):
                    if not block.marker and block.indent == 0 and ADVICE.search(block.text.lower()):
                        below = _belonging(blocks, at)
                        lines = section.text.split("\n")
                        end = below if below is not None else block.start + len(block.raw)
                        text = "\n".join(lines[block.start : end])
                        return _fix(_remedy_kind(text), text, section)
    return None


# A confirmed problem may still have a remedy in a clause somewhere; advice in passing is none then.
SEARCHES: Final = (
    _by_subsection,
    _by_sentence,
    _by_label,
    _by_status,
    _by_clause,
    _by_clause_in_symptoms,
    _by_confirmation,
    _by_remark,
    _by_goal,
    _by_troubleshooting,
    _by_advice,
    _by_remark_on_symptoms,
)
