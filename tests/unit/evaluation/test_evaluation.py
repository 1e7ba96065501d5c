"""Figures of one side, by group, and of two sides compared."""

import pytest

from kb.evaluation.evaluation import WITHOUT, Searched, compare, evaluation, figures, groups
from kb.evaluation.labelled import LabelledQuery
from kb.evaluation.measures import MEASURES
from kb.evaluation.outcomes import Outcome
from kb.evaluation.record import evaluation_record


def outcome(number: int, rank: int | None, **fields: str) -> Outcome:
    return Outcome(LabelledQuery(f"q{number}", "words", frozenset(("Q1001",)), fields), rank, "Q1001")


def ranked(*ranks: int | None) -> list[Outcome]:
    return [outcome(number, rank) for number, rank in enumerate(ranks)]


def test_figures_are_the_means_over_the_queries() -> None:
    found = figures(ranked(1, 2, None, 10), seed=0)
    assert found.queries == 4
    assert tuple(found.measures) == MEASURES
    assert found.measures["S@1"].value == 0.25
    assert found.measures["S@10"].value == 0.75
    assert found.measures["MRR@10"].value == pytest.approx((1 + 0.5 + 0.1) / 4)


def test_groups_come_by_size_and_lack_no_query() -> None:
    found = [outcome(1, 1, kind="b"), outcome(2, 1, kind="a"), outcome(3, 1), outcome(4, 1, kind="b")]
    assert {value: len(some) for value, some in groups(found, "kind").items()} == {"b": 2, WITHOUT: 1, "a": 1}
    assert next(iter(groups(found, "kind"))) == "b"


def test_a_comparison_counts_queries_and_tells_by_how_much() -> None:
    found = compare(ranked(1, 1, 3, None), ranked(2, 1, 2, None), seed=0)
    assert (found.better, found.worse, found.same) == (1, 1, 2)
    assert found.differences["S@1"].estimate.value == 0.25
    assert found.differences["S@10"].estimate.value == 0
    assert all(each.may_be_chance for each in found.differences.values())


def test_a_large_difference_on_many_queries_is_hardly_chance() -> None:
    found = compare(ranked(*[1] * 20), ranked(*[2] * 20), seed=0)
    assert not found.differences["S@1"].may_be_chance
    assert found.differences["S@5"].may_be_chance
    assert found.differences["S@5"].p == 1


def test_the_other_way_round_the_signs_change() -> None:
    one, two = ranked(1, 1, 4, None, 1), ranked(2, 1, 2, 9, 3)
    there, back = compare(one, two, seed=0), compare(two, one, seed=0)
    for name in MEASURES:
        assert there.differences[name].estimate.value == pytest.approx(-back.differences[name].estimate.value)
        assert there.differences[name].p == back.differences[name].p


def test_an_evaluation_counts_what_was_not_searched_and_not_there() -> None:
    query = LabelledQuery("q9", "", frozenset(("Q9",)))
    searched = Searched("/home", "tantivy", [*ranked(1), Outcome(query, None, None, searched=False, present=False)])
    record = evaluation_record(evaluation(searched, None, left_out=3, by=None, seed=0))
    assert (record["queries"], record["left_out"], record["not_searchable"], record["not_present"]) == (2, 3, 1, 1)
    assert record["compared"] is None
    assert record["groups"] == []
    assert record["ranks"][1] == {"id": "q9", "rank": None, "first": None}
