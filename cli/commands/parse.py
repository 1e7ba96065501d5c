"""`kbfix parse`: read files without storing them: articles as JSON lines, or what the parser guessed."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.terminal import styled, write
from indexer.containers import BrokenMember, read_file
from indexer.diagnostics import diagnostic
from indexer.files import Unreadable, check_paths, find_files, shown_name
from indexer.parse import ParseResult, parse_file
from kb.models import Diagnostic, RawFile
from kb.records import article_record
from kb.text.printable import one_line


class ParseFormat(StrEnum):
    """What is printed of each file."""

    TEXT = "text"
    JSONL = "jsonl"


def command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", readable=False, help="Files, folders or archives.")],
    parse_format: Annotated[
        ParseFormat,
        typer.Option("--format", help="text: a line an article and its diagnostics; jsonl: whole articles."),
    ] = ParseFormat.TEXT,
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="Read them as articles of this collection.")
    ] = None,
) -> None:
    """Parse files without storing them.

    Prints one article a line as JSON, or what the parser guessed or missed, so that a file can be mended.

    Examples:
      kbfix parse Q164175.TXT
      kbfix parse kb-txt.tar.xz --format jsonl > articles.jsonl
    """
    check_paths(paths)
    failed = parsed = 0
    for path, result in _results(paths, collection):
        failed += result.outcome == "failed"
        parsed += result.outcome == "parsed"
        for article in result.articles:
            if parse_format is ParseFormat.JSONL:
                print(json.dumps(article_record(article)))
            else:
                write([styled(one_line(f"{path}: {article.id} {article.title}"))])
                _print_diagnostics(path, article.diagnostics)
        if parse_format is ParseFormat.TEXT:
            _print_diagnostics(path, result.diagnostics)
    raise typer.Exit(1 if failed or not parsed else 0)


def _results(paths: list[Path], collection: str | None) -> Iterator[tuple[str, ParseResult]]:
    for found in find_files(paths):
        if isinstance(found, Unreadable):
            why = diagnostic("unreadable-file", found.reason)
            yield shown_name(found.path), ParseResult("failed", diagnostics=(why,))
            continue
        for item in read_file(found.path):
            if isinstance(item, BrokenMember):
                yield item.path, ParseResult(item.outcome, diagnostics=(diagnostic(item.code, item.reason),))
            else:
                assert isinstance(item, RawFile)
                yield item.path, parse_file(item, collection)


def _print_diagnostics(path: str, diagnostics: tuple[Diagnostic, ...]) -> None:
    for found in diagnostics:
        place = one_line(f"{path}:{found.line}" if found.line else path)
        write(
            [
                styled(
                    f"{place}: {found.level}: {one_line(found.what)} [{found.code}]",
                    None if found.level == "note" else "doubt",
                )
            ]
        )
