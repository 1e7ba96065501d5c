"""The door to sentence models, and what an article's vector is made of."""

from pathlib import Path

import numpy as np
import pytest

from kb.errors import ModelUnavailable
from kb.matching import sentence_model
from kb.matching.ranking import RankingModel, neutral, shipped_ranking
from kb.matching.sentence_index import digest, sentence_text
from kb.matching.sentence_model import can_load, load
from tests.samples import article, sections

needs_model = pytest.mark.skipif(not can_load(), reason="needs the extra: pip install 'kbfix[semantic]'")
needs_libraries = pytest.mark.skipif(not can_load(Path()), reason="needs the extra: pip install 'kbfix[semantic]'")


@needs_model
class TestThePackagedModel:
    def test_what_says_the_same_is_near(self) -> None:
        near, far = "The computer stops responding.", "Print a table in two colours."
        query, one, other = load().embed(["machine hangs", near, far])
        assert query @ one > 0.5 > 0.2 > query @ other

    def test_vectors_have_length_1_whatever_the_text(self) -> None:
        found = load().embed(["", "word " * 5000, "日本語", "a\x00b"])
        assert np.linalg.norm(found, axis=1) == pytest.approx([1] * 4, abs=1e-4)

    def test_no_text_no_vector(self) -> None:
        assert len(load().embed([])) == 0

    def test_its_fingerprint_stays(self) -> None:
        assert load().fingerprint == load().fingerprint


def test_what_is_not_installed_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_model, "find_spec", lambda _: None)
    assert not can_load()
    with pytest.raises(ModelUnavailable) as caught:
        load()
    assert caught.value.next_step == "run: pip install 'kbfix[semantic]'"


@needs_libraries
class TestAModelOfOnesOwn:
    def test_a_folder_without_one_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ModelUnavailable, match="there is no sentence model"):
            load(tmp_path)

    def test_what_is_no_model_is_refused(self, tmp_path: Path) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            (tmp_path / name).write_bytes(b"neither")
        with pytest.raises(ModelUnavailable, match="cannot be loaded"):
            load(tmp_path)


class TestSentenceText:
    def test_it_is_the_title_without_tag_and_the_symptoms(self) -> None:
        assert sentence_text(article(title="XADM: No Mail", symptoms="None comes.")) == "No Mail. None comes."
        assert sentence_text(article(title="OFF97/98: No Mail", summary="None.")) == "No Mail. None."

    def test_without_symptoms_it_is_how_the_article_begins(self) -> None:
        assert sentence_text(article(title="No Mail", sections=sections(cause="Full."))) == "No Mail. Full."
        assert sentence_text(article(title="No Mail")) == "No Mail. "

    def test_long_symptoms_are_cut(self) -> None:
        assert len(sentence_text(article(title="A", symptoms="x" * 9000))) == 703

    def test_other_texts_have_other_digests(self) -> None:
        assert digest("a") != digest("b")
        assert len(digest("\ud800")) == 16


class TestNeutralValues:
    def test_what_has_a_vector_keeps_its_cosine(self) -> None:
        model = RankingModel((), (), (0.1, 0.5))
        found = neutral(np.array([0.7, np.nan], np.float32), np.array([0.2, 0.6], np.float32), model)
        assert found.tolist() == pytest.approx([0.7, 0.4])

    def test_the_shipped_model_expects_more_of_what_is_nearer(self) -> None:
        assert shipped_ranking(with_sentence=True).stand_in[1] > 0
