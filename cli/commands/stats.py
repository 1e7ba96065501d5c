"""`kbfix stats`: what is in the knowledge base, and what it takes on the disk."""

from typing import Annotated

import typer

from cli.options import AsJson
from cli.session import print_json, session_of
from cli.terminal import styled, write
from kb.engines.registry import names
from kb.records import SCHEMA
from kb.store.articles import Articles, StoreCounts
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, engine_folder
from kb.store.home import Home, open_home
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
        counts = articles.counts()
        generation = articles.generation
    sizes = {"store": home.store.stat().st_size, "forward index": Derived(home, FORWARD).bytes()}
    sizes["vectors"] = Derived(home, VECTORS).bytes()
    if Derived(home, SENTENCES).current():
        sizes["sentence vectors"] = Derived(home, SENTENCES).bytes()
    for name in names():
        derived = Derived(home, engine_folder(name))
        if derived.current():
            sizes[f"{name} index"] = derived.bytes()
    if as_json:
        print_json(_record(home, counts, sizes, generation))
        return
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
    lines += [styled(f"  {size / 1e6:>7.1f}  MB {name}") for name, size in sizes.items()]
    write(lines)


def _record(home: Home, counts: StoreCounts, sizes: dict[str, int], generation: int) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "home": str(home.path),
        "generation": generation,
        "articles": counts.articles,
        "revisions": counts.revisions,
        "with_fix": counts.with_fix,
        "citations": counts.citations,
        "dangling": counts.dangling,
        **{
            f"by_{name}": [{"value": value, "count": number} for value, number in pairs]
            for name, pairs in (
                ("kind", counts.by_kind),
                ("fix_kind", counts.by_fix_kind),
                ("product", counts.by_product),
                ("year", counts.by_year),
                ("form", counts.by_form),
                ("collection", counts.by_collection),
            )
        },
        "bytes": sizes,
    }
