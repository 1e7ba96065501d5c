"""The bags of terms that engines index."""

from collections import Counter

import pytest

from kb.matching import weighing
from kb.matching.weighing import counted_documents, index_documents
from kb.text.batches import batch_of
from kb.text.fields import FIELD_WEIGHTS, analyse
from tests.samples import article, sections


def test_a_term_weighs_the_sum_of_its_fields() -> None:
    told = article(title="modem", sections=sections(symptoms="modem modem", cause="modem disk"))
    document = next(index_documents(batch_of([analyse(told)])))
    expected = FIELD_WEIGHTS["title"] + 2 * FIELD_WEIGHTS["symptoms"] + FIELD_WEIGHTS["cause"]
    assert document.terms["modem"] == pytest.approx(expected)
    assert document.terms["disk"] == FIELD_WEIGHTS["cause"]


def test_articles_of_a_batch_keep_apart() -> None:
    articles = [article("Q100001", title="modem"), article("Q100002", title=""), article("Q100003", title="disk")]
    found = {each.id: set(each.terms) for each in index_documents(batch_of(map(analyse, articles)))}
    assert found == {"Q100001": {"q100001", "q", "100001", "modem"}, "Q100002": {"q100002", "q", "100002"},
                     "Q100003": {"q100003", "q", "100003", "disk"}}  # fmt: skip


class _Growing(list[str]):
    """Terms of which there are more whenever they are counted, as where other batches arrive in another thread."""

    def __len__(self) -> int:
        self.append("another")
        return super().__len__()


def test_a_vocabulary_that_grows_meanwhile_changes_nothing() -> None:
    articles = [article("Q100001", title="modem"), article("Q100002", title="disk", product="Mail")]
    batch = batch_of(map(analyse, articles))
    expected = list(index_documents(batch))
    batch.vocabulary.terms = _Growing(batch.vocabulary.terms)
    assert list(index_documents(batch)) == expected


def test_the_date_is_a_day_number_and_may_be_absent() -> None:
    dated = batch_of([analyse(article(date="1970-01-02")), analyse(article("Q100002"))])
    assert [each.date for each in index_documents(dated)] == [1, None]


def test_of_no_article_there_is_none() -> None:
    assert list(index_documents(batch_of([]))) == list(counted_documents(batch_of([]))) == []


def test_counted_terms_are_frequencies_rounded_halves_up_and_at_least_one() -> None:
    told = article(title="modem", sections=sections(cause="disk disk", resolution="disk fan", status="port"))
    weighed = next(index_documents(batch_of([analyse(told)])))
    assert {weighed.terms[term] for term in ("disk", "fan", "port")} == {2.5, 0.5, 0.1}
    counts = Counter(next(counted_documents(batch_of([analyse(told)]))).terms)
    assert (counts["modem"], counts["disk"], counts["fan"], counts["port"]) == (3, 3, 1, 1)
    assert counts.keys() == weighed.terms.keys()


def test_counted_articles_of_a_batch_keep_apart() -> None:
    articles = [article("Q100001", title="modem"), article("Q100002", title=""), article("Q100003", title="disk")]
    batch = batch_of(map(analyse, articles))
    weighed = [(each.id, set(each.terms), each.keywords, each.date) for each in index_documents(batch)]
    assert [(each.id, set(each.terms), each.keywords, each.date) for each in counted_documents(batch)] == weighed


def test_many_terms_are_weighed_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [article(f"Q10000{n}", title=f"modem {n}", sections=sections(cause="modem disk")) for n in range(9)]
    batch = batch_of(map(analyse, articles))
    expected = list(index_documents(batch))
    monkeypatch.setattr(weighing, "_NARROW_BITS", 1)
    assert list(index_documents(batch)) == expected
