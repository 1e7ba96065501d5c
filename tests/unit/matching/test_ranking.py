"""The second stage: features of candidates, and the score that they give."""

import json
import math
import platform
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from kb.matching.features import FEATURES, K1, B
from kb.matching.forward_index import ForwardIndex
from kb.matching.ranking import MOST_TERMS, Ranked, RankingModel, meaning_of, rank, rarest, shipped_ranking
from kb.matching.understanding import understand
from kb.matching.vector_index import VectorIndex, VectorWriter
from kb.text.batches import batch_of
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle
from kb.text.terms import terms


def only(feature: str) -> RankingModel:
    """Return a model for which one feature is the score."""
    return RankingModel(tuple(float(name == feature) for name in FEATURES), (0.0,) * len(FEATURES))


def _sequence(name: str, text: str) -> tuple[str, ...]:
    return tuple(text.split() if name == "signatures" else terms(text))


def ranked(folder: Path, query: str, *articles: dict[str, str], model: RankingModel | None = None) -> list[Ranked]:
    """Rank articles, given as texts by field, with ids Q1, Q2, ... ."""
    analysed = [
        AnalysedArticle(f"Q{number}", tuple(_sequence(name, texts.get(name, "")) for name in FIELD_WEIGHTS))
        for number, texts in enumerate(articles, start=1)
    ]
    forward = ForwardIndex(folder / "forward", writable=True)
    forward.add(batch_of(analysed))
    forward.commit()
    writer = VectorWriter(folder / "vectors")
    writer.add(batch_of(analysed))
    writer.write()
    understood = understand(query)
    frequencies = {
        term: sum(any(term in sequence for sequence in each.fields) for each in analysed)
        for term in (*understood.weights, *understood.exact)
    }
    try:
        cosines = VectorIndex(folder / "vectors").cosines([each.id for each in analysed], meaning_of(understood))
        return rank(understood, cosines, forward, frequencies, model)
    finally:
        forward.close()


def ids(found: list[Ranked]) -> list[str]:
    return [each.id for each in found]


def values(found: list[Ranked], feature: str) -> dict[str, float]:
    return {each.id: each.feature(feature) for each in found}


def test_the_shipped_model_weighs_every_feature() -> None:
    data = json.loads(files("kb.matching").joinpath("model/ranking.json").read_text("utf-8"))
    assert tuple(data["weights"]) == tuple(data["means"]) == FEATURES
    assert shipped_ranking().weights == tuple(data["weights"].values())


def test_every_feature_is_a_number(tmp_path: Path) -> None:
    articles = [{"title": "modem"}, {"symptoms": "modem modem", "signatures": "stop=a"}, {"body": "a modem stop"}]
    found = ranked(tmp_path, "modem STOP 0xA xyzzyplugh", *articles)
    assert len(found) == 3
    assert all(math.isfinite(value) for each in found for value in (each.score, *each.features))


def test_a_code_that_is_the_article_s_own_outranks_one_that_is_only_mentioned(tmp_path: Path) -> None:
    text = "a blue screen with stop 0x0000000a appears"
    articles = [{"title": text, "symptoms": text}, {"title": text, "symptoms": text, "signatures": "stop=a"}]
    found = ranked(tmp_path, "blue screen STOP 0xA", *articles)
    assert ids(found) == ["Q2", "Q1"]
    assert (found[0].feature("exact") > 0, found[1].feature("exact")) == (True, 0)


def test_an_article_of_another_code_of_the_kind_is_marked(tmp_path: Path) -> None:
    text = "a blue screen with a stop appears"
    articles = [{"symptoms": text, "signatures": own} for own in ("stop=a", "stop=b", "event_id=5", "")]
    found = values(ranked(tmp_path, "blue screen STOP 0xA", *articles), "other_code")
    assert found == {"Q1": 0, "Q2": 1, "Q3": 0, "Q4": 0}


def test_coverage_is_of_words_whatever_the_codes(tmp_path: Path) -> None:
    (found,) = ranked(tmp_path, "stop 0xA", {"symptoms": "stop 0xA"})
    assert found.feature("coverage") == pytest.approx(1.0)


def test_match_is_bm25f(tmp_path: Path) -> None:
    (first, *_) = ranked(tmp_path, "modem", {"title": "modem", "cause": "modem noise"}, {"title": "printer"})
    weights = FIELD_WEIGHTS
    frequency = weights["title"] + weights["cause"]
    lengths = [weights["title"] + 2 * weights["cause"], weights["title"]]
    relative = lengths[0] / (sum(lengths) / 2)
    expected = frequency / (frequency + K1 * (1 - B + B * relative))
    assert first.feature("match") == pytest.approx(expected)
    assert first.feature("length") == pytest.approx(math.log(relative + 0.01), abs=1e-5)


def test_a_title_counts_more_than_a_passing_word(tmp_path: Path) -> None:
    assert ids(ranked(tmp_path, "modem", {"more_information": "modem"}, {"title": "modem"})) == ["Q2", "Q1"]


def test_a_rare_word_counts_more_than_a_common_one(tmp_path: Path) -> None:
    articles = [{"body": "error printer"}, {"body": "error disk"}, {"body": "error mail"}, {"body": "modem noise"}]
    assert ids(ranked(tmp_path, "error modem", *articles, model=only("coverage")))[0] == "Q4"


def test_words_side_by_side_are_together(tmp_path: Path) -> None:
    near, far = {"body": "blank page " + "x " * 20}, {"body": "blank " + "x " * 20 + "page"}
    found = values(ranked(tmp_path, "blank page", far, near), "together")
    assert found["Q2"] > found["Q1"] == 0


def test_words_of_two_fields_are_not_together(tmp_path: Path) -> None:
    (found,) = ranked(tmp_path, "blank page", {"title": "blank", "symptoms": "page"})
    assert found.feature("together") == 0


