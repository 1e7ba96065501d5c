"""Vectors of terms, texts and articles, and the index of all articles' vectors."""

import json
from pathlib import Path

import numpy as np
import pytest

from kb.errors import IndexUnavailable
from kb.matching import MODEL, term_vectors, vector_index
from kb.matching.term_vectors import SHARES, TermVectors, article_parts, packed, shipped_vectors, similarity
from kb.matching.vector_index import VectorIndex, VectorWriter, nearest_rows
from kb.text.batches import batch_of
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle


def analysed(article_id: str, **fields: str) -> AnalysedArticle:
    return AnalysedArticle(article_id, tuple(tuple(fields.get(name, "").split()) for name in FIELD_WEIGHTS))


def text(words: str) -> np.ndarray:
    return shipped_vectors().embed(dict.fromkeys(words.split(), 1.0))


def written(
    folder: Path, *articles: AnalysedArticle, before: Path | None = None, gone: tuple[str, ...] = ()
) -> VectorIndex:
    writer = VectorWriter(folder, before)
    writer.add(batch_of(articles))
    writer.delete(gone)
    assert writer.write()
    return VectorIndex(folder)


MODEM, PRINTER, DISK = analysed("Q2", title="modem"), analysed("Q1", title="printer"), analysed("Q10", title="disk")


@pytest.mark.parametrize("native", [True, False], ids=["simsimd", "numpy"])
@pytest.mark.parametrize("spread", [1.0, 30.0], ids=["even", "of-few-numbers"])
def test_the_nearest_rows_are_those_of_a_full_comparison(
    monkeypatch: pytest.MonkeyPatch, native: bool, spread: float
) -> None:
    if not native:
        monkeypatch.setattr(vector_index, "simsimd", None)
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(5000, 128)) * np.where(np.arange(128) < 3, spread, 1)
    vectors = packed((rows / np.linalg.norm(rows, axis=1)[:, None]).astype(np.float32))
    wanted = (rows[7] / np.linalg.norm(rows[7])).astype(np.float32)
    cosines = similarity(vectors, wanted)
    for limit, least in ((10, -1.0), (100, 0.1), (5000, 0.2), (0, 0.0)):
        right = [row for row in np.argsort(-cosines, kind="stable") if cosines[row] >= least][:limit]
        assert nearest_rows(vectors, wanted, limit, least).tolist() == right
    usable = np.arange(len(vectors)) % 2 == 0
    assert not set(nearest_rows(vectors, wanted, 50, -1.0, usable).tolist()) & set(np.flatnonzero(~usable).tolist())
    assert nearest_rows(vectors[:0], wanted, 5, 0.0).tolist() == []


class TestTermVectors:
    def test_the_shipped_data_fit_together(self) -> None:
        vectors = shipped_vectors()
        assert len(vectors.rows) == len(vectors.table) == len(vectors.scales) == len(vectors.weights)
        assert vectors.size == 128

    def test_they_and_their_provenance_are_below_12_megabytes(self) -> None:
        folder = Path(term_vectors.__file__).parent / "model"
        assert sum(path.stat().st_size for path in folder.iterdir()) < 12_000_000
        assert json.loads((folder / "term_vectors.json").read_text())["made_by"] == "bench/train_vectors.py"

    def test_a_text_has_length_1(self) -> None:
        assert np.linalg.norm(text("modem dial fail")) == pytest.approx(1, abs=1e-5)

    def test_a_text_of_unknown_words_has_none(self) -> None:
        assert not text("xyzzyplugh").any()

    def test_the_order_of_words_changes_nothing(self) -> None:
        assert (text("modem dial fail") == text("fail modem dial")).all()

    def test_cosines_of_terms_are_the_same_when_their_lengths_are_known(self) -> None:
        vectors = TermVectors(MODEL)
        rows = np.array([vectors.rows[term] for term in ("modem", "hang", "font")])
        plain = vectors.table[rows].astype(float)
        plain /= np.linalg.norm(plain, axis=1)[:, None]
        for _ in range(2):
            assert vectors.cosines(rows, rows[:2]) == pytest.approx(plain[:2] @ plain.T, abs=1e-5)

    def test_a_synonym_is_nearer_than_another_word(self) -> None:
        assert text("hang") @ text("freez") > text("hang") @ text("font")

    def test_an_article_is_near_to_its_own_title(self) -> None:
        rows = shipped_vectors().embed_articles(batch_of([MODEM, PRINTER]))
        cosines = similarity(rows, text("modem"))
        assert cosines[0] > 0.98 > cosines[1]

    def test_a_title_counts_more_than_a_cause(self) -> None:
        rows = shipped_vectors().embed_articles(batch_of([analysed("Q1", title="modem", cause="disk")]))
        assert similarity(rows, text("modem"))[0] > similarity(rows, text("disk"))[0] > 0.2

    def test_without_symptoms_what_comes_first_describes(self) -> None:
        fields = {"title": "modem", "more_information": "printer", "summary": "disk"}
        assert article_parts(analysed("Q1", **fields))["description"] == ("disk",)
        assert article_parts(analysed("Q1", **fields, symptoms="mail"))["description"] == ("mail",)

    def test_articles_are_embedded_as_texts_of_their_parts(self) -> None:
        articles = [
            analysed("Q1", title="modem", cause="disk modem", symptoms="printer printer mail"),
            analysed("Q2"),
            analysed("Q3", title="xyzzyplugh"),
            analysed("Q4", title="disk", applies_to="window", query_words="mail fail", body="printer " * 200),
        ]
        for article, row in zip(articles, shipped_vectors().embed_articles(batch_of(articles)), strict=True):
            counts: dict[str, float] = {}
            for name, part in article_parts(article).items():
                for term in part:
                    counts[term] = counts.get(term, 0.0) + SHARES[name]
            assert np.abs(packed(shipped_vectors().embed(counts)).astype(int) - row).max() <= 1, article.id

    def test_an_article_is_the_same_in_any_company(self) -> None:
        alone = shipped_vectors().embed_articles(batch_of([PRINTER]))
        assert (shipped_vectors().embed_articles(batch_of([MODEM, PRINTER, DISK]))[1] == alone[0]).all()


