"""7z archives: encrypted ones, damaged ones, and those that pack all files as one."""

import io
import os
import random
import struct
import tracemalloc
import zlib

import py7zr
import pytest

from indexer.containers import BrokenMember, Limits, read_stream
from tests.packing import seven_zipped
from tests.unit.indexer.containers.test_reading import read

FILES = {f"{number}.txt": os.urandom(5000) for number in range(10)}
FILTERS = {
    "lzma2": [{"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "lzma": [{"id": py7zr.FILTER_LZMA, "preset": 1}],
    "bcj+lzma": [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}],
    "bzip2": [{"id": py7zr.FILTER_BZIP2}],
    "deflate": [{"id": py7zr.FILTER_DEFLATE}],
    "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}],
    "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}],
    "copy": [{"id": py7zr.FILTER_COPY}],
}


def packed_by(filters: list[dict[str, int]], files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w", filters=filters) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return packed.getvalue()


@pytest.mark.parametrize("method", FILTERS)
def test_every_method_is_read(method: str) -> None:
    # Words, not random bytes: of such, py7zr's PPMd does not always read what it wrote itself.
    words = " ".join(random.Random(7).choices(["printer", "modem", "disk", "mail"], k=20_000)).encode()
    files = {"a.txt": b"text " * 100_000, "b.txt": words, "empty.txt": b"", "c.txt": b"x"}
    assert read(packed_by(FILTERS[method], files)) == {f"in!{name}": data for name, data in files.items()}


def test_encrypted_members_are_told_by_name() -> None:
    found = read(seven_zipped({"a.txt": b"x" * 100, "b.txt": b"y"}, "secret"))
    assert found == {"in!a.txt": "encrypted-member", "in!b.txt": "encrypted-member"}


def test_an_encrypted_table_of_contents_is_told_too() -> None:
    (item,) = read_stream(io.BytesIO(seven_zipped(FILES, "secret", lock_header=True)), "in")
    assert item == BrokenMember("in", "encrypted-member", "its table of contents, too")


def test_a_damaged_member_ends_what_is_packed_with_it() -> None:
    data = bytearray(packed_by(FILTERS["lzma2"], FILES))
    data[len(data) // 2] ^= 0xFF
    found = read(bytes(data))
    good = {path: value for path, value in found.items() if isinstance(value, bytes)}
    assert all(FILES[path.removeprefix("in!")] == value for path, value in good.items())
    assert set(found.values()) - set(good.values()) <= {"broken-member", "broken-archive"}
    assert good


def test_a_wrong_checksum_is_one_members_own() -> None:
    data = bytearray(packed_by(FILTERS["copy"], FILES))
    data[32 + 5000 * 3 + 17] ^= 0xFF
    assert read(bytes(data)) == {f"in!{name}": content for name, content in FILES.items()} | {
        "in!3.txt": "broken-member"
    }


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_one_is_told(share: float) -> None:
    data = seven_zipped(FILES)
    assert read(data[: int(len(data) * share)]) == {"in": "broken-archive"}


@pytest.mark.parametrize("method", ["lzma2", "deflate", "bzip2", "zstd"])
def test_little_of_a_solid_one_is_in_memory(method: str) -> None:
    packed = packed_by(FILTERS[method], {f"{number}.txt": bytes(1 << 20) for number in range(200)})
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_stream(io.BytesIO(packed), "in", Limits(ratio=1 << 20))) == 200
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


def test_names_that_lead_elsewhere_are_shown_as_they_are() -> None:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w") as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(b"x", "xx/xx/outside.txt")
        archive.writestr(b"y", "xabsolute.txt")
    # py7zr writes no such names; they are put in the place of others of the same length.
    data = bytearray(packed.getvalue())
    for plain, name in (("xx/xx/outside.txt", "../../outside.txt"), ("xabsolute.txt", "/absolute.txt")):
        at = data.index(plain.encode("utf-16-le"))
        data[at : at + 2 * len(name)] = name.encode("utf-16-le")
    offset, size = struct.unpack_from("<2Q", data, 12)
    struct.pack_into("<L", data, 28, zlib.crc32(data[32 + offset : 32 + offset + size]))
    struct.pack_into("<L", data, 8, zlib.crc32(data[12:32]))
    assert read(bytes(data)) == {"in!../../outside.txt": b"x", "in!/absolute.txt": b"y"}


def test_two_members_of_one_name_are_both_read() -> None:
    packed = io.BytesIO()
    with py7zr.SevenZipFile(packed, "w") as archive:
        archive.writestr(b"one", "a.txt")
        archive.writestr(b"two", "a.txt")
    assert read(packed.getvalue()) == {"in!a.txt": b"one", "in!a.txt (2)": b"two"}
