"""Keep what is derived from the store up to date: the engine's index, the forward index and the vectors.

All are stamped with the generation of the store that they hold. An import adds to them as it goes; what an
interrupted one left undone is caught up from the store; what cannot be caught up is built again, aside, and swapped in.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from kb.engines.base import CountingWriter, Engine, IndexWriter
from kb.matching.forward_index import FORWARD_FORMAT, ForwardIndex
from kb.matching.term_vectors import shipped_vectors
from kb.matching.vector_index import VECTORS_FORMAT, VectorWriter
from kb.matching.weighing import counted_documents, index_documents
from kb.models import Article
from kb.search import INDEX_FORMAT
from kb.store.articles import Articles
from kb.store.derived import FORWARD, VECTORS, Derived, Stamp, engine_folder
from kb.store.home import Home
from kb.text.batches import Batch, analysed_batch
from kb.text.terms import ANALYSIS_VERSION

_BATCH: Final = 512


class _Part(Protocol):
    """One kind of derived data: how it is written.

    What is a `snapshot` is written aside every time, from what is in use (`before`); else `before` is None, and
    `folder` is the one in use, unless it is to `build`. `commit` tells whether there is anything in `folder`.
    """

    derived: Derived
    format: int
    model: str
    snapshot: bool

    def open(self, folder: Path, before: Path | None, *, build: bool) -> None: ...
    def add(self, batch: Batch) -> None: ...
    def delete(self, ids: Sequence[str]) -> None: ...
    def commit(self) -> bool: ...
    def close(self) -> None: ...


class _EnginePart:
    format = INDEX_FORMAT
    model = ""
    snapshot = False

    def __init__(self, home: Home, engine: Engine) -> None:
        self.derived = Derived(home, engine_folder(engine.name))
        self._engine = engine
        self._folder: Path | None = None
        self._writer: IndexWriter | None = None
        self._build = False
        self._built: set[str] = set()
        self._again: dict[str, Batch] = {}

    def open(self, folder: Path, before: Path | None, *, build: bool) -> None:  # noqa: ARG002  (only of a snapshot)
        if build:
            self._engine.create(folder)
        self._folder, self._build = folder, build
        self._built, self._again = set(), {}
        self._writer = self._engine.writer(folder, build=build)

    def add(self, batch: Batch) -> None:
        assert self._writer is not None
        if self._build:
            # A building writer takes every id once; what comes again waits for the next writer.
            again = [place for place, each in enumerate(batch.ids) if each in self._built]
            self._again.update({batch.ids[place]: batch.only([place]) for place in again})
            batch = batch.only([place for place in range(len(batch)) if place not in again])
            self._built.update(batch.ids)
        if isinstance(self._writer, CountingWriter):
            self._writer.add_counted(counted_documents(batch))
        else:
            self._writer.add(index_documents(batch))

    def delete(self, ids: Sequence[str]) -> None:
        assert self._writer is not None
        self._writer.delete(ids)

    def commit(self) -> bool:
        assert self._writer is not None
        assert self._folder is not None
        self._writer.commit()
        if self._again:
            self._writer.close()
            again = list(self._again.values())
            self._build, self._again = False, {}
            self._writer = self._engine.writer(self._folder)
            for batch in again:
                self.add(batch)
            self._writer.commit()
        return True

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class _ForwardPart:
    format = FORWARD_FORMAT
    snapshot = False

    def __init__(self, home: Home) -> None:
        self.model = shipped_vectors().version
        self.derived = Derived(home, FORWARD)
        self._forward: ForwardIndex | None = None

    def open(self, folder: Path, before: Path | None, *, build: bool) -> None:  # noqa: ARG002  (one is made where none is)
        self._forward = ForwardIndex(folder, writable=True)

    def add(self, batch: Batch) -> None:
        assert self._forward is not None
        self._forward.add(batch)

    def delete(self, ids: Sequence[str]) -> None:
        assert self._forward is not None
        self._forward.delete(ids)

    def commit(self) -> bool:
        assert self._forward is not None
        self._forward.commit()
        return True

    def close(self) -> None:
        if self._forward is not None:
            self._forward.close()
            self._forward = None


class _VectorPart:
    format = VECTORS_FORMAT
    snapshot = True

    def __init__(self, home: Home) -> None:
        self.model = shipped_vectors().version
        self.derived = Derived(home, VECTORS)
        self._writer: VectorWriter | None = None

    def open(self, folder: Path, before: Path | None, *, build: bool) -> None:  # noqa: ARG002  (`before` tells it)
        self._writer = VectorWriter(folder, before)

    def add(self, batch: Batch) -> None:
        assert self._writer is not None
        self._writer.add(batch)

    def delete(self, ids: Sequence[str]) -> None:
        assert self._writer is not None
        self._writer.delete(ids)

    def commit(self) -> bool:
        assert self._writer is not None
        return self._writer.write()

    def close(self) -> None:
        self._writer = None


class IndexUpdate:
    """The derived data of a home, opened to follow the changes of its store.

    `begin` brings them to the store's present state; then articles are added and deleted as the store changes, and
    `finish` makes them durable and stamps them. A process that ends before `finish` leaves them as they were.
    What is read from the store is derived from as `seen_as` gives it.
    """

    def __init__(
        self,
        home: Home,
        engine: Engine,
        *,
        rebuild: bool = False,
        seen_as: Callable[[Article], Article] = lambda article: article,
    ) -> None:
        self._parts: list[tuple[_Part, Path, bool]] = []
        self._pending: list[_Part] = [_EnginePart(home, engine), _ForwardPart(home), _VectorPart(home)]
        self._rebuild = rebuild
        self._seen_as = seen_as

    def begin(self, articles: Articles, progress: Callable[[int], None] = lambda _: None) -> None:
        """Open everything and catch up with the store; `progress` is called with the number of articles done."""
        behind: dict[int, list[_Part]] = {}
        for part in self._pending:
            found = None if self._rebuild else part.derived.current()
            stamp = _stamp(articles, part)
            if found is not None and stamp.same_build(found[1]) and found[1].generation <= articles.generation:
                before, generation = found[0], found[1].generation
            else:
                before, generation = None, 0
            aside = part.snapshot or before is None
            folder = part.derived.aside() if aside or before is None else before
            part.open(folder, before if part.snapshot else None, build=before is None)
            self._parts.append((part, folder, aside))
            if before is None or generation < articles.generation:
                behind.setdefault(generation, []).append(part)
        for generation, parts in behind.items():
            self._catch_up(articles, generation, parts, progress)

    def add(self, batch: Batch) -> None:
        """Add articles that the store has taken in; of those with one id the last."""
        latest = batch.latest()
        for part, _, _ in self._parts:
            part.add(latest)

    def delete(self, ids: Sequence[str]) -> None:
        """Delete articles that the store has let go."""
        for part, _, _ in self._parts:
            part.delete(ids)

    def finish(self, articles: Articles) -> None:
        """Make everything durable, put what was built aside in use, and stamp it with the store's generation."""
        engine, *others = [part for part, _, _ in self._parts]
        # While it commits, an engine needs little of Python, and the rest one processor.
        with ThreadPoolExecutor(1) as beside:
            of_engine = beside.submit(engine.commit)
            of_others = [part.commit() for part in others]
        for (part, folder, aside), is_written in zip(self._parts, (of_engine.result(), *of_others), strict=True):
            part.close()
            stamp = _stamp(articles, part)
            found = part.derived.current()
            if aside and is_written:
                part.derived.swap(folder, stamp)
            elif found is not None and found[1] != stamp:
                part.derived.restamp(stamp)

    def close(self) -> None:
        """Let go of everything; what was not finished is as it was."""
        for part, _, _ in self._parts:
            part.close()

    def _catch_up(
        self, articles: Articles, generation: int, parts: Sequence[_Part], progress: Callable[[int], None]
    ) -> None:
        removed = articles.removed_since(generation)
        if removed and generation:
            for part in parts:
                part.delete(removed)
        done = 0
        changed = map(self._seen_as, articles.changed_since(generation))
        while batch := analysed_batch(islice(changed, _BATCH)):
            for part in parts:
                part.add(batch)
            done += len(batch)
            progress(done)


def _stamp(articles: Articles, part: _Part) -> Stamp:
    return Stamp(articles.uid, articles.generation, ANALYSIS_VERSION, part.format, part.model)
