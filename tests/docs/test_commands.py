"""The commands' help: complete, with an example, and the same as docs/commands.md."""

import runpy

import pytest
import typer
from typer.testing import CliRunner

from cli.main import make_app

from .markdown import REPOSITORY

APP = make_app()
NAMES = sorted(typer.main.get_group(APP).commands)


def test_the_reference_is_what_the_commands_say() -> None:
    generator = runpy.run_path(str(REPOSITORY / "docs" / "generate_commands.py"))
    written = (REPOSITORY / "docs" / "commands.md").read_text("utf-8")
    assert written == generator["page"](), "docs/commands.md is not fresh; run: make docs"


@pytest.mark.parametrize("command", NAMES)
def test_help_has_an_example_of_the_command(command: str) -> None:
    shown = CliRunner().invoke(APP, [command, "--help"], prog_name="kbfix").stdout
    _, found, example = shown.partition("Example")
    assert found
    assert f"kbfix {command}" in example


@pytest.mark.parametrize("command", NAMES)
def test_every_option_says_what_it_does(command: str) -> None:
    parameters = typer.main.get_group(APP).commands[command].params
    assert [each.name for each in parameters if not getattr(each, "help", None)] == []
