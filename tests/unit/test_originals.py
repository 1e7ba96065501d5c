"""The original bytes of an article are those of its file, whatever its form and whatever that was packed in."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.forms import FORMS, GENERAL_FORMS
from indexer.pipeline import Importer
from indexer.workers import Workers
from kb.store.changes import Changes
from kb.store.home import make_home
from tests.command import Command
from tests.packing import COMPRESSORS, seven_zipped, tarred, zipped

SOURCES = sorted((Path(__file__).parents[1] / "golden").glob("*/source.*"))
PACKERS: dict[str, Callable[[str, bytes], bytes]] = {
    "file": lambda _, data: data,
    "zip": lambda name, data: zipped({name: data}),
    "tar.gz": lambda name, data: COMPRESSORS["gz"](tarred({name: data})),
    "7z": lambda name, data: seven_zipped({name: data}),
    "gz": lambda _, data: COMPRESSORS["gz"](data),
    "zip in tar": lambda name, data: tarred({"inner.zip": zipped({name: data})}),
}


@pytest.fixture
def changes(tmp_path: Path) -> Iterator[Changes]:
    opened = Changes(make_home(tmp_path / "home"))
    opened._connection.execute("PRAGMA synchronous = OFF")
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", PACKERS)
def test_of_every_golden_article(kind: str, changes: Changes, tmp_path: Path) -> None:
    forms = set()
    for source in SOURCES:
        data = source.read_bytes()
        path = tmp_path / f"{source.parent.name}{source.suffix}"
        path.write_bytes(PACKERS[kind](source.name, data))
        with Workers(1, source.parent.name) as workers:
            importer = Importer(changes, None, workers, source.parent.name)
            assert importer.run([path]).failed == 0
        held = importer.counts.found
        ids = [each for each in changes.articles.ids() if each.startswith(f"{source.parent.name}:")]
        assert len(ids) == held >= 1
        for article_id in ids:
            assert changes.articles.original(article_id) == (data, held)
            (revision,) = changes.articles.revisions(article_id)
            forms.add(revision.form)
    assert forms == {form.name for form in (*FORMS, *GENERAL_FORMS)}


def test_are_written_byte_for_byte(kbfix: Command, corpus: Path, tmp_path: Path) -> None:
    volume = (Path(__file__).parents[1] / "golden" / "library-volume" / "source.txt").read_bytes()
    (tmp_path / "kb.zip").write_bytes(zipped({"v.txt": volume}))
    assert kbfix("import", corpus / "articles", tmp_path / "kb.zip").code == 0
    expected = {path.stem: path.read_bytes() for path in (corpus / "articles").iterdir()}
    assert any(b"\r\n" in data and not data.isascii() for data in expected.values())
    for article_id in ("Q134288", "Q164175", "Q35044"):
        with kbfix.start("show", article_id, "--raw") as process:
            assert process.communicate() == (expected[article_id], b"")
    with kbfix.start("show", "Q90015", "--raw", stdout=subprocess.PIPE) as process:
        written, words = process.communicate()
    assert written == volume
    assert words.startswith(b"kbfix: Q90015 is one of ")
