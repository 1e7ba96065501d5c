"""Keep lists once that many articles have: of diagnostics, and of the products that they apply to."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable

_DIGEST_BYTES = 16
KNOWN_LISTS = 20_000
"""Keys of lists that are remembered."""


class DiagnosticLists:
    """The table `diagnostic_lists`; changed inside the batches of kb/store/changes.py."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._keys: dict[str, int] = {}

    def forget(self) -> None:
        """Forget all keys, after a batch that wrote some was undone."""
        self._keys.clear()

    def key(self, packed: str | None) -> int | None:
        """Return the key of a list of diagnostics, packed (kb/store/content.py), which is written if it is new.

        None for none. Lists that nothing refers to any more stay: there are few, and the next import needs most of
        them.
        """
        if packed is None:
            return None
        known = self._keys.get(packed)
        if known is None:
            if len(self._keys) >= KNOWN_LISTS:
                self._keys.clear()
            digest = _digest(packed)
            row = self._connection.execute("SELECT key FROM diagnostic_lists WHERE digest = ?", (digest,)).fetchone()
            if row is None:
                query = "INSERT INTO diagnostic_lists (digest, content) VALUES (?, ?) RETURNING key"
                row = self._connection.execute(query, (digest, packed)).fetchone()
            known = self._keys[packed] = int(row[0])
        return known


def applies_key(connection: sqlite3.Connection, applies: Iterable[tuple[int, str]]) -> int:
    """Return the key of the list of these distinct products (their keys) and versions, written if it is new."""
    listed = sorted(applies)
    digest = _digest(json.dumps(listed))
    row = connection.execute("SELECT key FROM applies_lists WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        row = connection.execute("INSERT INTO applies_lists (digest) VALUES (?) RETURNING key", (digest,)).fetchone()
        connection.executemany("INSERT INTO applies VALUES (?, ?, ?)", [(row[0], *each) for each in listed])
    return int(row[0])


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()
