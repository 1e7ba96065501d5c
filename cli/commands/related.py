"""`kbfix related`: what an article refers to, what refers to it, and what is like it."""

from typing import Annotated

import typer

from cli.commands.show import known_id
from cli.options import AsJson, Limit
from cli.session import print_json, session_of
from cli.terminal import styled, write
from cli.views import reference_lines
from kb.records import SCHEMA
from kb.related import related
from kb.text.printable import one_line


def command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="An article id in any spelling.")],
    limit: Limit = 10,
    as_json: AsJson = False,
) -> None:
    """List cross-references, twins and similar articles.

    Example:
      kbfix related Q164175
    """
    session = session_of(context)
    with session.searcher() as searcher:
        found = related(searcher, known_id(searcher.articles, name), limit)
    if as_json:
        print_json(
            {
                "schema": SCHEMA,
                "id": found.id,
                "cross_references": [
                    {"id": r.id, "title": r.title, "direction": r.direction} for r in found.cross_references
                ],
                "twins": [{"id": each.id, "title": each.title} for each in found.twins],
                "similar": [
                    {"id": each.id, "title": each.title, "score": round(score, 4)} for each, score in found.similar
                ],
            }
        )
        return
    lines = [styled(f"{found.id}  {one_line(found.title)}", "title"), *reference_lines(found.cross_references)]
    for heading, heads in (
        ("The same for another product or version", found.twins),
        ("Similar", [h for h, _ in found.similar]),
    ):
        if heads:
            lines += [styled(""), styled(heading, "heading")]
            lines += [styled(f"  {head.id:<9} {one_line(head.title)}") for head in heads]
    write(lines)
