"""What --prune takes and leaves, against a model: an article is there as long as a file, or a stream, holds it."""

import io
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from indexer.pipeline import Importer
from indexer.workers import Workers
from kb.store.changes import Changes
from kb.store.home import make_home
from tests.packing import zipped
from tests.samples import article_file

FOLDERS = ("one", "two")
PLACES = st.tuples(st.sampled_from(FOLDERS), st.sampled_from(["a.txt", "b.txt", "kb.zip"]))
IDS = ["Q100001", "Q100002", "Q100003"]
DATES = ["01-JAN-1999", "02-FEB-1999", "03-MAR-1999"]
ARTICLES = st.tuples(st.sampled_from(IDS), st.sampled_from(DATES))
COLLECTIONS = st.sampled_from([None, None, "contoso"])

Content = tuple[str, str]


@dataclass
class Model:
    """What is known of one collection: the contents of each file as last read, those gone from it, and of streams."""

    known: dict[tuple[str, str], set[Content]] = field(default_factory=dict)
    gone: dict[tuple[str, str], set[Content]] = field(default_factory=dict)
    streams: set[Content] = field(default_factory=set)

    def read(self, place: tuple[str, str], held: set[Content]) -> None:
        """Read a file; articles that it held and holds no more, in any edition, are gone from it."""
        before = self.known.get(place, set())
        left = self.gone.get(place, set()) | before
        still = {article_id for article_id, _ in held}
        self.gone[place] = {each for each in left if each[0] not in still}
        self.known[place] = held

    def prune(self, folder: str, on_disk: set[tuple[str, str]]) -> None:
        """Forget what is gone from a folder, and its files that are gone."""
        for place in [place for place in self.known if place[0] == folder]:
            self.gone.pop(place, None)
            if place not in on_disk:
                del self.known[place]

    def shown(self) -> dict[str, int]:
        """Return the newest date, as its place in DATES, of each article that anything holds, or held unpruned."""
        found: dict[str, int] = {}
        for held in (*self.known.values(), *self.gone.values(), self.streams):
            for article_id, date in held:
                found[article_id] = max(found.get(article_id, 0), DATES.index(date))
        return found


class Pruning(RuleBasedStateMachine):
    """Files are written, deleted and imported, with and without --prune."""

    def __init__(self) -> None:
        super().__init__()
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        for name in FOLDERS:
            (self.folder / name).mkdir()
        self.changes = Changes(make_home(self.folder / "home"))
        self.changes._connection.execute("PRAGMA synchronous = OFF")
        self.disk: dict[tuple[str, str], set[Content]] = {}
        self.models: dict[str | None, Model] = {None: Model(), "contoso": Model()}
        self.imports = 0

    def teardown(self) -> None:
        self.changes.close()
        self.temporary.cleanup()

    @rule(place=PLACES, contents=st.lists(ARTICLES, min_size=1, max_size=3))
    def write(self, place: tuple[str, str], contents: list[Content]) -> None:
        path = self.folder.joinpath(*place)
        # One member of an archive is one article, so that an edition takes the place of the one before.
        by_id = dict(contents)
        if place[1].endswith(".zip"):
            path.write_bytes(zipped({f"{name}.TXT": article_file(name, date=date) for name, date in by_id.items()}))
            self.disk[place] = set(by_id.items())
        else:
            path.write_bytes(article_file(contents[0][0], date=contents[0][1]))
            self.disk[place] = {contents[0]}

    @precondition(lambda self: self.disk)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.disk)))
        self.folder.joinpath(*place).unlink()
        del self.disk[place]

    @rule(content=ARTICLES, collection=COLLECTIONS)
    def read_stream(self, content: Content, collection: str | None) -> None:
        with Workers(1, collection) as workers:
            data = article_file(content[0], date=content[1])
            Importer(self.changes, None, workers, collection).run_stream(io.BytesIO(data), "-")
        self.models[collection].streams.add(content)

    @rule(folder=st.sampled_from(FOLDERS), prune=st.booleans(), collection=COLLECTIONS)
    def read_folder(self, folder: str, prune: bool, collection: str | None) -> None:
        model = self.models[collection]
        with Workers(1, collection) as workers:
            importer = Importer(self.changes, None, workers, collection, verify=True, prune=prune)
            importer.run([self.folder / folder])
        before = None
        for place, held in sorted(self.disk.items()):
            if place[0] == folder:
                model.read(place, held)
        before = set(model.shown())
        trial = Model(dict(model.known), dict(model.gone), model.streams)
        trial.prune(folder, set(self.disk))
        leaving = before - set(trial.shown())
        if prune:
            self.models[collection] = trial
            assert (importer.counts.pruned, importer.gone) == (len(leaving), 0)
        else:
            assert (importer.counts.pruned, importer.gone) == (0, len(leaving))

    @invariant()
    def the_store_is_as_the_model(self) -> None:
        found: dict[str, str] = {}
        for article in self.changes.articles.every_article():
            assert article.date is not None
            found[article.id] = article.date
        expected = {}
        for collection, model in self.models.items():
            for article_id, date in model.shown().items():
                name = article_id if collection is None else f"{collection}:{article_id.lower()}"
                expected[name] = f"1999-0{date + 1}-0{date + 1}"
        assert found == expected
        assert self.changes.articles.problems() == []

    @invariant()
    def every_revision_can_be_shown(self) -> None:
        for article_id in list(self.changes.articles.ids()):
            for revision in self.changes.articles.revisions(article_id):
                place = revision.path.partition("!")[0]
                assert place == "-" or place.startswith(str(self.folder)), revision.path


TestPruning = Pruning.TestCase
TestPruning.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
