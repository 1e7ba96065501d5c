"""The term dictionary of the forward index: which code stands for which term.

Sorted terms stand in blocks, compressed, each found by its first term (as in the dictionaries of Witten, Moffat, Bell:
Managing Gigabytes, 1999, section 4.1): a row for each would take three times as much. What few articles add later
stands in rows beside them, until it is worth writing the blocks anew.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np

from kb.frames import Compressor, Decompressor
from kb.text.signatures import signature_kind

SCHEMA: Final = """
CREATE TABLE term_blocks (first TEXT PRIMARY KEY, terms BLOB NOT NULL, codes BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE late_terms (term TEXT PRIMARY KEY, code INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE signature_kinds (code INTEGER PRIMARY KEY, kind TEXT NOT NULL);
"""
"""`terms` is a frame of a block's terms, each between line ends; `codes` are theirs, in `_CODE_BYTES` each."""
_BLOCK: Final = 256
"""Terms of a block: half as many are found a little sooner, and take a tenth more."""
_CODE_BYTES: Final = 3
_LATE_SHARE: Final = 8
"""Where late terms are more than one in so many, all are written in blocks."""
_LAST: Final = chr(0x10FFFF)


class TermDictionary:
    """The term dictionary in an open SQLite file; raises its errors, and ValueError for a damaged block."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._decompress = Decompressor(lambda _: None)

    def codes(self, terms: Iterable[str]) -> dict[str, int]:
        """Return the codes of those of the `terms` that are here."""
        ordered = sorted(set(terms))
        late = "SELECT term, code FROM late_terms WHERE term IN (SELECT value FROM json_each(?))"
        found = dict(self._connection.execute(late, (json.dumps(ordered),)))
        names, codes = b"", b""
        for term in ordered:
            line = _line(term)
            place = names.find(line)
            if place < 0 and term not in found:
                names, codes = self._block_of(term)
                place = names.find(line)
            if place >= 0:
                found[term] = _code(codes, names.count(b"\n", 0, place))
        return found

    def beginning_with(self, prefix: str) -> list[str]:
        """Return the terms that begin so."""
        late = self._connection.execute(
            "SELECT term FROM late_terms WHERE term >= ? AND term < ?", (prefix, prefix + _LAST)
        ).fetchall()
        blocks = self._connection.execute(
            "SELECT terms FROM term_blocks WHERE first < ?1 AND first >= "
            "coalesce((SELECT max(first) FROM term_blocks WHERE first <= ?2), '')",
            (prefix + _LAST, prefix),
        )
        listed = (name for (terms,) in blocks for name in self._names(terms) if name.startswith(prefix))
        return [*(row[0] for row in late), *listed]

    def signature_kinds(self, codes: Iterable[int]) -> dict[int, str]:
        """Return the kinds of those of the codes that stand for a signature of one (kb/text/signatures.py)."""
        query = "SELECT code, kind FROM signature_kinds WHERE code IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(query, (json.dumps(list(codes)),)))

    def every(self) -> Iterator[tuple[str, int]]:
        """Yield all terms with their codes."""
        for terms, codes in self._connection.execute("SELECT terms, codes FROM term_blocks"):
            for place, name in enumerate(self._names(terms)):
                yield name, _code(codes, place)
        yield from self._connection.execute("SELECT term, code FROM late_terms")

    def write(self, new: Mapping[str, int], known: Iterable[tuple[str, int]]) -> None:
        """Add terms; `known` are all that there are then, which are asked for where blocks are written anew."""
        kinds = ((code, signature_kind(term)) for term, code in new.items() if "=" in term)
        self._connection.executemany("INSERT INTO signature_kinds VALUES (?, ?)", (each for each in kinds if each[1]))
        blocks, late = self._connection.execute(
            "SELECT (SELECT count(*) FROM term_blocks), (SELECT count(*) FROM late_terms)"
        ).fetchone()
        if (late + len(new)) * _LATE_SHARE <= blocks * _BLOCK:
            self._connection.executemany("INSERT INTO late_terms VALUES (?, ?)", new.items())
            return
        self._connection.execute("DELETE FROM late_terms")
        self._connection.execute("DELETE FROM term_blocks")
        compress = Compressor()
        coded = dict(known)
        # Sorted without their codes: pairs take twice as long.
        terms = sorted(coded)
        every = np.fromiter(map(coded.__getitem__, terms), "<u4", len(terms))
        codes = every.view(np.uint8).reshape(-1, every.itemsize)[:, :_CODE_BYTES].tobytes()
        for start in range(0, len(terms), _BLOCK):
            some = terms[start : start + _BLOCK]
            names = "\n".join(("", *some, "")).encode()
            theirs = codes[start * _CODE_BYTES : (start + len(some)) * _CODE_BYTES]
            self._connection.execute("INSERT INTO term_blocks VALUES (?, ?, ?)", (some[0], compress(names), theirs))

    def problems(self) -> list[str]:
        """Return what is wrong with the blocks, a sentence each."""
        found = []
        for first, terms, codes in self._connection.execute("SELECT first, terms, codes FROM term_blocks"):
            try:
                names = self._names(terms)
            except ValueError as error:
                found.append(f"the terms from {first!r} on: {error}")
                continue
            if names[0] != first or len(codes) != len(names) * _CODE_BYTES:
                found.append(f"the terms from {first!r} on do not fit to their codes")
        return found

    def _block_of(self, term: str) -> tuple[bytes, bytes]:
        """Return the terms, each between line ends, and the codes of the block in which a term is if it is in any."""
        query = "SELECT terms, codes FROM term_blocks WHERE first <= ? ORDER BY first DESC LIMIT 1"
        row = self._connection.execute(query, (term,)).fetchone()
        return (self._decompress(row[0]), row[1]) if row else (b"", b"")

    def _names(self, frame: bytes) -> list[str]:
        return self._decompress(frame).decode().split("\n")[1:-1]


def _line(term: str) -> bytes:
    return b"\n%b\n" % term.encode()


def _code(codes: bytes, place: int) -> int:
    return int.from_bytes(codes[place * _CODE_BYTES : (place + 1) * _CODE_BYTES], "little")
