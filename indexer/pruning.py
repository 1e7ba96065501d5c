"""Articles whose files are gone from what an import was given: count them, or take them out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from indexer.derive import IndexUpdate
from indexer.files import is_gone
from kb.store.changes import Changes, Pruned
from kb.text.batches import analysed_batch

_ANALYSED_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Gone:
    """What is gone: keys of sources that were `visited`, and of those in the `folders` named that are not there now."""

    visited: Collection[int]
    sources: tuple[int, ...]


def look_for_gone(
    changes: Changes, visited: Collection[int], folders: Sequence[str], collection: str | None
) -> Gone | None:
    """Return what is gone, or None where nothing is; `folders` are absolute."""
    sources = tuple(
        key
        for folder in folders
        for key, path in changes.ledger.sources_under(folder, collection)
        if key not in visited and is_gone(path)
    )
    gone = Gone(visited, sources)
    return gone if sources or changes.ledger.leaving(visited, sources) else None


def count_gone(changes: Changes, gone: Gone) -> int:
    """Return how many articles would leave the store, which is left as it is."""
    with changes.batch(only_try=True):
        return len(changes.prune(gone.visited, gone.sources))


def prune(changes: Changes, update: IndexUpdate | None, gone: Gone) -> list[Pruned]:
    """Take out what is gone from the store, in one transaction, and from the indexes; return the articles that left."""
    with changes.batch():
        pruned = changes.prune(gone.visited, gone.sources)
        fallen_back = changes.take_fallen_back()
    if update is not None:
        update.delete([each.id for each in pruned])
        index_from_store(changes, update, fallen_back)
    return pruned


def index_from_store(changes: Changes, update: IndexUpdate, ids: Iterable[str]) -> None:
    """Bring the indexes up to what the store says of articles that are not in hand."""
    waiting = iter(ids)
    while some := list(islice(waiting, _ANALYSED_AT_ONCE)):
        update.add(analysed_batch(changes.articles.articles(some).values()))
