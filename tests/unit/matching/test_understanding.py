"""What is understood of a query."""

import pytest

from kb.errors import BadInput
from kb.matching.understanding import LONGEST_QUERY, understand


@pytest.mark.parametrize("query", ["", "   \n", "?!", "\x00"])
def test_an_empty_query_is_refused_with_an_example(query: str) -> None:
    with pytest.raises(BadInput, match="empty") as caught:
        understand(query)
    assert "kbfix search" in caught.value.next_step


def test_stop_words_count_beside_others() -> None:
    assert set(understand("the modem").weights) == {"the", "modem"}


@pytest.mark.parametrize("query", ["the", "what is it", "The THE the"])
def test_stop_words_alone_are_refused(query: str) -> None:
    with pytest.raises(BadInput, match="every article"):
        understand(query)


def test_a_repeated_word_weighs_more_but_less_than_twice() -> None:
    weights = understand("modem modem printer").weights
    assert weights["printer"] < weights["modem"] < 2 * weights["printer"]


def test_a_nickname_brings_the_products_words_at_less_weight() -> None:
    found = understand("nt4 printer")
    assert (found.products, found.versions) == (("windows nt",), ("4.0",))
    assert found.weights["window"] < found.weights["nt4"]
    assert "window" not in found.order


def test_signatures_are_found() -> None:
    assert [(found.type, found.value) for found in understand("STOP 0x7B at startup").signatures] == [("stop", "7b")]


def test_a_long_log_is_cut() -> None:
    found = understand("modem " * (LONGEST_QUERY // 6 + 1) + "printer")
    assert len(found.query) == LONGEST_QUERY
    assert "printer" not in found.weights
