r"""The contract that every search engine keeps. Its words are the contract; tests/contract holds each engine to them.

**What an engine is.** An engine keeps `IndexDocument`s in a folder that it is given, and brings `Candidate`s for a
bag of weighted terms. It is derived data: everything in it can be built again from the store. Three protocols share
the work: an `Engine` makes and opens indexes, an `IndexReader` asks one, an `IndexWriter` changes one.

**Terms** are given ready: no engine cuts, lower-cases, stems or drops anything. A term is a non-empty string that can
be written as UTF-8 and holds no white space; it may hold any other character (`:`, `.`, `#`, `\\`, quotes, emoji) and
be some hundred characters long. The terms of a document are one weighted field in the sense of BM25F: each term has
its weighted frequency over the article's fields, a positive number that need not be whole. A frequency that is not
above zero counts as absent.

**Score.** BM25 with k1 = `K1` and b = `B` over the weighted field (Robertson and Zaragoza, "The Probabilistic
Relevance Framework", 2009, 3.5):

    score(d) = sum over query terms t of  weight(t) * idf(t) * f(t, d) * (K1 + 1) / (f(t, d) + K1 * norm(d))
    norm(d)  = 1 - B + B * length(d) / average length;    length(d) = sum of f over the terms of d
    idf(t)   = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5))

An engine may hold lengths and frequencies coarsely (a byte each is usual), and may count documents that were replaced
or deleted until the index is next built as a whole; scores differ from the formula by that much. One that counts terms
in whole numbers rounds a frequency, halves up, but to no less than one; its writer may take documents that are counted
already (`CountingWriter`), since counting many at once is faster. Scores are `rounded`
to `SCORE_DIGITS` significant digits, so that ties are ties, whatever order an engine adds them up in.

**Candidates** come best first, ties in the order of their ids (by code point), whatever the order of import. At most
`limit` come (1 to `MAX_LIMIT`). `Filters` are applied inside the engine, before the limit. Terms that the index does
not know, and terms whose weight is not above zero, are ignored. No term, or no match, gives an empty list: filters
alone match nothing. An engine may leave the most frequent terms of a long query out of the score where its module says
so, as long as every query of `ALWAYS_SCORED` terms or fewer is scored whole.

**Filter fields** are those of `FILTER_FIELDS` (other keywords of a document are ignored); their values are compared
exactly, and may be any string. A document must have one of the values of every field named, and a date within the
bounds, both inclusive; a document without a date fails a bound.

**Writing.** One writer at a time; a second is `HomeBusy`, a lock left by a dead process is taken over. `add` replaces
a document of the same id, also one added since the last commit. Nothing is seen by a new reader until `commit`
returns; by then files and folder are synced to the disk. A process killed at any moment, a `close` without `commit`,
or an exception inside `with` leaves the last commit whole. `build=True` is a promise that the index is empty and that
no id is added twice: an engine may be faster then.

**Reading.** A reader keeps the snapshot it was opened with until `refresh`. It may be used by several threads.

**Errors.** No type and no exception of a library leaves its module. A folder that holds no index, another engine's, a
damaged one or one of another format is `IndexUnavailable`, with `kbfix rebuild --engine NAME` as the next step. The
disk's own trouble (no space, no permission) is `HomeError`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self, runtime_checkable

from kb.errors import BadInput, HomeBusy, HomeError, IndexUnavailable
from kb.frozen import dataclass
from kb.models import Candidate, CountedDocument, Filters, IndexDocument

K1: Final = 1.2
B: Final = 0.75
MAX_LIMIT: Final = 1000
SCORE_DIGITS: Final = 5
ALWAYS_SCORED: Final = 16
FILTER_FIELDS: Final = ("product", "version", "kind", "fix_kind", "collection", "category")


@dataclass(frozen=True, slots=True)
class EngineStats:
    """What an index holds: live documents, its bytes on disk, the engine's name and its library's version."""

    documents: int
    bytes: int
    name: str
    version: str


class IndexReader(Protocol):
    """A snapshot of the index in the folder `path`."""

    @property
    def path(self) -> Path:
        """The folder that was opened."""
        ...

    def candidates(self, terms: Mapping[str, float], filters: Filters, limit: int) -> list[Candidate]:
        """Find the `limit` best documents for the query terms and their weights, within the filters."""
        ...

    def document_frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Count the documents that hold each term; a term that the index does not know has 0."""
        ...

    def ids(self) -> Iterator[str]:
        """Give the id of every live document, in no order."""
        ...

    def stats(self) -> EngineStats:
        """Count what is in the index."""
        ...

    def refresh(self) -> None:
        """Move on to the last commit."""
        ...

    def close(self) -> None:
        """Let go of files; a closed reader must not be asked again."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class IndexWriter(Protocol):
    """The one writer of an index."""

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Add documents; one whose id is there already takes its place."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Delete the documents of these ids; an id that is not there is ignored."""
        ...

    def commit(self) -> None:
        """Make all that was added and deleted durable, and let new readers see it."""
        ...

    def close(self) -> None:
        """Give the lock back. What was not committed is lost."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@runtime_checkable
class CountingWriter(IndexWriter, Protocol):
    """The writer of an engine that counts terms in whole numbers."""

    def add_counted(self, documents: Iterable[CountedDocument]) -> None:
        """Add documents as `add` does, which are counted already."""
        ...


class Engine(Protocol):
    """A way to keep documents and to find them by terms; it holds no state of its own."""

    @property
    def name(self) -> str:
        """The engine's name, as `--engine` takes it."""
        ...

    @property
    def version(self) -> str:
        """The version of its library."""
        ...

    def create(self, path: Path) -> None:
        """Make an empty index in the folder `path`, which is made too.

        An index of this engine that is there already is emptied; other files are `HomeError`, and stay.
        """
        ...

    def open(self, path: Path) -> IndexReader:
        """Open the last commit for reading."""
        ...

    def writer(self, path: Path, *, build: bool = False) -> IndexWriter:
        """Open for writing; `build` promises an empty index and distinct ids."""
        ...

    def check(self, path: Path) -> Sequence[str]:
        """Tell what is wrong with an index, a sentence each; nothing, if it opens and its files are sound."""
        ...


