"""Keep names once that many articles have: forms, collections, categories, products as headers name them, kinds."""

import sqlite3


class Names:
    """The table `names`; changed inside the batches of kb/store/changes.py."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._keys: dict[str, int] = {}

    def forget(self) -> None:
        """Forget all keys, after a batch that wrote some was undone."""
        self._keys.clear()

    def key(self, name: str | None) -> int | None:
        """Return the key of a name, which is written if it is new; None for none."""
        if name is None:
            return None
        known = self._keys.get(name)
        if known is None:
            row = self._connection.execute("SELECT key FROM names WHERE name = ?", (name,)).fetchone()
            if row is None:
                row = self._connection.execute("INSERT INTO names (name) VALUES (?) RETURNING key", (name,)).fetchone()
            known = self._keys[name] = int(row[0])
        return known
