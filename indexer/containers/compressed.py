"""Compressed streams: .gz, .bz2, .xz and .zst, of a tar archive or of one file."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

import zstandard

from indexer.containers.members import BROKEN, Allowance, UnpacksTooFar

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ZSTD_CHUNK: Final = 1 << 10
"""Bytes; four of them may stand for 128 KB, all of which is in memory at once."""
_ENDED_EARLY: Final = "the compressed file ends too early"

_STREAMS: Final[tuple[tuple[bytes, Callable[[BinaryIO], IO[bytes]]], ...]] = (
    (b"\x1f\x8b", lambda stream: cast("IO[bytes]", gzip.GzipFile(fileobj=stream))),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
    (b"\x28\xb5\x2f\xfd", lambda stream: cast("IO[bytes]", _ZstdReader(stream))),
)


def opener(start: bytes) -> Callable[[BinaryIO], IO[bytes]] | None:
    """Return what opens a compressed stream that begins with `start`, or None where it is none."""
    return next((opened for magic, opened in _STREAMS if start.startswith(magic)), None)


class Unpacked(io.RawIOBase):
    """What a decompressor gives before it fails; `fault` is then why, and the stream ends.

    A reader that asks for a megabyte would otherwise lose the last whole files of a truncated archive.
    """

    def __init__(self, stream: IO[bytes], allowance: Allowance) -> None:
        self._read: Callable[[int], bytes] = cast("Any", stream).read1
        self._allowance = allowance
        self.fault: Exception | None = None

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer as far as there is something to give."""
        view = memoryview(buffer)
        filled = 0
        while filled < len(view) and self.fault is None:
            try:
                data = self._read(len(view) - filled)
                self._allowance.spend(len(data))
            except (*BROKEN, UnpacksTooFar) as error:
                self.fault = error
                break
            if not data:
                break
            view[filled : filled + len(data)] = data
            filled += len(data)
        return filled


class _ZstdReader:
    """Reads Zstandard frames; zstandard's own reader takes a truncated file for a whole one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = b""
        self._unpacked = b""

    def read1(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end; raise EOFError where a frame is cut short."""
        while not self._unpacked:
            packed = self._packed or self._stream.read(ZSTD_CHUNK)
            if not packed:
                if self._frame is not None:
                    raise EOFError(_ENDED_EARLY)
                return b""
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._unpacked, self._packed = self._frame.decompress(packed), b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        part, self._unpacked = self._unpacked[:size], self._unpacked[size:]
        return part
