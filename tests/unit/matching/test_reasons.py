"""Why an article is where it is, in words."""

import pytest

from kb.matching.features import FEATURES, WITH_SENTENCE, plain_name
from kb.matching.ranking import Ranked, RankingModel
from kb.matching.reasons import KINDS, average, reason, shares


def candidate(**values: float) -> Ranked:
    return Ranked("Q1", 0.0, tuple(values.get(name, 0.0) for name in FEATURES), ())


def test_every_feature_is_told_as_evidence_of_a_kind() -> None:
    assert set(KINDS) == {plain_name(name) for name in WITH_SENTENCE}


def test_shares_add_up_to_the_score_above_the_average() -> None:
    model = RankingModel(tuple(float(number) for number in range(len(FEATURES))), (0.0,) * len(FEATURES))
    ranked = [candidate(match=0.5, meaning=0.8, exact=3.0), candidate(match=0.1, length=1.0)]
    usual = average(ranked)
    scores = [sum(w * f for w, f in zip(model.weights, each.features, strict=True)) for each in ranked]
    assert sum(shares(ranked[0], usual, model).values()) == pytest.approx(scores[0] - sum(scores) / 2)


def test_it_tells_what_speaks_for_an_article() -> None:
    best = candidate(coverage=0.72, together=1.0, exact=9.0, meaning=0.8, product_fit=1.0)
    said = reason(best, average([best, candidate()]), 7, 9)
    assert said.startswith("holds 7 of 9 words, 72% of the query's weight, some side by side; ")
    for part in (
        "has the same error code or message",
        "is close in meaning",
        "applies to the product named",
        "meaning +",
    ):
        assert part in said


def test_it_tells_what_speaks_against_it() -> None:
    other = candidate(other_code=1.0)
    assert "is about another error code" in reason(other, average([other]), 1, 2)


def test_the_only_candidate_is_compared_with_none() -> None:
    only = candidate(coverage=1.0)
    assert reason(only, average([only]), 2, 2) == "holds 2 of 2 words, 100% of the query's weight"
