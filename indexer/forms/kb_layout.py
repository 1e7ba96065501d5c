"""The layout that all mirrors of Microsoft's text export share: applies-to list, sections, query words, footer.

An article is cut from both ends: header and applies-to list from the top, disclaimer, footer and query words from the
bottom, so that the rules of the footer cannot be taken for headings. What is left is the body.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from indexer.fields.footer import footer_label

APPLIES_TO: Final = re.compile(r"information in this article applies to", re.IGNORECASE)
QUERY_WORDS: Final = re.compile(r"Additional (?:query|reference) words[ \t]{0,20}:", re.IGNORECASE)
DISCLAIMER: Final = "THE INFORMATION PROVIDED IN THE MICROSOFT KNOWLEDGE BASE"
COPYRIGHT: Final = "Copyright "
LONGEST_NOTICE: Final = 40
RULE_LENGTH = 50
SHORT_RULE = 20
# No text before the applies-to list is longer; the sentence further down belongs to an article that is quoted.
LONGEST_LEAD = 20
# Lines of the older header are lists of versions, platforms and keywords (all `kb...`), or columns of them.
PROSE_WORD: Final = re.compile(r"(?!kb)[A-Za-z]?[a-z]+[.,:]?")
FEWEST_PROSE_WORDS = 5


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


def cut_after(lines: Sequence[str], header_end: int) -> Layout:
    """Cut the lines of an article, of which the first `header_end` are its header, into its parts."""
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


def is_rule(line: str, sign: str, length: int) -> bool:
    """Tell whether a line is a rule: nothing but the sign, at least `length` of it, from the left margin."""
    # Most lines are none by their first sign.
    return line.startswith(sign) and line.startswith(sign * length) and not line.strip(sign + " \t")


def _is_prose(line: str) -> bool:
    if line.startswith("**"):
        # A warning in a box of asterisks, all in capitals.
        return True
    return sum(bool(PROSE_WORD.fullmatch(word)) for word in line.split()) >= FEWEST_PROSE_WORDS


def _disclaimer_start(lines: Sequence[str], start: int) -> int:
    """Return the line of the rule above the closing disclaimer, or the end."""
    for at in range(len(lines) - 1, max(start, len(lines) - 60) - 1, -1):
        if lines[at].startswith(DISCLAIMER):
            above = at - 1
            while above >= start and not lines[above].strip():
                above -= 1
            return above if above >= start and is_rule(lines[above], "=", RULE_LENGTH) else at
    return _notice_start(lines, start)


def _notice_start(lines: Sequence[str], start: int) -> int:
    """Return the line of the rule that closes the article, above a notice in other words or none; else the end."""
    last = len(lines) - 1
    while last >= start and not lines[last].strip():
        last -= 1
    if last >= start and is_rule(lines[last], "=", RULE_LENGTH):
        # A mirror has cut the notice off and left the rule above it.
        return last
    if last < start or not lines[last].startswith(COPYRIGHT):
        return len(lines)
    for at in range(last - 1, max(start, last - LONGEST_NOTICE) - 1, -1):
        if footer_label(lines[at]):
            break
        if is_rule(lines[at], "=", RULE_LENGTH):
            return at
    return len(lines)


def _footer_start(lines: Sequence[str], start: int, end: int) -> int:
    """Return the line of the rule above the labelled lines at the end, or `end` when there are none."""
    first = end
    at = end - 1
    while at >= start and end - at < 80:
        line = lines[at]
        if is_rule(line, "=", RULE_LENGTH):
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
        if not line.strip() or is_rule(line, "-", SHORT_RULE):
            continue
        if APPLIES_TO.search(line):
            first = at
            while first > start and (not lines[first - 1].strip() or is_rule(lines[first - 1], "-", SHORT_RULE)):
                first -= 1
            return first, _list_end(lines, at + 1, end)
        filled += 1
        if filled > LONGEST_LEAD or line.startswith("==="):
            break
    return start, start


def _list_end(lines: Sequence[str], start: int, end: int) -> int:
    for at in range(start, end):
        line = lines[at]
        if is_rule(line, "-", SHORT_RULE):
            return at + 1
        if line.strip() and line[0] not in " \t-*" and (line.isupper() or not _in_list(lines, at, end)):
            return at
    return end


def _in_list(lines: Sequence[str], at: int, end: int) -> bool:
    """Tell whether another entry follows soon, so that the line only parts two groups of entries."""
    return any(line.lstrip().startswith("- ") for line in lines[at + 1 : min(at + 4, end)])
