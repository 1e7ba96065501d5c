"""Measures of one query: what the rank of the first right article among ten is worth, from 0 to 1.

The right articles of a query are alternatives, each as good as the other: a user needs one. So S@k (success) asks if
one is among the first k, MRR@10 is the mean of 1/rank, and nDCG@10 (Järvelin, Kekäläinen: Cumulated gain-based
evaluation of IR techniques, TOIS 2002) has binary gains and, as the ideal, one right article in first place, which
makes it 1/log2(1 + rank).
"""

from math import log2
from typing import Final

DEPTH: Final = 10
"""Articles that are looked at; a right one further down counts as not found."""
MEASURES: Final = ("S@1", "S@5", "S@10", "MRR@10", "nDCG@10")
NOT_FOUND: Final = (0.0,) * len(MEASURES)


def values(rank: int | None) -> tuple[float, ...]:
    """Return what each of MEASURES gives a query: `rank` is that of its first right article from 1, None for none."""
    if rank is None or rank > DEPTH:
        return NOT_FOUND
    return (float(rank <= 1), float(rank <= 5), 1.0, 1 / rank, 1 / log2(1 + rank))
