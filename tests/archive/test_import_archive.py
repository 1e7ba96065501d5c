"""The whole real archive goes in, every file is accounted for, and a second import has nothing to do."""

import shutil
from pathlib import Path

import pytest

from kb.store.statistics import BUDGETS
from tests.command import Command

pytestmark = pytest.mark.archive
ARTICLES = 56_989
STATUSES = ("added", "updated", "unchanged", "duplicate", "unsupported", "failed")


def test_every_file_of_the_archive_is_an_article(archive_home: Path, kbfix: Command) -> None:
    record = kbfix("stats", "--json", home=archive_home).record
    assert record["articles"] == record["revisions"] == ARTICLES
    for name in ("by_kind", "by_form", "by_collection"):
        assert sum(each["count"] for each in record[name]) == ARTICLES


def test_a_second_import_changes_nothing(archive_home: Path, archive: Path, kbfix: Command, tmp_path: Path) -> None:
    home = Path(shutil.copytree(archive_home, tmp_path / "copy"))
    before = kbfix("stats", "--json", home=home).record
    ran = kbfix("import", archive, "--json", home=home)
    assert ran.code == 0
    assert ran.stderr.startswith("kbfix: 4 warnings (4 no-body)\n  next: ")
    assert ran.record["found"] == sum(ran.record[status] for status in STATUSES) == ARTICLES
    assert ran.record["unchanged"] == ARTICLES
    assert kbfix("stats", "--json", home=home).record == before


def test_every_part_keeps_to_its_budget(archive_home: Path, kbfix: Command) -> None:
    sizes = kbfix("stats", "--json", home=archive_home).record["bytes"]
    assert {name for name, size in sizes.items() if size > BUDGETS[name] * ARTICLES} == set()


def test_the_home_is_sound(archive_home: Path, kbfix: Command) -> None:
    ran = kbfix("doctor", home=archive_home)
    assert ran.code == 0, ran.stdout
