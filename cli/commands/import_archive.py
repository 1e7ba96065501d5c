"""`kbfix import`: read archives into the home, tell what became of every file."""

import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cli.import_summary import STATUSES, print_counts, tell_what_is_gone, tell_what_was_wrong
from cli.session import Session, print_json, session_of
from indexer.derive import IndexUpdate
from indexer.files import STANDARD_INPUT, check_paths
from indexer.pipeline import Importer, total_bytes
from indexer.reports import FileReport
from indexer.workers import Workers, usable_cores
from kb.engines.registry import choose
from kb.errors import BadInput
from kb.records import SCHEMA, diagnostic_record
from kb.store.changes import Changes
from kb.store.home import Home, copy_store, make_home, remember_engine, write_lock

_ALL_STATUSES = (*STATUSES, "pruned")


def command(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH", readable=False, help="Files, folders or archives; - reads one from standard input."
        ),
    ],
    collection: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Keep these articles under a name of their own, apart from Microsoft's."),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Read sources again that look unchanged.")] = False,
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Take out articles whose files are gone from the folders and archives named."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen, and change nothing.")] = False,
    report: Annotated[Path | None, typer.Option(metavar="FILE.jsonl", help="Write a JSON line for every file.")] = None,
    jobs: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="Worker processes; the default is one a processor.", show_default=False),
    ] = usable_cores(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Import archives of knowledge base articles.

    Reads text files, folders, .zip, .tar (also .gz, .bz2, .xz, .zst), .7z and .gz, one archive within another
    included; nothing is unpacked to disk. What was imported before and has not changed is skipped; an import that
    was interrupted goes on where it stopped. With --prune, articles of files that are gone leave at its end.

    Examples:
      kbfix import kb-txt.tar.xz
      kbfix import /media/cdrom/kb --report import.jsonl
      kbfix import tickets/ --collection contoso --prune
    """
    session = session_of(context)
    _check_collection(collection)
    if [str(path) for path in paths] != [STANDARD_INPUT]:
        check_paths(paths)
    started = time.monotonic()
    refused: list[FileReport] = []
    with ExitStack() as stack:
        home = stack.enter_context(_scratch_copy(session.home)) if dry_run else make_home(session.home)
        stack.enter_context(write_lock(home))
        tell = stack.enter_context(_reporter(report, refused))
        options = _Options(collection, verify, prune, not dry_run, jobs)
        importer = _run(session, home, paths, options, tell)
    counts = importer.counts
    seconds = time.monotonic() - started
    if as_json:
        print_json(
            {
                "schema": SCHEMA,
                "found": counts.found,
                **{s: getattr(counts, s) for s in _ALL_STATUSES},
                "seconds": round(seconds, 2),
            }
        )
    else:
        print_counts(counts, seconds, dry_run=dry_run)
    tell_what_is_gone(session, importer, prune=prune)
    tell_what_was_wrong(session, counts, refused, report)
    nothing = not counts.pruned and counts.found == counts.unsupported
    raise typer.Exit(1 if counts.failed or nothing else 0)


@dataclass(frozen=True, slots=True)
class _Options:
    """How one import is to be run."""

    collection: str | None
    verify: bool
    prune: bool
    index: bool
    jobs: int


def _run(
    session: Session, home: Home, paths: list[Path], options: _Options, tell: Callable[[FileReport], None]
) -> Importer:
    choice = choose(session.engine, home.engine)
    if choice.fallback:
        session.tell(choice.fallback)
    changes = Changes(home)
    update = IndexUpdate(home, choice.engine) if options.index else None
    try:
        if update is not None:
            update.begin(changes.articles)
        with (
            Workers(options.jobs, options.collection) as workers,
            _progress(session, paths) as progress,
        ):
            importer = Importer(
                changes, update, workers, options.collection, options.verify, options.prune, tell, progress
            )
            if [str(path) for path in paths] == [STANDARD_INPUT]:
                importer.run_stream(_standard_input(), STANDARD_INPUT)
            else:
                importer.run(paths)
        if update is not None:
            update.finish(changes.articles)
            if home.engine is None and session.engine:
                remember_engine(home, choice.engine.name)
        return importer
    finally:
        if update is not None:
            update.close()
        changes.close()


def _standard_input() -> BinaryIO:
    """Return standard input as a file that can be sought in: itself where it is one, else what it gives, in memory."""
    stream = sys.stdin.buffer
    return stream if stream.seekable() else io.BytesIO(stream.read())


@contextmanager
def _reporter(path: Path | None, refused: list[FileReport]) -> Iterator[Callable[[FileReport], None]]:
    """Give the function that every file is reported to; it writes the report file and keeps what gave no article."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("w", encoding="utf-8")) if path else None
        except OSError as error:
            raise BadInput(
                f"the report {path} cannot be written: {error.strerror}", next_step="choose another file for --report"
            ) from error

        def tell(report: FileReport) -> None:
            if report.status in ("failed", "unsupported"):
                refused.append(report)
            if file is not None:
                record = {
                    "schema": SCHEMA,
                    "path": report.path,
                    "status": report.status,
                    "id": report.id,
                    "form": report.form,
                    "diagnostics": [diagnostic_record(d) for d in report.diagnostics],
                }
                file.write(json.dumps(record) + "\n")

        yield tell


@contextmanager
def _progress(session: Session, paths: list[Path]) -> Iterator[Callable[[int], None]]:
    """Give the function that is told the bytes read; it draws a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty() or session.verbosity < 0:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("importing"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("importing", total=total_bytes(paths) or None)
        yield lambda read: bar.update(task, completed=read)


@contextmanager
def _scratch_copy(path: Path) -> Iterator[Home]:
    """Give a temporary home with the same articles, for trying an import."""
    with tempfile.TemporaryDirectory(prefix="kbfix-dry-run-") as folder:
        yield copy_store(path, Path(folder) / "home")


def _check_collection(name: str | None) -> None:
    if name is not None and not (
        name.replace("-", "").replace("_", "").isalnum() and name.isascii() and name.islower()
    ):
        raise BadInput(f"{name!r} cannot be the name of a collection", next_step="use lower-case letters, digits and -")
