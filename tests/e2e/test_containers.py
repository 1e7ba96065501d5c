"""Whatever an archive is packed in, the same articles come out of it."""

import gzip
import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command import Command
from tests.packing import COMPRESSORS, raw_zip, seven_zipped, tarred, zipped
from tests.samples import article_file


def files_of(folder: Path) -> dict[str, bytes]:
    return {f"articles/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}


def recompressed(kind: str) -> Callable[[Path], bytes]:
    def pack(folder: Path) -> bytes:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode=f"w:{kind}") as archive:  # type: ignore[call-overload]  # kind is no literal
            archive.add(folder, "articles")
        return packed.getvalue()

    return pack


def nested(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("disc/articles.zip", zipped(files_of(folder)))
    return packed.getvalue()


def gzipped_one_by_one(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.writestr(f"{path.name}.gz", gzip.compress(path.read_bytes()))
    return packed.getvalue()


CONTAINERS: dict[str, Callable[[Path], bytes]] = {
    "articles.zip": lambda folder: zipped(files_of(folder)),
    "articles.tar": lambda folder: tarred(files_of(folder)),
    "articles.tar.gz": recompressed("gz"),
    "articles.tar.bz2": recompressed("bz2"),
    "articles.tar.xz": recompressed("xz"),
    "articles.tar.zst": lambda folder: COMPRESSORS["zst"](tarred(files_of(folder))),
    "articles.7z": lambda folder: seven_zipped(files_of(folder)),
    "nested.zip": nested,
    "members.gz.zip": gzipped_one_by_one,
}


def articles_of(kbfix: Command, home: Path) -> list[dict[str, Any]]:
    """Return all articles but where they came from, by id."""
    articles = kbfix("export", home=home).records
    for article in articles:
        article["source"].pop("path")
    return sorted(articles, key=lambda article: str(article["id"]))


@pytest.fixture(scope="module")
def few(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with some of the articles: every tenth."""
    folder = tmp_path_factory.mktemp("few") / "articles"
    folder.mkdir()
    for path in sorted((corpus / "articles").iterdir())[::10]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def unpacked(few: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("unpacked")
    kbfix = Command(folder)
    assert kbfix("import", few, home=folder / "home").code == 0
    return articles_of(kbfix, folder / "home")


@pytest.mark.parametrize("name", CONTAINERS)
def test_the_articles_are_those_of_the_folder(
    name: str, few: Path, unpacked: list[dict[str, Any]], kbfix: Command, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(CONTAINERS[name](few))
    ran = kbfix("import", tmp_path / name, "--json")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.record["found"] == ran.record["added"] == len(unpacked)
    assert kbfix.home is not None
    assert articles_of(kbfix, kbfix.home) == unpacked


@pytest.fixture
def damaged(kbfix: Command) -> Command:
    """Return the command with a folder of archives, each wrong in a way of its own, and one that is whole."""
    folder = kbfix.folder / "in"
    folder.mkdir()
    articles = {f"Q{number}.TXT": article_file(f"Q{number}", f"Article {number}") for number in range(100_000, 100_020)}
    whole, tar = zipped(articles), tarred(articles)
    locked = raw_zip([(b"locked.txt", b"x", 1, 0), (b"Q100030.TXT", article_file("Q100030"), 0, 0)])
    for name, data in {
        "cut.7z": seven_zipped(articles)[:-50],
        "cut.gz": COMPRESSORS["gz"](article_file("Q100031"))[:-20],
        "cut.tar": tar[: tar.index(b"Q100010") + 700],
        "cut.zip": whole[: whole.index(b"PK\x01\x02")],
        "empty.tar": tarred({}),
        "imploded.zip": raw_zip([(b"old.txt", b"x", 0, 6)]),
        "locked.7z": seven_zipped(articles, "secret"),
        "locked.zip": locked,
        "sealed.7z": seven_zipped(articles, "secret", lock_header=True),
        "whole.zip": zipped({"Q100040.TXT": article_file("Q100040")}),
    }.items():
        (folder / name).write_bytes(data)
    return kbfix


def test_damaged_archives_are_told_each_by_its_code_and_the_rest_is_imported(damaged: Command) -> None:
    for _ in range(2):
        ran = damaged("import", "in", "--report", "report.jsonl", "--json")
        lines = [json.loads(line) for line in (damaged.folder / "report.jsonl").read_text("utf-8").splitlines()]
        codes = {
            line["path"].removeprefix("in/"): line["diagnostics"][0]["code"]
            for line in lines
            if line["id"] is None and not line["path"].startswith("in/locked.7z")
        }
        assert codes == {
            "cut.7z": "broken-archive", "cut.gz": "broken-archive", "cut.tar": "broken-archive",
            "cut.zip": "broken-archive", "empty.tar": "empty-archive", "imploded.zip!old.txt": "unknown-compression",
            "locked.zip!locked.txt": "encrypted-member", "sealed.7z": "encrypted-member",
        }  # fmt: skip
        assert ran.code == 1
        assert (ran.record["failed"], ran.record["unsupported"], ran.record["found"]) == (27, 1, len(lines))
        assert (
            "kbfix: 4 errors (4 broken-archive), 24 warnings (22 encrypted-member, 1 unknown-compression" in ran.stderr
        )
        assert ran.stderr.splitlines()[-1] == "  next: report.jsonl lists them all"
    assert damaged("stats", "--json").record["articles"] == 22
    diagnostics = damaged("doctor", "--json").record["diagnostics"]
    counted = {each["code"]: each["files"] for each in diagnostics if each["level"] != "note"}
    assert counted == {
        "broken-archive": 4, "encrypted-member": 22, "unknown-compression": 1, "empty-archive": 1,
    }  # fmt: skip


def test_an_archive_that_was_fetched_again_is_told_no_more(damaged: Command) -> None:
    damaged("import", "in/cut.zip")
    (damaged.folder / "in" / "cut.zip").write_bytes(zipped({"Q100000.TXT": article_file("Q100000", "Article 100000")}))
    ran = damaged("import", "in/cut.zip", "--json")
    assert (ran.code, ran.record["unchanged"], ran.record["failed"]) == (0, 1, 0)
    assert {each["level"] for each in damaged("doctor", "--json").record["diagnostics"]} <= {"note"}


def test_an_archive_in_an_archive_in_an_archive_is_said_not_to_be_opened(
    few: Path, kbfix: Command, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("middle.zip", nested(few))
    ran = kbfix("import", tmp_path / "outer.zip")
    assert ran.code == 1
    assert "articles.zip: an archive lies inside an archive inside an archive" in ran.error[0]


def test_members_whose_paths_lead_elsewhere_write_nothing_there(kbfix: Command, few: Path, tmp_path: Path) -> None:
    data = next(few.iterdir()).read_bytes()
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../../outside.txt", data)
        archive.writestr("/absolute.txt", b"no article")
    before = {path for path in tmp_path.rglob("*") if "home" not in path.parts}
    ran = kbfix("import", tmp_path / "evil.zip", "--json")
    assert (ran.record["added"], ran.record["unsupported"]) == (1, 1)
    assert {path for path in tmp_path.rglob("*") if "home" not in path.parts} == before
    assert not Path("/absolute.txt").exists()
