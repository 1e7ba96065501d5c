"""The terminal: what may be written to it, how wide it is, whether it shows colours, and the pager."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kb.text.printable import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WIDEST: Final = 100
"""Columns; longer lines of prose are hard to read."""
_NARROWEST: Final = 20
STYLES: Final = {
    "title": "bold",
    "quiet": "dim",
    "heading": "bold cyan",
    "match": "bold yellow",
    "good": "green",
    "doubt": "yellow",
}


def width() -> int:
    """Return the columns to lay text out in: the terminal's or COLUMNS, within what is readable; 80 when piped."""
    columns = shutil.get_terminal_size((80, 24)).columns
    return max(_NARROWEST, min(columns, _WIDEST))


class Line:
    """A clean line, and the stretches of it that have one of the named styles; without text, a blank line."""

    __slots__ = ("plain", "styles")

    def __init__(self, plain: str = "", style: str | None = None) -> None:
        self.plain = plain
        self.styles: list[tuple[str, int, int]] = [(style, 0, len(plain))] if style else []

    def mark(self, style: str, start: int, end: int) -> None:
        """Give what stands from `start` to `end` a style, above those that it has."""
        self.styles.append((style, start, end))

    def __add__(self, other: "Line") -> "Line":
        joined = Line(self.plain + other.plain)
        shift = len(self.plain)
        joined.styles = [*self.styles, *((style, start + shift, end + shift) for style, start, end in other.styles)]
        return joined


def styled(text: str, style: str | None = None) -> Line:
    """Return cleaned `text` in one of the named styles."""
    return Line(clean(text), style)


def write(lines: Iterable[Line]) -> None:
    """Write laid-out lines to stdout, with colours only where a terminal shows them and NO_COLOR is not set."""
    if not _may_show_styles():
        for line in lines:
            print(line.plain.expandtabs())
        return
    console = _console()
    for line in lines:
        console.print(_text(line), no_wrap=True, overflow="ignore", crop=False, end="\n")


def page(lines: Iterable[Line]) -> None:
    """Write lines through the user's pager, where they are more than the terminal shows at once."""
    listed = list(lines)
    command = pager_command()
    if command is None or not sys.stdout.isatty() or len(listed) < shutil.get_terminal_size().lines:
        write(listed)
        return
    console = _console()
    with console.capture() as captured:
        for line in listed:
            console.print(_text(line), no_wrap=True, overflow="ignore", crop=False, end="\n")
    environment = {**os.environ, "LESS": os.environ.get("LESS", "-FRX")}
    try:
        subprocess.run(  # noqa: S603  (the user's own choice of pager)
            command, input=captured.get(), text=True, env=environment, check=False, errors="replace"
        )
    except (OSError, subprocess.SubprocessError):
        write(listed)


def pager_command() -> list[str] | None:
    """Return the pager as words: KBFIX_PAGER, PAGER, else less where there is one; None for none."""
    named = os.environ.get("KBFIX_PAGER", os.environ.get("PAGER"))
    if named is not None:
        return shlex.split(named) or None
    return ["less"] if shutil.which("less") else None


def _may_show_styles() -> bool:
    """Tell whether stdout is a terminal, or is said to be one; Rich, slow to load, then decides what it shows."""
    return sys.stdout.isatty() or any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def _text(line: Line) -> "Text":
    from rich.text import Text

    text = Text(line.plain, end="")
    for style, start, end in line.styles:
        text.stylize(STYLES[style], start, end)
    return text


def _console() -> "Console":
    from rich.console import Console

    # Rich reads NO_COLOR and FORCE_COLOR itself; article text is never its markup.
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=10_000)
