"""Which articles become candidates, and which of these are worth the second stage.

An engine brings some by their words, vectors others by their meaning (kb/search.py). Scoring all of them would take
most of a search, and nearly all right articles that come out among the first ten promise well before.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np

from kb.frozen import dataclass

CANDIDATES: Final = 120
"""Candidates that the engine brings (docs/relevance.md: how many of them are right)."""
NEAREST: Final = 100
"""Candidates that their meaning brings beside them, the nearest first."""
LEAST_MEANING: Final = 0.35
"""The cosine from which on they are brought: 98 of 100 right articles are nearer to their query."""
NEAREST_SENTENCES: Final = 60
"""Candidates that the sentence model brings, where it is in use."""
LEAST_SENTENCE: Final = 0.3
"""The cosine from which on they are brought."""
PROMISING: Final = 64
"""So many candidates go on to the second stage, or as many as are asked for."""
BEST_OF_EACH: Final = 30
"""Of these, so many are the best of the engine, and so many the nearest in meaning."""


def nearest(ids: Sequence[str], cosines: Sequence[float], limit: int, least: float) -> list[str]:
    """Return the `limit` ids of the greatest cosines that are `least` or more; nan is none."""
    some = [place for place, cosine in enumerate(cosines) if cosine >= least]
    return [ids[place] for place in sorted(some, key=lambda place: (-cosines[place], place))[:limit]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was brought for a query.

    `cosines` are all of them, with the cosine of each one's vector with the query's. `shares` are those of the engine,
    the best first, with its scores as shares of the best one's. `told` are those of the sentence model.
    """

    cosines: Mapping[str, float]
    shares: Mapping[str, float]
    told: Sequence[str] = ()

    def promising(self, limit: int) -> dict[str, float]:
        """Return the cosines of the `limit` candidates that promise most, and of all that the sentence model brought.

        These are the `BEST_OF_EACH` that the engine holds for best, as many that are nearest in meaning, and then those
        of which both together say most. One that the engine did not bring has at most as much of it as the least of
        those that it did.
        """
        if len(self.cosines) <= limit:
            return dict(self.cosines)
        least = min(self.shares.values(), default=0.0)
        ids = list(self.cosines)
        cosines = np.array(list(self.cosines.values()))
        promise = cosines + np.array([self.shares.get(each, least) for each in ids])
        orders = (np.argsort(-each, kind="stable").tolist() for each in (cosines, promise))
        by_meaning, by_both = ([ids[place] for place in order] for order in orders)
        best = dict.fromkeys((*islice(self.shares, BEST_OF_EACH), *by_meaning[:BEST_OF_EACH], *by_both))
        return {each: self.cosines[each] for each in dict.fromkeys((*islice(best, limit), *self.told))}
