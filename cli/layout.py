"""Lay article text out for a terminal: prose wrapped to its width, code and tables kept as written."""

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from kb.text.printable import clean

_BULLET: Final = re.compile(r"(\s*)((?:[-*•]|\d{1,3}[.)]|[a-zA-Z][.)])\s+)?(\S.*)")
_COLUMNS: Final = re.compile(r"\S {3,}\S|\t\S|^[|+]|[-=_]{6,}")
_FULL_LINE: Final = 56
"""Characters; a line of prose that the archive wrapped at 80 columns is at least so long, unless it is a last one."""
_CODE_INDENT: Final = 12


def lay_out(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of `text` for a terminal of so many columns, each behind `indent`.

    Paragraphs of prose and list items are wrapped anew; lines that look like code, tables or dialogs keep their form
    and may be longer than the width.
    """
    lines: list[str] = []
    for block in _blocks(clean(text).expandtabs(8)):
        if not block:
            lines.append("")
        elif _is_prose(block):
            for item in _items(block):
                lines += _wrapped(item, width, indent)
        else:
            lines += [indent + line for line in block]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _blocks(text: str) -> Iterator[list[str]]:
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


def _is_prose(block: list[str]) -> bool:
    if any(_COLUMNS.search(line.strip()) for line in block):
        return False
    indent = len(block[0]) - len(block[0].lstrip())
    if indent >= _CODE_INDENT:
        return False
    for position, line in enumerate(block[:-1]):
        following = _BULLET.match(block[position + 1])
        starts_item = following is not None and following[2] is not None
        if len(line) < _FULL_LINE and not starts_item:
            return False
    return True


def _items(block: list[str]) -> Iterator[str]:
    item = ""
    for line in block:
        match = _BULLET.match(line)
        if item and match and match[2]:
            yield item
            item = line
        else:
            item = f"{item} {line.strip()}" if item else line
    if item:
        yield item


def _wrapped(item: str, width: int, indent: str) -> list[str]:
    match = _BULLET.match(item)
    assert match is not None
    lead = match[1] + (match[2] or "")
    return textwrap.wrap(
        match[3],
        width=max(width, len(indent) + len(lead) + 16),
        initial_indent=indent + lead,
        subsequent_indent=indent + " " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
