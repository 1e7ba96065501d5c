"""The store: articles in and out, revisions, citations."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.errors import HomeError
from kb.models import AppliesTo, Article, CrossReference, Diagnostic
from kb.store.articles import Articles
from kb.store.changes import Changes, Place, Pruned
from kb.store.entries import ArticleEntry, entry
from kb.store.home import make_home
from kb.store.ledger import FileRecord, SourceState
from tests.samples import article, sections

HERE = Place(None, "a.txt", "a.txt", "a.txt")
ELSEWHERE = replace(HERE, shown="b.txt")


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    yield opened
    opened.close()


def packed(given: Article, original: bytes | None = None, part: int = 0) -> ArticleEntry:
    data = original if original is not None else given.title.encode()
    source = replace(given.source, sha256=hashlib.sha256(data).hexdigest())
    return entry(replace(given, source=source), data, part)


def put(changes: Changes, *entries: ArticleEntry, place: Place = HERE) -> list[str]:
    with changes.batch():
        return [changes.put(each, place) for each in entries]


class Disk:
    """Files on a disk, each with one article in it, and what an import makes of them."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self.keys: dict[str, int] = {}

    def write(self, path: str, given: ArticleEntry, collection: str | None = None) -> str:
        """Import a file that is new, or has changed in its place."""
        with self.changes.batch():
            key = self.changes.ledger.open_source(SourceState(path, path, 1, 1), collection, 0)
            self.keys[path] = key
            before = {record.path: record for record in self.changes.ledger.files(key)}.get("")
            status = self.changes.put(given, Place(key, "", "", path, before))
            self.changes.ledger.close_source(key, (), complete=True)
        return status

    def prune(self, *paths: str) -> list[str]:
        """Import with --prune after files were deleted."""
        gone = [self.keys.pop(path) for path in paths]
        with self.changes.batch():
            pruned = self.changes.prune(self.keys.values(), gone)
        return [each.id for each in pruned]

    def shown(self, article_id: str = "Q100001") -> tuple[str, str] | None:
        """Return title and path of the article that is shown."""
        found = self.changes.articles.article(article_id)
        return found and (found.title, found.source.path)

    def kept(self, article_id: str = "Q100001") -> list[str]:
        """Return the titles of all revisions, the current one first."""
        return [each.article.title for each in self.changes.articles.revisions(article_id)]


@pytest.fixture
def disk(changes: Changes) -> Disk:
    return Disk(changes)


OLD, NEW = packed(article(title="Old", date="1998-01-01")), packed(article(title="New", date="1999-01-01"))


def test_what_is_put_in_comes_out_as_it_was(changes: Changes) -> None:
    original = b"the bytes \x00\xff as they stand"
    given = article(
        date="1999-01-01",
        sections=sections(symptoms="blank \ud83d pages"),
        diagnostics=(Diagnostic("note", "x", "y", 3),),
    )
    assert put(changes, packed(given, original)) == ["added"]
    found = changes.articles.article("Q100001")
    sha256 = hashlib.sha256(original).hexdigest()
    assert found == replace(given, source=replace(given.source, path="a.txt", sha256=sha256))
    assert changes.articles.original("Q100001") == (original, 1)
    assert changes.articles.original("Q100001", sha256) == (original, 1)
    assert changes.articles.original("Q100001", "0" * 64) is None


def test_the_same_bytes_again_are_unchanged_from_the_same_path_and_a_duplicate_from_another(changes: Changes) -> None:
    given = packed(article())
    assert put(changes, given, given) == ["added", "unchanged"]
    assert put(changes, given, place=ELSEWHERE) == ["duplicate"]


