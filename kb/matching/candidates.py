"""Which articles become candidates, and which of these are worth the second stage.

An engine brings some by their words, vectors others by their meaning (kb/search.py). Scoring all of them would take
most of a search, and nearly all right articles that come out among the first ten promise well before.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

import numpy as np

from kb.matching.term_vectors import Floats

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
PROMISING: Final = 80
"""So many candidates go on to the second stage, or as many as are asked for."""
BEST_OF_EACH: Final = 30
"""Of these, so many are the best of the engine, and so many the nearest in meaning."""


def nearest(ids: Sequence[str], cosines: Sequence[float], limit: int, least: float) -> list[str]:
    """Return the `limit` ids of the greatest cosines that are `least` or more; nan is none."""
    some = [place for place, cosine in enumerate(cosines) if cosine >= least]
    return [ids[place] for place in sorted(some, key=lambda place: (-cosines[place], place))[:limit]]


def promising(ids: Sequence[str], shares: Mapping[str, float], cosines: Floats, limit: int) -> list[str]:
    """Return the `limit` candidates that promise most.

    These are the `BEST_OF_EACH` that the engine holds for best, as many that are nearest in meaning, and then those of
    which both together say most. `shares` are the engine's scores of those that it brought, the best first, as shares
    of the best one's; any other has at most as much as the least of them.
    """
    least = min(shares.values(), default=0.0)
    promise = cosines + np.array([shares.get(each, least) for each in ids], np.float32)
    by_meaning, by_both = ([ids[place] for place in np.argsort(-each, kind="stable")] for each in (cosines, promise))
    best = (*islice(shares, BEST_OF_EACH), *by_meaning[:BEST_OF_EACH])
    return list(dict.fromkeys((*best, *by_both)))[:limit]
