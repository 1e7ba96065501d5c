"""The forward index: terms of articles by field, as strings of one character a term."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.errors import IndexUnavailable
from kb.matching import forward_index
from kb.matching.forward_index import ForwardIndex, field_strings
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle


def analysed(article_id: str, **fields: str) -> AnalysedArticle:
    return AnalysedArticle(article_id, tuple(tuple(fields.get(name, "").split()) for name in FIELD_WEIGHTS))


@pytest.fixture
def written(tmp_path: Path) -> Iterator[ForwardIndex]:
    index = ForwardIndex(tmp_path / "forward", writable=True)
    yield index
    index.close()


def read(index: ForwardIndex, article_id: str) -> dict[str, str]:
    """Return the fields of an article as terms again, empty ones left out."""
    terms = {character: term for term, character in index.characters(VOCABULARY).items()}
    sequence, _ = index.sequences([article_id])[article_id]
    return {name: " ".join(terms[c] for c in text) for name, text in field_strings(sequence).items() if text}


VOCABULARY = ["modem", "printer", "disk", "mail"]


def test_terms_come_out_in_order_and_by_field(written: ForwardIndex) -> None:
    written.add([analysed("Q1", title="modem printer modem", cause="disk")])
    assert read(written, "Q1") == {"title": "modem printer modem", "cause": "disk"}


def test_the_length_is_weighted(written: ForwardIndex) -> None:
    written.add([analysed("Q1", title="modem printer", cause="disk"), analysed("Q2")])
    expected = 2 * FIELD_WEIGHTS["title"] + FIELD_WEIGHTS["cause"]
    assert written.sequences(["Q1"])["Q1"][1] == expected
    written.commit()
    assert written.averages() == (2, expected / 2)


def test_the_same_id_replaces(written: ForwardIndex) -> None:
    written.add([analysed("Q1", title="modem")])
    written.add([analysed("Q1", title="disk")])
    written.commit()
    assert read(written, "Q1") == {"title": "disk"}
    assert written.averages()[0] == 1


def test_only_what_was_committed_is_read(written: ForwardIndex, tmp_path: Path) -> None:
    written.add([analysed("Q1", title="modem")])
    written.commit()
    written.add([analysed("Q2", title="disk")])
    written.delete(["Q1"])
    reader = ForwardIndex(tmp_path / "forward")
    assert list(reader.ids()) == ["Q1"]
    reader.close()
    written.commit()
    reader = ForwardIndex(tmp_path / "forward")
    assert list(reader.ids()) == ["Q2"]
    assert reader.problems() == []
    reader.close()


def test_terms_beyond_the_last_character_are_unknown_to_queries(
    written: ForwardIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward_index, "_LAST", 0x21)
    written.add([analysed("Q1", title="modem printer disk mail")])
    assert set(written.characters(VOCABULARY)) == {"modem", "printer"}
    assert written.sequences(["Q1"])["Q1"][0].count(forward_index.UNKNOWN) == 2


def test_no_term_becomes_half_a_character(written: ForwardIndex) -> None:
    written._next = 0xD7FF
    written.add([analysed("Q1", title="modem printer")])
    assert read(written, "Q1") == {"title": "modem printer"}


def test_ids_and_terms_that_are_not_there_are_left_out(written: ForwardIndex) -> None:
    assert written.sequences(["Q9"]) == {}
    assert written.characters(["nothing"]) == {}
    assert written.averages() == (0, 1.0)


@pytest.mark.parametrize("data", [b"", b"no database, but long enough to look into" * 100])
def test_what_is_no_index_names_the_rebuild(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "forward.sqlite").write_bytes(data)
    with pytest.raises(IndexUnavailable) as caught:
        ForwardIndex(tmp_path)
    assert "kbfix rebuild" in caught.value.next_step