def test_ties_are_in_order_of_id(tmp_path: Path) -> None:
    assert ids(ranked(tmp_path, "modem", {"body": "modem"}, {"body": "modem"})) == ["Q1", "Q2"]


def test_a_word_that_no_article_holds_lowers_the_coverage(tmp_path: Path) -> None:
    (with_unknown,) = ranked(tmp_path / "a", "modem xyzzyplugh", {"body": "modem"})
    (without,) = ranked(tmp_path / "b", "modem", {"body": "modem"})
    assert with_unknown.feature("coverage") < without.feature("coverage") == 1.0
    assert with_unknown.found == ("modem",)


def test_an_article_that_shares_no_word_is_left_out(tmp_path: Path) -> None:
    assert ids(ranked(tmp_path, "modem", {"body": "modem"}, {"title": "printer"})) == ["Q1"]


def test_an_article_that_the_forward_index_lacks_is_left_out(tmp_path: Path) -> None:
    forward = ForwardIndex(tmp_path / "forward", writable=True)
    assert rank(understand("modem"), {"Q1": 0.5}, forward, {"modem": 1}) == []
    forward.close()


class TestMeaning:
    """What an article means counts, whatever its words."""

    def test_another_word_for_the_same_is_kin(self, tmp_path: Path) -> None:
        articles = [{"title": "computer stops responding"}, {"title": "computer prints documents"}]
        found = ranked(tmp_path, "computer hangs", *articles)
        assert ids(found) == ["Q1", "Q2"]
        for feature in ("meaning", "kindred", "title_meant"):
            assert values(found, feature)["Q1"] > values(found, feature)["Q2"], feature

    def test_a_word_is_the_nearest_kin_of_itself(self, tmp_path: Path) -> None:
        (found,) = ranked(tmp_path, "modem", {"title": "modem"})
        assert found.feature("kindred") == pytest.approx(1, abs=1e-5)
        assert found.feature("kindred_closely") == pytest.approx(1, abs=1e-5)
        assert (found.feature("title_meant"), found.feature("without_kin")) == (pytest.approx(1, abs=1e-5), 0)

    def test_a_query_without_any_known_word_has_no_meaning(self, tmp_path: Path) -> None:
        (found,) = ranked(tmp_path, "xyzzyplugh", {"title": "xyzzyplugh"})
        assert (found.feature("meaning"), found.feature("kindred")) == (0, 0)


def test_the_product_that_is_named_must_fit(tmp_path: Path) -> None:
    excel = {"title": "printing fails", "applies_to": "excel"}
    word = {"title": "printing fails", "applies_to": "word"}
    found = ranked(tmp_path, "excel printing fails", word, excel)
    assert ids(found) == ["Q2", "Q1"]
    assert values(found, "product_fit") == {"Q1": 0, "Q2": 1}
    assert values(found, "words_missing_of_product")["Q1"] > values(found, "words_missing_of_product")["Q2"] == 0


def test_the_score_is_the_weighted_sum_of_the_features(tmp_path: Path) -> None:
    model = RankingModel(tuple(float(n) for n in range(len(FEATURES))), (0.5,) * len(FEATURES))
    (found,) = ranked(tmp_path, "modem noise", {"title": "modem"}, model=model)
    assert found.score == pytest.approx(sum(n * (f - 0.5) for n, f in enumerate(found.features)), abs=1e-4)


def test_the_order_of_candidates_changes_nothing(tmp_path: Path) -> None:
    articles = [{"title": "modem noise"}, {"title": "modem", "symptoms": "noise on the line"}, {"body": "noise"}]
    forwards = ranked(tmp_path / "a", "modem noise", *articles)
    backwards = ranked(tmp_path / "b", "modem noise", *reversed(articles))
    assert ids(backwards) == [f"Q{4 - int(each[1:])}" for each in ids(forwards)]
    # Floats that are added in another order differ in their last digits.
    assert [each.score for each in backwards] == pytest.approx([each.score for each in forwards], abs=1e-3)


class TestRarest:
    def test_all_terms_of_a_short_query_stay(self) -> None:
        weights = {"a": 1.0, "b": 2.0, "c": 1.0}
        assert rarest(weights, {"a": 5, "b": 0, "c": 1}) == weights

    def test_the_commonest_of_a_long_one_go(self) -> None:
        weights = {f"t{number}": 1.0 for number in range(MOST_TERMS + 10)}
        kept = rarest(weights, {term: int(term[1:]) + 1 for term in weights})
        assert set(kept) == {f"t{number}" for number in range(MOST_TERMS)}

    def test_words_that_no_article_holds_never_push_out_those_that_some_hold(self) -> None:
        """A pasted log has hundreds of addresses of its own."""
        unknown = {f"#{number}": 1.0 for number in range(10 * MOST_TERMS)}
        known = {f"t{number}": 1.0 for number in range(MOST_TERMS // 2)}
        kept = rarest(unknown | known, dict.fromkeys(unknown, 0) | dict.fromkeys(known, 7))
        assert set(known) <= set(kept)
        assert len(kept) == MOST_TERMS


ARRAYS = """
import resource, sys
import numpy as np
from kb.matching.ranking import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def work():
    return [np.ones(250_000) for _ in range(6)]

if sys.argv[1] == "keep":
    keep_freed_memory()
work()
before = faults()
for _ in range(20):
    work()
print(faults() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc learns from what is freed")
def test_arrays_use_the_memory_of_those_before() -> None:
    kept, given_back = (
        int(subprocess.run([sys.executable, "-c", ARRAYS, how], capture_output=True, text=True, check=True).stdout)
        for how in ("keep", "give back")
    )
    assert kept * 10 < given_back
