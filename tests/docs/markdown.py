"""Markdown pages of this repository: their code blocks, links, named paths and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
# Golden articles are somebody else's pages: what they link to is no business of ours.
_MADE = {"build", "dist", "golden", "node_modules"}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)")
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_OUR_PATH = re.compile(r"(?:kb|indexer|cli|tests|corpus|bench|docs|\.ci)/[\w./*-]*")
_INDENTED = re.compile(r"^ {4}(.*)$", re.MULTILINE)
_TARGET = re.compile(r"make ([a-z][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block: its language, its text, and where that stands in the page."""

    language: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """A command of a console block, and the lines shown below it."""

    command: str
    shown: tuple[str, ...]


def pages() -> list[Path]:
    """Return all Markdown pages of the repository, but those in hidden folders and in what was built."""
    found = []
    for path in sorted(REPOSITORY.rglob("*.md")):
        folders = path.relative_to(REPOSITORY).parts[:-1]
        if not any(name.startswith(".") or name in _MADE for name in folders):
            found.append(path)
    return found


def name(path: Path) -> str:
    """Return the path of a page in the repository, for names of tests."""
    return path.relative_to(REPOSITORY).as_posix()


def blocks(text: str, *languages: str) -> list[Block]:
    """Return the fenced blocks of a page in these languages."""
    return [Block(m[1], m[2], m.start(2), m.end(2)) for m in _FENCE.finditer(text) if m[1] in languages]


def steps(block: Block) -> list[Step]:
    """Return the commands of a block; those of a console block stand behind `$ ` and have their output below."""
    lines = block.text.splitlines()
    if block.language != "console":
        return [Step(line, ()) for line in lines if line.strip() and not line.startswith("#")]
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            assert found, f"a console block begins with output: {line!r}"
            found[-1][1].append(line)
    return [Step(command, tuple(shown)) for command, shown in found]


def prose(text: str) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", text)


def links(text: str) -> list[str]:
    """Return the targets of all links in a page's prose."""
    return _LINK.findall(prose(text))


def named_paths(text: str) -> Iterator[str]:
    """Yield the paths of this repository that a page names as code."""
    for code in _INLINE_CODE.findall(prose(text)):
        if _OUR_PATH.fullmatch(code):
            yield code


def make_targets(text: str) -> set[str]:
    """Return the targets of make that a page names as code, or at the start of a line in a block."""
    code = [*_INLINE_CODE.findall(prose(text)), *(m[2] for m in _FENCE.finditer(text)), *_INDENTED.findall(prose(text))]
    lines = "\n".join(code).splitlines()
    return {found[1] for line in lines if (found := _TARGET.match(line.removeprefix("$ ")))}


def headings(text: str, level: int) -> list[str]:
    """Return the headings of a level (the number of `#`) in order."""
    return [title for marks, title in _HEADING.findall(prose(text)) if len(marks) == level]


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings give, as GitHub makes them."""
    found = set()
    for _, title in _HEADING.findall(prose(text)):
        kept = re.sub(r"[^\w\- ]", "", title.lower())
        found.add(kept.strip().replace(" ", "-"))
    return found
