"""Zip archives: names of any code page, every method, damage, and tables of contents that are cut off."""

import io
import lzma
import struct
import zipfile
import zlib

import pytest
import zstandard

from indexer.containers import BrokenMember, Limits, read_stream
from kb.models import RawFile
from tests.packing import deflated, raw_zip, zipped
from tests.unit.indexer.containers.test_reading import read


def reasons(data: bytes) -> dict[str, str]:
    return {item.path: item.reason for item in read_stream(io.BytesIO(data), "in") if isinstance(item, BrokenMember)}


class TestNames:
    @pytest.mark.parametrize(
        ("raw", "flags", "shown"),
        [
            (b"plain.txt", 0, "plain.txt"),
            ("Lösung.txt".encode("cp437"), 0, "Lösung.txt"),
            ("Lösung.txt".encode(), 0x800, "Lösung.txt"),
            ("Lösung.txt".encode(), 0, "Lösung.txt"),
            ("вопрос.txt".encode("cp866"), 0, "ó«»α«ß.txt"),
            ("日本.txt".encode("cp932"), 0, "ô·û{.txt"),
            (b"caf\xe9.txt", 0x800, "caf\\xe9.txt"),
            (b"a\nb\x1b[1m.txt", 0, "a\\x0ab\\x1b[1m.txt"),
            (b"DISC\\Q100001.TXT", 0, "DISC\\Q100001.TXT"),
            (b"", 0, "no name"),
        ],
    )
    def test_of_any_code_page_can_be_shown(self, raw: bytes, flags: int, shown: str) -> None:
        assert read(raw_zip([(raw, b"x", flags, 0)])) == {f"in!{shown}": b"x"}

    def test_that_differ_in_one_byte_stay_apart(self) -> None:
        found = read(raw_zip([(bytes([code]) + b".txt", bytes([code]), 0, 0) for code in range(1, 256)]))
        assert sorted(found.values()) == [bytes([code]) for code in range(1, 256)]

    def test_in_unicode_beside_the_plain_one_are_taken_if_they_belong_to_it(self) -> None:
        def with_field(checksum: int) -> bytes:
            field = b"\x01" + struct.pack("<L", checksum) + "日本.txt".encode()
            extra = struct.pack("<2H", 0x7075, len(field)) + field
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                info = zipfile.ZipInfo("x.txt")
                info.extra = extra
                archive.writestr(info, b"x")
            return packed.getvalue()

        assert list(read(with_field(zlib.crc32(b"x.txt")))) == ["in!日本.txt"]
        assert list(read(with_field(7))) == ["in!x.txt"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_method_of_python_is_read(method: int) -> None:
    files = {"a.txt": b"text " * 100_000, "empty.txt": b""}
    assert read(zipped(files, method)) == {f"in!{name}": data for name, data in files.items()}


def _with_method(method: int, packed: bytes, data: bytes) -> bytes:
    whole = bytearray(raw_zip([(b"a.txt", packed, 0, 0)]))
    for at in (0, whole.index(b"PK\x01\x02")):
        shift = 0 if at == 0 else 2
        struct.pack_into("<H", whole, at + 8 + shift, method)
        struct.pack_into("<3L", whole, at + 14 + shift, zlib.crc32(data), len(packed), len(data))
    return bytes(whole)


def test_newer_methods_are_read() -> None:
    data = b"text " * 100_000
    assert read(_with_method(93, zstandard.ZstdCompressor().compress(data), data)) == {"in!a.txt": data}
    assert read(_with_method(95, lzma.compress(data), data)) == {"in!a.txt": data}


@pytest.mark.parametrize(
    ("method", "name"), [(6, "Implode (method 6)"), (9, "Deflate64 (method 9)"), (77, "method 77")]
)
def test_a_method_that_is_not_known_is_named(method: int, name: str) -> None:
    packed = _with_method(method, b"xxx", b"yyy")
    assert read(packed) == {"in!a.txt": "unknown-compression"}
    assert reasons(packed) == {"in!a.txt": name}


def test_links_are_no_files() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, b"/etc/passwd")
        archive.writestr("folder/", b"")
    assert read(packed.getvalue()) == {"in!link": "not-a-file"}
    assert reasons(packed.getvalue()) == {"in!link": "a link to /etc/passwd"}


def test_an_encrypted_member_is_told_and_the_others_read() -> None:
    plain, locked = (b"b.txt", b"y", 0, 0), b"x" * 50
    assert read(raw_zip([(b"a.txt", locked, 1, 0), plain])) == {"in!a.txt": "encrypted-member", "in!b.txt": b"y"}
    # AES, as WinZip and 7-Zip write it: method 99.
    assert read(raw_zip([(b"a.txt", locked, 1, 99), plain])) == {"in!a.txt": "encrypted-member", "in!b.txt": b"y"}


def test_a_member_with_a_wrong_checksum_is_told_and_the_others_read() -> None:
    data = zipped({"a.txt": b"payload one", "b.txt": b"payload two"}, zipfile.ZIP_STORED)
    assert read(data.replace(b"payload one", b"payload 0ne")) == {
        "in!a.txt": "broken-member",
        "in!b.txt": b"payload two",
    }


