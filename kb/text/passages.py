"""Cut article text into passages: prose that may be wrapped anew, items of lists, and what must keep its form."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from kb.frozen import dataclass
from kb.text.printable import clean

PassageKind = Literal["heading", "prose", "item", "kept"]

BULLET: Final = re.compile(r"(\s*)((?:[-*•]|\d{1,3}[.)]|[a-zA-Z][.)])\s+)?(\S.*)")
"""A line: its indent, the mark of a list's item if it has one, the rest."""
_COLUMNS: Final = re.compile(r"\S {3,}\S|\t\S|^[|+]|[-=_]{6,}")
_FULL_LINE: Final = 56
"""Characters; a line of prose that the archive wrapped at 80 columns is at least so long, unless it is a last one."""
_WRAPPED_AT: Final = 76
_CODE_INDENT: Final = 12
# An indented line of code or a path, where prose of the same indent would be a quoted message.
_CODE: Final = re.compile(r"[;{}]$|^[{}#/<>]|\w\(|\)$| = |^[\w$%.:]*\\\S*$|^'|^(?:End|Dim|Sub|Set|If|Next|Return)\b")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text that is shown as one.

    `indent` are the columns before it. An `item` of a list has its mark without blanks (`1.`, `a.`, `-`). `kept` text
    has lines, without the indent that all of them share; all other text is one line.
    """

    kind: PassageKind
    text: str
    indent: int = 0
    mark: str | None = None


def passages(text: str) -> Iterator[Passage]:
    """Yield the passages of `text` in order, cleaned (kb/text/printable.py)."""
    kept: list[str] = []
    for block in blocks(clean(text).expandtabs(8)):
        for part in _parts(block):
            if isinstance(part, Passage) and part.kind != "kept":
                if kept:
                    yield _kept(kept)
                    kept = []
                yield part
            elif isinstance(part, list):
                kept += [*([""] if kept else []), *part]
    if kept:
        yield _kept(kept)


def gist(text: str, longest: int) -> str:
    """Return the beginning of a text as one line of at most so many characters, cut at a word."""
    words: list[str] = []
    size = 0
    for passage in passages(text):
        for word in passage.text.split() if passage.kind != "heading" else ():
            size += len(word) + 1
            if size > longest:
                return " ".join(words or [word[: longest - 1]]) + "…"
            words.append(word)
    return " ".join(words)


def blocks(text: str) -> Iterator[list[str]]:
    """Yield runs of lines between blank ones; one empty list stands for the blank lines between two."""
    block: list[str] = []
    for line in text.strip("\n").split("\n"):
        if line.strip():
            block.append(line.rstrip())
        elif block:
            yield block
            yield []
            block = []
    if block:
        yield block


def is_prose(block: Sequence[str]) -> bool:
    """Tell whether a run of lines may be wrapped anew; code, tables and dialogs may not."""
    if any(_COLUMNS.search(line.strip()) for line in block):
        return False
    indent = _indent(block[0])
    if indent >= _CODE_INDENT:
        return False
    for position, line in enumerate(block[:-1]):
        following = BULLET.match(block[position + 1])
        starts_item = following is not None and following[2] is not None
        if not starts_item and not _is_full(line, block[position + 1]):
            return False
    return True


def items(block: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs and items of a run of prose, each as one line."""
    item = ""
    for line in block:
        match = BULLET.match(line)
        if item and match and match[2]:
            yield item
            item = line
        else:
            item = f"{item} {line.strip()}" if item else line
    if item:
        yield item


def underlines(line: str, above: str) -> bool:
    """Tell whether a line is the rule below a heading."""
    rule = line.strip()
    return len(rule) >= 3 and set(rule) == {"-"} and abs(len(rule) - len(above.strip())) <= 3


def _is_full(line: str, following: str) -> bool:
    """Tell whether a line of prose had to end: it is long, or the next word would have made it too long."""
    return len(line) >= _FULL_LINE or len(line) + 1 + len(following.split(maxsplit=1)[0]) > _WRAPPED_AT


def _parts(block: list[str]) -> Iterator[Passage | list[str]]:
    """Yield the passages of a run of lines; lines to be kept come as they are, since more of them may follow."""
    while block:
        end = next((n for n in range(1, len(block)) if underlines(block[n], block[n - 1])), None)
        before = block if end is None else block[: end - 1]
        if before:
            yield from _prose_or_lines(before)
        if end is None:
            return
        yield Passage("heading", block[end - 1].strip())
        block = block[end + 1 :]


def _prose_or_lines(block: list[str]) -> Iterator[Passage | list[str]]:
    if not is_prose(block) or _is_code(block):
        yield block
        return
    for item in items(block):
        match = BULLET.match(item)
        assert match is not None
        mark, text = (match[2] or "").strip() or None, " ".join(match[3].split())
        yield Passage("item" if mark else "prose", text, len(match[1]), mark)


def _is_code(block: Sequence[str]) -> bool:
    if _indent(block[0]) < 3 or (len(block) > 1 and len(block[0]) >= _FULL_LINE):
        return False
    match = BULLET.match(block[0])
    return (match is None or match[2] is None) and any(_CODE.search(line.strip()) for line in block)


def _kept(lines: Sequence[str]) -> Passage:
    indent = min(_indent(line) for line in lines if line)
    return Passage("kept", "\n".join(line[indent:] for line in lines), indent)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
