"""What the global options say, and the doors they open: home, searcher, words on stderr."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kb.frozen import dataclass
from kb.store.home import default_home
from kb.text.printable import one_line

if TYPE_CHECKING:
    from kb.search import Searcher


@dataclass(frozen=True, slots=True)
class Session:
    """The global options of one run; `verbosity` is -1 (quiet), 0 or 1."""

    home: Path
    engine: str | None = None
    verbosity: int = 0

    def searcher(self) -> "Searcher":
        """Open the home for searching, and pass on once what the user should know of it."""
        # Only what searches waits for numpy to be loaded.
        from kb.search import Searcher

        searcher = Searcher.open(self.home, self.engine)
        for notice in searcher.notices:
            self.tell(notice)
        return searcher

    def tell(self, words: str, *, next_step: str | None = None, at: int = 0) -> None:
        """Write words, and what to do about them, to stderr, from verbosity `at` on."""
        if self.verbosity >= at:
            print(f"kbfix: {one_line(words)}", file=sys.stderr)
            if next_step is not None:
                self.tell_next(next_step)

    def tell_next(self, step: str) -> None:
        """Write what to do about the words before to stderr, unless quiet."""
        if self.verbosity >= 0:
            print(f"  next: {one_line(step)}", file=sys.stderr)

    def tell_corrected(self, words: Sequence[tuple[str, str]]) -> None:
        """Say which words of a query were taken for others."""
        for wrong, right in words:
            self.tell(f"searched for {right} instead of {wrong}")

    def tell_acronyms(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Say what was searched for beside the words of a query."""
        for short, long in pairs:
            self.tell(f"{short} and {long} were taken for the same")

    @contextmanager
    def progress(self, total: int, what: str = "") -> Iterator[Callable[[int], None]]:
        """Show a person at a terminal how many of a total are done; give the function to tell it."""
        shown = sys.stderr.isatty() and self.verbosity >= 0

        def tell(done: int) -> None:
            if shown:
                print(f"\rkbfix: {done:,} of {total:,} {what}", end="", file=sys.stderr, flush=True)

        try:
            yield tell
        finally:
            if shown:
                print("\r\x1b[K", end="", file=sys.stderr)

    def tell_expression(self, expression: str | None) -> None:
        """Say as what a query was read that is an expression of the query language."""
        if expression is not None:
            self.tell(f"searched as an expression: {expression}")

    def hint(self, words: str) -> None:
        """Suggest a next step to a person at a terminal; scripts get nothing."""
        if sys.stderr.isatty():
            self.tell(words)


def session_of(context: typer.Context) -> Session:
    """Return the session that the global options made."""
    found = context.obj
    assert isinstance(found, Session)
    return found


def make_session(home: Path | None, engine: str | None, *, verbose: bool, quiet: bool) -> Session:
    """Resolve the global options: the option, else the environment, else the default."""
    return Session(
        home=home or Path(os.environ.get("KBFIX_HOME") or default_home()),
        engine=engine or os.environ.get("KBFIX_ENGINE") or None,
        verbosity=int(verbose) - int(quiet),
    )


def print_json(record: dict[str, Any]) -> None:
    """Write one JSON document on a line of its own; all but ASCII is escaped, so it is safe on any terminal."""
    import json

    print(json.dumps(record))
