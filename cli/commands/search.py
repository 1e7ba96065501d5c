"""`kbfix search`: ranked articles for a symptom, at a terminal, as JSON, or for a batch of queries."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import Collection, FixKind, Kind, Limit, Product, Since, Until, Version
from cli.queries import batch_queries, query_text
from cli.session import print_json, session_of
from cli.terminal import width, write
from cli.views import result_lines
from kb.errors import BadInput
from kb.records import search_record
from kb.search import SearchFilters

_LESS_STRICT = "ask for less, or describe it in plain words, without fields, operators and quotes"


class BatchFormat(StrEnum):
    """How the results of a batch are written."""

    TREC = "trec"


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
    limit: Limit = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Tell why each article is there.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help='Search every line\'s {"id", "query"}; - reads standard input.'),
    ] = None,
    batch_format: Annotated[  # noqa: ARG001  (there is one format; the option says so)
        BatchFormat, typer.Option("--format", help="How a batch is written: TREC run lines.")
    ] = BatchFormat.TREC,
) -> None:
    """Find the articles that fit a symptom.

    Describe what you see in your own words, or paste an error message or an event log entry.
    Or say exactly what the articles must have: "a phrase", AND, OR, NOT, begin*, and the fields title: error: fix:
    product: version: kind: date: (docs/query-language.md).

    Examples:
      kbfix search message tracking shows nothing for internet mail
      kbfix search "STOP 0x0000007B after moving the disk" --product "windows nt"
      kbfix search 'title:printer AND (blank OR empty) NOT network date:1996..1999'
      kbfix search - < event.log
    """
    session = session_of(context)
    filters = SearchFilters(product, version, since, until, kind, collection, fix_kind)
    with session.searcher() as searcher:
        if batch is not None:
            for query_id, query in batch_queries(batch):
                if query.strip():
                    try:
                        found = searcher.run_line(query, filters, limit)
                    except BadInput as error:
                        session.tell(f"{query_id}: {error.what}")
                        continue
                    for rank, (article_id, score) in enumerate(found, start=1):
                        print(f"{query_id} Q0 {article_id} {rank} {score:.5f} kbfix")
            return
        result = searcher.search(query_text(text), filters, limit)
    if as_json:
        print_json(search_record(result))
    else:
        write(result_lines(result, width(), explain=explain))
        session.tell_corrected(result.understood.corrected)
        if explain:
            session.tell_acronyms(result.understood.acronyms)
        session.tell_expression(result.understood.expression)
    if not result.hits:
        is_plain = result.understood.expression is None
        session.tell("nothing was found", next_step="use other words, or fewer filters" if is_plain else _LESS_STRICT)
        raise typer.Exit(1)
    if not as_json:
        session.hint(f"the whole article: kbfix show {result.hits[0].id}")
