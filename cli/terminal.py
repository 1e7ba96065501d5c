"""The terminal: what may be written to it, how wide it is, whether it shows colours, and the pager."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.text import Text

from kb.text.printable import clean

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


def styled(text: str, style: str | None = None) -> Text:
    """Return cleaned `text` in one of the named styles."""
    return Text(clean(text), style=STYLES[style] if style else "", end="")


def write(lines: Iterable[Text]) -> None:
    """Write laid-out lines to stdout, with colours only where a terminal shows them and NO_COLOR is not set."""
    console = _console()
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False, end="\n")


def page(lines: Iterable[Text]) -> None:
    """Write lines through the user's pager, where they are more than the terminal shows at once."""
    listed = list(lines)
    command = pager_command()
    if command is None or not sys.stdout.isatty() or len(listed) < shutil.get_terminal_size().lines:
        write(listed)
        return
    console = _console()
    with console.capture() as captured:
        for line in listed:
            console.print(line, no_wrap=True, overflow="ignore", crop=False, end="\n")
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


def _console() -> Console:
    # Rich reads NO_COLOR and FORCE_COLOR itself; article text is never its markup.
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=10_000)
