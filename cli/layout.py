"""Lay article text out for a terminal: prose wrapped to its width, code and tables kept as written."""

import textwrap

from kb.text.passages import BULLET, blocks, is_prose, items
from kb.text.printable import clean


def lay_out(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of `text` for a terminal of so many columns, each behind `indent`.

    Paragraphs of prose and list items are wrapped anew; lines that look like code, tables or dialogs keep their form
    and may be longer than the width.
    """
    lines: list[str] = []
    for block in blocks(clean(text).expandtabs(8)):
        if not block:
            lines.append("")
        elif is_prose(block):
            for item in items(block):
                lines += _wrapped(item, width, indent)
        else:
            lines += [indent + line for line in block]
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _wrapped(item: str, width: int, indent: str) -> list[str]:
    match = BULLET.match(item)
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
