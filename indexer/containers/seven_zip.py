"""The door to py7zr: the members of a .7z archive, one after the other, as they are unpacked.

py7zr's own extraction pushes, refuses a whole archive for one name, one checksum or one locked member, and keeps what
some codecs give beyond what it asked for. So only its reading of headers and its decompressors are used, and those that
know no bound are fed small pieces.
"""

import zlib
from typing import Any, BinaryIO, Final, cast

import py7zr
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError
from py7zr.properties import COMPRESSION_METHOD

from indexer.containers.members import (
    BROKEN,
    CHUNK,
    Allowance,
    BrokenMember,
    DamagedArchive,
    Member,
    Members,
    NeedsPassword,
    UnknownCompression,
    broken,
)
from indexer.containers.names import Names

_UNBOUNDED: Final = (COMPRESSION_METHOD.MISC_ZSTD, COMPRESSION_METHOD.MISC_DEFLATE, COMPRESSION_METHOD.MISC_DEFLATE64)
_PIECE_OF_UNBOUNDED: Final = 1 << 8
"""Packed bytes at a time; Zstandard may make thirty thousand of each, all of which is in memory at once."""


def seven_zip_members(stream: BinaryIO, allowance: Allowance) -> Members:
    """Yield what is in a 7z archive; raise what BROKEN lists where its table of contents cannot be read."""
    try:
        archive = cast("Any", py7zr.SevenZipFile(stream))
        files = list(getattr(archive, "files", ()))
    except PasswordRequired as error:
        raise NeedsPassword("its table of contents, too") from error
    except BROKEN:
        raise
    except Exception as error:  # its reader of headers raises whatever nonsense in them leads to
        raise DamagedArchive(str(error)) from error
    names = Names()
    block: _Block | None = None
    unread = 0
    for file in files:
        if file.is_directory:
            continue
        name = names.of(file.filename)
        if file.emptystream:
            yield Member(name, lambda _: b"")
            continue
        if block is None or block.folder is not file.folder:
            block = _Block(archive, stream, file.folder, allowance)
        if isinstance(block.fault, DamagedArchive):
            unread += 1
            continue
        if block.fault is not None:
            yield broken(name, block.fault, "broken-member")
            continue
        content = _Content(block, file.uncompressed, file.crc32)
        if file.is_symlink or file.is_junction or file.is_socket:
            yield BrokenMember(name, "not-a-file", "a link or a special file")
        else:
            yield Member(name, content.read)
        try:
            content.skip()
        except BROKEN as error:
            if not content.is_told:
                yield broken(name, error, "broken-member")
    if unread:
        raise DamagedArchive(f"{unread} files that are packed together with a damaged one cannot be unpacked")


class _Block:
    """A run of members that are packed together; `fault` is why the rest of it cannot be read."""

    def __init__(self, archive: Any, stream: BinaryIO, folder: Any, allowance: Allowance) -> None:
        self.folder = folder
        self.allowance = allowance
        self.fault: Exception | None = None
        self._stream = stream
        unbounded = any(coder["method"] in _UNBOUNDED for coder in folder.coders)
        self._piece = _PIECE_OF_UNBOUNDED if unbounded else CHUNK
        streams = archive.header.main_streams
        number = next(n for n, each in enumerate(streams.unpackinfo.folders) if each is folder)
        self._at = archive.afterheader + streams.packinfo.packpositions[number]
        try:
            self._decompressor = folder.get_decompressor(streams.packinfo.packsizes[number])
        except PasswordRequired:
            self.fault = NeedsPassword()
        except UnsupportedCompressionMethodError:
            self.fault = UnknownCompression("a method of 7z")
        except Exception as error:  # noqa: BLE001  (properties of codecs that make no sense raise whatever they do)
            self.fault = DamagedArchive(str(error))

    def unpack(self, size: int) -> bytes:
        """Return some of the next `size` bytes; raise DamagedArchive, and keep it as `fault`, where there are none."""
        while True:
            before = self._at
            try:
                data = bytes(self._decompressor.decompress(self, min(size, CHUNK)))
            except Exception as error:  # codecs raise whatever damaged bytes lead to
                self.fault = DamagedArchive(" ".join(str(error).split()) or type(error).__name__)
                raise self.fault from error
            self.allowance.spend(len(data))
            if data:
                return data
            if self._at == before:
                self.fault = DamagedArchive("it ends too early")
                raise self.fault

    def read(self, size: int) -> bytes:
        """Give py7zr's decompressor packed bytes, fewer than it asks for."""
        self._stream.seek(self._at)
        data = self._stream.read(min(size, self._piece))
        self._at += len(data)
        return data


class _Content:
    """One member of a block. Its checksum is compared at its end."""

    def __init__(self, block: _Block, size: int, checksum: int | None) -> None:
        self._block = block
        self._left = size
        self._stated = checksum
        self._checksum = 0
        self.is_told = False
        """Whether a fault was raised to whoever reads it."""

    def read(self, size: int) -> bytes:
        """Return some of the next `size` bytes, none at the end."""
        try:
            return self._next(size)
        except BROKEN:
            self.is_told = True
            raise

    def skip(self) -> None:
        """Unpack what was not read, because what follows needs it."""
        while self._left and self._block.fault is None:
            self._next(CHUNK)

    def _next(self, size: int) -> bytes:
        data = self._block.unpack(min(size, self._left)) if self._left else b""
        self._checksum = zlib.crc32(data, self._checksum)
        self._left -= len(data)
        if not self._left and self._stated not in (None, self._checksum):
            raise DamagedArchive("its checksum is wrong")
        return data
