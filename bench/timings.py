"""Sum up many timings in few figures."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some timings, and what 95 and 99 of 100 do not exceed; in the unit of the timings."""

    count: int
    median: float
    p95: float
    p99: float

    def as_dict(self) -> dict[str, float]:
        """Return the figures by name."""
        return asdict(self)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least of the values that `percent` of 100 do not exceed (the nearest rank); ValueError for none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(math.ceil(percent / 100 * len(ordered)) - 1, 0)]


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of some values; ValueError for none."""
    return Spread(len(values), percentile(values, 50), percentile(values, 95), percentile(values, 99))


def least_of_rounds(rounds: Sequence[Sequence[float]]) -> list[float]:
    """Return for each place the least of all rounds that have it: what else ran on the machine only adds."""
    longest = max((len(values) for values in rounds), default=0)
    return [min(values[place] for values in rounds if place < len(values)) for place in range(longest)]
