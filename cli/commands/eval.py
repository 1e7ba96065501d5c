"""`kbfix eval`: how often the right article comes first, on labelled queries or on the archive's own symptoms."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.options import AsJson
from cli.queries import lines_of
from cli.session import Session, print_json, session_of
from cli.terminal import width, write
from kb.errors import BadInput

if TYPE_CHECKING:
    from kb.engines.registry import Choice
    from kb.evaluation.labelled import LabelledQuery
    from kb.evaluation.outcomes import Outcome
    from kb.search import Searcher
    from kb.store.home import Home


_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class _Queries:
    """Where the queries come from: a file, or the `words` of symptoms of so many articles, drawn by `seed`."""

    file: Path | None
    withheld: int | None
    words: int
    seed: int


def command(
    context: typer.Context,
    queries: Annotated[
        Path | None,
        typer.Argument(
            metavar="QUERIES.jsonl", help='A line each: {"id", "query", "relevant": [ids]}; - reads standard input.'
        ),
    ] = None,
    withheld: Annotated[
        int | None,
        typer.Option(
            "--withheld-symptoms",
            metavar="N",
            min=1,
            help="Instead: take N articles' symptoms for queries, and search the archive without symptoms.",
        ),
    ] = None,
    words: Annotated[
        int | None,
        typer.Option(
            metavar="W", min=1, help=f"The first W words of withheld symptoms are the query ({_WORDS} if not given)."
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Group by this field of the queries (kind, else style).")
    ] = None,
    compare: Annotated[
        str | None, typer.Option("--compare", metavar="NAME", help="Compare with this engine on the same queries.")
    ] = None,
    compare_home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Compare with this home on the same queries.")
    ] = None,
    misses: Annotated[
        bool, typer.Option("--misses", help="List the queries whose first article is not right.")
    ] = False,
    seed: Annotated[int, typer.Option(metavar="N", help="Equal seeds give equal draws and intervals.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure how often the right article comes first.

    Prints S@1, S@5, S@10 (the share of queries with a right article among the first), MRR@10 and nDCG@10, each with
    its 95 % interval. Queries are your own, with the ids of their right articles, or with --withheld-symptoms the
    archive's: then all articles are indexed once more, without their symptoms, in a temporary folder.

    Examples:
      kbfix eval queries.jsonl --by style
      kbfix eval queries.jsonl --compare whoosh
      kbfix eval --withheld-symptoms 1000 --words 12
    """
    from kb.evaluation.evaluation import Searched, evaluation
    from kb.evaluation.labelled import grouping
    from kb.evaluation.record import evaluation_record

    session = session_of(context)
    if (queries is None) == (withheld is None):
        raise BadInput(
            "there are no queries" if queries is None else "queries are given, and symptoms are to be withheld too",
            next_step="give either a file, kbfix eval QUERIES.jsonl, or --withheld-symptoms N",
        )
    if words is not None and withheld is None:
        raise BadInput("--words is of withheld symptoms", next_step="leave it out, or give --withheld-symptoms N")
    first_words = words or _WORDS
    sides = _sides(session, compare, compare_home)
    asked = _read(_Queries(queries, withheld, first_words, seed), sides[0][0])
    field = grouping(asked, by)
    found = [
        Searched(str(home.path), choice.engine.name, each)
        for (home, choice), each in zip(sides, _outcomes(session, sides, asked, withheld is not None), strict=True)
    ]
    result = evaluation(
        found[0],
        found[1] if len(found) > 1 else None,
        left_out=len(asked) - len(found[0].outcomes),
        by=field,
        seed=seed,
        words=None if withheld is None else first_words,
    )
    if as_json:
        print_json(evaluation_record(result))
        return
    from cli.evaluation_views import evaluation_lines, miss_lines

    write(evaluation_lines(result))
    if misses:
        write(miss_lines(result, width()))


def _sides(session: Session, engine: str | None, home: Path | None) -> "list[tuple[Home, Choice]]":
    """Return the home and engine that are searched, and those compared with; BadInput where both are the same."""
    from kb.engines.registry import choose
    from kb.store.home import open_home

    wanted = [(session.home, session.engine)]
    if engine is not None or home is not None:
        wanted.append((home or session.home, engine or session.engine))
    sides: list[tuple[Home, Choice]] = []
    for path, name in wanted:
        opened = open_home(path)
        choice = choose(name, opened.engine)
        if choice.fallback:
            session.tell(choice.fallback)
        sides.append((opened, choice))
    if len({(opened.path.resolve(), choice.engine.name) for opened, choice in sides}) < len(sides):
        raise BadInput(
            f"{sides[0][1].engine.name} in {sides[0][0].path} would be compared with itself",
            next_step="give another engine to --compare, or another folder to --compare-home",
        )
    return sides


def _read(source: _Queries, home: "Home") -> "list[LabelledQuery]":
    from kb.evaluation.labelled import labelled_queries

    if source.file is None:
        from indexer.withheld import draw_symptoms
        from kb.store.articles import Articles

        with Articles(home) as articles:
            return draw_symptoms(articles, source.withheld or 1, source.words, source.seed)
    asked = labelled_queries(lines_of(source.file, "check the path"), str(source.file))
    if not any(query.relevant for query in asked):
        raise BadInput(
            f"no query in {source.file} has a right article",
            next_step='name right articles in "relevant"; there is nothing to measure without',
        )
    return asked


def _outcomes(
    session: Session, sides: "Sequence[tuple[Home, Choice]]", asked: "Sequence[LabelledQuery]", withhold: bool
) -> "list[list[Outcome]]":
    """Return what the queries bring on every side."""
    from kb.evaluation.outcomes import outcomes

    found = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kbfix-eval-"))) if withhold else None
        for home, choice in sides:
            seen = _withheld(session, home, choice, folder) if folder else home
            with (
                _opened(session, seen, choice) as searcher,
                session.progress(sum(bool(query.relevant) for query in asked), "queries") as tell,
            ):
                found.append(outcomes(searcher, asked, tell))
    return found


def _opened(session: Session, home: "Home", choice: "Choice") -> "Searcher":
    from kb.search import Searcher

    searcher = Searcher(home, choice.engine.name)
    for notice in searcher.notices:
        session.tell(notice)
    return searcher


def _withheld(session: Session, home: "Home", choice: "Choice", folder: Path) -> "Home":
    """Return the home seen without symptoms, in a part of `folder` that is the home's own."""
    from hashlib import sha256

    from indexer.withheld import derive_without_symptoms
    from kb.store.articles import Articles

    with Articles(home) as articles:
        total = articles.count()
    session.tell(f"{total:,} articles are indexed without symptoms, with {choice.engine.name}, in a temporary folder")
    part = folder / sha256(str(home.path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    with session.progress(total, "articles") as tell:
        return derive_without_symptoms(home, choice.engine, part, tell)