def rounded(score: float) -> float:
    """Round a score to its first `SCORE_DIGITS` digits."""
    return float(f"{score:.{SCORE_DIGITS}g}")


def check_request(filters: Filters, limit: int) -> None:
    """Refuse a limit out of range or a filter field that does not exist with `BadInput`."""
    if not 1 <= limit <= MAX_LIMIT:
        raise BadInput(f"the limit {limit} is out of range", next_step=f"give a limit from 1 to {MAX_LIMIT}")
    for name in filters.keywords:
        if name not in FILTER_FIELDS:
            raise BadInput(f"there is no filter {name!r}", next_step=f"use one of: {', '.join(FILTER_FIELDS)}")


def encodable(text: str) -> bool:
    """Tell whether a string can be in an index at all; one with a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def not_unicode(document: IndexDocument | CountedDocument) -> BadInput:
    """Say that a document's strings cannot be written as UTF-8."""
    return BadInput(
        f"article {document.id!r} has text that is no Unicode", next_step="repair the article, then import it again"
    )


def prepare_folder(name: str, path: Path, marker: str) -> None:
    """Make the folder of a new index and empty it, if it holds the file `marker` that tells an index of this engine."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        present = sorted(path.iterdir())
        if present and not any(found.name.startswith(marker) for found in present):
            raise HomeError(
                f"{path} holds files that are no {name} index",
                next_step="choose an empty folder, or move the files away",
            )
        for found in present:
            found.unlink()
    except OSError as error:
        raise disk_trouble(name, path, error) from error


def bytes_on_disk(path: Path) -> int:
    """Add up the sizes of the files in a folder, in bytes; a file that vanishes meanwhile counts nothing."""
    total = 0
    for found in path.iterdir():
        with suppress(OSError):
            total += found.stat().st_size
    return total


def rebuild_step(name: str) -> str:
    """Name the command that builds an engine's index again from the store."""
    return f"run: kbfix rebuild --engine {name}"


def not_built(name: str, path: Path) -> IndexUnavailable:
    """Say that the folder holds no index of this engine."""
    return IndexUnavailable(f"there is no {name} index in {path}", next_step=rebuild_step(name))


def damaged(name: str, path: Path, reason: object) -> IndexUnavailable:
    """Say that the folder's index cannot be read; `reason` is the library's own word, cut to one line."""
    return IndexUnavailable(f"the {name} index in {path} cannot be read: {_line(reason)}", next_step=rebuild_step(name))


def busy(name: str, path: Path) -> HomeBusy:
    """Say that somebody else is writing to the index."""
    return HomeBusy(
        f"another process is writing to the {name} index in {path}", next_step="wait until it has ended, then try again"
    )


def disk_trouble(name: str, path: Path, reason: object) -> HomeError:
    """Say that the disk would not take what was written."""
    return HomeError(
        f"the {name} index in {path} cannot be written: {_line(reason)}",
        next_step=f"see to the space and permissions of the folder, then {rebuild_step(name)}",
    )


def _line(reason: object) -> str:
    words = " ".join(str(reason).split()) or type(reason).__name__
    return words if len(words) <= 200 else words[:199] + "…"
