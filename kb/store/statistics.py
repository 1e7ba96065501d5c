"""Count what is in a home, and what it takes on the disk."""

from dataclasses import dataclass
from typing import Final

from kb.records import SCHEMA, Record
from kb.store.articles import Articles, StoreCounts
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, engine_folder
from kb.store.home import Home

_COUNTED: Final = ("kind", "fix_kind", "product", "year", "form", "collection")


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is in a home; `sizes` are pairs of a part of it and its bytes."""

    home: Home
    generation: int
    counts: StoreCounts
    sizes: tuple[tuple[str, int], ...]


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
    return Statistics(home, articles.generation, counts or articles.counts(), tuple(sizes))


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
    }
