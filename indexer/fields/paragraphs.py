"""Paragraphs of plain text with their place in its outline: indentation, and the bullet or number they begin with.

Indentation is relative everywhere: forms that strip a column from every line give the same outline.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final

MARKER: Final = re.compile(r"(?:([-*\u2022\xb7])|(\d{1,3}|[A-Za-z]|[ivx]{1,4})([.)]))[ \t]+(?=\S)")
BULLETS: Final = frozenset("-*\u2022\xb7")
JOINS: Final = frozenset({"or", "and", "- or -", "- and -", "-or-", "-and-", "--or--", "and/or", "-and/or-"})


LONGEST_JOIN = 8
# Most blocks between blank lines are one paragraph from the left margin: no line of theirs begins with a blank, is
# empty, or may begin with a bullet or a number or join others.
_PARTED: Final = re.compile(
    r"(?m)^(?:$|[-*\u2022\xb7oOaA](?:[ \t]|[^\n]{0,7}$)|(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)][ \t])"
).search


@dataclass(slots=True)
class Paragraph:
    """A run of lines that belong together.

    `indent` is the column of the first sign, `hang` that of the text after a bullet or number (else the same).
    `marker` is `-` for any bullet, the number or letter without its dot for a step, `or`/`and` for a line that only
    joins alternatives, and empty otherwise. `start` counts lines of the text from 0. `lines` are stripped and hold no
    bullet; `raw` are the lines as written; `text` is the lines as one.
    """

    indent: int
    hang: int
    marker: str
    start: int
    lines: list[str]
    raw: list[str]
    text: str = ""


@lru_cache(maxsize=32)
def one_line(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return " ".join(text.split())


class Blocks:
    """The blocks of a text between empty lines; each is cut into paragraphs when they are asked for.

    Nobody may change what is returned: whoever asks again is given the same.
    """

    def __init__(self, text: str) -> None:
        self._texts = text.split("\n\n")
        self._starts = [0, *accumulate(text.count("\n") + 2 for text in self._texts)]
        self._cut: dict[int, Sequence[Paragraph]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def paragraphs(self, place: int) -> Sequence[Paragraph]:
        """Return the paragraphs of one block: none of one that is blank."""
        found = self._cut.get(place)
        if found is None:
            found = self._cut[place] = _paragraphs_of(self._texts[place], self._starts[place])
        return found


# Several fields read the paragraphs of the same sections, one article after the other.
@lru_cache(maxsize=32)
def blocks_of(text: str) -> Blocks:
    """Return the blocks of a text; whoever asks again is given the same."""
    return Blocks(text)


@lru_cache(maxsize=32)
def paragraphs(text: str) -> Sequence[Paragraph]:
    """Cut a text into paragraphs at blank lines, at bullets and numbers, and where an indented block begins or ends.

    Nobody may change what is returned: whoever asks again is given the same.
    """
    blocks = blocks_of(text)
    return tuple(chain.from_iterable(map(blocks.paragraphs, range(len(blocks)))))


def _paragraphs_of(block: str, start: int) -> Sequence[Paragraph]:
    raw = block.split("\n")
    if block and block[0] not in " \t" and "\n " not in block and "\n\t" not in block:
        words = list(map(str.strip, raw))
        if not _PARTED("\n".join(words)):
            return (Paragraph(0, 0, "", start, words, raw, " ".join(words)),)
    return _in_parts(raw, start)


def _in_parts(raw: Sequence[str], first: int) -> list[Paragraph]:
    """Cut lines that are more than one plain paragraph; the first of them is the line `first` of the text."""
    found: list[Paragraph] = []
    current: Paragraph | None = None
    plain_indent = -1
    for number, line in enumerate(raw, start=first):
        words = line.strip()
        if not words:
            current = None
            continue
        if line[0] in " \t":
            indent = len(line) - len(words) if "\t" not in line and not line[-1].isspace() else _column(line)
        else:
            indent = 0
        if len(words) <= LONGEST_JOIN and words[0] in "-oOaA" and words.lower() in JOINS:
            join = "or" if "or" in words.lower() else "and"
            found.append(Paragraph(indent, indent, join, number, [words], [line]))
            current = None
            continue
        head = words[:5]
        m = MARKER.match(words) if head[0] in BULLETS or "." in head or ")" in head else None
        if m is None and current is not None and (indent == plain_indent or _continues(current, indent)):
            current.lines.append(words)
            current.raw.append(line)
            continue
        marker, hang = "", indent
        if m is not None:
            marker, hang = ("-" if m[1] else m[2]), indent + m.end()
            words = words[m.end() :]
        current = Paragraph(indent, hang, marker, number, [words], [line])
        # A line at the column of one without marker goes on with it; most lines are such.
        plain_indent = -1 if marker else indent
        found.append(current)
    for paragraph in found:
        paragraph.text = " ".join(paragraph.lines)
    return found


def _column(line: str) -> int:
    wide = line.expandtabs() if "\t" in line else line
    return len(wide) - len(wide.lstrip())


def _continues(current: Paragraph, indent: int) -> bool:
    if current.marker:
        return indent >= current.hang or (indent > current.indent and not current.lines[-1].endswith(":"))
    if indent > current.indent and (current.lines[-1].endswith(":") or len(current.lines) > 1):
        # A paragraph of one line may be a title with a hanging text; later a deeper line is a block of its own.
        return indent <= current.indent + 1 or not current.lines[-1].endswith((":", "."))
    return indent >= current.indent
