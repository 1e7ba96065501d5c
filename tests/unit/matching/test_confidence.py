"""The chance that the first candidate is right."""

import pytest

from kb.matching.confidence import FEATURES, ConfidenceModel, chances, features, shipped_model
from kb.matching.ranking import Ranked


def candidate(score: float, coverage: float = 1.0, match: float = 0.5) -> Ranked:
    return Ranked(f"Q{score}", score, coverage, match, 0.0, 0.0, ("modem",))


def test_the_shipped_model_has_a_weight_for_every_feature() -> None:
    assert len(shipped_model().weights) == len(FEATURES)


def test_a_chance_is_between_0_and_1_whatever_the_features() -> None:
    model = ConfidenceModel((1e9, -1e9), 0.0)
    assert 0 < model.chance((1, 0)) <= 1
    assert 0 <= model.chance((0, 1)) < 1e-9


def test_a_better_fit_is_surer() -> None:
    clear = chances([candidate(9.0, 1.0, 0.9), candidate(3.0)], 6, {}, 2)
    poor = chances([candidate(9.0, 0.2, 0.1), candidate(3.0)], 6, {}, 2)
    close = chances([candidate(9.0, 1.0, 0.9), candidate(8.9, 1.0, 0.9)], 6, {}, 2)
    assert clear[0] > poor[0]
    assert clear[0] > close[0]


def test_the_margin_is_measured_against_the_best_other() -> None:
    found = [candidate(10.0), candidate(8.0), candidate(4.0)]
    margin = FEATURES.index("margin")
    assert features(found, 0, 1, None)[margin] == pytest.approx(0.2)
    assert features(found, 2, 1, None)[margin] == pytest.approx(-0.6)


def test_a_lead_is_measured_against_the_candidates_behind() -> None:
    found = [candidate(10.0), *(candidate(9.0 - place) for place in range(4))]
    asked = features(found, 0, 1, None)
    assert asked[FEATURES.index("lead_3")] == pytest.approx(0.3)
    assert asked[FEATURES.index("lead_10")] == pytest.approx(1.0)


def test_an_article_of_a_problem_is_likelier_than_one_that_tells_how() -> None:
    found = [candidate(9.0, 0.8, 0.5), candidate(8.0)]
    assert chances(found, 6, {"Q9.0": "bug"}, 1)[0] > chances(found, 6, {"Q9.0": "howto"}, 1)[0]


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_chances_add_up_to_1_at_most(number: int) -> None:
    found = chances([candidate(9.0 - place / 100, 1.0, 0.95) for place in range(number)], 12, {}, 5)
    assert len(found) == number
    assert sum(found) <= 1 + 1e-9
