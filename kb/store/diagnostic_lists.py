"""Keep each list of diagnostics once: of most articles it is the same as of many others."""

import sqlite3


def diagnostics_key(connection: sqlite3.Connection, packed: str | None) -> int | None:
    """Return the key of a list of diagnostics, packed (kb/store/content.py), which is written if it is new.

    None for none. Lists that nothing refers to any more stay: there are few, and the next import needs most of them.
    """
    if packed is None:
        return None
    row = connection.execute("SELECT key FROM diagnostic_lists WHERE content = ?", (packed,)).fetchone()
    if row is None:
        query = "INSERT INTO diagnostic_lists (content) VALUES (?) RETURNING key"
        row = connection.execute(query, (packed,)).fetchone()
    return int(row[0])
