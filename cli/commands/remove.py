"""`kbfix remove`: take articles out of store and indexes."""

from typing import Annotated

import typer

from cli.session import session_of
from indexer.derive import IndexUpdate
from kb.engines.registry import choose
from kb.errors import BadInput
from kb.store.changes import Changes
from kb.store.home import open_home, write_lock
from kb.text.ids import article_id


def command(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="ID", help="Article ids in any spelling.")],
) -> None:
    """Take articles out of the knowledge base.

    The files they came from are forgotten with them: importing these again brings the articles back.

    Example:
      kbfix remove contoso:printer-offline
    """
    session = session_of(context)
    ids = []
    for name in names:
        found = article_id(name)
        if found is None:
            raise BadInput(f"{name!r} is not an article id", next_step="nothing was removed; give ids like Q164175")
        ids.append(found)
    home = open_home(session.home)
    missing = []
    with write_lock(home):
        changes = Changes(home)
        update = IndexUpdate(home, choose(session.engine, home.engine).engine)
        try:
            update.begin(changes.articles)
            with changes.batch():
                missing = [each for each in ids if not changes.remove(each)]
            removed = [each for each in ids if each not in missing]
            update.delete(removed)
            update.finish(changes.articles)
        finally:
            update.close()
            changes.close()
    print(f"{len(removed):,} removed")
    for each in missing:
        session.tell(f"{each} is not in this knowledge base")
    raise typer.Exit(1 if missing else 0)
