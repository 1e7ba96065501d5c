"""Write the rows of the articles that are shown: what is asked for in queries, products, citations."""

import sqlite3

from kb.store.entries import ArticleColumns
from kb.store.names import Names
from kb.store.shared_lists import KNOWN_LISTS, applies_key
from kb.text.dates import day_number


class ArticleRows:
    """The tables `articles`, `removals`, `products`, `applies`, `citations`.

    They are changed inside the batches of kb/store/changes.py.
    """

    def __init__(self, connection: sqlite3.Connection, names: Names) -> None:
        self._connection = connection
        self._names = names
        self._may_be_removed: bool | None = None
        self._products: dict[str, int] = {}
        self._lists: dict[tuple[tuple[str, str | None], ...], int] = {}

    def forget(self) -> None:
        """Forget what is known of the tables, after a batch that changed them was undone."""
        self._may_be_removed = None
        self._products.clear()
        self._lists.clear()

    def write(self, key: int | None, new: ArticleColumns, revision: int, generation: int) -> None:
        """Write an article as one revision has it; without `key` it is a new one."""
        applies = self._list(new.product_versions)
        name = self._names.key
        values = (
            new.id, revision, name(new.collection), new.date and day_number(new.date), name(new.category), new.title,
            name(new.product), name(new.kind), name(new.fix_kind), applies, new.diagnostics, generation,
        )  # fmt: skip
        if key is None:
            cursor = self._connection.execute(
                "INSERT INTO articles (id, revision, collection, date, category, title, product, kind, fix_kind, "
                "applies, diagnostics, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            assert cursor.lastrowid is not None
            key = cursor.lastrowid
            if self._has_removals():
                self._connection.execute("DELETE FROM removals WHERE id = ?", (new.id,))
        else:
            before = self._connection.execute("SELECT applies FROM articles WHERE key = ?", (key,)).fetchone()
            self._connection.execute(
                "UPDATE articles SET id = ?, revision = ?, collection = ?, date = ?, category = ?, title = ?, "
                "product = ?, kind = ?, fix_kind = ?, applies = ?, diagnostics = ?, generation = ? WHERE key = ?",
                (*values, key),
            )
            self._drop_list(before[0])
            self._connection.execute("DELETE FROM citations WHERE article = ?", (key,))
        self._connection.executemany("INSERT INTO citations VALUES (?, ?)", [(key, cited) for cited in new.citations])

    def remove(self, article_id: str, generation: int) -> None:
        """Take out the article of this id, if there is one, and note in which generation of the store it left."""
        query = "DELETE FROM articles WHERE id = ? RETURNING applies"
        for (applies,) in self._connection.execute(query, (article_id,)).fetchall():
            self._drop_list(applies)
        self._connection.execute("INSERT OR REPLACE INTO removals VALUES (?, ?)", (article_id, generation))
        self._may_be_removed = True

    def _has_removals(self) -> bool:
        """Tell whether any article may have been removed: from most stores none was, and each would be asked for."""
        if self._may_be_removed is None:
            self._may_be_removed = self._connection.execute("SELECT 1 FROM removals LIMIT 1").fetchone() is not None
        return self._may_be_removed

    def _list(self, named: tuple[tuple[str, str | None], ...]) -> int | None:
        """Return the key of the list of these products and versions; None for an empty one."""
        if not named:
            return None
        known = self._lists.get(named)
        if known is None:
            if len(self._lists) >= KNOWN_LISTS:
                self._lists.clear()
            listed = {(self._product(name), version or "") for name, version in named}
            known = self._lists[named] = applies_key(self._connection, listed)
        return known

    def _drop_list(self, key: int | None) -> None:
        """Take out a list that no article has any more."""
        dropped = self._connection.execute(
            "DELETE FROM applies_lists WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM articles WHERE applies = ?1)",
            (key,),
        )
        if dropped.rowcount:
            self._lists.clear()

    def _product(self, name: str) -> int:
        known = self._products.get(name)
        if known is None:
            row = self._connection.execute("SELECT key FROM products WHERE name = ?", (name,)).fetchone()
            if row is None:
                query = "INSERT INTO products (name) VALUES (?) RETURNING key"
                row = self._connection.execute(query, (name,)).fetchone()
            known = self._products[name] = int(row[0])
        return known
