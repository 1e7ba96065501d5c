"""`kbfix show`: one article, laid out, raw or as JSON."""

import sys
from typing import Annotated

import typer

from cli.options import AsJson
from cli.revision_views import revision_lines
from cli.session import print_json, session_of
from cli.terminal import page, width, write
from cli.views import article_lines
from kb.errors import BadInput, UnknownArticle
from kb.records import article_record
from kb.store.articles import Articles
from kb.store.home import open_home
from kb.store.revisions import Revision, revisions_record
from kb.text.ids import article_id


def command(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Q164175, KB164175, 164175, or a support address with the id in it.")
    ],
    section: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this section: symptoms, cause, resolution, ...")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Write the file's original bytes.")] = False,
    as_json: AsJson = False,
    revisions: Annotated[
        bool, typer.Option("--revisions", help="List every content that is kept of it, and in what older ones differ.")
    ] = False,
    revision: Annotated[
        str | None,
        typer.Option(metavar="HASH", help="Show the revision whose hash begins so, as --revisions lists them."),
    ] = None,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Print a long article as it is.")] = False,
) -> None:
    """Show an article, with what it refers to and what refers to it.

    Examples:
      kbfix show Q164175
      kbfix show "http://support.microsoft.com/default.aspx?scid=kb;en-us;Q164175" --section resolution
      kbfix show Q164175 --raw > Q164175.TXT
    """
    session = session_of(context)
    with Articles(open_home(session.home)) as articles:
        found = known_id(articles, name)
        if revisions:
            kept = articles.revisions(found)
            if as_json:
                print_json(revisions_record(found, kept))
            else:
                write(revision_lines(kept, width()))
            return
        chosen = _chosen(articles, found, revision) if revision is not None else None
        if raw:
            original = articles.original(found, chosen.sha256 if chosen else None)
            assert original is not None
            data, held = original
            if held > 1:
                session.tell(f"{found} is one of {held:,} articles in this file")
            sys.stdout.buffer.write(data)
            return
        article = chosen.article if chosen else articles.article(found)
        assert article is not None
    if as_json:
        print_json(article_record(article))
        return
    lines = list(article_lines(article, width(), section))
    if section is not None and len(lines) <= 2:  # the title and the line below it always come
        raise BadInput(
            f"{found} has no section {section!r}",
            next_step=f"it has: {', '.join(dict.fromkeys(s.heading or s.kind for s in article.sections)) or 'no text'}",
        )
    (write if no_pager else page)(lines)


def _chosen(articles: Articles, article_id: str, start: str) -> Revision:
    """Return the one revision whose hash begins so; BadInput where there is none, or several."""
    kept = articles.revisions(article_id)
    found = [each for each in kept if each.sha256.startswith(start.lower())]
    if len(found) != 1 or not start:
        raise BadInput(
            f"{article_id} has {len(found) if start else 'no'} revisions whose hash begins with {start!r}",
            next_step=f"it has: {', '.join(each.sha256[:12] for each in kept)}",
        )
    return found[0]


def known_id(articles: Articles, name: str) -> str:
    """Return the id that `name` means; BadInput where it means none, UnknownArticle where the store has it not."""
    found = article_id(name)
    if found is None:
        raise BadInput(
            f"{name!r} is not an article id", next_step="give an id like Q164175, or search: kbfix search TEXT"
        )
    if not articles.heads([found]):
        citing = articles.cited_by(found)
        step = (
            f"{citing[0].id} refers to it: kbfix show {citing[0].id}" if citing else "search for it: kbfix search TEXT"
        )
        raise UnknownArticle(f"{found} is not in this knowledge base", next_step=step)
    return found
