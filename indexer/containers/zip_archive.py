"""Members of a .zip archive: by its table of contents, or one after the other where that is cut off."""

import struct
import zlib
from typing import BinaryIO, Final

from indexer.containers.members import (
    BROKEN,
    CHUNK,
    Allowance,
    BrokenMember,
    DamagedArchive,
    Member,
    Members,
    NeedsPassword,
    broken,
)
from indexer.containers.names import Names
from indexer.containers.zip_codecs import STORED, Codec, codec
from indexer.containers.zip_directory import ZipEntry, read_directory, read_local

_DESCRIPTOR_MAGIC: Final = b"PK\x07\x08"
_LONGEST_LINK: Final = 4096


def zip_members(stream: BinaryIO, allowance: Allowance) -> Members:
    """Yield what is in a zip archive; raise DamagedArchive, at the end, where its table of contents cannot be read."""
    try:
        entries = list(read_directory(stream))
    except (DamagedArchive, struct.error) as error:
        yield from _without_directory(stream, allowance)
        raise DamagedArchive(f"{error}; files that could be found without it were read") from error
    names = Names()
    for entry in entries:
        if entry.is_folder:
            continue
        name = names.of(entry.name)
        content = _Content(stream, entry, allowance)
        if entry.is_link:
            yield _link(name, content)
            continue
        try:
            content.begin()
        except BROKEN as error:
            yield broken(name, error, "broken-member")
            continue
        yield Member(name, content.read)


def _link(name: str, content: "_Content") -> BrokenMember:
    try:
        content.begin()
        target = content.read(_LONGEST_LINK).decode("utf-8", "replace")
    except BROKEN:
        target = "nowhere"
    return BrokenMember(name, "not-a-file", f"a link to {target}")


def _without_directory(stream: BinaryIO, allowance: Allowance) -> Members:
    """Yield the members that stand one after the other from the beginning, up to the first that cannot be passed."""
    names = Names()
    offset = 0
    while (found := read_local(stream, offset)) is not None:
        entry, start = found
        content = _Content(stream, entry, allowance)
        if entry.is_folder:
            offset = start + (entry.packed or 0)
            continue
        name = names.of(entry.name)
        try:
            content.begin()
            yield Member(name, content.read)
            offset = content.end()
        except BROKEN as error:
            if not content.is_told:
                yield broken(name, error, "broken-member")
            if entry.packed is None:
                return
            offset = start + entry.packed


class _Content:
    """What a member unpacks to. Length and checksum are compared at its end."""

    def __init__(self, stream: BinaryIO, entry: ZipEntry, allowance: Allowance) -> None:
        self._stream = stream
        self._entry = entry
        self._allowance = allowance
        self._codec: Codec | None = None
        self._start = self._at = 0
        self._packed_left: int | None = entry.packed
        self._length = self._checksum = 0
        self._ended = False
        self.is_told = False
        """Whether a fault was raised to whoever reads it."""

    def begin(self) -> None:
        """Find where the content begins; raise what BROKEN lists where there is none to read."""
        if self._entry.encrypted:
            raise NeedsPassword
        found = read_local(self._stream, self._entry.offset)
        if found is None:
            raise DamagedArchive("it is not where the table of contents has it")
        if self._entry.method != STORED:
            self._codec = codec(self._entry.method)
        elif self._entry.packed is None:
            raise DamagedArchive("its length is not stated")
        self._start = self._at = found[1]

    def read(self, size: int) -> bytes:
        """Return about `size` bytes, none at the end."""
        try:
            return self._next(size)
        except BROKEN:
            self.is_told = True
            raise

    def end(self) -> int:
        """Read on to the end and return the offset of what follows the member."""
        while self._next(CHUNK):
            pass
        if self._entry.packed is not None and self._entry.crc is not None:
            return self._start + self._entry.packed
        return self._descriptor()[1]

    def _next(self, size: int) -> bytes:
        while not self._ended:
            data = self._unpack(size)
            if not data:
                continue
            self._allowance.spend(len(data))
            self._length += len(data)
            self._checksum = zlib.crc32(data, self._checksum)
            # A stream of LZMA need not mark its end, so that the length counts.
            self._ended = self._length == self._entry.size
            if self._ended:
                self._check()
            return data
        self._check()
        return b""

    def _unpack(self, size: int) -> bytes:
        if self._codec is None:
            data = self._packed(size)
            self._ended = not data
            return data
        packed = self._packed(self._codec.piece) if self._codec.hungry else b""
        self._ended = self._codec.ended or (self._codec.hungry and not packed)
        return b"" if self._ended else self._codec.unpack(packed, size)

    def _packed(self, size: int) -> bytes:
        most = size if self._packed_left is None else min(size, self._packed_left)
        if not most:
            return b""
        self._stream.seek(self._at)
        data = self._stream.read(most)
        if not data and self._packed_left:
            raise EOFError("the archive ends in the middle of a member")
        self._at += len(data)
        if self._packed_left is not None:
            self._packed_left -= len(data)
        return data

    def _check(self) -> None:
        if self._entry.packed is None and self._codec is not None and not self._codec.ended:
            raise EOFError("the archive ends in the middle of a member")
        if self._entry.size is not None and self._length != self._entry.size:
            raise DamagedArchive("its length is not as stated")
        stated = self._descriptor()[0] if self._entry.crc is None else self._entry.crc
        if self._checksum != stated:
            raise DamagedArchive("its checksum is wrong")

    def _descriptor(self) -> tuple[int, int]:
        """Return the checksum that follows the content, and the offset of what follows that."""
        if self._entry.packed is not None:
            end = self._start + self._entry.packed
        else:
            end = self._at - (self._codec.left_over if self._codec else 0)
        self._stream.seek(end)
        data = self._stream.read(24)
        magic = 4 if data.startswith(_DESCRIPTOR_MAGIC) else 0
        for width in (4, 8):
            lengths = data[magic + 4 : magic + 4 + 2 * width]
            if int.from_bytes(lengths[width:], "little") == self._length and len(lengths) == 2 * width:
                return int.from_bytes(data[magic : magic + 4], "little"), end + magic + 4 + 2 * width
        raise DamagedArchive("the archive ends in the middle of a member")
