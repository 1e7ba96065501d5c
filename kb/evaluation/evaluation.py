"""Sum up the ranks of right articles: figures of one side, in total and by group, and of two sides compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kb.evaluation.measures import MEASURES, values
from kb.evaluation.outcomes import Outcome
from kb.evaluation.resampling import Estimate, chances, difference, estimates

CHANCE: Final = 0.05
"""From this p on, a difference may well be chance."""
WITHOUT: Final = "(none)"
"""The group of queries that lack the field that groups are told by."""


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


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched, a home (its path) with an engine (its name), and what that brought."""

    home: str
    engine: str
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Side:
    """The figures of what was searched: a home with an engine."""

    home: str
    engine: str
    total: Figures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that one run found out.

    `left_out` queries have no right article. `by` is the field that the groups are told by; `other` is the side that
    was compared with, and `words` the length of withheld symptoms that were the queries; each None where it is not so.
    """

    side: Side
    outcomes: Sequence[Outcome]
    left_out: int
    seed: int
    by: str | None
    groups: Mapping[str, Figures]
    other: Side | None = None
    comparison: Comparison | None = None
    words: int | None = None


def evaluation(
    searched: Searched, other: Searched | None, *, left_out: int, by: str | None, seed: int, words: int | None = None
) -> Evaluation:
    """Return all figures of what was searched, compared with another side if there is one: `Evaluation` has the rest.

    Both sides are of the same queries in the same order, of which there must be one.
    """
    return Evaluation(
        side=_side(searched, seed),
        outcomes=searched.outcomes,
        left_out=left_out,
        seed=seed,
        by=by,
        groups={value: figures(some, seed) for value, some in groups(searched.outcomes, by).items()} if by else {},
        other=_side(other, seed) if other else None,
        comparison=compare(searched.outcomes, other.outcomes, seed) if other else None,
        words=words,
    )


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


def _side(searched: Searched, seed: int) -> Side:
    return Side(searched.home, searched.engine, figures(searched.outcomes, seed))