class TestStanding:
    def test_the_newest_date_is_the_article_whatever_the_order(self, disk: Disk) -> None:
        assert [disk.write("a", NEW), disk.write("b", OLD)] == ["added", "duplicate"]
        assert disk.kept() == ["New", "Old"]

    def test_of_one_date_it_is_the_form_that_states_more(self, disk: Disk) -> None:
        less = packed(article(title="Less", date="1999-01-01", fixed_in=("SP1",), error_codes=("7",)))
        more = packed(article(title="More", date="1999-01-01", category="winnt"))
        assert [disk.write("a", less), disk.write("b", more)] == ["added", "updated"]
        assert disk.shown() == ("More", "b")

    def test_of_forms_that_state_the_same_it_is_the_more_faithful(self, disk: Disk) -> None:
        given = article()
        for path, form in (("a", "kb-html"), ("b", "kb-text"), ("c", "kb-markdown")):
            disk.write(path, packed(replace(given, title=form, source=replace(given.source, form=form))))
        assert disk.shown() == ("kb-text", "b")

    def test_of_one_form_it_is_the_one_with_more_text(self, disk: Disk) -> None:
        for path, text in (("a", "long text"), ("b", "longer text"), ("c", "a    text")):
            disk.write(path, packed(article(title=text, sections=sections(symptoms=text))))
        assert disk.shown() == ("longer text", "b")

    def test_bytes_in_two_places_are_shown_with_the_one_that_comes_first_by_name(self, disk: Disk) -> None:
        assert [disk.write("b", NEW), disk.write("a", NEW), disk.write("c", NEW)] == ["added", "duplicate", "duplicate"]
        assert disk.shown() == ("New", "a")
        (only,) = disk.changes.articles.revisions("Q100001")
        assert only.files == ("a", "b", "c")


class TestAFileThatIsMended:
    def test_is_the_article_whatever_its_date(self, disk: Disk) -> None:
        disk.write("a", NEW)
        assert disk.write("a", OLD) == "updated"
        assert disk.kept() == ["Old", "New"]

    def test_is_not_where_another_file_has_a_newer_edition(self, disk: Disk) -> None:
        disk.write("a", packed(article(title="Older", date="1997-01-01")))
        disk.write("b", NEW)
        assert disk.write("a", OLD) == "duplicate"
        assert disk.kept() == ["New", "Old", "Older"]

    def test_may_leave_the_article_to_a_third(self, disk: Disk) -> None:
        disk.write("a", NEW)
        disk.write("b", OLD)
        assert disk.write("a", packed(article(title="Older", date="1997-01-01"))) == "duplicate"
        assert disk.shown() == ("Old", "b")
        assert disk.changes.take_fallen_back() == ["Q100001"]
        assert disk.changes.take_fallen_back() == []

    def test_and_mended_back_is_the_article_again(self, disk: Disk) -> None:
        disk.write("a", NEW)
        disk.write("a", OLD)
        assert disk.write("a", NEW) == "updated"
        assert disk.kept() == ["New", "Old"]

    def test_leaves_what_it_held_to_others_that_hold_it(self, disk: Disk) -> None:
        disk.write("a", NEW)
        disk.write("b", NEW)
        disk.write("a", OLD)
        assert disk.shown() == ("New", "b")

    def test_that_becomes_another_article_keeps_the_first_until_it_is_pruned(self, disk: Disk) -> None:
        disk.write("a", NEW)
        disk.write("a", packed(article("Q100002")))
        assert disk.shown() == ("New", "a")
        assert disk.prune() == ["Q100001"]
        assert disk.shown("Q100002") is not None


