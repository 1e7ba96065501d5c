"""Archives as streams of members, whole or broken, whatever their kind."""

import gzip
import io
import os
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.containers import BrokenMember, Limits, read_file, read_stream
from indexer.diagnostics import CODES
from kb.models import RawFile
from tests.packing import COMPRESSORS, raw_zip, seven_zipped, tarred, zipped

FILES = {"a.txt": b"one" * 100, "folder/b.txt": b"two", "empty.txt": b""}
PACKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "tar": tarred, "zip": zipped, "7z": seven_zipped,
    **{f"tar.{kind}": lambda files, pack=pack: pack(tarred(files)) for kind, pack in COMPRESSORS.items()},
}  # fmt: skip
SMALL = Limits(largest_file=1000, largest_nested=20_000, unpacked_freely=1 << 20, ratio=100)


def read(data: bytes, name: str = "in", limits: Limits | None = None) -> dict[str, bytes | str]:
    """Return the members by name; those that are broken with their code. No name comes twice."""
    found: dict[str, bytes | str] = {}
    for item in read_stream(io.BytesIO(data), name, limits):
        assert item.path not in found
        assert isinstance(item, RawFile) or item.code in CODES
        found[item.path] = item.data if isinstance(item, RawFile) else item.code
    return found


@pytest.mark.parametrize("kind", PACKERS)
def test_every_member_comes_out(kind: str) -> None:
    assert read(PACKERS[kind](FILES)) == {f"in!{name}": data for name, data in FILES.items()}


