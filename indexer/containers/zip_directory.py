"""The table of contents of a .zip archive, as its specification (APPNOTE.TXT) has it.

Python's zipfile is not used: it refuses an archive whole for one name that is no UTF-8, and unpacks some kinds of
members into as much memory as they ask for.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from indexer.containers.members import DamagedArchive
from indexer.containers.names import from_dos

LOCAL_HEADER: Final = b"PK\x03\x04"
END_OF_DIRECTORY: Final = b"PK\x05\x06"
LOCAL: Final = struct.Struct("<4s5H3L2H")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_ENTRY_MAGIC: Final = b"PK\x01\x02"
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64: Final = struct.Struct("<4sLQL")
_LONGEST_COMMENT: Final = 0xFFFF
_IN_EXTRA: Final = 0xFFFFFFFF
_ENCRYPTED, _DESCRIPTOR_FOLLOWS, _UTF8 = 0x1, 0x8, 0x800
_EXTRA_64: Final = 0x0001
_EXTRA_UNICODE_PATH: Final = 0x7075
_UNIX: Final = 3
_FILE_TYPE, _LINK = 0o170000, 0o120000


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A member as the archive describes it; `offset` is that of its local header, `packed` and `size` are bytes.

    `crc`, `packed` and `size` are None where they follow the member's content, and the table of contents is lost.
    """

    name: str
    method: int
    encrypted: bool
    is_link: bool
    offset: int
    crc: int | None
    packed: int | None
    size: int | None

    @property
    def is_folder(self) -> bool:
        """Tell whether it is a folder, whose name ends so."""
        return self.name.endswith(("/", "\\")) and not self.size


def read_directory(stream: BinaryIO) -> Iterator[ZipEntry]:
    """Yield the entries of the table of contents in its order; DamagedArchive where it is missing or makes no sense."""
    length = stream.seek(0, io.SEEK_END)
    at, count, size, offset = _end(stream, length)
    # What stands before the archive, as in one that unpacks itself, moves all offsets.
    moved = at - size - offset
    if moved < 0:
        raise DamagedArchive("its table of contents would begin before the file")
    stream.seek(offset + moved)
    table = stream.read(size)
    position = 0
    found = 0
    while len(table) - position >= _ENTRY.size and table.startswith(_ENTRY_MAGIC, position):
        found += 1
        (_, made_by, _, flags, method, _, _, crc, packed, unpacked, name, extra, comment, _, _, attributes, header) = (
            _ENTRY.unpack_from(table, position)
        )
        position += _ENTRY.size
        raw_name = table[position : position + name]
        fields = dict(_extra(table[position + name : position + name + extra]))
        position += name + extra + comment
        unpacked, packed, header = _wide(fields.get(_EXTRA_64, b""), unpacked, packed, header)
        yield ZipEntry(
            _name(raw_name, flags, fields), method, bool(flags & _ENCRYPTED),
            is_link=made_by >> 8 == _UNIX and (attributes >> 16) & _FILE_TYPE == _LINK,
            offset=header + moved, crc=crc, packed=packed, size=unpacked,
        )  # fmt: skip
    # Older tools count 65,536 files as none.
    if found < count or (found - count) % 0x10000:
        raise DamagedArchive("its table of contents is damaged")


def read_local(stream: BinaryIO, offset: int) -> tuple[ZipEntry, int] | None:
    """Return what the local header at `offset` says, and where its content begins; None where none is there."""
    stream.seek(offset)
    fixed = stream.read(LOCAL.size)
    if len(fixed) < LOCAL.size or not fixed.startswith(LOCAL_HEADER):
        return None
    _, _, flags, method, _, _, crc, packed, size, name, extra = LOCAL.unpack(fixed)
    variable = stream.read(name + extra)
    if len(variable) < name + extra:
        return None
    fields = dict(_extra(variable[name:]))
    size, packed, _ = _wide(fields.get(_EXTRA_64, b""), size, packed, 0)
    follows = bool(flags & _DESCRIPTOR_FOLLOWS)
    entry = ZipEntry(
        _name(variable[:name], flags, fields), method, bool(flags & _ENCRYPTED), is_link=False, offset=offset,
        crc=None if follows else crc, packed=None if follows and not packed else packed,
        size=None if follows and not size else size,
    )  # fmt: skip
    return entry, offset + LOCAL.size + name + extra


def _end(stream: BinaryIO, length: int) -> tuple[int, int, int, int]:
    """Return where the table of contents ends, the number of its entries, its bytes, and its offset as stated."""
    start = max(0, length - _END.size - _LONGEST_COMMENT)
    stream.seek(start)
    tail = stream.read()
    found = tail.rfind(END_OF_DIRECTORY)
    while found >= 0 and len(tail) - found < _END.size:
        found = tail.rfind(END_OF_DIRECTORY, 0, found)
    if found < 0:
        raise DamagedArchive("its table of contents is missing")
    _, disk, first_disk, _, count, size, offset, _ = _END.unpack_from(tail, found)
    at = start + found
    if disk or first_disk:
        if disk == 0xFFFF or first_disk == 0xFFFF:
            disk = first_disk = 0
        else:
            raise DamagedArchive("it is one part of an archive of several files")
    if 0xFFFF in (count, disk) or _IN_EXTRA in (size, offset):
        stream.seek(max(0, at - _LOCATOR64.size))
        locator = stream.read(_LOCATOR64.size)
        if locator.startswith(b"PK\x06\x07") and len(locator) == _LOCATOR64.size:
            stream.seek(max(0, at - _LOCATOR64.size - _END64.size))
            end64 = stream.read(_END64.size)
            if not end64.startswith(b"PK\x06\x06"):
                raise DamagedArchive("its table of contents is damaged")
            *_, count, size, offset = _END64.unpack(end64)
            at -= _LOCATOR64.size + _END64.size
    if size > length:
        raise DamagedArchive("its table of contents is damaged")
    return at, count, size, offset


def _extra(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position + 4 <= len(data):
        kind, length = struct.unpack_from("<2H", data, position)
        yield kind, data[position + 4 : position + 4 + length]
        position += 4 + length


def _wide(extra: bytes, *values: int) -> list[int]:
    """Return values that are too large for their field as the extra field has them, in order."""
    wide = []
    for value in values:
        if value == _IN_EXTRA and len(extra) >= 8:
            value = int.from_bytes(extra[:8], "little")  # noqa: PLW2901  (it is what the field stands for)
            extra = extra[8:]
        wide.append(value)
    return wide


def _name(raw: bytes, flags: int, fields: dict[int, bytes]) -> str:
    unicode_path = fields.get(_EXTRA_UNICODE_PATH, b"")
    # Version, checksum of the plain name (a tool that renamed the member may have left the field behind), the name.
    if unicode_path[:1] == b"\x01" and unicode_path[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        return from_dos(unicode_path[5:], is_utf8=True)
    return from_dos(raw, is_utf8=bool(flags & _UTF8))