class TestPruning:
    def test_takes_an_article_whose_file_is_gone_with_all_its_revisions(self, disk: Disk) -> None:
        disk.write("a", OLD)
        disk.write("a", NEW)
        disk.write("b", packed(article("Q100002")))
        assert disk.prune("a") == ["Q100001"]
        assert disk.changes.articles.counts().revisions == 1
        assert disk.changes.articles.removed_since(0) == ["Q100001"]

    def test_falls_back_to_the_best_that_another_file_holds(self, disk: Disk) -> None:
        disk.write("a", OLD)
        disk.write("b", packed(article(title="Older", date="1997-01-01")))
        disk.write("c", NEW)
        assert disk.prune("c") == []
        assert disk.shown() == ("Old", "a")
        assert disk.kept() == ["Old", "Older"]
        assert disk.changes.take_fallen_back() == ["Q100001"]
        assert disk.changes.articles.heads(["Q100001"])["Q100001"].title == "Old"

    def test_leaves_no_trace_of_what_a_gone_file_once_held(self, disk: Disk) -> None:
        disk.write("a", packed(article(title="Overwritten")))
        disk.write("a", NEW)
        disk.write("b", OLD)
        disk.prune("a")
        assert disk.kept() == ["Old"]

    def test_of_one_of_two_files_that_hold_the_same_shows_the_other(self, disk: Disk) -> None:
        disk.write("a", NEW)
        disk.write("b", NEW)
        assert disk.prune("a") == []
        assert disk.shown() == ("New", "b")
        assert disk.changes.take_fallen_back() == []

    def test_leaves_what_came_from_standard_input(self, disk: Disk) -> None:
        put(disk.changes, OLD, place=replace(HERE, shown="-"))
        disk.write("a", OLD)
        disk.write("b", NEW)
        assert disk.prune("a", "b") == []
        assert disk.shown() == ("Old", "-")

    def test_leaves_what_another_collection_holds(self, disk: Disk) -> None:
        disk.write("a", NEW)
        disk.write("b", packed(article("contoso:q100001", title="Ours", collection="contoso")), "contoso")
        assert disk.prune("a") == ["Q100001"]
        assert disk.shown("contoso:q100001") == ("Ours", "b")

    def test_tells_where_an_article_was(self, disk: Disk) -> None:
        disk.write("a", NEW)
        with disk.changes.batch():
            assert disk.changes.prune((), [disk.keys["a"]]) == [Pruned("Q100001", "a")]

    def test_that_is_only_tried_changes_nothing(self, disk: Disk) -> None:
        disk.write("a", NEW)
        generation = disk.changes.articles.generation
        with disk.changes.batch(only_try=True):
            assert len(disk.changes.prune((), [disk.keys["a"]])) == 1
        assert disk.shown() == ("New", "a")
        assert disk.changes.articles.generation == generation
        assert disk.write("b", OLD) == "duplicate"


def test_a_better_parser_updates_the_same_bytes(changes: Changes) -> None:
    first, second = article(title="A Printer"), article(title="A Better Title")
    assert put(changes, packed(first, b"same")) == ["added"]
    assert put(changes, packed(second, b"same")) == ["updated"]
    assert put(changes, packed(first, b"same")._replace(parser=2), place=ELSEWHERE) == ["updated"]
    assert changes.articles.counts().revisions == 1


class TestSeveralArticlesInAFile:
    VOLUME = b"one\ntwo\nthree\n" * 1000

    def fill(self, changes: Changes) -> None:
        with changes.batch():
            original = changes.put_original(hashlib.sha256(self.VOLUME).hexdigest(), self.compressed())
            assert original == changes.put_original(hashlib.sha256(self.VOLUME).hexdigest(), self.compressed())
            for number in (1, 2, 2):
                given = article(f"Q10000{number}", f"Article {number}")
                part = int(changes.articles.article(given.id) is not None)
                prepared = packed(given, b"", part)._replace(sha256=hashlib.sha256(self.VOLUME).hexdigest())
                changes.put(prepared, HERE, original)

    def compressed(self) -> bytes:
        from kb.frames import Compressor

        return Compressor()(self.VOLUME)

    def test_share_its_bytes(self, changes: Changes) -> None:
        self.fill(changes)
        for number in (1, 2):
            assert changes.articles.original(f"Q10000{number}") == (self.VOLUME, 2)
        assert changes.articles.problems() == []

    def test_and_both_of_one_id_are_kept(self, changes: Changes) -> None:
        self.fill(changes)
        assert len(changes.articles.revisions("Q100002")) == 2

    def test_leave_them_with_the_last_of_them(self, changes: Changes) -> None:
        self.fill(changes)
        count = "SELECT count(*) FROM originals"
        for number, left in ((1, 1), (2, 0)):
            with changes.batch():
                assert changes.remove(f"Q10000{number}")
            assert changes._connection.execute(count).fetchone() == (left,)

    def test_that_are_damaged_are_told(self, changes: Changes) -> None:
        self.fill(changes)
        changes._connection.execute("UPDATE originals SET content = x'00'")
        (problem,) = changes.articles.problems()
        assert "original bytes" in problem


