"""The vectors of all articles: which are nearest in meaning to a query, and how near some of them are.

Two memory-mapped files of numpy, in the order of ids: `ids.npy` and `vectors.npy`, a row of bytes an article. They are
never changed: a writer reads those of one folder and writes what came of them to another.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from kb.errors import HomeError, IndexUnavailable
from kb.matching.term_vectors import ARTICLE_SCALE, Bytes, Floats, TermVectors, shipped_vectors, similarity
from kb.text.batches import Batch

try:
    # Bytes are multiplied as bytes, which numpy can do only one by one.
    import simsimd
except ImportError:  # no wheel for this platform
    simsimd = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

VECTORS_FORMAT: Final = 1
_IDS = "ids.npy"
_VECTORS = "vectors.npy"
Rows = NDArray[np.int64]
_ROWS_AT_ONCE: Final = 2048
"""So many rows, widened to floats, stay in the processor's cache."""
_LONGEST: Final = 1.05
"""Rows have length 1, but for what rounding adds."""
_BEYOND: Final = 100
"""Rows that are compared exactly, beyond those that are asked for."""


class VectorIndex:
    """The vectors in one folder, for reading. Several threads may share one."""

    def __init__(self, folder: Path) -> None:
        self._is_asked = False
        self._thread: ThreadPoolExecutor | None = None
        with _translated(folder):
            self._ids: NDArray[np.bytes_] = np.load(folder / _IDS, mmap_mode="r").view(np.ndarray)
            self._vectors: Bytes = np.load(folder / _VECTORS, mmap_mode="r").view(np.ndarray)
            if self._ids.ndim != 1 or self._vectors.shape[:1] != self._ids.shape:
                raise ValueError(f"{len(self._ids)} ids, vectors of shape {self._vectors.shape}")

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> Iterator[str]:
        """Yield the id of every article here, sorted."""
        for article_id in self._ids:
            yield article_id.decode()

    def nearest(self, text: Floats, limit: int, least: float = -1.0) -> list[str]:
        """Return the ids of the `limit` articles nearest to a text, the nearest first, with a cosine of `least`."""
        if not text.any():
            return []
        return [self._ids[row].decode() for row in nearest_rows(self._vectors, text, limit, least)]

    def begin_nearest(self, text: Floats, limit: int, least: float) -> Callable[[], list[str]]:
        """Begin to look for what `nearest` returns in a second thread; what is given back waits for it and returns it.

        The first time it only looks when it is waited for: a command asks once, and a thread takes longer to start
        than it saves.
        """
        look = partial(self.nearest, text, limit, least)
        if not self._is_asked:
            self._is_asked = True
            return look
        if self._thread is None:
            from concurrent.futures import ThreadPoolExecutor

            self._thread = ThreadPoolExecutor(1)
        return self._thread.submit(look).result

    def similarities(self, ids: Sequence[str], text: Floats) -> Floats:
        """Return the cosine of each article with a text; 0 for one that is not here."""
        found = np.zeros(len(ids), np.float32)
        if not len(self._ids) or not ids:
            return found
        rows, is_here = rows_of(self._ids, ids)
        found[is_here] = similarity(self._vectors[rows[is_here]], text)
        return found

    def cosines(self, ids: Sequence[str], text: Floats) -> dict[str, float]:
        """Return the `similarities` of distinct ids, by id."""
        return dict(zip(ids, self.similarities(ids, text).tolist(), strict=True))

    def missing_from(self, ids: NDArray[np.bytes_]) -> NDArray[np.bool_]:
        """Tell which of the `ids` are not here."""
        return ~np.isin(ids, self._ids)

    def close(self) -> None:
        """Let go of the files, after what was begun."""
        if self._thread is not None:
            self._thread.shutdown()
        self._ids, self._vectors = np.empty(0, "S1"), np.empty((0, 0), np.int8)


def rows_of(present: NDArray[np.bytes_], ids: Sequence[str]) -> tuple[Rows, NDArray[np.bool_]]:
    """Return the row of each id among those `present` (sorted, at least one), and whether it is there at all."""
    wanted = np.array([each.encode() for each in ids])
    rows = np.minimum(np.searchsorted(present, wanted), len(present) - 1)
    return rows, present[rows] == wanted


def write_array(path: Path, content: NDArray[Any]) -> None:
    """Write a file of numpy, and wait until it is on the disk."""
    with _durable(path) as file:
        np.save(file, content)


def write_rows(path: Path, rows: Rows, kept: Bytes, added: Bytes) -> None:
    """Write some `rows` of two arrays, one after the other, as `write_array`: no more than some at once in memory."""
    with _durable(path) as file:
        head = {"descr": np.lib.format.dtype_to_descr(kept.dtype), "fortran_order": False}
        np.lib.format.write_array_header_1_0(file, head | {"shape": (len(rows), kept.shape[1])})
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            lot = np.empty((len(some), kept.shape[1]), kept.dtype)
            is_kept = some < len(kept)
            lot[is_kept], lot[~is_kept] = kept[some[is_kept]], added[some[~is_kept] - len(kept)]
            file.write(lot.data)


