"""Intervals and tests by resampling."""

from statistics import NormalDist

import pytest

from kb.evaluation.resampling import chances, difference, estimates

HALF = [(1.0,), (0.0,)] * 100


def test_the_mean_lies_in_its_interval() -> None:
    (found,) = estimates([(1.0,)] * 30 + [(0.5,)] * 10 + [(0.0,)] * 10, seed=0)
    assert found.value == 0.7
    assert found.low < found.value < found.high


def test_the_interval_of_a_share_is_as_wide_as_theory_has_it() -> None:
    (found,) = estimates(HALF, seed=1)
    expected = 2 * NormalDist().inv_cdf(0.975) * (0.25 / len(HALF)) ** 0.5
    assert found.high - found.low == pytest.approx(expected, rel=0.15)


def test_more_queries_make_it_narrower() -> None:
    few, many = (estimates(HALF[:count], seed=0)[0] for count in (20, 200))
    assert many.high - many.low < few.high - few.low


def test_equal_rows_leave_nothing_to_chance() -> None:
    (found,) = estimates([(0.25,)] * 9, seed=0)
    assert (found.value, found.low, found.high) == (0.25, 0.25, 0.25)


def test_a_seed_gives_the_same_figures_again() -> None:
    assert estimates(HALF, seed=7) == estimates(HALF, seed=7)
    assert estimates(HALF, seed=7) != estimates(HALF, seed=8)
    rows = [(1.0,)] * 7 + [(-1.0,)] * 3
    assert chances(rows, seed=7) == chances(rows, seed=7)


def test_every_column_is_estimated_for_itself() -> None:
    alone = estimates([(value,) for (value,) in HALF], seed=3)
    both = estimates([(value, 1 - value) for (value,) in HALF], seed=3)
    assert both[0] == alone[0]
    assert both[1].value == 0.5


@pytest.mark.parametrize(
    ("higher", "lower", "same", "expected"),
    [
        # Of ten signs, so many outcomes of 1,024 are as far off: 2 with all alike; with 9 to 1, 20 more.
        (10, 0, 50, 2 / 1024),
        (9, 1, 0, 22 / 1024),
        (5, 5, 10, 1.0),
        (1, 0, 10, 1.0),
    ],
)
def test_p_is_the_share_of_signs_that_come_out_as_far_off(higher: int, lower: int, same: int, expected: float) -> None:
    rows = [(1.0,)] * higher + [(-1.0,)] * lower + [(0.0,)] * same
    (p,) = chances(rows, seed=0)
    assert p == pytest.approx(expected, abs=0.003)
    (other_way,) = chances([(-value,) for (value,) in rows], seed=0)
    assert other_way == p


def test_p_is_1_without_a_difference_and_never_0() -> None:
    assert chances([(0.0, 0.0)] * 5, seed=0) == (1.0, 1.0)
    (p,) = chances([(1.0,)] * 500, seed=0)
    assert 0 < p < 0.001


def test_columns_may_disagree() -> None:
    first, second = chances([(1.0, 0.0)] * 12 + [(0.0, 0.5), (0.0, -0.5)] * 6, seed=0)
    assert first < 0.01
    assert second == 1.0


def test_a_difference_is_taken_column_by_column() -> None:
    assert difference((1.0, 0.25), (0.0, 0.5)) == (1.0, -0.25)
