"""Which candidates go on to the second stage."""

from kb.matching.candidates import BEST_OF_EACH, Candidates, nearest

MANY = 4 * BEST_OF_EACH


def test_what_both_speak_for_comes_before_what_one_does() -> None:
    ids = [f"Q{number}" for number in range(MANY)]
    # The engine's best are the last in meaning; those in the middle are middling in both.
    shares = {each: 1 - number / MANY for number, each in enumerate(ids)}
    cosines = {each: 0.9 if number == 70 else number / 1000 for number, each in enumerate(ids)}
    found = list(Candidates(cosines, shares).promising(2 * BEST_OF_EACH + 5))
    assert found[: BEST_OF_EACH + 1] == [*ids[:BEST_OF_EACH], "Q70"]
    assert len(found) == len(set(found)) == 2 * BEST_OF_EACH + 5


def test_one_that_the_engine_did_not_bring_is_as_good_as_the_last_that_it_brought() -> None:
    ids = [f"Q{number:03}" for number in range(MANY)]
    shares = dict.fromkeys(ids[: MANY // 2], 1.0)
    cosines = dict.fromkeys(ids, 0.5)
    assert Candidates(cosines, shares).promising(MANY) == cosines
    cosines[ids[-1]] = 0.6
    assert ids[-1] in Candidates(cosines, shares).promising(BEST_OF_EACH + 1)


def test_without_anything_of_the_engine_the_nearest_come_first() -> None:
    assert list(Candidates({"Q1": 0.1, "Q2": 0.3, "Q3": 0.2}, {}).promising(2)) == ["Q2", "Q3"]


def test_what_the_sentence_model_brought_is_kept_beyond_the_limit() -> None:
    cosines = {"Q1": 0.1, "Q2": 0.3, "Q3": 0.2}
    assert Candidates(cosines, {}, told=["Q1", "Q2"]).promising(1) == {"Q2": 0.3, "Q1": 0.1}


def test_the_nearest_are_those_above_the_least() -> None:
    assert nearest(["Q1", "Q2", "Q3", "Q4"], [0.4, float("nan"), 0.6, 0.2], 5, 0.3) == ["Q3", "Q1"]
    assert nearest(["Q1", "Q2"], [0.5, 0.5], 1, 0.3) == ["Q1"]
