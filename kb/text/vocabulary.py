"""A table of terms that grows, and goes from process to process a piece at a time.

Batches name their terms by number. Most terms of one are those of all others: sent once and looked up once, they cost
nothing any more.
"""

from os import getpid, urandom
from typing import Any

_received: dict[int, tuple[bytes, "Vocabulary"]] = {}
"""The table that came last from each process, with its name."""


class Vocabulary:
    """The terms that numbers stand for: `terms[number]`. A number never gets another term.

    Pickled, it is what is new in it since it was pickled last: a process that unpickles all that another one has
    pickled, in the same order, has the same table. A missing piece is a ValueError.
    """

    __slots__ = ("__weakref__", "_key", "_sent", "terms")

    def __init__(self) -> None:
        self.terms: list[str] = []
        # A name by chance, since numbers of processes are used again.
        self._key = (getpid(), urandom(8))
        self._sent = 0

    def __reduce__(self) -> tuple[Any, ...]:
        start, self._sent = self._sent, len(self.terms)
        return _grown, (*self._key, start, tuple(self.terms[start:]))


def _grown(process: int, name: bytes, start: int, terms: tuple[str, ...]) -> Vocabulary:
    known, vocabulary = _received.get(process, (None, None))
    if vocabulary is None or known != name:
        vocabulary = Vocabulary()
        _received[process] = name, vocabulary
    if start > len(vocabulary.terms):
        raise ValueError("a piece of a vocabulary is missing")
    vocabulary.terms += terms[len(vocabulary.terms) - start :]
    return vocabulary
