"""The second stage: BM25F over fields, idf, nearness."""

import math
from pathlib import Path

import pytest

from kb.matching.forward_index import ForwardIndex
from kb.matching.ranking import K1, MOST_TERMS, NEARNESS, B, Ranked, rank, rarest
from kb.matching.understanding import understand
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle
from kb.text.terms import terms


def _sequence(name: str, text: str) -> tuple[str, ...]:
    return tuple(text.split() if name == "signatures" else terms(text))


def ranked(folder: Path, query: str, *articles: dict[str, str]) -> list[Ranked]:
    """Rank articles, given as texts by field, with ids Q1, Q2, ... ."""
    index = ForwardIndex(folder / "forward", writable=True)
    analysed = [
        AnalysedArticle(f"Q{number}", tuple(_sequence(name, texts.get(name, "")) for name in FIELD_WEIGHTS))
        for number, texts in enumerate(articles, start=1)
    ]
    index.add(analysed)
    index.commit()
    understood = understand(query)
    frequencies = {
        term: sum(any(term in sequence for sequence in each.fields) for each in analysed)
        for term in (*understood.weights, *understood.exact)
    }
    try:
        return rank(understood, [each.id for each in analysed], index, frequencies)
    finally:
        index.close()


def test_a_code_that_is_the_article_s_own_outranks_one_that_is_only_mentioned(tmp_path: Path) -> None:
    text = "a blue screen with stop 0x0000000a appears"
    articles = [{"title": text, "symptoms": text}, {"symptoms": text, "signatures": "stop=a"}]
    found = ranked(tmp_path, "blue screen STOP 0xA", *articles)
    assert ids(found) == ["Q2", "Q1"]
    assert (found[0].exact > 0, found[1].exact) == (True, 0)


def test_coverage_is_of_words_whatever_the_codes(tmp_path: Path) -> None:
    (found,) = ranked(tmp_path, "stop 0xA", {"symptoms": "stop 0xA"})
    assert found.coverage == pytest.approx(1.0)


def ids(found: list[Ranked]) -> list[str]:
    return [each.id for each in found]


def test_the_score_is_bm25f(tmp_path: Path) -> None:
    (first, _) = ranked(tmp_path, "modem", {"title": "modem", "cause": "modem noise"}, {"title": "printer"})
    weights = FIELD_WEIGHTS
    frequency = weights["title"] + weights["cause"]
    lengths = [weights["title"] + 2 * weights["cause"], weights["title"]]
    relative = lengths[0] / (sum(lengths) / 2)
    idf = math.log(1 + (2 - 1 + 0.5) / 1.5)
    expected = idf * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * relative))
    assert first.score == pytest.approx(expected)
    assert first.coverage == pytest.approx(1.0)
    assert first.match == pytest.approx(expected / (idf * (K1 + 1)))


def test_a_title_counts_more_than_a_passing_word(tmp_path: Path) -> None:
    assert ids(ranked(tmp_path, "modem", {"more_information": "modem"}, {"title": "modem"})) == ["Q2", "Q1"]


def test_a_rare_word_counts_more_than_a_common_one(tmp_path: Path) -> None:
    articles = [{"body": "error printer"}, {"body": "error disk"}, {"body": "error mail"}, {"body": "modem noise"}]
    assert ids(ranked(tmp_path, "error modem", *articles))[0] == "Q4"


def test_words_side_by_side_count_a_little_more(tmp_path: Path) -> None:
    near, far = {"body": "blank page printer here"}, {"body": "blank printer here page"}
    found = ranked(tmp_path, "blank page", far, near)
    assert ids(found) == ["Q2", "Q1"]
    assert found[0].score - found[1].score == pytest.approx(NEARNESS * found[0].nearness)


def test_ties_are_in_order_of_id(tmp_path: Path) -> None:
    assert ids(ranked(tmp_path, "modem", {"body": "modem"}, {"body": "modem"})) == ["Q1", "Q2"]


def test_a_word_that_no_article_holds_lowers_the_coverage(tmp_path: Path) -> None:
    (with_unknown,) = ranked(tmp_path / "a", "modem xyzzyplugh", {"body": "modem"})
    (without,) = ranked(tmp_path / "b", "modem", {"body": "modem"})
    assert with_unknown.coverage < without.coverage == 1.0
    assert with_unknown.found == ("modem",)


def test_an_article_that_the_forward_index_lacks_is_left_out(tmp_path: Path) -> None:
    index = ForwardIndex(tmp_path, writable=True)
    assert rank(understand("modem"), ["Q1"], index, {"modem": 1}) == []
    index.close()


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
