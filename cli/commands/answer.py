"""`kbfix answer`: the fix for a symptom, or an honest word that nothing fits."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Collection, FixKind, Kind, Product, Since, Until, Version
from cli.queries import batch_queries, query_text
from cli.session import print_json, session_of
from cli.terminal import width, write
from cli.views import answer_lines
from kb.answer import answer
from kb.errors import BadInput
from kb.models import Answer
from kb.records import answer_record
from kb.search import SearchFilters
from kb.text.terms import terms


class BatchFormat(StrEnum):
    """How the answers of a batch are written."""

    JSONL = "jsonl"


def command(
    context: typer.Context,
    text: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT", help="What you see; - or a pipe reads it from standard input."),
    ] = None,
    product: Product = None,
    version: Version = None,
    since: Since = None,
    until: Until = None,
    kind: Kind = None,
    fix_kind: FixKind = None,
    collection: Collection = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help='Answer every line\'s {"id", "query"}; - reads standard input.'),
    ] = None,
    batch_format: Annotated[  # noqa: ARG001  (there is one format; the option says so)
        BatchFormat, typer.Option("--format", help="How a batch is written: JSON lines.")
    ] = BatchFormat.JSONL,
) -> None:
    """Give the fix for a symptom, with its source and how sure it is.

    Every word of the answer stands in the article named. Where nothing fits, it says so (exit code 1).

    Examples:
      kbfix answer "tracking finds no trace of mail sent to the internet"
      kbfix answer - --product exchange < ticket.txt
    """
    session = session_of(context)
    filters = SearchFilters(product, version, since, until, kind, collection, fix_kind)
    with session.searcher() as searcher:
        if batch is not None:
            for query_id, query in batch_queries(batch):
                try:
                    given = answer(searcher, query, filters)
                except BadInput:
                    given = Answer(query, "none", 0.0, None)
                print(json.dumps(answer_record(given, query_id)))
            return
        query = query_text(text)
        given = answer(searcher, query, filters)
    if as_json:
        print_json(answer_record(given))
    else:
        write(answer_lines(given, terms(query), width()))
        session.tell_corrected(given.corrected)
    if given.status == "none":
        raise typer.Exit(1)