class TestVectorIndex:
    def test_the_nearest_come_first(self, tmp_path: Path) -> None:
        index = written(tmp_path, MODEM, PRINTER, DISK)
        assert index.nearest(text("modem"), 10)[0] == "Q2"
        assert index.nearest(text("printer"), 1) == ["Q1"]
        assert len(index.nearest(text("printer"), 10)) == 3

    def test_looking_for_them_may_begin_before_they_are_asked_for(self, tmp_path: Path) -> None:
        index = written(tmp_path, MODEM, PRINTER)
        wanted = [text("modem"), text("printer")]
        # The first is looked for when it is asked for, the others in a second thread.
        for _ in range(2):
            begun = [index.begin_nearest(each, 10, -1.0) for each in wanted]
            assert [each() for each in reversed(begun)] == [index.nearest(each, 10) for each in reversed(wanted)]
        left = index.begin_nearest(wanted[0], 10, -1.0)
        index.close()
        assert left()[0] == "Q2"

    def test_what_is_not_near_enough_is_left_out(self, tmp_path: Path) -> None:
        assert written(tmp_path, MODEM, PRINTER).nearest(text("modem"), 10, 0.95) == ["Q2"]

    def test_nothing_is_near_to_nothing(self, tmp_path: Path) -> None:
        assert written(tmp_path, MODEM).nearest(text("xyzzyplugh"), 10) == []
        assert written(tmp_path / "empty").nearest(text("modem"), 10) == []

    def test_an_article_that_is_not_there_has_similarity_0(self, tmp_path: Path) -> None:
        index = written(tmp_path, MODEM, PRINTER)
        found = index.similarities(["Q9", "Q2", "Q", "Q99999999"], text("modem"))
        assert found.tolist() == [0, pytest.approx(1, abs=0.02), 0, 0]
        assert written(tmp_path / "empty").similarities(["Q2"], text("modem")).tolist() == [0]

    def test_ids_of_any_length_and_letters_are_kept(self, tmp_path: Path) -> None:
        names = ["Q1", "contoso:" + "lang-" * 20, "büro:drucker"]
        index = written(tmp_path, *(analysed(name, title="modem") for name in names))
        assert sorted(index.ids()) == sorted(names)
        assert (index.similarities(names, text("modem")) > 0.9).all()

    def test_a_writer_goes_on_from_what_was_there(self, tmp_path: Path) -> None:
        written(tmp_path / "1", MODEM, PRINTER)
        changed = analysed("Q1", title="disk")
        index = written(tmp_path / "2", DISK, changed, before=tmp_path / "1", gone=("Q2", "Q9"))
        assert list(index.ids()) == ["Q1", "Q10"]
        assert index.similarities(["Q1"], text("disk"))[0] > 0.9
        assert list(VectorIndex(tmp_path / "1").ids()) == ["Q1", "Q2"]

    def test_of_several_changes_of_an_article_the_last_counts(self, tmp_path: Path) -> None:
        writer = VectorWriter(tmp_path)
        for title in ("modem", "printer"):
            writer.add(batch_of([analysed("Q1", title=title), analysed("Q2", title=title)]))
            writer.delete(["Q2", "Q1"])
        writer.add(batch_of([analysed("Q2", title="disk")]))
        writer.write()
        index = VectorIndex(tmp_path)
        assert list(index.ids()) == ["Q2"]
        assert index.similarities(["Q2"], text("disk"))[0] > 0.9

    def test_a_writer_with_nothing_to_change_writes_nothing(self, tmp_path: Path) -> None:
        written(tmp_path / "1", MODEM)
        assert not VectorWriter(tmp_path / "2", tmp_path / "1").write()
        assert not (tmp_path / "2").exists()

    @pytest.mark.parametrize("name", ["ids.npy", "vectors.npy"])
    @pytest.mark.parametrize("data", [b"", b"no array at all" * 100, None])
    def test_damage_names_the_rebuild(self, tmp_path: Path, name: str, data: bytes | None) -> None:
        written(tmp_path, MODEM, PRINTER).close()
        if data is None:
            (tmp_path / name).unlink()
        else:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(IndexUnavailable) as caught:
            VectorIndex(tmp_path)
        assert caught.value.next_step == "run: kbfix rebuild"

    def test_files_that_do_not_fit_together_are_refused(self, tmp_path: Path) -> None:
        written(tmp_path / "1", MODEM, PRINTER)
        written(tmp_path / "2", MODEM)
        (tmp_path / "2" / "vectors.npy").replace(tmp_path / "1" / "vectors.npy")
        with pytest.raises(IndexUnavailable):
            VectorIndex(tmp_path / "1")
