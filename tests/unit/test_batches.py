"""Analysed articles as one value."""

import pickle

import pytest

from kb.text.acronyms import Acronym
from kb.text.batches import analysed_batch, batch_of
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle, analyse
from tests.samples import article, sections


def analysed(article_id: str, **fields: str) -> AnalysedArticle:
    sequences = tuple(tuple(fields.get(name, "").split()) for name in FIELD_WEIGHTS)
    return AnalysedArticle(article_id, sequences, {"kind": ("bug",)}, 7, (Acronym("imc", article_id),))


FIRST, SECOND, AGAIN = analysed("Q1", title="a b", body="c"), analysed("Q2", cause="b b"), analysed("Q1", title="d")


def test_the_vocabulary_has_each_term_once() -> None:
    batch = batch_of([FIRST, SECOND])
    assert batch.vocabulary.terms == ["a", "b", "c"]
    assert batch.terms.tolist() == [0, 1, 2, 1, 1]
    assert sum(batch.lengths) == 5


@pytest.mark.parametrize("places", [[0], [1], [0, 2], [2, 0], [], [0, 1, 2]])
def test_some_of_its_articles_are_as_if_never_together(places: list[int]) -> None:
    articles = [FIRST, SECOND, AGAIN]
    assert batch_of(articles).only(places) == batch_of([articles[place] for place in places])


def test_of_one_id_the_last_article_is_the_latest() -> None:
    assert batch_of([FIRST, SECOND, AGAIN]).latest() == batch_of([SECOND, AGAIN])


def test_it_passes_between_processes() -> None:
    batch = batch_of([FIRST, SECOND])
    assert pickle.loads(pickle.dumps(batch)) == batch


def test_articles_analysed_together_are_as_if_analysed_one_by_one() -> None:
    articles = [
        article(
            "Q1", "Setup of the Internet Mail Connector (IMC) fails", error_messages=("Cannot open file.", "Stop.")
        ),
        article(
            "Q2",
            sections=sections(
                symptoms='(WIN.INI) isn\'t read; C++, C#: and "win.ini"... .ini ?!', cause="nt4 0x0000000A"
            ),
        ),
        article("Q3", date="2000-01-01", sections=()),
    ]
    assert analysed_batch(articles) == batch_of(map(analyse, articles))


def test_a_vocabulary_is_sent_once() -> None:
    batches = [batch_of([FIRST]), batch_of([FIRST])]
    vocabulary = batches[0].vocabulary
    first = pickle.dumps(batches[0])
    vocabulary.terms.append("later")
    second = pickle.dumps(batches[0])
    assert b"later" in second
    assert len(second) < len(first)
    assert pickle.loads(first).vocabulary is pickle.loads(second).vocabulary
    assert pickle.loads(first).vocabulary.terms == ["a", "b", "c", "later"]


def test_a_lost_piece_of_a_vocabulary_is_missed() -> None:
    vocabulary = batch_of([FIRST]).vocabulary
    pickle.dumps(vocabulary)
    with pytest.raises(ValueError, match="missing"):
        pickle.loads(pickle.dumps(vocabulary))
