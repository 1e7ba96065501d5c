"""Tar archives: names, damage in the middle, what is no file."""

import io
import tarfile

from indexer.containers import BrokenMember, read_stream
from tests.packing import tarred
from tests.unit.indexer.containers.test_reading import read

FILES = {f"{number}.txt": bytes([65 + number]) * 700 for number in range(10)}


def test_links_and_devices_are_told() -> None:
    packed = io.BytesIO()
    kinds = {
        "link": tarfile.SYMTYPE, "name": tarfile.LNKTYPE, "disk": tarfile.BLKTYPE, "port": tarfile.CHRTYPE,
        "pipe": tarfile.FIFOTYPE, "folder": tarfile.DIRTYPE,
    }  # fmt: skip
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind in kinds.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    found = {item.path: item for item in read_stream(packed, "in") if isinstance(item, BrokenMember)}
    assert {item.code for item in found.values()} == {"not-a-file"}
    assert {path: item.reason for path, item in found.items()} == {
        "in!link": "a link to /etc/passwd", "in!name": "a second name of /etc/passwd", "in!disk": "a device",
        "in!port": "a device", "in!pipe": "a named pipe",
    }  # fmt: skip


def test_a_name_that_is_no_utf8_is_shown_with_its_bytes() -> None:
    assert list(read(tarred({"caf\udce9.txt": b"x"}))) == ["in!caf\\xe9.txt"]


def test_long_names_are_read_in_every_format() -> None:
    name = "/".join(["folder"] * 40) + "/Lösung.txt"
    for version in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=version) as archive:
            member = tarfile.TarInfo(name)
            member.size = 1
            archive.addfile(member, io.BytesIO(b"x"))
        assert read(packed.getvalue()) == {f"in!{name}": b"x"}


def test_one_from_before_the_ustar_mark_is_known_by_its_checksum() -> None:
    data = bytearray(tarred({"a.txt": b"text"}))
    data[257:265] = bytes(8)
    data[148:156] = b" " * 8
    data[148:155] = b"%06o\0" % sum(data[:512])
    assert read(bytes(data)) == {"in!a.txt": b"text"}


def test_a_header_that_is_damaged_is_no_end() -> None:
    """Guard: Python's tarfile ends there without a word, and the files behind would be missed by nobody."""
    data = bytearray(tarred(FILES))
    data[data.index(b"5.txt") + 148] ^= 0x7F
    found = read(bytes(data))
    assert found.pop("in") == "broken-archive"
    assert found == {f"in!{number}.txt": FILES[f"{number}.txt"] for number in range(5)}


def test_one_cut_between_members_is_told() -> None:
    data = tarred(FILES)
    found = read(data[: data.index(b"5.txt")])
    assert found.pop("in") == "broken-archive"
    assert len(found) == 5


def test_one_cut_in_a_member_is_told() -> None:
    data = tarred(FILES)
    found = read(data[: data.index(b"5.txt") + 600])
    assert found.pop("in") == "broken-archive"
    assert len(found) == 5


def test_a_header_of_headers_that_claims_gigabytes_takes_none() -> None:
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 6 << 30
    assert read(tarred({"a.txt": b"x"})[:1024] + member.tobuf() + bytes(2048)) == {
        "in!a.txt": b"x", "in": "broken-archive",
    }  # fmt: skip
