"""Queries expanded by the acronyms that articles spell out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.matching.expansion import expanded
from kb.matching.forward_index import ForwardIndex
from kb.matching.understanding import understand
from kb.text.acronyms import Acronym
from kb.text.batches import batch_of
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle

IMC = Acronym("imc", "internet mail connector")


@pytest.fixture
def forward(tmp_path: Path) -> Iterator[ForwardIndex]:
    index = ForwardIndex(tmp_path / "forward", writable=True)
    yield index
    index.close()


def defining(number: int, *acronyms: Acronym) -> AnalysedArticle:
    return AnalysedArticle(f"Q{number}", tuple(() for _ in FIELD_WEIGHTS), acronyms=acronyms)


@pytest.mark.parametrize("query", ["IMC stops", "imc stops"])
def test_an_acronym_brings_its_words_at_less_weight(forward: ForwardIndex, query: str) -> None:
    forward.add(batch_of([defining(1, IMC)]))
    found = expanded(understand(query), forward)
    assert found.acronyms == (IMC,)
    assert 0 < found.weights["connector"] < found.weights["imc"]
    assert "connector" not in found.order


@pytest.mark.parametrize("query", ["Internet Mail Connector stops", "the internet-mail connectors"])
def test_its_words_bring_the_acronym(forward: ForwardIndex, query: str) -> None:
    forward.add(batch_of([defining(1, IMC)]))
    found = expanded(understand(query), forward)
    assert found.acronyms == (IMC,)
    assert 0 < found.weights["imc"] < 1


def test_what_the_user_wrote_keeps_its_weight(forward: ForwardIndex) -> None:
    forward.add(batch_of([defining(1, IMC)]))
    plain = understand("the IMC loses internet mail")
    assert expanded(plain, forward).weights["mail"] == plain.weights["mail"]


def test_of_several_meanings_the_usual_ones_count_by_their_share(forward: ForwardIndex) -> None:
    usual, other, slip = (Acronym("dns", f"domain name {word}") for word in ("service", "system", "severance"))
    forward.add(
        batch_of([defining(1, usual), defining(2, usual), defining(3, usual), defining(4, other), defining(5, other)])
    )
    forward.add(batch_of([defining(6, slip)]))
    found = expanded(understand("dns fails"), forward)
    assert set(found.acronyms) == {usual, other}
    assert found.weights["servic"] > found.weights["system"] > 0


def test_stop_words_are_no_acronyms(forward: ForwardIndex) -> None:
    forward.add(batch_of([defining(1, Acronym("his", "host integration server"))]))
    query = understand("his printer")
    assert expanded(query, forward) is query


def test_a_replaced_or_removed_article_defines_nothing_more(forward: ForwardIndex) -> None:
    forward.add(batch_of([defining(1, IMC), defining(2, IMC), defining(3, IMC)]))
    forward.add(batch_of([defining(2)]))
    forward.delete(["Q3"])
    forward.commit()
    assert forward.meanings(["imc"]) == [(IMC, 1)]


def test_a_log_of_many_lines_is_looked_at_from_its_beginning(forward: ForwardIndex) -> None:
    forward.add(batch_of([defining(1, IMC)]))
    query = understand("line of a log\n" * 5000 + "IMC")
    assert expanded(query, forward).acronyms == ()
