"""All of the public repository, its text and what was made of it, gives each article once, whatever comes first."""

import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from tests.command import Command
from tests.packing import tarred, zipped

pytestmark = pytest.mark.archive
TEXTS = 56_989
SAMPLES = 1_900
IN_THE_TEXTS = 1_500
"""Of each sample; the others are of the Programmer's Library, and in both samples."""
LIBRARY = SAMPLES - IN_THE_TEXTS
ARTICLES = TEXTS + LIBRARY
STATUSES = ("added", "updated", "unchanged", "duplicate", "unsupported", "failed")


@pytest.fixture(scope="module")
def samples(test_data: Path) -> tuple[Path, Path]:
    """Return the samples of the repository's HTML and markdown pages."""
    found = (
        test_data / "archive" / "kb-html-sample.tar.gz", test_data / "archive" / "kb-markdown-sample.zip",
    )  # fmt: skip
    if not all(path.exists() for path in found):
        pytest.skip("needs the samples of the public repository")
    return found


def test_every_article_is_there_once(
    archive_home: Path, archive: Path, samples: tuple[Path, Path], kbfix: Command, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(archive_home, tmp_path / "copy"))
    ran = kbfix("import", *samples, "--json", home=home)
    assert ran.code == 0, ran.stderr
    record = ran.record
    assert record["found"] == sum(record[status] for status in STATUSES) == 2 * SAMPLES
    # Of one article as HTML and as markdown of the library, the hash decides: neither states more.
    assert (record["added"], record["updated"] + record["duplicate"]) == (LIBRARY, 2 * SAMPLES - LIBRARY)
    stats = kbfix("stats", "--json", home=home).record
    assert (stats["articles"], stats["revisions"]) == (ARTICLES, TEXTS + 2 * SAMPLES)
    assert {each["value"]: each["count"] for each in stats["by_form"]} == {
        "kb-text": TEXTS, "programmers-library": LIBRARY,
    }  # fmt: skip
    again = kbfix("import", archive, *samples, "--prune", "--json", home=home).record
    assert (again["found"], again["unchanged"]) == (TEXTS + 2 * SAMPLES, ARTICLES)
    assert (again["duplicate"], again["pruned"]) == (2 * IN_THE_TEXTS + LIBRARY, 0)
    assert kbfix("doctor", home=home).code == 0


def test_on_a_part_of_it_no_order_makes_a_difference(archive: Path, samples: tuple[Path, Path], tmp_path: Path) -> None:
    """Import a part of each archive in all six orders, in one go or one by one."""
    html, markdown = samples
    chosen = dict(list(_pages(html))[::40])
    pages = {name: data for name, data in _pages(markdown) if _number(name) in {_number(each) for each in chosen}}
    numbers = {_number(name) for name in chosen}
    texts = dict(_texts(archive, numbers))
    assert len(chosen) == len(pages) > len(texts) > 20
    parts = {"text.tar": tarred(texts), "html.tar": tarred(chosen), "markdown.zip": zipped(pages)}
    for name, data in parts.items():
        (tmp_path / name).write_bytes(data)
    found = []
    for number, order in enumerate(permutations(parts)):
        kbfix = Command(tmp_path, tmp_path / f"home-{number}")
        runs = [order] if number % 2 else [(name,) for name in order]
        records = [kbfix("import", *names, "--json").record for names in runs]
        assert sum(record["found"] for record in records) == sum(map(len, (texts, chosen, pages)))
        assert sum(record["added"] for record in records) == len(chosen)
        found.append(sorted(kbfix("export").records, key=lambda record: str(record["id"])))
    assert all(each == found[0] for each in found)
    assert len(found[0]) == len(chosen)


def _pages(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist() if not name.endswith("/"))
        return
    yield from _members(path, lambda _: True)


def _texts(path: Path, numbers: set[str]) -> Iterator[tuple[str, bytes]]:
    yield from _members(path, lambda name: _number(name) in numbers)


def _members(path: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path, f"r|{path.suffix[1:]}") as archive:
        for member in archive:
            if member.isfile() and wanted(member.name) and (file := archive.extractfile(member)) is not None:
                yield member.name, file.read()


def _number(name: str) -> str:
    """Return the id in a path like 164/Q164175/index.html or txt/164/Q164175.TXT."""
    return next(part.partition(".")[0] for part in reversed(name.split("/")) if part[:1] == "Q")
