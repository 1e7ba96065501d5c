"""`kbfix show`: one article, laid out, raw or as JSON."""

import sys
from typing import Annotated

import typer

from cli.options import AsJson
from cli.session import print_json, session_of
from cli.terminal import one_line, page, styled, width, write
from cli.views import article_lines
from kb.errors import BadInput, UnknownArticle
from kb.records import article_record
from kb.store.articles import Articles
from kb.store.home import open_home
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
        bool, typer.Option("--revisions", help="List every content that was imported for the article.")
    ] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Print a long article as it is.")] = False,
) -> None:
    """Show an article, with what it refers to and what refers to it.

    Examples:
      kbfix show Q164175
      kbfix show "http://support.microsoft.com/default.aspx?scid=kb;en-us;Q164175" --section resolution
    """
    session = session_of(context)
    with Articles(open_home(session.home)) as articles:
        found = known_id(articles, name)
        if raw:
            original = articles.original(found)
            assert original is not None
            sys.stdout.buffer.write(original)
            return
        if revisions:
            for revision in articles.revisions(found):
                mark = "current" if revision.current else "older"
                write(
                    [
                        styled(
                            f"{revision.date or 'no date':<10}  {mark:<7}  {revision.form}  "
                            f"{revision.sha256[:12]}  {one_line(revision.path)}"
                        )
                    ]
                )
            return
        article = articles.article(found)
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
