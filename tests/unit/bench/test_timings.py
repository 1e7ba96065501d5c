"""Figures that sum up timings."""

import pytest

from bench.timings import least_of_rounds, percentile, spread


def test_a_percentile_is_one_of_the_values_and_not_exceeded_by_so_many() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, p) for p in (50, 95, 99, 100)] == [50, 95, 99, 100]


def test_a_percentile_of_few_values_is_the_nearest_above() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2
    assert percentile([3.0, 1.0, 2.0], 95) == 3
    assert percentile([7.0], 1) == 7


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_the_spread_counts_what_it_sums_up() -> None:
    assert spread([4.0, 2.0, 6.0]).as_dict() == {"count": 3, "median": 4.0, "p95": 6.0, "p99": 6.0}


def test_the_least_of_rounds_is_taken_place_by_place_though_some_ended_early() -> None:
    assert least_of_rounds([[5.0, 1.0, 9.0], [4.0, 2.0]]) == [4.0, 1.0, 9.0]
    assert least_of_rounds([]) == []
