"""Score posting lists by BM25, in loops as tight as plain Python has: for engines that leave scoring to us."""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log
from typing import Final

from kb.engines.base import K1, SCORE_DIGITS, B

# Wider than the rounding of a score, so that all that may tie after rounding are kept.
_TIE_MARGIN: Final = 1 - 2 * 10.0 ** (1 - SCORE_DIGITS)


def inverse_document_frequency(holding: int, documents: int) -> float:
    """Weigh a term that `holding` of all `documents` hold; never negative."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


def saturations(lengths: Iterable[float], average: float) -> list[float]:
    """Give for each document the frequency at which a term earns half of its weight: K1 * norm(d)."""
    if average <= 0:
        return [K1 for _ in lengths]
    base, slope = K1 * (1 - B), K1 * B / average
    return [base + slope * length for length in lengths]


def add_term(
    scores: list[float], ids: Sequence[int], frequencies: Sequence[float], weight: float, half: Sequence[float]
) -> None:
    """Add one term's part to the documents that hold it; `weight` = query weight * idf, `half` from `saturations`."""
    weight *= K1 + 1
    for each, frequency in zip(ids, frequencies, strict=True):
        scores[each] += weight * frequency / (frequency + half[each])


def best(scores: Sequence[float], limit: int) -> list[tuple[int, float]]:
    """Pick the `limit` best documents that score above zero, and all that may tie with the last of them, unsorted."""
    top = nlargest(limit, scores)
    lowest = top[-1] * _TIE_MARGIN if top else 0.0
    if lowest <= 0:
        return [(each, score) for each, score in enumerate(scores) if score > 0]
    return [(each, score) for each, score in enumerate(scores) if score >= lowest]
