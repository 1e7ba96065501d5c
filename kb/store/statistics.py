"""Count what is in a home, and what it takes on the disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kb.records import SCHEMA, Record
from kb.store.articles import Articles, StoreCounts
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, engine_folder
from kb.store.home import Home

BUDGETS: Final[Mapping[str, int]] = {
    "store": 1420, "forward index": 680, "tantivy index": 420, "whoosh index": 1500, "vectors": 140,
    "sentence vectors": 400,
}  # fmt: skip
"""Bytes an article that each part of a home may take, of an archive like Microsoft's (850 bytes of it packed)."""
MANY: Final = 10_000
"""Articles from which on a part takes what its articles take; below, what every home has counts for more."""
_COUNTED: Final = ("kind", "fix_kind", "product", "year", "form", "collection")


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is in a home; `sizes` are pairs of a part of it and its bytes.

    `packed` are the bytes within the store of all articles and their originals, as they are packed.
    """

    home: Home
    generation: int
    counts: StoreCounts
    sizes: tuple[tuple[str, int], ...]
    packed: int


def statistics(articles: Articles, counts: StoreCounts | None = None) -> Statistics:
    """Return the counts and sizes of the home that is read; `counts` are its own, where they are known already."""
    home = articles.home
    sizes = [("store", home.store.stat().st_size), ("forward index", Derived(home, FORWARD).bytes())]
    sizes.append(("vectors", Derived(home, VECTORS).bytes()))
    if Derived(home, SENTENCES).current():
        sizes.append(("sentence vectors", Derived(home, SENTENCES).bytes()))
    for folder in sorted(home.derived.glob(engine_folder("*"))):
        derived = Derived(home, folder.name)
        if derived.current():
            sizes.append((f"{folder.name.removeprefix(engine_folder(''))} index", derived.bytes()))
    return Statistics(home, articles.generation, counts or articles.counts(), tuple(sizes), articles.packed_bytes())


def statistics_record(found: Statistics) -> Record:
    """Return statistics as a JSON-ready record."""
    counts = found.counts
    return {
        "schema": SCHEMA,
        "home": str(found.home.path),
        "generation": found.generation,
        "articles": counts.articles,
        "revisions": counts.revisions,
        "with_fix": counts.with_fix,
        "citations": counts.citations,
        "dangling": counts.dangling,
        **{
            f"by_{name}": [{"value": value, "count": number} for value, number in getattr(counts, f"by_{name}")]
            for name in _COUNTED
        },
        "bytes": dict(found.sizes),
        "packed_bytes": found.packed,
    }
