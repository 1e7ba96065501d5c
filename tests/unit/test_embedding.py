"""Sentence vectors are made for what lacks one, follow the store, survive interruptions, and are searched."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import kb.sentences
from indexer import embedding
from indexer.derive import IndexUpdate
from indexer.doctor import Finding, examine
from indexer.embedding import Embedded, embed
from kb.engines.registry import engine
from kb.errors import HomeBusy, ModelUnavailable
from kb.matching.sentence_index import SentenceIndex
from kb.models import Filters
from kb.search import Searcher
from kb.store.changes import Changes, Place
from kb.store.derived import SENTENCES, Derived
from kb.store.entries import entry
from kb.store.home import Home, embed_lock, make_home, write_lock
from tests.samples import article, sections
from tests.sentence_models import HashModel

TITLES = {
    "Q100001": "Printer prints blank pages",
    "Q100002": "Modem does not dial",
    "Q100003": "Disk is full after backup",
    "Q100004": "Mouse pointer jumps",
}


@dataclass
class Kept:
    """A home with articles in its store, its indexes kept up to date."""

    home: Home
    changes: Changes

    def put(self, titles: dict[str, str], symptoms: str = "it fails") -> None:
        with self.changes.batch():
            for each, title in titles.items():
                new = article(each, title, sections=sections(symptoms=symptoms), symptoms=symptoms)
                self.changes.put(entry(new, f"{title}{symptoms}".encode()), Place(None, each, each, each))
        self._update_indexes()

    def remove(self, *ids: str) -> None:
        with self.changes.batch():
            assert all(self.changes.remove(each) for each in ids)
        self._update_indexes()

    def embed(self, model: HashModel) -> Embedded:
        return embed(self.home, self.changes.articles, model)

    def ids(self) -> set[str]:
        found = Derived(self.home, SENTENCES).current()
        assert found is not None
        return set(SentenceIndex(found[0]).known())

    def _update_indexes(self) -> None:
        update = IndexUpdate(self.home, engine("tantivy"))
        try:
            update.begin(self.changes.articles)
            update.finish(self.changes.articles)
        finally:
            update.close()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    home = make_home(tmp_path / "home")
    changes = Changes(home)
    found = Kept(home, changes)
    found.put(TITLES)
    yield found
    changes.close()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> HashModel:
    """Return a model that searches load, too."""
    found = HashModel()
    monkeypatch.setattr(kb.sentences, "load", lambda _folder: found)
    monkeypatch.setattr(kb.sentences, "can_load", lambda _folder: True)
    monkeypatch.setattr(kb.sentences, "_LOADED", {})
    return found


class TestMaking:
    def test_every_article_gets_a_vector_once(self, kept: Kept, model: HashModel) -> None:
        assert kept.embed(model) == Embedded(made=4)
        assert kept.embed(model) == Embedded(kept=4)
        assert kept.ids() == set(TITLES)
        assert len(model.texts) == 4

    def test_only_what_is_new_is_made(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        kept.put({"Q100005": "Keyboard types twice"})
        assert kept.embed(model) == Embedded(made=1, kept=4)
        assert model.texts[-1] == "Keyboard types twice. it fails"

    def test_a_changed_text_is_made_again(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        kept.remove("Q100002")
        kept.put({"Q100002": "Modem dials by itself"})
        assert kept.embed(model) == Embedded(made=1, kept=3)

    def test_an_article_that_changed_but_for_its_text_keeps_its_vector(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        kept.remove("Q100002")
        kept.put({"Q100002": TITLES["Q100002"]})
        assert kept.embed(model) == Embedded(kept=4)
        assert len(model.texts) == 4

    def test_what_is_gone_is_dropped(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        kept.remove("Q100001")
        assert kept.embed(model) == Embedded(kept=3, dropped=1)
        assert kept.ids() == set(TITLES) - {"Q100001"}

    def test_another_model_begins_anew(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        assert kept.embed(HashModel("other", 32)) == Embedded(made=4)

    def test_an_empty_store_has_none(self, tmp_path: Path, model: HashModel) -> None:
        home = make_home(tmp_path / "empty")
        changes = Changes(home)
        assert embed(home, changes.articles, model) == embed(home, changes.articles, model) == Embedded()
        changes.close()

    def test_progress_tells_how_many_of_how_many(self, kept: Kept, model: HashModel) -> None:
        told: list[tuple[int, int]] = []
        embed(kept.home, kept.changes.articles, model, lambda done, of: told.append((done, of)))
        assert told == [(0, 4), (4, 4)]


class TestInterruption:
    def test_what_was_made_is_kept_and_the_next_run_goes_on(
        self, kept: Kept, model: HashModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(embedding, "_PART", 1)

        def stop(done: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        counts = Embedded()
        with pytest.raises(KeyboardInterrupt):
            embed(kept.home, kept.changes.articles, HashModel(before=stop), counts=counts)
        assert counts == Embedded(made=2)
        assert len(kept.ids()) == 2
        assert kept.embed(model) == Embedded(made=2, kept=2)
        assert kept.ids() == set(TITLES)

    def test_a_part_that_was_being_written_is_not_read(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        found = Derived(kept.home, SENTENCES).current()
        assert found is not None
        (found[0] / "000002.new").write_bytes(b"half")
        assert kept.embed(model) == Embedded(kept=4)

    def test_an_import_does_not_wait_for_it(self, kept: Kept) -> None:
        with embed_lock(kept.home):
            with write_lock(kept.home):
                pass
            with pytest.raises(HomeBusy, match="making sentence vectors"), embed_lock(kept.home):
                pass


class TestSearching:
    def test_nothing_is_loaded_without_vectors(self, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kb.sentences, "load", lambda _: pytest.fail("loaded"))
        with Searcher(kept.home) as searcher:
            assert not searcher.has_sentences
            assert searcher.notices == []

    def test_they_are_used_where_they_are(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        with Searcher(kept.home) as searcher:
            assert searcher.notices == []
            [first, *_] = searcher.ranking(searcher.understand("modem does not dial. it fails"), Filters())
            assert (first.id, first.has_sentence) == ("Q100002", True)
            assert first.feature("sentence") == pytest.approx(1, abs=0.02)

    def test_they_bring_candidates_within_filters_too(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        with Searcher(kept.home) as searcher:
            found = searcher.ranking(searcher.understand("modem dial"), Filters({"kind": frozenset(["information"])}))
            assert found[0].id == "Q100002"
            assert searcher.ranking(searcher.understand("modem dial"), Filters({"kind": frozenset(["bug"])})) == []

    def test_a_removed_article_is_no_ghost(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        kept.remove("Q100002")
        with Searcher(kept.home) as searcher:
            assert searcher.has_sentences
            assert searcher.notices == []
            found = searcher.ranking(searcher.understand("modem does not dial. it fails"), Filters())
            assert "Q100002" not in {each.id for each in found}

    @pytest.mark.parametrize("title", ["Modem does not dial out", TITLES["Q100002"]])
    def test_an_article_that_changed_has_the_value_that_is_expected(
        self, kept: Kept, model: HashModel, title: str
    ) -> None:
        kept.embed(model)
        kept.remove("Q100002")
        kept.put({"Q100002": title})
        with Searcher(kept.home) as searcher:
            assert searcher.notices == ["1 of 4 articles have no sentence vector; run: kbfix embed"]
            found = searcher.ranking(searcher.understand("modem does not dial. it fails"), Filters())
            [lacking] = [each for each in found if each.id == "Q100002"]
            assert lacking.has_sentence
            assert lacking.feature("sentence") < 0.9

    def test_too_few_are_not_used(self, kept: Kept, model: HashModel, monkeypatch: pytest.MonkeyPatch) -> None:
        kept.embed(model)
        monkeypatch.setattr(kb.sentences, "LEAST_SHARE", 0.9)
        kept.put({"Q100005": "Keyboard types twice"})
        with Searcher(kept.home) as searcher:
            assert not searcher.has_sentences
            assert searcher.notices == [
                "sentence vectors are not used yet: 1 of 5 articles have none; run: kbfix embed"
            ]

    def test_without_the_extra_the_search_is_as_it_was(
        self, kept: Kept, model: HashModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept.embed(model)
        monkeypatch.setattr(kb.sentences, "can_load", lambda _: False)
        with Searcher(kept.home) as searcher:
            assert not searcher.has_sentences
            assert "pip install 'kbfix[semantic]'" in searcher.notices[0]

    def test_a_model_stays_loaded_for_the_next_opening(
        self, kept: Kept, model: HashModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept.embed(model)
        loads = []
        monkeypatch.setattr(kb.sentences, "load", lambda folder: loads.append(folder) or model)
        for _ in range(3):
            with Searcher(kept.home) as searcher:
                assert searcher.has_sentences
        assert loads == [None]
        other = HashModel("other")
        kept.embed(other)
        monkeypatch.setattr(kb.sentences, "load", lambda folder: loads.append(folder) or other)
        with Searcher(kept.home) as searcher:
            assert searcher.has_sentences
        assert loads == [None, None]

    def test_a_model_that_changed_or_is_gone_is_told(
        self, kept: Kept, model: HashModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kept.embed(model)
        monkeypatch.setattr(kb.sentences, "load", lambda _: HashModel("other"))
        with Searcher(kept.home) as searcher:
            assert searcher.notices == ["sentence vectors are not used: their model hash has changed; run: kbfix embed"]
        kb.sentences._LOADED.clear()

        def gone(_: Path | None) -> HashModel:
            raise ModelUnavailable("it is gone", next_step="bring it back")

        monkeypatch.setattr(kb.sentences, "load", gone)
        with Searcher(kept.home) as searcher:
            assert searcher.notices == ["sentence vectors are not used: it is gone; bring it back"]

    def test_damaged_vectors_are_told_and_not_used(self, kept: Kept, model: HashModel) -> None:
        kept.embed(model)
        found = Derived(kept.home, SENTENCES).current()
        assert found is not None
        (found[0] / "000001.npy").write_bytes(b"no array")
        with Searcher(kept.home) as searcher:
            assert not searcher.has_sentences
            assert "cannot be used" in searcher.notices[0]
        assert _finding(kept).problems

    def test_doctor_counts_those_of_present_texts(
        self, kept: Kept, model: HashModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("indexer.doctor.can_load", lambda _: False)
        kept.embed(model)
        kept.remove("Q100001")
        kept.put({"Q100001": "Printer is on fire"})
        finding = _finding(kept)
        assert finding.about == "by hash, for 3 of 4 articles; not used: their model is not installed"
        assert finding.problems == ()


def _finding(kept: Kept) -> Finding:
    [found] = [each for each in examine(kept.home.path) if each.check == "sentence vectors"]
    return found
