"""What a rank is worth."""

from math import log2

import pytest

from kb.evaluation.measures import DEPTH, MEASURES, values


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (1, (1.0, 1.0, 1.0, 1.0, 1.0)),
        (2, (0.0, 1.0, 1.0, 0.5, 1 / log2(3))),
        (5, (0.0, 1.0, 1.0, 0.2, 1 / log2(6))),
        (6, (0.0, 0.0, 1.0, 1 / 6, 1 / log2(7))),
        (10, (0.0, 0.0, 1.0, 0.1, 1 / log2(11))),
        (11, (0.0, 0.0, 0.0, 0.0, 0.0)),
        (None, (0.0, 0.0, 0.0, 0.0, 0.0)),
    ],
)
def test_a_rank_has_a_value_for_every_measure(rank: int | None, expected: tuple[float, ...]) -> None:
    assert values(rank) == pytest.approx(expected)
    assert len(expected) == len(MEASURES)


def test_a_higher_rank_is_never_worth_less() -> None:
    ranked = [values(rank) for rank in range(1, DEPTH + 2)]
    assert ranked == sorted(ranked, reverse=True)
