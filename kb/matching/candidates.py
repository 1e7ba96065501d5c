"""Which articles become candidates, and which of these are worth the second stage.

An engine brings some by their words, vectors others by their meaning (kb/search.py). Scoring all of them takes most of
a search, and four of five right articles that come out among the first ten promise well before.
"""

from collections.abc import Mapping, Sequence
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


def nearest(ids: Sequence[str], cosines: Sequence[float], limit: int, least: float) -> list[str]:
    """Return the `limit` ids of the greatest cosines that are `least` or more; nan is none."""
    some = [place for place, cosine in enumerate(cosines) if cosine >= least]
    return [ids[place] for place in sorted(some, key=lambda place: (-cosines[place], place))[:limit]]


def promising(ids: Sequence[str], shares: Mapping[str, float], cosines: Floats, limit: int) -> list[str]:
    """Return the `limit` candidates that promise most: by the engine's score and by meaning, which count alike.

    `shares` are the engine's scores of those that it brought, as shares of the best one; any other has at most as much
    as the least of them.
    """
    least = min(shares.values(), default=0.0)
    promise = cosines + np.array([shares.get(each, least) for each in ids], np.float32)
    return [ids[place] for place in np.argsort(-promise, kind="stable")[:limit].tolist()]