@contextmanager
def _durable(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, and wait until it is on the disk."""
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def nearest_rows(
    vectors: Bytes, text: Floats, limit: int, least: float, usable: NDArray[np.bool_] | None = None
) -> Rows:
    """Return the `limit` rows nearest to a text, the nearest first, with a cosine of `least`; only `usable` ones."""
    rough, error = _rough_cosines(vectors, text)
    if usable is not None:
        rough[~usable] = -2
    near = np.flatnonzero(rough >= least - error)
    many = limit + _BEYOND
    if len(near) > many:
        near = near[np.argpartition(-rough[near], many - 1)[:many]]
    found = similarity(vectors[near], text)
    near, found = near[found >= least], found[found >= least]
    return near[np.lexsort((near, -found))[:limit]]


def _rough_cosines(vectors: Bytes, text: Floats) -> tuple[Floats, float]:
    """Return the cosine of every row with a text that is made as coarse as the rows, and how wrong it may be."""
    if simsimd is None:
        found = np.empty(len(vectors), np.float32)
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            found[start : start + _ROWS_AT_ONCE] = similarity(vectors[start : start + _ROWS_AT_ONCE], text)
        return found, 0.0
    scale = max(float(np.abs(text).max(initial=0.0)), 1e-9) / 127
    coarse = np.rint(text / scale).astype(np.int8)
    dots = simsimd.cdist(coarse[None], vectors, "dot", out_dtype="float32") if len(vectors) else np.empty((1, 0))
    # Each number of the text is half a step off at most; by the inequality of Cauchy and Schwarz.
    error = scale / 2 * len(text) ** 0.5 * _LONGEST
    return np.asarray(dots, np.float32).ravel() * np.float32(scale / ARTICLE_SCALE), error


class VectorWriter:
    """Makes the files of `folder` from those of the folder `before`, if there is one, and from what is added."""

    def __init__(self, folder: Path, before: Path | None = None, vectors: TermVectors | None = None) -> None:
        self._folder = folder
        self._before = before
        self._vectors = vectors or shipped_vectors()
        # In the order of the changes: their ids, and whether each has a vector, one after the other in `_added`.
        self._changes: list[tuple[NDArray[np.bytes_], bool]] = []
        self._added = bytearray()

    def add(self, batch: Batch) -> None:
        """Add articles, each in place of the one with its id."""
        if batch.ids:
            self._changes.append((_as_bytes(batch.ids), True))
            self._added += self._vectors.embed_articles(batch).tobytes()

    def delete(self, ids: Iterable[str]) -> None:
        """Take articles out; an id that is not there is ignored."""
        gone = list(ids)
        if gone:
            self._changes.append((_as_bytes(gone), False))

    def write(self) -> bool:
        """Write the files; tell whether there was anything to write that `before` does not have."""
        if self._before is not None and not self._changes:
            return False
        added = np.frombuffer(self._added, np.int8).reshape(-1, self._vectors.size)
        kept_ids, kept = np.empty(0, "S1"), np.empty((0, self._vectors.size), np.int8)
        if self._before is not None:
            with _translated(self._before):
                kept_ids = np.load(self._before / _IDS)
                kept = np.load(self._before / _VECTORS, mmap_mode="r").view(np.ndarray)
        ids, rows = kept_ids, np.arange(len(kept_ids))
        if self._changes:
            changed, latest = _latest([ids for ids, _ in self._changes])
            is_there = np.concatenate([np.full(len(ids), is_added) for ids, is_added in self._changes])
            # A row for each change that has one, in their order, after those that are kept.
            row = len(kept) + np.cumsum(is_there) - 1
            latest = latest[is_there[latest]]
            stays = ~np.isin(kept_ids, changed)
            ids, rows = np.concatenate((ids[stays], changed[latest])), np.concatenate((rows[stays], row[latest]))
        order = np.argsort(ids, kind="stable")
        rows = rows[order]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_array(self._folder / _IDS, ids[order])
            write_rows(self._folder / _VECTORS, rows, kept, added)
        except OSError as error:
            raise HomeError(
                f"the vectors in {self._folder} cannot be written: {error}",
                next_step="see to the space and permissions of the folder, then run: kbfix rebuild",
            ) from error
        return True


def _as_bytes(ids: Sequence[str]) -> NDArray[np.bytes_]:
    return np.array([each.encode() for each in ids], "S")


def _latest(changes: Sequence[NDArray[np.bytes_]]) -> tuple[NDArray[np.bytes_], Rows]:
    """Return the ids of all changes, one after the other, and the places where each of them stands last."""
    every = np.concatenate(changes)
    _, from_the_end = np.unique(every[::-1], return_index=True)
    return every, len(every) - 1 - from_the_end


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, EOFError) as error:
        raise IndexUnavailable(
            f"the vectors in {folder} cannot be used: {' '.join(str(error).split())}", next_step="run: kbfix rebuild"
        ) from error
