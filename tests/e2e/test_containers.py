"""Whatever an archive is packed in, the same articles come out of it."""

import gzip
import io
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import py7zr
import pytest
import zstandard

from tests.command import Command


def tarred(folder: Path) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(folder, "articles")
    return packed.getvalue()


def zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"articles/{path.name}")
    return packed.getvalue()


def seven_zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w") as archive:
        archive.writeall(folder, "articles")
    return packed.getvalue()


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
        archive.writestr("disc/articles.zip", zipped(folder))
    return packed.getvalue()


def gzipped_one_by_one(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.writestr(f"{path.name}.gz", gzip.compress(path.read_bytes()))
    return packed.getvalue()


CONTAINERS: dict[str, Callable[[Path], bytes]] = {
    "articles.zip": zipped,
    "articles.tar": tarred,
    "articles.tar.gz": recompressed("gz"),
    "articles.tar.bz2": recompressed("bz2"),
    "articles.tar.xz": recompressed("xz"),
    "articles.tar.zst": lambda folder: zstandard.ZstdCompressor().compress(tarred(folder)),
    "articles.7z": seven_zipped,
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
