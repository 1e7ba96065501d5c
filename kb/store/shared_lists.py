"""Keep lists once that many articles have: of diagnostics, and of the products that they apply to."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable

_DIGEST_BYTES = 16


def diagnostics_key(connection: sqlite3.Connection, packed: str | None) -> int | None:
    """Return the key of a list of diagnostics, packed (kb/store/content.py), which is written if it is new.

    None for none. Lists that nothing refers to any more stay: there are few, and the next import needs most of them.
    """
    if packed is None:
        return None
    digest = _digest(packed)
    row = connection.execute("SELECT key FROM diagnostic_lists WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        query = "INSERT INTO diagnostic_lists (digest, content) VALUES (?, ?) RETURNING key"
        row = connection.execute(query, (digest, packed)).fetchone()
    return int(row[0])


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
