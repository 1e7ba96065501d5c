"""A test set from the archive itself: what is drawn, and that nothing of the symptoms is left to be found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.fields.derive import complete
from indexer.withheld import derive_without_symptoms, draw_symptoms, without_symptoms
from kb.engines.registry import engine
from kb.errors import BadInput
from kb.matching.forward_index import ForwardIndex
from kb.models import Article, Section
from kb.search import Searcher
from kb.store.changes import Changes, Place
from kb.store.derived import FORWARD, VECTORS, Derived, engine_folder
from kb.store.entries import entry
from kb.store.home import make_home
from kb.text.fields import analyse
from tests.samples import article, sections

SYMPTOMS = 'The spooler stalls quietly. You receive the message "Cannot open the flux device" and STOP 0x0000ABCD.'


def printer(article_id: str = "Q1001", symptoms: str = SYMPTOMS) -> Article:
    parts = (
        Section("SYMPTOMS", "symptoms", symptoms),
        Section("On the Server", "other", "The queue grows. Event ID: 4711"),
        Section("CAUSE", "cause", "The driver waits, see error 1722."),
        Section("Details", "other", "The port is closed."),
    )
    return complete(article(article_id, "Printing Stops", sections=parts, category="winnt", query_words=("prnt",)))


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


def put(changes: Changes, *articles: Article) -> None:
    with changes.batch():
        for each in articles:
            changes.put(entry(each, each.id.encode()), Place(None, "a", "a", "a"))


class TestAnArticleWithoutSymptoms:
    def test_has_neither_their_text_nor_that_of_the_parts_below_them(self) -> None:
        found = without_symptoms(printer())
        assert found.symptoms is None
        assert [section.heading for section in found.sections] == ["CAUSE", "Details"]

    def test_keeps_all_else(self) -> None:
        whole, found = printer(), without_symptoms(printer())
        for name in ("id", "title", "cause", "query_words", "category", "kind", "fix", "products"):
            assert getattr(found, name) == getattr(whole, name), name

    def test_has_only_the_errors_that_stand_elsewhere(self) -> None:
        whole, found = printer(), without_symptoms(printer())
        assert {signature.type for signature in whole.signatures} >= {"stop", "event_id", "message"}
        assert {(signature.type, signature.value) for signature in found.signatures} == {("error_number", "1722")}
        assert found.error_messages == ()

    def test_gives_no_term_that_only_they_had(self) -> None:
        held = {term for field in analyse(without_symptoms(printer())).fields for term in field}
        only = {
            term
            for field in analyse(printer()).fields
            for term in field
            if term.startswith(("spool", "flux", "queue", "stop=", "event_id=", "message=", "0x0000abcd", "4711"))
        }
        assert len(only) >= 6
        assert held & only == set()
        assert {"driver", "port", "prnt", "error=1722"} <= held

    def test_is_the_article_where_there_are_none(self) -> None:
        other = article(sections=sections(cause="It waits."))
        assert without_symptoms(other) is other


class TestDrawing:
    def test_takes_the_first_words_and_the_article_alone_is_right(self, changes: Changes) -> None:
        put(changes, printer())
        (query,) = draw_symptoms(changes.articles, 1, 4, seed=0)
        assert (query.id, query.query, query.relevant) == ("Q1001", "The spooler stalls quietly.", {"Q1001"})
        assert query.fields == {"kind": printer().kind, "category": "winnt"}

    def test_passes_over_articles_without_symptoms(self, changes: Changes) -> None:
        put(changes, printer(), article("Q1002", sections=sections(cause="It waits.")))
        assert [query.id for query in draw_symptoms(changes.articles, 5, 40, seed=0)] == ["Q1001"]

    def test_a_seed_draws_the_same_in_whatever_order_articles_came(self, tmp_path: Path) -> None:
        drawn = []
        numbers = range(1001, 1040)
        for name, order in (("up", numbers), ("down", reversed(numbers))):
            opened = Changes(make_home(tmp_path / name))
            put(opened, *(printer(f"Q{number}") for number in order))
            drawn.append([query.id for query in draw_symptoms(opened.articles, 7, 5, seed=3)])
            others = [query.id for query in draw_symptoms(opened.articles, 7, 5, seed=4)]
            opened.close()
        assert drawn[0] == drawn[1]
        assert len(set(drawn[0])) == 7
        assert drawn[0] != others

    def test_an_archive_without_symptoms_is_refused(self, changes: Changes) -> None:
        put(changes, article(sections=sections(cause="It waits.")))
        with pytest.raises(BadInput, match="no article here has symptoms"):
            draw_symptoms(changes.articles, 1, 40, seed=0)


@pytest.mark.parametrize("name", ["tantivy", "whoosh"])
class TestTheDerivedData:
    def test_hold_every_article_and_no_word_of_symptoms(self, changes: Changes, tmp_path: Path, name: str) -> None:
        put(changes, printer("Q1001"), printer("Q1002"))
        trial = derive_without_symptoms(changes.home, engine(name), tmp_path / "trial", lambda _: None)
        (folder, _), (forward, _) = (Derived(trial, part).current() or (Path(), None) for part in (
            engine_folder(name), FORWARD
        ))  # fmt: skip
        with engine(name).open(folder) as reader:
            assert set(reader.ids()) == {"Q1001", "Q1002"}
            assert reader.document_frequencies(("spooler", "flux", "stop=abcd", "driver")) == {
                "spooler": 0, "flux": 0, "stop=abcd": 0, "driver": 2,
            }  # fmt: skip
        index = ForwardIndex(forward)
        assert index.codes(("stop=abcd",)) == {}
        index.close()

    def test_leave_those_of_the_home_alone(self, changes: Changes, tmp_path: Path, name: str) -> None:
        put(changes, printer())
        derive_without_symptoms(changes.home, engine(name), tmp_path / "trial", lambda _: None)
        assert not changes.home.derived.exists()
        assert {path.name for path in (tmp_path / "trial").iterdir()} == {engine_folder(name), FORWARD, VECTORS}

    def test_can_be_searched(self, changes: Changes, tmp_path: Path, name: str) -> None:
        put(changes, printer())
        trial = derive_without_symptoms(changes.home, engine(name), tmp_path / "trial", lambda _: None)
        with Searcher(trial, name) as searcher:
            assert searcher.notices == []
            assert [found for found, _ in searcher.run_line("driver waits")] == ["Q1001"]


def test_two_engines_share_what_no_engine_has_a_part_in(changes: Changes, tmp_path: Path) -> None:
    put(changes, printer())
    for name in ("tantivy", "whoosh"):
        trial = derive_without_symptoms(changes.home, engine(name), tmp_path / "trial", lambda _: None)
    for name in ("tantivy", "whoosh"):
        with Searcher(trial, name) as searcher:
            assert [found for found, _ in searcher.run_line("driver waits")] == ["Q1001"]
