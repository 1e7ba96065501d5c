"""Posting lists come back as they were packed."""

from array import array

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.engines import postings

numbers = st.integers(0, 2**32 - 1)
weights = st.one_of(st.sampled_from([1.0, 2.0, 0.5]), st.floats(width=32, allow_nan=False))


@given(st.dictionaries(numbers, weights, min_size=1))
@example({0: 1.0})
@example({2**32 - 1: 1.0, 0: -1.0})
@example({number: number + 0.5 for number in range(256)})
@example({number * 300: number + 0.5 for number in range(257)})
@example({number * 70_000: 1.0 for number in range(300)})
def test_a_list_comes_back_as_it_was(found):
    ids = sorted(found)
    given_weights = [found[each] for each in ids]
    assert postings.unpack(postings.pack(array("I", ids), array("f", given_weights))) == (ids, given_weights)


@pytest.mark.parametrize(
    ("ids", "weights", "most"),
    [
        (range(1000), [1.0], 1020),
        (range(0, 100_000, 100), [1.0, 2.0, 3.5], 2050),
        (range(0, 10_000_000, 10_000), [1.0], 2050),
    ],
    ids=["dense", "three weights", "sparse"],
)
def test_a_list_takes_one_to_three_bytes_a_posting(ids, weights, most):
    chosen = array("f", [weights[number % len(weights)] for number in range(len(ids))])
    assert len(postings.pack(array("I", ids), chosen)) < most