@pytest.mark.parametrize("kind", PACKERS)
def test_an_archive_within_any_archive_is_opened(kind: str) -> None:
    for inner_kind, pack in PACKERS.items():
        found = read(PACKERS[kind]({f"inner.{inner_kind}": pack(FILES), "c.txt": b"three"}))
        expected = {f"in!inner.{inner_kind}!{name}": data for name, data in FILES.items()}
        assert found == {**expected, "in!c.txt": b"three"}


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_a_compressed_file_loses_its_last_extension(kind: str) -> None:
    assert read(COMPRESSORS[kind](b"text"), f"folder/a.txt.{kind}") == {f"folder/a.txt.{kind}!a.txt": b"text"}


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_of_a_truncated_archive_all_whole_members_come_out(kind: str) -> None:
    files = {f"{number:03}.txt": os.urandom(1000) for number in range(300)}
    packed = COMPRESSORS[kind](tarred(files))
    found = read(packed[: len(packed) // 2])
    assert found.pop("in") == "broken-archive"
    # bzip2 packs 900 KB as one block, of which nothing can be read before its end.
    assert len(found) > (-1 if kind == "bz2" else 40)
    assert all(files[name.removeprefix("in!")] == data for name, data in found.items())


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_half_a_compressed_file_is_not_taken_for_a_whole_one(kind: str) -> None:
    assert read(COMPRESSORS[kind](os.urandom(50_000))[:30_000]) == {"in": "broken-archive"}


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip", "7z"])
@pytest.mark.parametrize("outer", ["tar", "zip", "7z"])
def test_a_truncated_archive_in_an_archive_is_told_and_the_rest_read(kind: str, outer: str) -> None:
    packed = PACKERS[kind]({"a.txt": os.urandom(3000), "b.txt": os.urandom(3000)})
    found = read(PACKERS[outer]({"cut": packed[:4000], "z.txt": b"last"}))
    assert found["in!cut"] == "broken-archive"
    assert found["in!z.txt"] == b"last"


BEGINNINGS = {
    "zip": b"PK\x03\x04",
    "gzip": b"\x1f\x8b",
    "bzip2": b"BZh",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "xz": b"\xfd7zXZ\x00",
    "zstd": b"\x28\xb5\x2f\xfd",
    "tar": b"\0" * 257 + b"ustar",
}


@pytest.mark.parametrize("data", [each + b"nonsense" * 40 for each in BEGINNINGS.values()], ids=BEGINNINGS)
def test_what_only_begins_as_an_archive_is_one_broken_file(data: bytes) -> None:
    (item,) = read_stream(io.BytesIO(data), "in")
    assert isinstance(item, BrokenMember)
    assert (item.path, item.code) == ("in", "broken-archive")
    assert item.reason


@pytest.mark.parametrize("kind", PACKERS)
def test_an_archive_without_files_is_told(kind: str) -> None:
    assert read(PACKERS[kind]({}), f"none.{kind}") == {f"none.{kind}": "empty-archive"}
    found = read(zipped({f"none.{kind}": PACKERS[kind]({}), "a.txt": b"x"}))
    assert found == {f"in!none.{kind}": "empty-archive", "in!a.txt": b"x"}


def test_nesting_ends_at_the_second_archive() -> None:
    once = zipped({"a.txt": b"x"})
    twice = zipped({"once.zip": once, "b.txt": b"y"})
    assert read(twice) == {"in!once.zip!a.txt": b"x", "in!b.txt": b"y"}
    assert read(zipped({"twice.zip": twice})) == {
        "in!twice.zip!once.zip": "nested-too-deep", "in!twice.zip!b.txt": b"y",
    }  # fmt: skip


@pytest.mark.parametrize("kind", PACKERS)
def test_a_member_that_is_too_large_is_passed_over(kind: str) -> None:
    files = {"large.txt": bytes(5000), "a.txt": b"x"}
    assert read(PACKERS[kind](files), limits=SMALL) == {"in!large.txt": "file-too-large", "in!a.txt": b"x"}


def test_a_file_that_is_too_large_is_told() -> None:
    assert read(gzip.compress(bytes(5000)), "a.gz", SMALL) == {"a.gz!a": "file-too-large"}
    assert read(bytes(5000), limits=SMALL) == {"in": "file-too-large"}


def test_an_archive_in_an_archive_may_be_larger_than_any_file() -> None:
    inner = {f"{number}.txt": os.urandom(900) for number in range(10)}
    for kind in ("tar", "tar.gz", "zip", "7z"):
        assert len(read(zipped({"inner": PACKERS[kind](inner)}), limits=SMALL)) == 10
    larger = {f"{number}.txt": os.urandom(900) for number in range(40)}
    assert read(zipped({"inner": zipped(larger)}), limits=SMALL) == {"in!inner": "file-too-large"}
    assert len(read(zipped({"inner": tarred(larger)}), limits=SMALL)) == 40


@pytest.mark.parametrize("kind", ["zip", "7z", "tar.gz", "tar.xz", "tar.bz2", "tar.zst"])
def test_an_archive_that_unpacks_to_far_too_much_is_not_read_on(kind: str) -> None:
    bomb = PACKERS[kind]({"a.txt": b"first", **{f"{number}.txt": bytes(500_000) for number in range(40)}})
    assert len(bomb) < 100_000
    found = read(bomb, limits=SMALL)
    assert (found["in!a.txt"], found["in"]) == (b"first", "archive-bomb")
    nested = read(zipped({"bomb": bomb, "later.txt": b"x"}), limits=replace(SMALL, largest_nested=100_000))
    assert nested["in"] == "archive-bomb"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_takes_no_memory(method: int) -> None:
    bomb = zipped({"bomb.txt": bytes(300 << 20)}, method)
    tracemalloc.start()
    try:
        assert read(bomb, limits=Limits(largest_file=1 << 20)) == {"in!bomb.txt": "file-too-large"}
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_names_that_lead_elsewhere_are_shown_as_they_are(kind: str) -> None:
    names = ("../../outside.txt", "/absolute.txt")
    assert read(PACKERS[kind](dict.fromkeys(names, b"x"))) == {f"in!{name}": b"x" for name in names}


def test_two_members_of_one_name_are_both_read() -> None:
    expected = {"in!a.txt": b"one", "in!a.txt (2)": b"two", "in!a.txt (3)": b"three"}
    assert read(raw_zip([(b"a.txt", data, 0, 0) for data in (b"one", b"two", b"three")])) == expected
    tar = b"".join(tarred({"a.txt": data})[:1024] for data in (b"one", b"two", b"three")) + bytes(1024)
    assert read(tar) == expected


def test_a_plain_file_is_itself() -> None:
    assert read(b"text") == {"in": b"text"}
    assert read(b"") == {"in": b""}
    assert read(bytes(3000), "zeros.txt") == {"zeros.txt": bytes(3000)}


def test_a_file_that_cannot_be_opened_is_one_broken_file(tmp_path: Path) -> None:
    (item,) = read_file(tmp_path / "nosuch")
    assert isinstance(item, BrokenMember)
    assert item.code == "unreadable-file"


@pytest.mark.parametrize("kind", [*PACKERS, "text"])
def test_a_disc_that_cannot_be_read_is_no_fault_of_the_archive(kind: str) -> None:
    class Scratched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 40_000 or (size or -1) > 40_000 or (size or -1) < 0:
                raise OSError(5, "Input/output error")
            return super().read(size)

    data = os.urandom(70_000)
    packed = data if kind == "text" else PACKERS[kind]({"a.txt": data, "b.txt": data[::-1]})
    found = {item.path: item.code for item in read_stream(Scratched(packed), "in") if isinstance(item, BrokenMember)}
    assert "unreadable-file" in found.values(), found


def test_a_reader_that_stops_early_leaves_nothing_behind() -> None:
    before = set(threading.enumerate())
    items = read_stream(io.BytesIO(seven_zipped({f"{number}.txt": os.urandom(2000) for number in range(300)})), "in")
    next(iter(items))
    items.close()  # type: ignore[attr-defined]  # it is a generator
    assert set(threading.enumerate()) <= before
