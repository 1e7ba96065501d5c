"""The chance that the first candidate is right."""

import json
from importlib.resources import files

import pytest

from kb.matching.confidence import FEATURES, MANY, ConfidenceModel, chances, features, shipped_model
from kb.matching.features import FEATURES as OF_RANKING
from kb.matching.ranking import Ranked

GOOD = {"match": 0.6, "coverage": 0.9, "words_held": 0.9, "head_coverage": 0.8, "meaning": 0.8, "kindred": 0.9,
        "title_meant": 0.8, "head_meant": 0.6}  # fmt: skip
POOR = {"match": 0.1, "coverage": 0.2, "words_held": 0.3, "head_coverage": 0.1, "meaning": 0.3, "kindred": 0.4,
        "title_meant": 0.3, "head_meant": 0.3, "without_kin": 0.7, "words_missing_of_product": 0.1}  # fmt: skip


def candidate(score: float, values: dict[str, float] | None = None) -> Ranked:
    given = GOOD if values is None else values
    return Ranked(f"Q{score}", score, tuple(given.get(name, 0.0) for name in OF_RANKING), ("modem",))


def many(*first: Ranked) -> list[Ranked]:
    """Return a ranking as a large archive gives it, with the candidates given at its head."""
    return [*first, *(candidate(-place / 100, POOR) for place in range(MANY))]


def test_the_shipped_model_has_a_weight_for_every_feature() -> None:
    data = json.loads(files("kb.matching").joinpath("model/confidence.json").read_text("utf-8"))
    assert tuple(data["weights"]) == FEATURES
    assert shipped_model().weights == tuple(data["weights"].values())


def test_a_chance_is_between_0_and_1_whatever_the_features() -> None:
    model = ConfidenceModel((1e9, -1e9), 0.0)
    assert 0 < model.chance((1, 0)) <= 1
    assert 0 <= model.chance((0, 1)) < 1e-9


def test_a_better_fit_is_surer() -> None:
    clear = chances(many(candidate(9.0), candidate(3.0)), 6, {}, 2)
    poor = chances(many(candidate(9.0, POOR), candidate(3.0, POOR)), 6, {}, 2)
    close = chances(many(candidate(9.0), candidate(8.9)), 6, {}, 2)
    assert clear[0] > 0.8
    assert clear[0] > poor[0]
    assert clear[0] > close[0]


def test_the_lead_is_measured_against_the_best_other() -> None:
    found = [candidate(10.0), candidate(8.0), candidate(4.0)]
    lead = FEATURES.index("lead")
    assert features(found, 0, 1, None)[lead] == pytest.approx(2)
    assert features(found, 2, 1, None)[lead] == pytest.approx(-6)


def test_further_leads_are_measured_against_the_candidates_behind() -> None:
    found = [candidate(10.0), *(candidate(9.0 - place) for place in range(4))]
    asked = features(found, 0, 1, None)
    assert asked[FEATURES.index("lead_3")] == pytest.approx(3)
    assert asked[FEATURES.index("lead_10")] == pytest.approx(10)


def test_a_large_archive_has_no_feature_of_a_small_one() -> None:
    asked = dict(zip(FEATURES, features(many(candidate(9.0)), 0, 6, None), strict=True))
    assert {value for name, value in asked.items() if name.endswith("few")} == {0.0}


def test_in_a_small_archive_a_poor_fit_that_leads_by_far_is_no_answer() -> None:
    assert chances([candidate(9.0, POOR), candidate(1.0, POOR)], 6, {}, 2)[0] < 0.3


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_chances_add_up_to_1_at_most(number: int) -> None:
    found = chances([candidate(9.0 - place / 100) for place in range(number)], 12, {}, 5)
    assert len(found) == number
    assert sum(found) <= 1 + 1e-9


def test_an_article_that_holds_few_of_the_words_is_never_likely_to_be_right() -> None:
    found = chances(many(candidate(30.0, {**GOOD, "words_held": 0.2}), candidate(3.0, POOR)), 6, {}, 2)
    assert found[0] <= 0.5
    with_code = chances(many(candidate(30.0, {**GOOD, "words_held": 0.2, "exact": 9.0})), 6, {}, 1)
    assert with_code[0] > 0.5
