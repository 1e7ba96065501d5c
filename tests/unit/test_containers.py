"""Archives as streams of members, whole or broken."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from pathlib import Path

import py7zr
import pytest
import zstandard

from indexer import containers
from indexer.containers import BrokenMember, is_archive, read_file, read_stream
from kb.models import RawFile

FILES = {"a.txt": b"one" * 100, "folder/b.txt": b"two", "empty.txt": b""}


def tar(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def seven_zip(files: dict[str, bytes], password: str | None = None) -> bytes:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w", password=password) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return packed.getvalue()


def read(data: bytes, name: str = "in") -> dict[str, bytes | str]:
    """Return the members by name; those that are broken with their code."""
    return {
        item.path: item.data if isinstance(item, RawFile) else item.code for item in read_stream(io.BytesIO(data), name)
    }


COMPRESSORS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("pack", [tar, zipped, seven_zip])
def test_every_member_comes_out(pack) -> None:  # type: ignore[no-untyped-def]  # one of three functions of other types
    assert read(pack(FILES)) == {f"in!{name}": data for name, data in FILES.items()}


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_a_compressed_tar_is_read_through(kind: str) -> None:
    assert read(COMPRESSORS[kind](tar(FILES))) == {f"in!{name}": data for name, data in FILES.items()}


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_a_compressed_file_loses_its_last_extension(kind: str) -> None:
    assert read(COMPRESSORS[kind](b"text"), f"folder/a.txt.{kind}") == {f"folder/a.txt.{kind}!a.txt": b"text"}


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_of_a_truncated_archive_all_whole_members_come_out(kind: str) -> None:
    files = {f"{number:03}.txt": os.urandom(1000) for number in range(300)}
    packed = COMPRESSORS[kind](tar(files))
    found = read(packed[: len(packed) // 2])
    assert found.pop("in") == "broken-archive"
    # bzip2 packs 900 KB as one block, of which nothing can be read before its end.
    assert len(found) > (-1 if kind == "bz2" else 40)
    assert all(files[name.removeprefix("in!")] == data for name, data in found.items())


@pytest.mark.parametrize("kind", COMPRESSORS)
def test_half_a_compressed_file_is_not_taken_for_a_whole_one(kind: str) -> None:
    packed = COMPRESSORS[kind](os.urandom(50_000))
    assert set(read(packed[:30_000]).values()) == {"broken-archive"}


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
    assert item.code in ("broken-archive", "broken-member")
    assert item.reason


def test_nesting_ends_at_the_second_archive() -> None:
    once = zipped({"a.txt": b"x"})
    twice = zipped({"once.zip": once, "b.txt": b"y"})
    assert read(twice) == {"in!once.zip!a.txt": b"x", "in!b.txt": b"y"}
    assert read(zipped({"twice.zip": twice})) == {
        "in!twice.zip!once.zip": "nested-too-deep", "in!twice.zip!b.txt": b"y",
    }  # fmt: skip


def test_a_member_that_claims_too_much_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LARGEST_FILE", 1000)
    files = {"bomb.txt": bytes(5000), "a.txt": b"x"}
    for pack in (tar, zipped, seven_zip):
        assert read(pack(files))["in!a.txt"] == b"x"
        assert read(pack(files))["in!bomb.txt"] in ("file-too-large", "broken-member")
    assert list(read(gzip.compress(bytes(5000))).values()) == ["file-too-large"]
    assert list(read(bytes(5000)).values()) == ["file-too-large"]


def test_an_encrypted_member_is_told_and_the_others_read() -> None:
    data = bytearray(zipped({"a.txt": b"x" * 50, "b.txt": b"y"}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    assert read(bytes(data)) == {"in!a.txt": "encrypted-member", "in!b.txt": b"y"}


def test_an_encrypted_7z_is_told() -> None:
    assert list(read(seven_zip(FILES, "secret")).values()) == ["broken-member"]


def test_a_member_with_a_wrong_checksum_is_told_and_the_others_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", b"payload one")
        archive.writestr("b.txt", b"payload two")
    data = packed.getvalue().replace(b"payload one", b"payload 0ne")
    assert read(data) == {"in!a.txt": "broken-member", "in!b.txt": b"payload two"}


def test_links_and_devices_are_no_files() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            member = tarfile.TarInfo("link")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    assert read(packed.getvalue()) == {}


def test_a_name_that_is_no_utf8_is_shown_with_its_bytes() -> None:
    assert list(read(tar({"caf\udce9.txt": b"x"}))) == ["in!caf\\xe9.txt"]


def test_a_plain_file_is_itself() -> None:
    assert read(b"text") == {"in": b"text"}
    assert read(b"") == {"in": b""}


def test_a_file_that_cannot_be_opened_is_one_broken_file(tmp_path: Path) -> None:
    (item,) = read_file(tmp_path / "nosuch")
    assert isinstance(item, BrokenMember)
    assert item.code == "unreadable-file"


def test_a_reader_that_stops_early_leaves_no_thread() -> None:
    import threading

    items = read_stream(io.BytesIO(seven_zip({f"{number}.txt": os.urandom(2000) for number in range(300)})), "in")
    next(iter(items))
    items.close()  # type: ignore[attr-defined]  # it is a generator
    assert threading.active_count() == 1


def test_archives_are_known_by_their_first_bytes() -> None:
    assert is_archive("a.bin", zipped(FILES))
    assert is_archive("a.tar", tar(FILES))
    assert not is_archive("a.zip", b"text")