def test_a_member_of_another_length_than_stated_is_told() -> None:
    data = bytearray(zipped({"a.txt": b"a" * 1000, "b.txt": b"b"}))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, 900)
    assert read(bytes(data)) == {"in!a.txt": "broken-member", "in!b.txt": b"b"}


def test_members_that_share_their_bytes_are_a_bomb() -> None:
    """Guard against the flat bomb: thousands of entries of the table of contents that name one member."""
    one = raw_zip([(b"a.txt", deflated(bytes(4_000_000)), 0, 8)])
    start = one.index(b"PK\x01\x02")
    entry, count = one[start : one.index(b"PK\x05\x06")], 10_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, start, 0)
    limits = Limits(unpacked_freely=100 << 20)
    found = list(read_stream(io.BytesIO(one[:start] + entry * count + end), "in", limits))
    assert found[-1] == BrokenMember("in", "archive-bomb", "")
    assert len(found) < 50


def test_what_stands_before_an_archive_moves_its_offsets() -> None:
    whole = zipped({"a.txt": b"one", "b.txt": b"two"})
    # Begins like an archive, so that it is taken for one, as two archives that were joined do.
    assert read(raw_zip([(b"x", b"y", 0, 0)])[:32] + whole) == {"in!a.txt": b"one", "in!b.txt": b"two"}


def test_a_large_archive_states_its_lengths_elsewhere() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(66_000):
            archive.writestr(f"{number}", b"")
        with archive.open("large.txt", "w", force_zip64=True) as member:
            member.write(b"text")
    found = read(packed.getvalue())
    assert len(found) == 66_001
    assert found["in!large.txt"] == b"text"


TEXTS = [(f"{number}.txt".encode(), deflated(f"text {number} ".encode() * 200), 0, 8) for number in range(30)]


def test_one_of_too_many_files_for_its_count_is_read_whole() -> None:
    files = [(str(number).encode(), b"", 0, 0) for number in range(65_540)]
    assert len(read(raw_zip(files))) == 65_540


class TestWithoutATableOfContents:
    def expected(self, number: int) -> dict[str, bytes | str]:
        return {f"in!{each}.txt": f"text {each} ".encode() * 200 for each in range(number)}

    def test_all_whole_members_are_read(self) -> None:
        data = raw_zip(TEXTS)
        cut = data[: data.index(b"PK\x01\x02")]
        assert read(cut) == {**self.expected(30), "in": "broken-archive"}
        assert "table of contents is missing" in reasons(cut)["in"]

    def test_one_that_is_cut_itself_is_told(self) -> None:
        data = raw_zip(TEXTS)
        cut = data[: data.index(b"PK\x03\x04", data.index(b"10.txt")) - 10]
        assert read(cut) == {**self.expected(10), "in!10.txt": "broken-member", "in": "broken-archive"}

    def test_lengths_that_follow_the_content_are_found(self) -> None:
        data = raw_zip([(name, packed, 8, method) for name, packed, _, method in TEXTS])
        cut = data[: data.index(b"PK\x03\x04", data.index(b"10.txt")) - 20]
        assert read(cut) == {**self.expected(10), "in!10.txt": "broken-member", "in": "broken-archive"}

    def test_content_of_no_stated_length_ends_it(self) -> None:
        data = raw_zip([*TEXTS[:3], (b"stored.txt", b"x", 8, 0), *TEXTS[3:]])
        assert read(data[: data.index(b"PK\x01\x02")]) == {
            **self.expected(3), "in!stored.txt": "broken-member", "in": "broken-archive",
        }  # fmt: skip

    def test_an_encrypted_one_is_passed(self) -> None:
        data = raw_zip([*TEXTS[:3], (b"locked.txt", b"x", 1, 0), *TEXTS[3:]])
        found = read(data[: data.index(b"PK\x01\x02")])
        assert found == {**self.expected(30), "in!locked.txt": "encrypted-member", "in": "broken-archive"}

    def test_a_damaged_one_is_as_good_as_none(self) -> None:
        data = raw_zip(TEXTS).replace(b"PK\x01\x02", b"PK\x01\x00", 2)
        assert read(data) == {**self.expected(30), "in": "broken-archive"}

    def test_one_part_of_several_is_told(self) -> None:
        data = bytearray(raw_zip(TEXTS))
        struct.pack_into("<2H", data, data.rindex(b"PK\x05\x06") + 4, 1, 1)
        assert read(bytes(data)) == {**self.expected(30), "in": "broken-archive"}

    def test_cut_anywhere_nothing_false_comes_out(self) -> None:
        data = raw_zip(TEXTS[:4])
        whole = self.expected(4)
        for end in range(31, len(data), 7):
            items = list(read_stream(io.BytesIO(data[:end]), "in"))
            assert all(item.data == whole[item.path] for item in items if isinstance(item, RawFile))
            assert isinstance(items[-1], BrokenMember)
