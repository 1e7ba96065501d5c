"""The app: global options, the commands, and the one place where errors become words and exit codes."""

import contextlib
import gc
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.exceptions import TyperException

from cli.session import make_session
from kb import __version__
from kb.errors import KbError
from kb.text.printable import clean

INTERRUPTED: Final = 130
COULD_NOT_RUN: Final = 2
_NEW_OBJECTS: Final = 100_000
"""Objects between two looks for cyclic garbage, in place of 700."""
_GLOBAL_VALUES: Final = ("--home", "--engine")
_GLOBAL_FLAGS: Final = ("--verbose", "--quiet", "-q")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kbfix {__version__}")
        raise typer.Exit


def _complete_engine(incomplete: str) -> list[str]:
    from kb.engines.registry import names

    return [name for name in names() if name.startswith(incomplete)]


def _globals(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder of the knowledge base (or KBFIX_HOME).")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="tantivy or whoosh (or KBFIX_ENGINE).", autocompletion=_complete_engine),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell more on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing on stderr but errors.")] = False,
    version: Annotated[  # noqa: ARG001  (its callback prints and ends)
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Paste a symptom, get the fix, offline.

    kbfix imports archives of vendor knowledge bases and finds the article that fits what you see.

    Exit codes: 0 done or found, 1 nothing found or some files failed, 2 could not run, 130 interrupted.
    """
    context.obj = make_session(home, engine, verbose=verbose, quiet=quiet)


_COMMANDS: Final = {
    "import": "import_archive",
    "search": "search",
    "answer": "answer",
    "show": "show",
    "related": "related",
    "parse": "parse",
    "remove": "remove",
    "stats": "stats",
    "doctor": "doctor",
    "rebuild": "rebuild",
    "export": "export",
    "eval": "eval",
    "embed": "embed",
    "serve": "serve",
    "mcp": "mcp",
}
_MEND: Final = "see to the space and permissions there, then run the same command again"
_READING: Final = (["search"], ["answer"], ["show"])
"""What neither starts anything that must be waited for nor leaves anything behind."""


def make_app(names: Iterable[str] = _COMMANDS) -> typer.Typer:
    """Return the app with the commands of these names; only their modules are loaded."""
    app = typer.Typer(
        name="kbfix",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_globals)
    for name in names:
        command = import_module(f"cli.commands.{_COMMANDS[name]}").command
        app.command(name, help=_with_examples(command))(command)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; `arguments` are those of the process by default."""
    given = _globals_first(list(sys.argv[1:] if arguments is None else arguments))
    _make_output_safe()
    app = make_app(_named(given))
    try:
        result = app(given, prog_name="kbfix", standalone_mode=False)
        sys.stdout.flush()
    except KbError as error:
        return _fail(given, error.what, error.next_step, error.exit_code)
    except TyperException as error:
        if not given:  # then the message is the whole help
            print(error.format_message(), file=sys.stderr)
            return COULD_NOT_RUN
        return _fail(given, error.format_message().splitlines()[0].rstrip("."), _help_step(given), COULD_NOT_RUN)
    except (KeyboardInterrupt, typer.Abort):
        print("kbfix: interrupted", file=sys.stderr)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit) as ended:
        # Typer turns a closed pipe into an exit of its own, with the code of an error.
        if isinstance(ended, SystemExit) and not isinstance(ended.__context__, BrokenPipeError):
            raise
        _close_stdout()
        return 0
    except OSError as error:
        if not error.filename:
            _close_stdout()
        what = f"{error.filename} cannot be used" if error.filename else "the output cannot be written"
        return _fail(given, f"{what}: {error.strerror or error}", _MEND, COULD_NOT_RUN)
    if result == INTERRUPTED:
        print("kbfix: interrupted; run the same command again to go on", file=sys.stderr)
    return result if isinstance(result, int) else 0


def entry_point() -> None:
    """Run the command line of this process and end it with the exit code."""
    # Most commands make little garbage and end soon, and an import makes little for its length: looking for it, at the
    # end too, would be a tenth of their time. Workers of an import see to it themselves (indexer/garbage.py).
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    code = main()
    gc.freeze()
    if [*_named(_globals_first(sys.argv[1:]))] in _READING:
        # All is closed. To take modules and tables down one by one, and the files mapped, would be a twentieth of it.
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    sys.exit(code)


def _globals_first(arguments: list[str]) -> list[str]:
    """Move global options that stand behind the command before it, where the parser looks for them."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument in _GLOBAL_VALUES:
            front += [argument, *([value] if (value := next(waiting, None)) is not None else [])]
        elif argument in _GLOBAL_FLAGS or argument.startswith(tuple(f"{name}=" for name in _GLOBAL_VALUES)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def _with_examples(command: Callable[..., None]) -> str:
    """Return the help of a command, its examples marked (by a backspace, as Click has it) to keep their lines."""
    return re.sub(r"^(?=Examples?:$)", "\b\n", inspect.getdoc(command) or "", flags=re.MULTILINE)


def _named(arguments: Sequence[str]) -> Iterable[str]:
    """Return the command that is run, so that no other is loaded; all of them for help and completion."""
    values = iter(arguments)
    for argument in values:
        if argument in _GLOBAL_VALUES:
            next(values, None)
        elif argument == "--version":  # needs none, but an app must have one
            return ["stats"]
        elif not argument.startswith("-"):
            return [argument] if argument in _COMMANDS and "_KBFIX_COMPLETE" not in os.environ else _COMMANDS
    return _COMMANDS


def _fail(arguments: Sequence[str], what: str, next_step: str, code: int) -> int:
    if "--json" in arguments:
        print(json.dumps({"error": {"what": what, "next_step": next_step}}), file=sys.stderr)
    else:
        print(f"kbfix: {' '.join(clean(what).split())}", file=sys.stderr)
        print(f"  next: {' '.join(clean(next_step).split())}", file=sys.stderr)
    return code


def _help_step(arguments: Sequence[str]) -> str:
    named = next((each for each in arguments if each in _COMMANDS), None)
    return f"run: kbfix {named} --help" if named else "run: kbfix --help"


def _make_output_safe() -> None:
    """Let no character stop the output on a terminal of another encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _close_stdout() -> None:
    """Keep the interpreter from writing what is left to a pipe that nobody reads."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
