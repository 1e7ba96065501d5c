"""The ways in which members of .zip archives are compressed, each unpacked a bounded piece at a time."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any, Final, Protocol

import zstandard

from indexer.containers.compressed import ZSTD_CHUNK
from indexer.containers.members import UnknownCompression

STORED: Final = 0
_LZMA_HEAD: Final = 9
_NAMES: Final = {
    1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 6: "Implode", 9: "Deflate64", 10: "Implode",
    18: "TERSE", 19: "LZ77", 96: "JPEG", 97: "WavPack", 98: "PPMd",
}  # fmt: skip


class Codec(Protocol):
    """Unpacks one member: hungry for packed bytes, or with more to give of those it has."""

    @property
    def piece(self) -> int:
        """Return how many packed bytes it takes at a time."""

    @property
    def hungry(self) -> bool:
        """Tell whether it needs more packed bytes."""

    @property
    def ended(self) -> bool:
        """Tell whether the packed stream marked its own end."""

    @property
    def left_over(self) -> int:
        """Return how many of the packed bytes stand behind that end."""

    def unpack(self, packed: bytes, most: int) -> bytes:
        """Take packed bytes and return about `most` unpacked ones."""


def codec(method: int) -> Codec:
    """Return what unpacks a method; UnknownCompression, with its name, for those that are not known."""
    made = _CODECS.get(method)
    if made is None:
        name = _NAMES.get(method)
        raise UnknownCompression(f"{name} (method {method})" if name else f"method {method}")
    return made()


class _Deflate:
    piece = 1 << 14

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._full = False

    @property
    def hungry(self) -> bool:
        return not self._stream.eof and not self._stream.unconsumed_tail and not self._full

    @property
    def ended(self) -> bool:
        return self._stream.eof

    @property
    def left_over(self) -> int:
        return len(self._stream.unused_data)

    def unpack(self, packed: bytes, most: int) -> bytes:
        unpacked = self._stream.decompress(self._stream.unconsumed_tail + packed, most)
        self._full = len(unpacked) >= most
        return unpacked


class _Native:
    """The decompressors of bz2 and lzma, which have one interface."""

    piece = 1 << 14

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def hungry(self) -> bool:
        return not self._stream.eof and bool(self._stream.needs_input)

    @property
    def ended(self) -> bool:
        return bool(self._stream.eof)

    @property
    def left_over(self) -> int:
        return len(self._stream.unused_data)

    def unpack(self, packed: bytes, most: int) -> bytes:
        unpacked: bytes = self._stream.decompress(packed, most)
        return unpacked


class _Lzma(_Native):
    """LZMA behind a head of zip's own: a version, the length of the properties, and these."""

    def __init__(self) -> None:
        super().__init__(lzma.LZMADecompressor(lzma.FORMAT_ALONE))
        self._head: bytes | None = b""

    @property
    def hungry(self) -> bool:
        return self._head is not None or super().hungry

    def unpack(self, packed: bytes, most: int) -> bytes:
        if self._head is not None:
            packed = self._head + packed
            if len(packed) < _LZMA_HEAD:
                self._head = packed
                return b""
            self._head = None
            # The length is not stated: the member's own tells where it ends.
            packed = packed[4:_LZMA_HEAD] + b"\xff" * 8 + packed[_LZMA_HEAD:]
        return super().unpack(packed, most)


class _Zstd:
    piece = ZSTD_CHUNK

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor().decompressobj()

    @property
    def hungry(self) -> bool:
        return not self._frame.eof

    @property
    def ended(self) -> bool:
        return self._frame.eof

    @property
    def left_over(self) -> int:
        return len(self._frame.unused_data)

    def unpack(self, packed: bytes, most: int) -> bytes:  # noqa: ARG002  (small pieces keep it bounded)
        return self._frame.decompress(packed)


_CODECS: Final[dict[int, Callable[[], Codec]]] = {
    8: _Deflate,
    12: lambda: _Native(bz2.BZ2Decompressor()),
    14: _Lzma,
    93: _Zstd,
    95: lambda: _Native(lzma.LZMADecompressor(lzma.FORMAT_XZ)),
}
