"""The full-text index that comes with SQLite, and so with Python."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bench.contenders.base import Contender, Document, Search, plain_words


class Fts5(Contender):
    """One virtual table with the porter tokenizer, ranked by bm25() with a title of three."""

    title = "SQLite FTS5"
    install = "it is part of Python's sqlite3"

    def version(self) -> str:
        """Return the version of SQLite; ImportError where it was built without FTS5."""
        try:
            sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
        except sqlite3.OperationalError as error:
            raise ImportError(str(error)) from error
        return sqlite3.sqlite_version

    def index(self, documents: Iterable[Document], folder: Path) -> None:
        """Insert the documents in one transaction."""
        database = sqlite3.connect(folder / "fts.sqlite")
        database.execute("CREATE VIRTUAL TABLE kb USING fts5(id UNINDEXED, title, text, tokenize = 'porter')")
        database.executemany("INSERT INTO kb VALUES (?, ?, ?)", ((d.id, d.title, d.text) for d in documents))
        database.commit()
        database.close()

    def open(self, folder: Path) -> Search:
        """Return a search for any of the words."""
        database = sqlite3.connect(folder / "fts.sqlite")

        def search(query: str, limit: int) -> list[str]:
            asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(plain_words(query)))
            order = "SELECT id FROM kb WHERE kb MATCH ? ORDER BY bm25(kb, 0, 3, 1) LIMIT ?"
            return [found[0] for found in database.execute(order, (asked, limit))] if asked else []

        return search


def make(name: str) -> Contender:
    """Return it."""
    return Fts5(name)
