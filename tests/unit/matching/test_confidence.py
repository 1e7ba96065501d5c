"""The chance that the first candidate is right."""

import pytest

from kb.matching.confidence import FEATURES, ConfidenceModel, chances, features, shipped_model
from kb.matching.ranking import Ranked


def candidate(score: float, coverage: float = 1.0, match: float = 0.5) -> Ranked:
    return Ranked(f"Q{score}", score, coverage, match, 0.0, ("modem",))


def test_the_shipped_model_has_a_weight_for_every_feature() -> None:
    assert len(shipped_model().weights) == len(FEATURES)


def test_a_chance_is_between_0_and_1_whatever_the_features() -> None:
    model = ConfidenceModel((1e9, -1e9, 0, 0), 0.0)
    assert 0 < model.chance((1, 0, 0, 0)) <= 1
    assert 0 <= model.chance((0, 1, 0, 0)) < 1e-9


def test_a_better_fit_is_surer() -> None:
    clear = chances([candidate(9.0, 1.0, 0.9), candidate(3.0)], 6, 2)
    poor = chances([candidate(9.0, 0.2, 0.1), candidate(3.0)], 6, 2)
    close = chances([candidate(9.0, 1.0, 0.9), candidate(8.9, 1.0, 0.9)], 6, 2)
    assert clear[0] > poor[0]
    assert clear[0] > close[0]


def test_the_margin_is_measured_against_the_best_other() -> None:
    found = [candidate(10.0), candidate(8.0), candidate(4.0)]
    assert features(found, 0, 1)[2] == pytest.approx(0.2)
    assert features(found, 2, 1)[2] == pytest.approx(-0.6)


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_chances_add_up_to_1_at_most(number: int) -> None:
    found = chances([candidate(9.0 - place / 100, 1.0, 0.95) for place in range(number)], 12, 5)
    assert len(found) == number
    assert sum(found) <= 1 + 1e-9
