"""Write docs/commands.md from the help of every command: `make docs`."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from cli.main import make_app

PAGE = Path(__file__).parent / "commands.md"
COLUMNS = 80
_HEAD = """\
# Commands

Every command with all its options, as `kbfix COMMAND --help` prints them. Do not edit this page: it is written by
`make docs` from the commands themselves, and a test compares the two.

Options of `kbfix` itself (`--home`, `--engine`, `--verbose`, `--quiet`) may stand before or behind the command.
What each command prints with `--json` is on a page of its own: [json.md](json.md).
"""


def page() -> str:
    """Return the whole page, in Markdown."""
    app = make_app()
    names = list(typer.main.get_group(app).commands)
    parts = [_HEAD, _part(app, "kbfix")]
    parts += [_part(app, f"kbfix {name}", name) for name in names]
    return "\n".join(parts)


def _part(app: typer.Typer, heading: str, *command: str) -> str:
    # The width of the terminal and the colours of whoever writes the page must not show in it.
    shell = {"COLUMNS": str(COLUMNS), "NO_COLOR": "1", "TERM": "dumb"}
    shown = CliRunner().invoke(app, [*command, "--help"], prog_name="kbfix", env=shell)
    if shown.exception is not None and not isinstance(shown.exception, SystemExit):
        raise shown.exception
    lines = "\n".join(line.rstrip() for line in shown.stdout.splitlines())
    return f"## {heading}\n\n```text\n{lines.strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
