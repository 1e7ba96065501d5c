"""Search labelled queries, and sum up the ranks of their right articles: figures of one side, and of two compared."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kb.errors import BadInput
from kb.evaluation.labelled import LabelledQuery
from kb.evaluation.measures import DEPTH, MEASURES, values
from kb.evaluation.resampling import Estimate, chances, difference, estimates
from kb.search import Searcher

CHANCE: Final = 0.05
"""From this p on, a difference may well be chance."""
WITHOUT: Final = "(none)"
"""The group of queries that lack the field that groups are told by."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search brought: the rank of the first right article within ten, or None; and the id that came first.

    `searched` is false where nothing of the query can be searched, `present` where the home has no right article.
    """

    query: LabelledQuery
    rank: int | None
    first: str | None
    searched: bool = True
    present: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """The means of some queries, by measure."""

    queries: int
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Difference:
    """One side's mean less the other's, with its interval, and the chance of it if the sides were alike."""

    estimate: Estimate
    p: float

    @property
    def may_be_chance(self) -> bool:
        """Tell whether a difference as large comes about by chance more than once in twenty times."""
        return self.p >= CHANCE


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides on the same queries: how many have their right article higher, lower, or where it was."""

    better: int
    worse: int
    same: int
    differences: Mapping[str, Difference]


def outcomes(
    searcher: Searcher, queries: Sequence[LabelledQuery], progress: Callable[[int], None] = lambda _: None
) -> list[Outcome]:
    """Search every query that has a right article; `progress` is called with the number of queries done."""
    wanted = [query for query in queries if query.relevant]
    here = searcher.articles.heads(sorted(set().union(*(query.relevant for query in wanted))))
    found = []
    for query in wanted:
        present = any(article in here for article in query.relevant)
        try:
            ids = [article for article, _ in searcher.run_line(query.query, limit=DEPTH)]
        except BadInput:
            found.append(Outcome(query, None, None, searched=False, present=present))
        else:
            rank = next((at for at, article in enumerate(ids, start=1) if article in query.relevant), None)
            found.append(Outcome(query, rank, ids[0] if ids else None, present=present))
        progress(len(found))
    return found


def figures(found: Sequence[Outcome], seed: int) -> Figures:
    """Return the means of all measures over queries, of which there must be one."""
    means = estimates([values(outcome.rank) for outcome in found], seed)
    return Figures(len(found), dict(zip(MEASURES, means, strict=True)))


def groups(found: Iterable[Outcome], field: str) -> dict[str, list[Outcome]]:
    """Return the outcomes by the value of a field, the largest group first."""
    grouped: dict[str, list[Outcome]] = {}
    for outcome in found:
        grouped.setdefault(outcome.query.fields.get(field, WITHOUT), []).append(outcome)
    return dict(sorted(grouped.items(), key=lambda group: (-len(group[1]), group[0])))


def compare(these: Sequence[Outcome], those: Sequence[Outcome], seed: int) -> Comparison:
    """Return how `these` differ from `those`, which are of the same queries in the same order."""
    pairs = [(values(this.rank), values(that.rank)) for this, that in zip(these, those, strict=True)]
    rows = [difference(*pair) for pair in pairs]
    better, worse = (sum(this > that for this, that in pairs), sum(this < that for this, that in pairs))
    measured = zip(MEASURES, estimates(rows, seed), chances(rows, seed), strict=True)
    return Comparison(
        better, worse, len(rows) - better - worse, {name: Difference(mean, p) for name, mean, p in measured}
    )
