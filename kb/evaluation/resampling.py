"""How far a mean may be off by chance: bootstrap intervals, and a paired randomisation test.

Both work on rows, one a query, with a value for each measure. Most rows are alike, since there are only so many ranks,
so rows are counted and each kind of row is summed once. The same seed gives the same figures.

Bootstrap, percentile method: Efron, Tibshirani: An Introduction to the Bootstrap (1993), chapter 13. Randomisation
test: Smucker, Allan, Carterette: A comparison of statistical significance tests for information retrieval evaluation
(CIKM 2007).
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

RESAMPLES: Final = 1000
SHUFFLES: Final = 10_000
CONFIDENCE: Final = 0.95
_ROUNDING: Final = 1e-9

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and the interval from `low` to `high` that holds the true one in 95 of 100 such samples."""

    value: float
    low: float
    high: float


def estimates(rows: Sequence[Row], seed: int) -> tuple[Estimate, ...]:
    """Return the mean of each column with its bootstrap interval; there must be a row."""
    kinds = list(dict.fromkeys(rows))
    code_of = {row: code for code, row in enumerate(kinds)}
    codes = [code_of[row] for row in rows]
    chance = random.Random(seed)  # noqa: S311  (chance that can be repeated is what is wanted)
    resampled = [_mean(kinds, Counter(chance.choices(codes, k=len(codes))), len(codes)) for _ in range(RESAMPLES)]
    outside = (1 - CONFIDENCE) / 2
    first, last = int(RESAMPLES * outside), ceil(RESAMPLES * (1 - outside)) - 1
    columns = [sorted(column) for column in zip(*resampled, strict=True)]
    means = _mean(kinds, Counter(codes), len(codes))
    return tuple(Estimate(mean, column[first], column[last]) for mean, column in zip(means, columns, strict=True))


def chances(differences: Sequence[Row], seed: int) -> tuple[float, ...]:
    """Return by column the chance (p, two-sided) of a mean as far from 0 as this one, if the sides made no difference.

    A row is the difference of two sides on one query. Without a difference between the sides, either sign of a row is
    as likely; so signs are drawn, and it is counted how often the mean comes out as far off.
    """
    # A row and its opposite are the same once their sign is drawn.
    counted = Counter(max(row, tuple(-value for value in row)) for row in differences if any(row))
    columns = range(len(differences[0]))
    observed = [abs(sum(row[column] for row in differences)) - _ROUNDING for column in columns]
    reached = [0] * len(observed)
    chance = random.Random(seed)  # noqa: S311  (as above)
    for _ in range(SHUFFLES):
        drawn = [(row, 2 * chance.getrandbits(count).bit_count() - count) for row, count in counted.items()]
        for column in columns:
            reached[column] += abs(sum(row[column] * sign for row, sign in drawn)) >= observed[column]
    # What was observed is one of the possible outcomes itself, so p is never 0.
    return tuple((1 + count) / (1 + SHUFFLES) for count in reached)


def _mean(kinds: Sequence[Row], counts: "Counter[int]", total: int) -> Row:
    sums = [0.0] * len(kinds[0])
    for code, count in counts.items():
        for column, value in enumerate(kinds[code]):
            sums[column] += count * value
    return tuple(each / total for each in sums)


def difference(these: Iterable[float], those: Iterable[float]) -> Row:
    """Return the row of one side less that of the other."""
    return tuple(this - that for this, that in zip(these, those, strict=True))
