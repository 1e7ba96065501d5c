"""A page cut into its parts: title, labels, the list of what it applies to, sections, and the site's own words.

Every line goes to one of them. Labels of all kinds are looked for before the first section and behind the last one;
between them only those that can be nothing else, since an event or a listing has lines with a colon too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from indexer.diagnostics import diagnostic
from indexer.fields.dates import iso_date
from indexer.forms.labelled.headings import NUMBERED, Heading, heading_kind, is_one_of_several, is_rule
from indexer.forms.labelled.labels import UNLABELLED, Label, label_alone, read_labels, read_sentence
from indexer.forms.labelled.navigation import without_navigation
from indexer.forms.labelled.outline import Outline
from indexer.forms.labelled.product_list import read_list, split_products
from indexer.forms.labelled.source import Source
from indexer.forms.labelled.vocabulary import (
    ANYWHERE,
    APPLIES_TO,
    CLOSING,
    EMPHASIS,
    MICROSOFT_KEYWORD,
    MICROSOFT_SIGNS,
    NO_TITLES,
)
from indexer.marked_lines import STANDS_OUT, MarkedLine
from kb.models import Diagnostic, Section, SectionKind

BULLET: Final = re.compile(r"[ \t]*(?:[-*•·]|\d{1,3}[.)])[ \t]+")
BLANK_LINES: Final = re.compile(r"\n{3,}")
# The older header's line of versions, platforms and keywords: `2.50 WINDOWS kbinterop kbref`.
LEGACY_WORD: Final = re.compile(r"\d[\w.]*|kb\w+|[A-Z][A-Z0-9/-]+|\|")
LEGACY_SIGN: Final = re.compile(
    r"(?:^|\s)(?:kb[a-z]\w+|WINDOWS|WINNT|MS-DOS|MACINTOSH|OS/2)(?:\s|$)|^\d{1,2}\.\d\d\w?(?: |$)"
)
# Beside a keyword older ones without its prefix may stand: `kbprg buglist2.50`.
OLDER_KEYWORD: Final = re.compile(r"[a-z]{3,12}[\d.]*")
LONGEST_LEGACY: Final = 200
LONGEST_VALUE: Final = 160
LONGEST_DATE: Final = 20
NO_SUBTITLE_END: Final = (".", ",", ";")
INDENT_STEP: Final = 3
UNKNOWN_LABEL: Final = re.compile(r"[ \t]{0,8}[^\s:][^:]{1,30}:(?:[ \t].{0,120})?")
# Without case, as words are compared.
SIGNS: Final = tuple(sign.casefold() for sign in MICROSOFT_SIGNS)
WRAPPED: Final = frozenset({"keywords", "query_words", "technology"})


@dataclass(slots=True)
class Parts:
    """What a page holds.

    `microsofts` tells that it has words which only Microsoft's pages have. `titles` are the headings before the first
    section, in order, with their levels; `lead` is all text there, these among it. `products` and `environments` are
    bulleted entries. `legacy` are the words of an older header. `navigation` counts lines of the site that were left
    out. `by_colons` tells that nothing but colons marks headings.
    """

    microsofts: bool = False
    titles: list[MarkedLine] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)
    sections: tuple[Section, ...] = ()
    legacy: tuple[str, ...] = ()
    navigation: int = 0
    by_colons: bool = False
    notes: list[Diagnostic] = field(default_factory=list)


def cut(source: Source) -> Parts:
    """Cut a page into its parts."""
    lines, dropped = without_navigation(source.lines)
    parts = Parts(microsofts=_is_microsofts(source.lines), navigation=dropped)
    cutter = _Cutter(lines, parts, wraps=source.markup == "text")
    cutter.take_front_matter(source.front)
    cutter.run()
    keywords = " ".join(label.value for label in parts.labels if label.field == "keywords")
    parts.microsofts = parts.microsofts or any(MICROSOFT_KEYWORD.fullmatch(word) for word in keywords.split())
    return parts


def section_text(lines: Sequence[str], *, runs_on: bool = False) -> str:
    """Join the lines of a section, without more than one blank line at once and without a margin of blocks.

    `runs_on`: the first line stood behind its heading; the others may hang by a margin of their own.
    """
    first = 1 if runs_on else 0
    margin = min((len(line) - len(line.lstrip(" ")) for line in lines[first:] if line.strip()), default=0)
    if not runs_on:
        margin = margin // INDENT_STEP * INDENT_STEP
    elif len(lines) < 2 or not lines[1].startswith(" "):
        margin = 0
    text = "\n".join((line[margin:] if at >= first else line).rstrip() for at, line in enumerate(lines))
    return BLANK_LINES.sub("\n\n", text).strip("\n").rstrip()


@dataclass(slots=True)
class _Open:
    """A section that is being filled."""

    heading: str | None
    kind: SectionKind
    lines: list[str] = field(default_factory=list)
    runs_on: bool = False


class _Cutter:
    """Goes over the lines of a page once; each method takes what stands at a line and returns the line behind it."""

    def __init__(self, lines: Sequence[MarkedLine], parts: Parts, *, wraps: bool) -> None:
        self._lines = lines
        self._parts = parts
        self._outline = Outline(lines)
        parts.by_colons = self._outline.by_colons
        # The values of a plain text may go on on the next line.
        self._wraps = wraps
        self._in_labels = False
        # Headings of a section's rank outside of the vocabulary (`Issue 1`) divide a page; sections repeat below them.
        self._divides = False
        self._has_issues = False
        self._found: list[_Open] = [_Open(None, "notice")]
        # The kind of the section that parts under other headings belong to, and the headings so far.
        self._kind: SectionKind | None = None
        self._words: set[str] = set()

    def take_front_matter(self, front: Mapping[str, tuple[str, ...]]) -> None:
        """Take the values of a markdown page's front matter for labels."""
        for key, values in front.items():
            label = label_alone(key.replace("_", " ").replace("-", " "))
            if label is not None and label.field != "title" and any(values):
                self._keep(replace(label, value=", ".join(values).strip("[]")))

    def run(self) -> None:
        """Give every line its part."""
        at = 0
        while at < len(self._lines):
            heading = self._outline.headings.get(at)
            at = self._heading(heading) if heading is not None else self._line(at)
        lead, *rest = self._found
        self._parts.lead = lead.lines
        self._parts.sections = tuple(Section(s.heading, s.kind, section_text(s.lines, runs_on=s.runs_on)) for s in rest)
        self._note_sections()

    def _note_sections(self) -> None:
        seen: set[str] = set()
        for section in self._parts.sections:
            heading = section.heading or ""
            if section.kind != "other" and not section.text:
                self._parts.notes.append(diagnostic("empty-section", heading))
            if section.kind != "other" and heading in seen and not self._has_issues:
                self._parts.notes.append(diagnostic("repeated-heading", heading))
            seen.add(heading)

    # headings

    def _heading(self, heading: Heading) -> int:
        at = heading.at + heading.lines
        if heading.kind == "applies_to":
            return self._list(heading, at)
        if heading.kind == "contents":
            return self._contents(at)
        if heading.kind == "dropped":
            return self._drop(at)
        if heading.kind == "labels":
            return self._block_of_labels(heading, at)
        if heading.kind is None:
            return self._other_heading(heading)
        if self._is_below(heading):
            self._subheading(heading.words)
        else:
            self._open(heading, heading.kind)
        return at

    def _is_below(self, heading: Heading) -> bool:
        """Tell a word of the vocabulary that stands below a section's own rank, and not under `Issue 1` or the like."""
        return 0 < self._outline.rank < heading.level and not self._divides and len(self._found) > 1

    def _open(self, heading: Heading, kind: SectionKind) -> None:
        self._in_labels = False
        if heading.level == self._outline.rank:
            self._divides = False
        # The same thing twice under two names (Problem, Symptom), or one of several (Cause 2), goes on with the first.
        goes_on = kind == self._kind and (heading.words not in self._words or is_one_of_several(heading.words))
        self._words.add(heading.words)
        if not goes_on and kind != "other":
            self._kind = kind
        rest = [heading.rest] if heading.rest else []
        self._found.append(_Open(heading.words, "other" if goes_on else kind, rest, bool(rest)))

    def _other_heading(self, heading: Heading) -> int:
        """Take a marked line outside of the vocabulary: a title, a part of the page, a subheading, emphasis."""
        line, at = self._lines[heading.at], heading.at + 1
        if self._is_no_heading(heading.at):
            return self._line(heading.at)
        divides = heading.level in self._outline.divider_levels and bool(self._parts.titles)
        if heading.at < self._outline.first and not divides:
            self._head_line(heading)
        elif divides or self._outline.parts_page(heading):
            self._divides = self._has_issues = True
            self._in_labels = False
            self._found.append(_Open(heading.words, "other"))
            self._parts.notes.append(diagnostic("other-heading", heading.words))
        elif self._is_emphasis(heading):
            self._text(line.text)
        else:
            self._subheading(line.text)
        return at

    def _head_line(self, heading: Heading) -> None:
        """Take a marked line before the first section: it may be the title."""
        if heading.words.casefold() not in NO_TITLES:
            self._parts.titles.append(MarkedLine(heading.words, heading.level))
            self._found[-1].lines += ["", self._lines[heading.at].text, ""]
        elif self._outline.text_follows(heading.at + 1):
            self._subheading(heading.words)
        else:
            self._parts.navigation += 1

    def _is_emphasis(self, heading: Heading) -> bool:
        text = self._lines[heading.at].text
        if text[0] in " \t" or heading.words.casefold() in EMPHASIS or text.endswith(NO_SUBTITLE_END):
            return True
        return heading.level == STANDS_OUT and not self._outline.is_paragraph(heading.at)

    def _is_no_heading(self, at: int) -> bool:
        """Tell a marked line that is a label, or a sentence with a value, and no heading."""
        text = self._lines[at].text
        if text.strip().casefold().startswith(APPLIES_TO):
            return True
        if not (self._outline.in_margin(at) or self._in_labels):
            return False
        told = read_sentence(text)
        return bool(read_labels(text) or label_alone(text)) or (told is not None and told[1])

    def _subheading(self, words: str) -> None:
        self._found[-1].lines += ["", words, "-" * len(words), ""]

    def _list(self, heading: Heading, at: int) -> int:
        """Read what the page applies to; what is no list under such a heading is prose on where it happens."""
        label = label_alone(heading.words)
        around = label is not None and label.field == "environments"
        if heading.rest:
            self._add(split_products(heading.rest), around=around)
            return at
        entries, end = read_list(self._lines, at, self._outline.headings)
        if entries:
            self._add_entries(entries, around=around)
            return end
        if self._outline.text_follows(at):
            self._open(heading, "more_information")
        return at

    def _contents(self, at: int) -> int:
        """Leave out a table of contents: lines that are headings of the page."""
        self._parts.navigation += 1
        while at < len(self._lines) and at not in self._outline.headings:
            words = BULLET.sub("", self._lines[at].text).strip().casefold()
            if words and words not in self._outline.words and heading_kind(words) is None:
                break
            self._parts.navigation += bool(words)
            at += 1
        return at

    def _drop(self, at: int) -> int:
        """Leave out words of the site up to the next heading; before the first section the heading alone."""
        self._parts.navigation += 1
        if at < self._outline.first:
            return at
        while at < self._outline.tail and at not in self._outline.headings:
            self._parts.navigation += bool(self._lines[at].text)
            at += 1
        return at

    def _block_of_labels(self, heading: Heading, at: int) -> int:
        """Begin a block of labels; a heading that is a label itself has its value below."""
        label = label_alone(NUMBERED.sub("", heading.words))
        if label is None or label.field not in WRAPPED:
            self._in_labels = True
            return at
        words = [heading.rest]
        while at < len(self._lines) and at not in self._outline.headings:
            words.append(self._lines[at].text.strip())
            at += 1
        self._keep(replace(label, value=" ".join(word for word in words if word)))
        return at

    # other lines

    def _line(self, at: int) -> int:
        text = self._lines[at].text
        words = text.strip().casefold()
        if words.startswith(CLOSING):
            self._parts.navigation += sum(bool(line.text) for line in self._lines[at:])
            return len(self._lines)
        if words.startswith(APPLIES_TO):
            return self._sentence_of_products(at)
        in_margin = self._outline.in_margin(at) or self._in_labels
        labels = self._labels_at(at, in_margin=in_margin) if words else ()
        if labels:
            return self._labels(at, labels)
        told = read_sentence(text) if in_margin and words else None
        if told is not None:
            self._parts.labels.append(told[0])
        if not ((told is not None and told[1]) or (in_margin and words and self._is_no_text(at))):
            self._text(text)
        return at + 1

    def _text(self, text: str) -> None:
        self._found[-1].lines.append(text)

    def _is_no_text(self, at: int) -> bool:
        """Tell a line in the margin that is no text: a rule, and above also a date alone, an older header's words."""
        text = self._lines[at].text
        if is_rule(text):
            return True
        if at >= self._outline.first:
            return False
        bare = BULLET.sub("", text).strip()
        if len(bare) <= LONGEST_DATE and iso_date(bare) is not None:
            self._parts.labels.append(Label("modified", bare, UNLABELLED))
            return True
        if self._parts.microsofts and _is_legacy(text):
            self._parts.legacy += tuple(text.split())
            return True
        return False

    def _sentence_of_products(self, at: int) -> int:
        text = self._lines[at].text
        behind = text.partition(":")[2].strip()
        if behind:
            self._add(split_products(behind))
            return at + 1
        entries, end = read_list(self._lines, at + 1, self._outline.headings)
        if not entries:
            self._text(text)
            return at + 1
        self._add_entries(entries)
        return end

    # labels

    def _labels_at(self, at: int, *, in_margin: bool) -> tuple[Label, ...]:
        """Return the labels of a line that are no text there.

        In a block of labels a version is that of the page, and any other word before a colon is a label too.
        """
        labels = self._outline.labels_at(at)
        if not in_margin:
            return labels if labels and labels[0].name in ANYWHERE else ()
        if labels:
            return tuple(replace(x, field="ignored") if self._in_labels and x.name == "version" else x for x in labels)
        alone = self._outline.lone_label_at(at)
        if alone is not None:
            return (alone,)
        text = self._lines[at].text
        return (Label("ignored", text, UNLABELLED),) if self._in_labels and UNKNOWN_LABEL.fullmatch(text) else ()

    def _labels(self, at: int, labels: Sequence[Label]) -> int:
        """Keep the labels of a line; a value that is missing is that on the next."""
        *firsts, last = labels
        for label in firsts:
            self._keep(label)
        end = at + 1
        if last.value:
            end, last = self._continued(end, last)
        elif last.field in ("products", "environments"):
            entries, end = read_list(self._lines, end, self._outline.headings)
            self._add_entries(entries, around=last.field == "environments")
            return end
        elif (value := self._value_below(end)) is not None:
            end, last = value[0], replace(last, value=value[1])
        self._keep(last)
        return end

    def _value_below(self, at: int) -> tuple[int, str] | None:
        """Return the value that stands on the next line that is not blank, and the line behind it."""
        at = self._outline.filled(at)
        heading = self._outline.headings.get(at)
        if at >= len(self._lines) or (heading is not None and heading.kind is not None):
            return None
        text = self._lines[at].text.strip()
        if len(text) > LONGEST_VALUE or read_labels(text) or label_alone(text):
            return None
        return at + 1, text.removeprefix("- ")

    def _continued(self, at: int, label: Label) -> tuple[int, Label]:
        """Join the lines over which the keywords of a text are wrapped."""
        if label.field not in WRAPPED or not self._wraps:
            return at, label
        parts = [label.value]
        while at < len(self._lines) and self._lines[at].text and at not in self._outline.headings:
            text = self._lines[at].text
            if is_rule(text) or read_labels(text) or heading_kind(text) is not None:
                break
            parts.append(text.strip())
            at += 1
        return at, replace(label, value=" ".join(parts))

    def _keep(self, label: Label) -> None:
        if label.field in ("product", "products"):
            self._add(split_products(label.value, at_commas=label.field == "products"))
        elif label.field == "environments":
            self._add(split_products(label.value), around=True)
        else:
            self._parts.labels.append(label)

    def _add(self, names: Sequence[str], *, around: bool = False) -> None:
        self._add_entries([f" - {name}" for name in names], around=around)

    def _add_entries(self, entries: Sequence[str], *, around: bool = False) -> None:
        """Add to the products, or to the environments: what is around a product."""
        if around:
            self._parts.environments += entries
        else:
            self._parts.products += entries


def _is_microsofts(lines: Sequence[MarkedLine]) -> bool:
    text = " ".join(" ".join(line.text for line in lines).casefold().split())
    return any(sign in text for sign in SIGNS)


def _is_legacy(text: str) -> bool:
    if len(text) > LONGEST_LEGACY or not LEGACY_SIGN.search(text):
        return False
    words = text.split()
    others = [word for word in words if not LEGACY_WORD.fullmatch(word)]
    return not others or ("kb" in text and all(OLDER_KEYWORD.fullmatch(word) for word in others))
