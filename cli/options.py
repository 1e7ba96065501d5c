"""Options that several commands share."""

from typing import Annotated, get_args

import typer

from kb.models import FIX_WORDS, ArticleKind


def _complete_kind(incomplete: str) -> list[str]:
    return [kind for kind in get_args(ArticleKind) if kind.startswith(incomplete)]


def _complete_fix_kind(incomplete: str) -> list[str]:
    return [kind for kind in FIX_WORDS if kind.startswith(incomplete)]


Product = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only what applies to this product, e.g. 'exchange server'.")
]
Version = Annotated[str | None, typer.Option(metavar="V", help="Only what applies to this version, e.g. 5.5 or sp3.")]
Since = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only articles dated then or later: YYYY, YYYY-MM or YYYY-MM-DD.")
]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles dated then or earlier.")]
Kind = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help=f"Only articles of a kind: {', '.join(get_args(ArticleKind))}.",
        autocompletion=_complete_kind,
    ),
]
FixKind = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help=f"Only articles with a fix of a kind: {', '.join(FIX_WORDS)}.",
        autocompletion=_complete_fix_kind,
    ),
]
Collection = Annotated[str | None, typer.Option(metavar="NAME", help="Only articles of a collection.")]
Limit = Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, max=1000, help="How many articles at most.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
