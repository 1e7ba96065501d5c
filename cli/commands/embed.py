"""`kbfix embed`: make the sentence vectors that searching uses where they are there."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson
from cli.session import Session, print_json, session_of
from indexer.embedding import Embedded, embed
from kb.errors import BadInput
from kb.matching.sentence_model import SentenceModel, load
from kb.records import SCHEMA
from kb.store.articles import Articles
from kb.store.home import embed_lock, open_home
from kb.text.printable import one_line

_INTERRUPTED = 130


def command(
    context: typer.Context,
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="DIR",
            help="A folder with a sentence model: model.onnx and tokenizer.json. The packaged one unless given.",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", min=1, help="Threads, 4 at most.")] = min(
        4, os.cpu_count() or 1
    ),
    as_json: AsJson = False,
) -> None:
    """Make a sentence vector for each article that has none yet, or whose text has changed.

    Needs the extra kbfix[semantic]. It takes minutes for a thousand articles, can be interrupted at any moment, and
    goes on where it stopped. Searches use the vectors from then on; imports do not wait for them.

    Examples:
      kbfix embed
      kbfix embed --model ~/models/bge-small-en
    """
    session = session_of(context)
    if model is not None and not model.is_dir():
        raise BadInput(
            f"there is no folder {model}", next_step="name a folder that holds model.onnx and tokenizer.json"
        )
    home = open_home(session.home)
    counts = Embedded()
    started = time.monotonic()
    with embed_lock(home), Articles(home) as articles:
        loaded = load(model, jobs)
        try:
            with _progress(session) as progress:
                embed(home, articles, loaded, progress, counts)
        except KeyboardInterrupt:
            session.tell(f"{counts.made:,} made; {counts.articles:,} of {articles.count():,} articles have a vector")
            raise typer.Exit(_INTERRUPTED) from None
    _tell(counts, loaded, time.monotonic() - started, as_json=as_json)


def _tell(counts: Embedded, model: SentenceModel, seconds: float, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "schema": SCHEMA,
                "model": model.name,
                "articles": counts.articles,
                "made": counts.made,
                "kept": counts.kept,
                "dropped": counts.dropped,
                "seconds": round(seconds, 2),
            }
        )
        return
    dropped = f", {counts.dropped:,} dropped" if counts.dropped else ""
    print(
        f"{counts.articles:,} articles have a vector by {one_line(model.name)}: "
        f"{counts.made:,} made, {counts.kept:,} kept{dropped}, in {seconds:.1f} s"
    )


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[int, int], None]]:
    """Give the function that is told how many are done; it draws a bar on a terminal, and tells tenths elsewhere."""
    if session.verbosity < 0:
        yield lambda _done, _of: None
        return
    if not sys.stderr.isatty():
        yield _Tenths(session)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("embedding"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("embedding", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


class _Tenths:
    """Tells each tenth of the way on a line, for logs; nothing where all is done at once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: int | None = None

    def __call__(self, done: int, of: int) -> None:
        tenth = 10 * done // max(1, of)
        if self._told is not None and tenth > self._told and done < of:
            self._session.tell(f"{done:,} of {of:,} articles have a vector")
        self._told = tenth
