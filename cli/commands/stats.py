"""`kbfix stats`: what is in the knowledge base, and what it takes on the disk."""

from typing import Annotated

import typer

from cli.options import AsJson
from cli.session import print_json, session_of
from cli.terminal import styled, write
from kb.store.articles import Articles
from kb.store.home import open_home
from kb.store.statistics import BUDGETS, MANY, Statistics, statistics, statistics_record
from kb.text.printable import one_line

_MOST = 12


def command(
    context: typer.Context,
    products: Annotated[
        bool, typer.Option("--products", help="List the names of all products, as --product knows them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Count what is in the knowledge base.

    Examples:
      kbfix stats
      kbfix stats --products | grep -i exchange
    """
    home = open_home(session_of(context).home)
    with Articles(home) as articles:
        if products:
            write(styled(one_line(name)) for name in articles.products())
            return
        found = statistics(articles)
    if as_json:
        print_json(statistics_record(found))
        return
    counts = found.counts
    lines = [
        styled(f"{counts.articles:,} articles in {home.path}", "title"),
        styled(f"  {counts.with_fix:,} with a fix, {counts.revisions - counts.articles:,} older revisions"),
        styled(f"  {counts.citations:,} cross-references, to {counts.dangling:,} articles that are not here"),
    ]
    for heading, pairs in (
        ("Kind", counts.by_kind),
        ("Fix", counts.by_fix_kind),
        ("Product", counts.by_product),
        ("Year", counts.by_year),
        ("Form", counts.by_form),
        ("Collection", counts.by_collection),
    ):
        if pairs:
            lines += [styled(""), styled(heading, "heading")]
            lines += [styled(f"  {number:>7,}  {one_line(name)}") for name, number in pairs[:_MOST]]
            if len(pairs) > _MOST:
                rest = sum(number for _, number in pairs[_MOST:])
                lines.append(styled(f"  {rest:>7,}  in {len(pairs) - _MOST} others", "quiet"))
    lines += [styled(""), styled("Size", "heading")]
    lines += [styled(_size_line(found, name, size)) for name, size in found.sizes]
    write(lines)


def _size_line(found: Statistics, name: str, size: int) -> str:
    """Return what a part takes, and in a large home whether it keeps to its budget."""
    line = f"  {size / 1e6:>7.1f}  MB {name}"
    if name == "store":
        line += f", of which {found.packed / 1e6:.1f} are articles and their originals, packed"
    if found.counts.articles >= MANY and name in BUDGETS:
        line += f"; {size / found.counts.articles:,.0f} bytes an article of {BUDGETS[name]:,} budgeted"
    return line
