"""Write the rows of the articles that are shown: what is asked for in queries, products, citations."""

import sqlite3

from kb.store.entries import ArticleColumns


class ArticleRows:
    """The tables `articles`, `products`, `applies`, `citations`; changed inside the batches of kb/store/changes.py."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._products: dict[str, int] = {}

    def forget(self) -> None:
        """Forget the keys of products, after a batch that wrote some was undone."""
        self._products.clear()

    def write(self, key: int | None, new: ArticleColumns, revision: int, generation: int) -> None:
        """Write an article as one revision has it; without `key` it is a new one."""
        values = (
            new.id, revision, new.collection, new.date, new.category, new.title, new.product, new.kind, new.fix_kind,
            new.diagnostics, generation,
        )  # fmt: skip
        if key is None:
            cursor = self._connection.execute(
                "INSERT INTO articles (id, revision, collection, date, category, title, product, kind, fix_kind, "
                "diagnostics, generation) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            assert cursor.lastrowid is not None
            key = cursor.lastrowid
            self._connection.execute("DELETE FROM removals WHERE id = ?", (new.id,))
        else:
            self._connection.execute(
                "UPDATE articles SET id = ?, revision = ?, collection = ?, date = ?, category = ?, title = ?, "
                "product = ?, kind = ?, fix_kind = ?, diagnostics = ?, generation = ? WHERE key = ?",
                (*values, key),
            )
            self._connection.execute("DELETE FROM applies WHERE article = ?", (key,))
            self._connection.execute("DELETE FROM citations WHERE article = ?", (key,))
        self._connection.executemany(
            "INSERT INTO applies VALUES (?, ?, ?)",
            [(key, self._product(name), version or "") for name, version in new.product_versions],
        )
        self._connection.executemany(
            "INSERT INTO citations VALUES (?, ?, ?)", [(key, cited, title) for cited, title in new.citations]
        )

    def _product(self, name: str) -> int:
        known = self._products.get(name)
        if known is None:
            row = self._connection.execute("SELECT key FROM products WHERE name = ?", (name,)).fetchone()
            if row is None:
                query = "INSERT INTO products (name) VALUES (?) RETURNING key"
                row = self._connection.execute(query, (name,)).fetchone()
            known = self._products[name] = int(row[0])
        return known
