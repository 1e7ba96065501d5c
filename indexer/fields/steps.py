"""Numbered steps, kept as steps: nested ones inside theirs, `Method n` blocks as one step each."""

import re
from collections.abc import Sequence
from typing import Final

from indexer.fields.paragraphs import Paragraph, paragraphs
from indexer.fields.sections import subsections
from kb.models import Step

BLOCK_TITLE: Final = re.compile(
    r"(?:Method|Workaround|Resolution|Solution|Option|Alternative|Approach)\s+(?:\d{1,2}|[A-Z]|One|Two|Three|"
    r"Four|Five)\b[:.)-]?",
    re.IGNORECASE,
)
# With the line feed before it, a line's start is found faster; the text's own start is asked apart.
NUMBERED: Final = re.compile(r"[ \t]{0,40}\d{1,3}[.)][ \t]")
NUMBERED_LINE: Final = re.compile(r"\n" + NUMBERED.pattern)
FEWEST_BLOCKS = 2
LONGEST_TITLE = 60
BLOCK_WORDS: Final = ("ethod", "ETHOD", "orkaround", "esolution", "olution", "ption", "lternative", "pproach")


def find_steps(text: str) -> tuple[Step, ...]:
    """Return the numbered steps of a text in order, several lists one after the other.

    Where the text is divided into two or more `Method n` (or `Workaround n` ...) blocks, each block is one step and
    its own list stands inside it. Bullets and lettered steps are no steps of their own: they stay in the text, or as
    nested steps inside the numbered step that holds them.
    """
    blocks = _blocks(text)
    if blocks or not (NUMBERED.match(text) or NUMBERED_LINE.search(text)):
        return blocks
    return _numbered(paragraphs(text))


def _blocks(text: str) -> tuple[Step, ...]:
    under = [(part.title, part.text) for part in subsections(text) if part.title and BLOCK_TITLE.match(part.title)]
    if len(under) < FEWEST_BLOCKS:
        under = _labelled(text)
    if len(under) < FEWEST_BLOCKS:
        return ()
    return tuple(Step(f"{title}\n\n{body}".strip(), _numbered(paragraphs(body))) for title, body in under)


def _labelled(text: str) -> list[tuple[str, str]]:
    """Cut at lines at the left margin that begin with `Method 1` and are a title, or end it with a colon."""
    parts: list[tuple[str, list[str]]] = []
    if not any(word in text for word in BLOCK_WORDS):
        return []
    for line in text.split("\n"):
        m = BLOCK_TITLE.match(line) if line[:1].isupper() else None
        if m is not None and (m[0][-1] in ":." or len(line) < LONGEST_TITLE):
            parts.append((line.strip(), []))
        elif parts:
            parts[-1][1].append(line)
    return [(title, "\n".join(lines).strip("\n")) for title, lines in parts]


def _numbered(blocks: Sequence[Paragraph]) -> tuple[Step, ...]:
    """Collect top-level steps: numbers at the outermost column at which numbers stand in this text."""
    columns = [b.indent for b in blocks if b.marker.isdecimal()]
    if not columns:
        return ()
    outer = min(columns)
    steps: list[Step] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        at += 1
        if not block.marker.isdecimal() or block.indent > outer:
            continue
        inside: list[Paragraph] = []
        while at < len(blocks) and blocks[at].indent > block.indent:
            inside.append(blocks[at])
            at += 1
        steps.append(_step(block, inside))
    return tuple(steps)


def _step(block: Paragraph, inside: Sequence[Paragraph]) -> Step:
    nested: list[Step] = []
    own = ["\n".join(block.lines)]
    at = 0
    while at < len(inside):
        part = inside[at]
        at += 1
        if not part.marker or part.marker in ("-", "or", "and"):
            own.append("\n".join(_dedented(part.raw, block.hang)))
            continue
        deeper: list[Paragraph] = []
        while at < len(inside) and inside[at].indent > part.indent:
            deeper.append(inside[at])
            at += 1
        nested.append(_step(part, deeper))
    return Step("\n\n".join(own), tuple(nested))


def _dedented(lines: Sequence[str], column: int) -> list[str]:
    return [line[min(column, len(line) - len(line.lstrip())) :].rstrip() for line in lines]