def test_every_batch_is_a_generation_and_a_failed_one_is_none(changes: Changes) -> None:
    put(changes, packed(article("Q100001")))
    broken = packed(article("Q100002"))._replace(content="no bytes")  # type: ignore[arg-type]  # the point
    with pytest.raises(TypeError):
        put(changes, packed(article("Q100003")), broken)
    assert (changes.articles.generation, list(changes.articles.ids())) == (1, ["Q100001"])
    put(changes, packed(article("Q100003")))
    assert [each.id for each in changes.articles.changed_since(1)] == ["Q100003"]


def test_removing_forgets_the_files_too(disk: Disk) -> None:
    disk.write("a", OLD)
    disk.write("b", NEW)
    changes = disk.changes
    with changes.batch():
        assert changes.remove("Q100001")
        assert not changes.remove("Q100001")
    assert changes.articles.article("Q100001") is None
    assert changes.articles.counts().revisions == 0
    assert changes.articles.removed_since(2) == ["Q100001"]
    for path in "ab":
        assert changes.ledger.unchanged(SourceState(path, path, 1, 1), None, 0) is None
        assert changes.ledger.files(disk.keys[path]) == []
    assert [disk.write("b", NEW), disk.write("a", OLD)] == ["added", "duplicate"]
    assert changes.articles.removed_since(0) == []
    with changes.batch():
        changes.remove("Q100001")
    assert disk.prune("a") == []


def test_citations_are_known_in_both_directions(changes: Changes) -> None:
    citing = article("Q100002", "Citing", cross_references=(CrossReference("Q100001"), CrossReference("Q999999")))
    put(changes, packed(article()), packed(citing))
    assert changes.articles.cited_by("Q100001") == (CrossReference("Q100002", "Citing", "cited_by"),)
    counts = changes.articles.counts()
    assert (counts.citations, counts.dangling) == (2, 1)


def test_many_articles_train_a_dictionary_that_all_can_be_read_with(changes: Changes) -> None:
    many = [
        packed(article(f"Q{number}", f"Article {number}", sections=sections(symptoms=f"the symptom {number} " * 40)))
        for number in range(100_000, 100_700)
    ]
    put(changes, packed(article("Q200000", "Before the dictionary")))
    with changes.batch():
        for each, frame in zip(many, changes.compressed([each.content for each in many]), strict=True):
            changes.put(each, HERE, frame=frame)
    with Articles(changes.home) as articles:
        assert len({each.title for each in articles.every_article()}) == 701
        assert articles.problems() == []


