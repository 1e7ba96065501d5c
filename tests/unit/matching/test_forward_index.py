"""The forward index: terms of articles by field, as strings of one character a term."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import IndexUnavailable
from kb.matching import forward_index
from kb.matching.forward_index import FIELD_END, FIRST_CODE, ForwardIndex
from kb.matching.term_vectors import shipped_vectors
from kb.text.batches import batch_of
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
    terms = {code: term for term, code in index.codes(VOCABULARY).items()}
    fields: list[list[str]] = [[]]
    for code in index.sequences([article_id]).codes.tolist():
        if code == ord(FIELD_END):
            fields.append([])
        else:
            fields[-1].append(terms[code])
    return {name: " ".join(text) for name, text in zip(FIELD_WEIGHTS, fields, strict=True) if text}


VOCABULARY = ["modem", "printer", "disk", "mail", "xyzzyplugh", "frobnicat"]


def test_terms_come_out_in_order_and_by_field(written: ForwardIndex) -> None:
    written.add(batch_of([analysed("Q1", title="modem printer modem", cause="disk")]))
    assert read(written, "Q1") == {"title": "modem printer modem", "cause": "disk"}


def test_the_length_is_weighted(written: ForwardIndex) -> None:
    written.add(batch_of([analysed("Q1", title="modem printer", cause="disk"), analysed("Q2")]))
    expected = 2 * FIELD_WEIGHTS["title"] + FIELD_WEIGHTS["cause"]
    assert written.sequences(["Q1"]).lengths.tolist() == [expected]
    written.commit()
    assert written.averages() == (2, expected / 2)


def test_the_same_id_replaces(written: ForwardIndex) -> None:
    written.add(batch_of([analysed("Q1", title="modem")]))
    written.add(batch_of([analysed("Q1", title="disk")]))
    written.commit()
    assert read(written, "Q1") == {"title": "disk"}
    assert written.averages()[0] == 1


def test_only_what_was_committed_is_read(written: ForwardIndex, tmp_path: Path) -> None:
    written.add(batch_of([analysed("Q1", title="modem")]))
    written.commit()
    written.add(batch_of([analysed("Q2", title="disk")]))
    written.delete(["Q1"])
    reader = ForwardIndex(tmp_path / "forward")
    assert list(reader.ids()) == ["Q1"]
    reader.close()
    written.commit()
    reader = ForwardIndex(tmp_path / "forward")
    assert list(reader.ids()) == ["Q2"]
    assert reader.problems() == []
    reader.close()


def test_a_term_with_a_vector_has_its_row_as_code(written: ForwardIndex) -> None:
    assert written.codes(["modem"]) == {"modem": FIRST_CODE + shipped_vectors().rows["modem"]}


def test_a_term_without_one_gets_a_code_of_its_own(written: ForwardIndex) -> None:
    written.add(batch_of([analysed("Q1", title="xyzzyplugh frobnicat")]))
    written.commit()
    codes = written.codes(["xyzzyplugh", "frobnicat"])
    assert len(set(codes.values())) == 2
    assert min(codes.values()) >= FIRST_CODE + len(shipped_vectors().rows)
    assert read(written, "Q1") == {"title": "xyzzyplugh frobnicat"}


def test_terms_beyond_the_last_character_are_unknown_to_queries(
    written: ForwardIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forward_index, "_LAST", written._codes.next_code)
    written.add(batch_of([analysed("Q1", title="xyzzyplugh frobnicat plughxyzz")]))
    written.commit()
    assert set(written.codes(["xyzzyplugh", "frobnicat", "plughxyzz"])) == {"xyzzyplugh"}
    assert written.sequences(["Q1"]).codes.tolist().count(ord(forward_index.UNKNOWN)) == 2


def test_no_term_becomes_half_a_character(written: ForwardIndex) -> None:
    written._codes.next_code = 0xD7FF
    written.add(batch_of([analysed("Q1", title="xyzzyplugh frobnicat")]))
    written.commit()
    assert read(written, "Q1") == {"title": "xyzzyplugh frobnicat"}


def counted(article_id: str, *facets: tuple[str, str]) -> AnalysedArticle:
    return replace(analysed(article_id, title="modem"), facets=facets)


def counts(index: ForwardIndex, ids: list[str]) -> dict[str, Counter[str]]:
    found, facets = index.sequences(ids), index.facets_of(ids)
    assert dict(zip(found.ids, found.facets, strict=True)) == facets
    return index.facets(facets.values())


def test_facets_count_the_articles_asked_for(written: ForwardIndex) -> None:
    first = counted("Q1", ("product", "Word"), ("version", "6.0"), ("version", "7.0"), ("kind", "bug"))
    second = counted("Q2", ("product", "Word"), ("version", "7.0"), ("year", "1999"))
    written.add(batch_of([first, second, counted("Q3", ("product", "Mail"))]))
    assert counts(written, ["Q1", "Q2", "Q9"]) == {
        "product": {"Word": 2}, "version": {"6.0": 1, "7.0": 2}, "year": {"1999": 1}, "kind": {"bug": 1},
        "fix_kind": {},
    }  # fmt: skip
    assert counts(written, ["Q3"])["product"] == {"Mail": 1}


def test_facets_survive_another_writer(written: ForwardIndex, tmp_path: Path) -> None:
    written.add(batch_of([counted("Q1", ("product", "Word"))]))
    written.commit()
    written.close()
    later = ForwardIndex(tmp_path / "forward", writable=True)
    later.add(batch_of([counted("Q2", ("product", "Mail")), counted("Q3", ("product", "Word"))]))
    assert counts(later, ["Q1", "Q2", "Q3"])["product"] == {"Word": 2, "Mail": 1}
    later.close()


def test_articles_come_in_the_order_asked_for(written: ForwardIndex) -> None:
    written.add(batch_of([analysed("Q1", title="modem"), analysed("Q2", title="disk")]))
    assert written.sequences(["Q2", "Q9", "Q1", "Q2"]).ids == ("Q2", "Q1")


def test_ids_and_terms_that_are_not_there_are_left_out(written: ForwardIndex) -> None:
    assert written.sequences(["Q9"]).ids == ()
    assert written.codes(["xyzzyplugh"]) == {}
    assert written.averages() == (0, 1.0)


@pytest.mark.parametrize("data", [b"", b"no database, but long enough to look into" * 100])
def test_what_is_no_index_names_the_rebuild(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "forward.sqlite").write_bytes(data)
    with pytest.raises(IndexUnavailable) as caught:
        ForwardIndex(tmp_path)
    assert "kbfix rebuild" in caught.value.next_step


class TestCompression:
    """Sequences are compressed, by dictionaries that are trained as articles come."""

    MANY = tuple(f"Q{number}" for number in range(100_000, 101_000))

    @staticmethod
    def told(number: int) -> str:
        return " ".join(VOCABULARY[(number * place) % len(VOCABULARY)] for place in range(1, 40))

    def fill(self, index: ForwardIndex) -> None:
        for start in range(0, len(self.MANY), 250):
            some = self.MANY[start : start + 250]
            index.add(batch_of([analysed(each, body=self.told(int(each[1:]))) for each in some]))
        index.commit()

    def test_what_was_added_under_any_dictionary_is_read(
        self, written: ForwardIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kb.frames.TRAINED_AGAIN", 300)
        written.add(batch_of([analysed("Q1", title="modem")]))
        self.fill(written)
        assert written._connection.execute("SELECT count(*) FROM dictionaries").fetchone() == (2,)
        assert read(written, "Q1") == {"title": "modem"}
        for each in self.MANY[::100]:
            assert read(written, each) == {"body": self.told(int(each[1:]))}
        assert written.problems() == []

    def test_all_are_yielded_or_those_asked_for(self, written: ForwardIndex) -> None:
        self.fill(written)
        everything = list(written.every_sequence(300))
        assert [len(ids) for ids, _ in everything] == [300, 300, 300, 100]
        ids, units = everything[0]
        assert units.tolist() == written.sequences(ids).codes.tolist()
        asked = [ids for ids, _ in written.every_sequence(300, {"Q100001", "Q100950", "Q9"})]
        assert asked == [["Q100001"], ["Q100950"]]

    def test_what_is_damaged_names_the_rebuild(self, written: ForwardIndex) -> None:
        self.fill(written)
        written._connection.execute("UPDATE articles SET sequence = substr(sequence, 1, 20) WHERE id = 'Q100001'")
        (problem,) = written.problems()
        assert problem.startswith("Q100001: ")
        for reading in (lambda: written.sequences(["Q100001"]), lambda: list(written.every_sequence(300))):
            with pytest.raises(IndexUnavailable) as raised:
                reading()
            assert raised.value.next_step == "run: kbfix rebuild"
