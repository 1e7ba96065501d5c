"""The one place where errors become words and exit codes, and options find their place."""

import json
from pathlib import Path

import pytest

import cli.commands.stats
from cli.main import _COMMANDS, _globals_first, _named, main
from kb.errors import BadInput, HomeBusy, HomeError, IndexUnavailable, KbError, UnknownArticle


@pytest.mark.parametrize(
    ("given", "moved"),
    [
        (["search", "x", "--home", "h"], ["--home", "h", "search", "x"]),
        (["search", "--engine=whoosh", "x", "-q"], ["--engine=whoosh", "-q", "search", "x"]),
        (["search", "--", "--home", "h"], ["search", "--", "--home", "h"]),
        (["search", "x", "--home"], ["--home", "search", "x"]),
        (["search", "x", "--json"], ["search", "x", "--json"]),
    ],
)
def test_global_options_are_moved_to_the_front(given: list[str], moved: list[str]) -> None:
    assert _globals_first(given) == moved


def test_only_the_command_that_is_run_is_loaded() -> None:
    assert list(_named(["--home", "search", "show", "Q1"])) == ["show"]
    assert "search" in list(_named(["--help"]))
    assert "search" in list(_named(["nosuch"]))


@pytest.mark.parametrize("name", _COMMANDS)
def test_the_help_of_every_command_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"kbfix {name}" in capsys.readouterr().out.partition("Example")[2]


@pytest.mark.parametrize(
    ("kind", "code"),
    [(KbError, 2), (BadInput, 2), (UnknownArticle, 1), (HomeError, 2), (HomeBusy, 2), (IndexUnavailable, 2)],
)
def test_every_error_is_two_lines_and_its_exit_code(
    kind: type[KbError], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(path: Path) -> None:
        raise kind("it went\nwrong \x1b[31m", next_step="do\nthis")

    monkeypatch.setattr(cli.commands.stats, "open_home", fail)
    assert main(["stats"]) == code
    assert capsys.readouterr().err == "kbfix: it went wrong [31m\n  next: do this\n"
    assert main(["stats", "--json"]) == code
    assert json.loads(capsys.readouterr().err) == {
        "error": {"what": "it went\nwrong \x1b[31m", "next_step": "do\nthis"}
    }


def test_an_interrupt_is_130_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.commands.stats, "open_home", interrupt)
    assert main(["stats"]) == 130
    assert capsys.readouterr().err.startswith("kbfix: interrupted")


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.commands.stats, "open_home", lambda path: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["stats"])