def test_dictionaries_are_trained_again_and_again(changes: Changes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.frames.TRAINED_AGAIN", 1000)
    for first in range(100_000, 104_000, 700):
        many = [
            packed(article(f"Q{number}", f"Article {number}", sections=sections(symptoms=f"{first} of {number} " * 40)))
            for number in range(first, first + 700)
        ]
        with changes.batch():
            for each, frame in zip(many, changes.compressed([each.content for each in many]), strict=True):
                changes.put(each, HERE, frame=frame)
    assert changes._connection.execute("SELECT count(*) FROM dictionaries").fetchone() == (3,)
    with Articles(changes.home) as articles:
        assert len({each.title for each in articles.every_article()}) == 4200
        assert articles.problems() == []


def test_a_dictionary_of_a_batch_that_is_undone_is_not_used(changes: Changes) -> None:
    many = [
        packed(article(f"Q{number}", f"Article {number}", sections=sections(symptoms=f"the symptom {number} " * 40)))
        for number in range(100_000, 100_700)
    ]
    with changes.batch(only_try=True):
        changes.put(many[0], HERE, frame=changes.compressed([each.content for each in many])[0])
    put(changes, many[0])
    assert changes.articles.article("Q100000") is not None


def test_a_content_whose_dictionary_is_missing_is_told(changes: Changes) -> None:
    many = [
        packed(article(f"Q{number}", sections=sections(symptoms=f"{number} " * 99))) for number in range(1000, 1700)
    ]
    with changes.batch():
        changes.put(many[0], HERE, frame=changes.compressed([each.content for each in many])[0])
    changes._connection.execute("DELETE FROM dictionaries")
    assert "dictionary" in changes.articles.problems()[0]


def test_a_damaged_content_is_told_and_named(changes: Changes) -> None:
    put(changes, packed(article()), packed(article("Q100002")))
    changes._connection.execute("UPDATE revisions SET content = x'00' WHERE article_id = 'Q100001'")
    with pytest.raises(HomeError, match="Q100001"):
        changes.articles.article("Q100001")
    (problem,) = changes.articles.problems()
    assert problem.startswith("Q100001: ")
    assert changes.articles.article("Q100002") is not None


def test_many_ids_are_asked_for_at_once(changes: Changes) -> None:
    put(changes, *(packed(article(f"Q{number}", product="Windows NT")) for number in range(100_000, 101_100)))
    ids = [f"Q{number}" for number in range(100_000, 101_200)]
    assert len(changes.articles.heads(ids)) == len(changes.articles.articles(ids)) == 1_100
    assert changes.articles.products() == ["windows nt"]
    assert changes.articles.version_names() == []


class TestAppliesLists:
    """What several articles apply to is written down once, and no longer than any of them has it."""

    @staticmethod
    def applying(article_id: str, *versions: str) -> ArticleEntry:
        given = article(article_id, title=f"{article_id} {versions}", date="1999-01-01")
        return packed(replace(given, applies_to=(AppliesTo("Windows NT", None, None, versions),)))

    @staticmethod
    def lists(changes: Changes) -> int:
        ((number,),) = changes._connection.execute("SELECT count(*) FROM applies_lists")
        return int(number)

    def test_they_are_shared(self, changes: Changes) -> None:
        put(changes, self.applying("Q100001", "4.0"), self.applying("Q100002", "4.0"), packed(article("Q100003")))
        assert self.lists(changes) == 1
        assert changes.articles.versions(["Q100001", "Q100002", "Q100003"]) == {"Q100001": ["4.0"], "Q100002": ["4.0"]}

    def test_one_that_no_article_has_is_gone(self, changes: Changes) -> None:
        put(changes, self.applying("Q100001", "4.0"), self.applying("Q100002", "4.0"))
        newer = self.applying("Q100001", "5.0")
        put(changes, newer._replace(columns=newer.columns._replace(date="2000-01-01")))
        assert changes.articles.version_names() == ["4.0", "5.0"]
        with changes.batch():
            assert changes.remove("Q100002")
        assert changes.articles.version_names() == ["5.0"]
        # And is written again for the next that has it.
        put(changes, self.applying("Q100002", "4.0"))
        assert changes.articles.version_names() == ["4.0", "5.0"]

    def test_one_of_a_batch_that_was_undone_is_written_again(self, changes: Changes) -> None:
        with changes.batch(only_try=True):
            changes.put(self.applying("Q100001", "4.0"), HERE)
        put(changes, self.applying("Q100001", "4.0"))
        assert changes.articles.version_names() == ["4.0"]


def test_diagnostics_of_articles_and_of_other_files_are_told_apart(disk: Disk) -> None:
    note, warning = Diagnostic("note", "title-cut", "x", 1), Diagnostic("warning", "unknown-form", "y")
    disk.write("a", packed(article(diagnostics=(note,))))
    with disk.changes.batch():
        record = FileRecord("!b", "!b", "00", 0, "unsupported", diagnostics=(warning,))
        disk.changes.ledger.record(disk.keys["a"], record, None)
    assert list(disk.changes.articles.diagnostics()) == [(True, (note,)), (False, (warning,))]
