"""`kbfix export`: every article as a JSON line."""

import json

import typer

from cli.session import session_of
from kb.records import article_record
from kb.store.articles import Articles
from kb.store.home import open_home


def command(context: typer.Context) -> None:
    """Write all articles to standard output, one JSON object a line, as `show --json` has them.

    Example:
      kbfix export | gzip > articles.jsonl.gz
    """
    with Articles(open_home(session_of(context).home)) as articles:
        for article in articles.every_article():
            print(json.dumps(article_record(articles.with_incoming(article))))
