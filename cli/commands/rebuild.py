"""`kbfix rebuild`: derive indexes from the store again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cli.session import session_of
from indexer.derive import IndexUpdate
from kb.engines.registry import choose
from kb.store.articles import Articles
from kb.store.changes import Changes
from kb.store.home import Home, open_home, remember_engine, write_lock


def command(
    context: typer.Context,
    make_default: Annotated[
        bool, typer.Option("--make-default", help="Use this engine in this home from now on.")
    ] = False,
) -> None:
    """Build the indexes again from the stored articles, beside those in use, and swap them in.

    The engine is the one that --engine names, else the one in use. Searching goes on meanwhile.

    Examples:
      kbfix rebuild
      kbfix rebuild --engine whoosh --make-default
    """
    session = session_of(context)
    home = open_home(session.home)
    choice = choose(session.engine, home.engine)
    if choice.fallback:
        session.tell(choice.fallback)
    started = time.monotonic()
    with write_lock(home), _up_to_date(home) as articles:
        update = IndexUpdate(home, choice.engine, rebuild=True)
        total = articles.count()
        try:
            with session.progress(total) as tell:
                update.begin(articles, tell)
                update.finish(articles)
        finally:
            update.close()
        if make_default:
            remember_engine(home, choice.engine.name)
    print(f"{total:,} articles indexed with {choice.engine.name} in {time.monotonic() - started:.1f} s")


@contextmanager
def _up_to_date(home: Home) -> Iterator[Articles]:
    """Open the store for reading, after a store of an older version was brought up to date."""
    if home.store.exists():
        Changes(home).close()
    with Articles(home) as articles:
        yield articles
