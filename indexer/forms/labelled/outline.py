"""Where the sections of a page begin and end, of what rank their headings are, and where only labels stand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from indexer.forms.labelled.headings import Heading, Mark, find_headings, is_rule, opens_section
from indexer.forms.labelled.labels import Label, label_alone, read_labels, read_sentence
from indexer.forms.labelled.vocabulary import VAGUE
from indexer.marked_lines import STANDS_OUT, MarkedLine

IN_THIS_TASK: Final = "in this task"
# So many lines without label may stand among those at the end of a page: values, a wrapped list of keywords.
MOST_BETWEEN: Final = 2


class Outline:
    """The headings of a page by the lines they stand in, and what follows from them.

    `first` is the line of the first section's heading, `tail` the line from which on there are only labels; both are
    the number of lines where there is none. `rank` is the level of the sections' headings, 0 where none is marked.
    `by_colons` tells that nothing but a colon marks them. `is_task` tells a how-to whose parts have the same rank.
    """

    def __init__(self, lines: Sequence[MarkedLine]) -> None:
        self.lines = lines
        self.headings = {heading.at: heading for heading in find_headings(lines)}
        sections = [heading for heading in self.headings.values() if opens_section(heading.kind)]
        self.first = sections[0].at if sections else len(lines)
        self.rank = _rank(sections)
        self.by_colons = all(heading.mark <= Mark.COLON for heading in sections)
        self.words = frozenset(heading.words.casefold() for heading in self.headings.values())
        self.is_task = IN_THIS_TASK in self.words
        # Levels above the sections' own, at which a page is divided into several problems.
        self.divider_levels = frozenset(
            heading.level
            for heading in self.headings.values()
            if heading.kind is None and heading.at > self.first and 0 < heading.level < self.rank < STANDS_OUT
        )
        self.tail = self._tail(sections[-1].at if sections else -1)
        if sections:
            self._turn_into_labels(sections[-1])

    def in_margin(self, at: int) -> bool:
        """Tell a line before the first section or behind the last one's text."""
        return at < self.first or at >= self.tail

    def labels_at(self, at: int) -> tuple[Label, ...]:
        """Return the labels in a line; a title below the first section is that of another article."""
        labels = read_labels(self.lines[at].text)
        return () if at > self.first and any(label.field == "title" for label in labels) else labels

    def lone_label_at(self, at: int) -> Label | None:
        """Return the label that has a line to itself and its value below: it ends in a colon or stands out."""
        line = self.lines[at]
        if line.text.rstrip().endswith((":", "：")) or line.level or line.text == "TITLE":
            return label_alone(line.text)
        return None

    def filled(self, at: int) -> int:
        """Return the first line from a place on that is not blank, or the number of lines."""
        while at < len(self.lines) and not self.lines[at].text:
            at += 1
        return at

    def is_paragraph(self, at: int) -> bool:
        """Tell a line that has a blank one above or below."""
        return at == 0 or not self.lines[at - 1].text or at + 1 >= len(self.lines) or not self.lines[at + 1].text

    def text_follows(self, at: int) -> bool:
        """Tell whether anything stands between a place and the next heading."""
        filled = self.filled(at)
        return filled < len(self.lines) and filled not in self.headings

    def parts_page(self, heading: Heading) -> bool:
        """Tell a heading outside of the vocabulary that has a section's rank: `Issue 1`, `Log files`."""
        return 1 <= heading.level <= self.rank < STANDS_OUT and not self.is_task

    def _tail(self, last_section: int) -> int:
        at, tail, between = len(self.lines) - 1, len(self.lines), 0
        while at > last_section and between <= MOST_BETWEEN:
            text = self.lines[at].text
            if text and (self.labels_at(at) or self.lone_label_at(at)):
                tail, between = at, 0
            elif text and not is_rule(text) and not read_sentence(text):
                between += 1
            at -= 1
        return tail

    def _turn_into_labels(self, last: Heading) -> None:
        """Take the last heading for that of a block of labels where nothing else follows and it says nothing."""
        only_labels = len(self.lines) > self.tail <= self.filled(last.at + last.lines)
        if only_labels and last.words.casefold() in VAGUE:
            self.headings[last.at] = replace(last, kind="labels")


def _rank(sections: Sequence[Heading]) -> int:
    """Return the level at which most different sections are told; 0 where none is marked."""
    kinds: dict[int, set[str | None]] = {}
    for heading in sections:
        if heading.level:
            kinds.setdefault(heading.level, set()).add(heading.kind)
    return min(kinds, key=lambda level: (-len(kinds[level]), level), default=0)
