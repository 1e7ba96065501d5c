"""Open archives and compressed files as streams of members: .zip, .tar(.gz .bz2 .xz .zst), .7z, .gz and their like.

Nothing is unpacked to the disk. What cannot be read (encrypted, truncated, too large) is a `BrokenMember`, and the
rest of the archive goes on.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final, cast

import zstandard

from indexer.files import shown_name
from kb.models import RawFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_FILE: Final = 64 << 20
"""Bytes; raw volumes of many articles have 10 MB, and an archive's member may claim any size."""
DEEPEST: Final = 2
"""An archive within an archive is opened, one within that is not."""
_CHUNK: Final = 1 << 20
_ZSTD_CHUNK: Final = 1 << 10
"""Bytes; four of them may stand for 128 KB, all of which is in memory at once."""

_SEVEN_ZIP_MAGIC: Final = b"7z\xbc\xaf\x27\x1c"
_STREAMS: Final[tuple[tuple[bytes, Callable[[BinaryIO], IO[bytes]]], ...]] = (
    (b"\x1f\x8b", lambda stream: cast("IO[bytes]", gzip.GzipFile(fileobj=stream))),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
    (b"\x28\xb5\x2f\xfd", lambda stream: cast("IO[bytes]", _ZstdReader(stream))),
)
_BROKEN: Final = (
    OSError, EOFError, ValueError, lzma.LZMAError, zlib.error, zstandard.ZstdError, tarfile.TarError,
    zipfile.BadZipFile, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BrokenMember:
    """A member of an archive, or the rest of it, that cannot be read: a diagnostic's code and the reason."""

    path: str
    code: str
    reason: str


def read_file(path: Path) -> Iterator[RawFile | BrokenMember]:
    """Yield what is in the file at `path`: the file itself, or the members of an archive.

    A member's path is `archive!member`. Never raises for what is in the file; a file that cannot be opened is one
    `BrokenMember`.
    """
    shown = shown_name(path)
    try:
        with path.open("rb") as stream:
            yield from read_stream(stream, shown)
    except OSError as error:
        yield BrokenMember(shown, "unreadable-file", error.strerror or type(error).__name__)


def read_stream(stream: BinaryIO, shown: str, depth: int = 0) -> Iterator[RawFile | BrokenMember]:
    """Yield what is in a seekable binary `stream`, as `read_file` does."""
    start = stream.read(8)
    stream.seek(0)
    try:
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            yield from _zip(stream, shown, depth)
        elif start.startswith(_SEVEN_ZIP_MAGIC):
            yield from _seven_zip(stream, shown, depth)
        elif opener := _opener(start):
            yield from _compressed(opener(stream), shown, depth)
        elif _is_tar(stream):
            yield from _tar(stream, shown, depth)
        else:
            yield _whole(stream, shown)
    except _BROKEN as error:
        yield BrokenMember(shown, "broken-archive", _reason(error))


def is_archive(name: str, data: bytes) -> bool:
    """Tell whether the bytes of a member are an archive or compressed file themselves."""
    return (
        data.startswith((b"PK\x03\x04", _SEVEN_ZIP_MAGIC))
        or _opener(data[:8]) is not None
        or (name.lower().endswith(".tar") and data[257:262] == b"ustar")
    )


def _opener(start: bytes) -> Callable[[BinaryIO], IO[bytes]] | None:
    return next((opener for magic, opener in _STREAMS if start.startswith(magic)), None)


def _is_tar(stream: BinaryIO) -> bool:
    header = stream.read(512)
    stream.seek(0)
    return header[257:262] == b"ustar"


def _whole(stream: BinaryIO, shown: str) -> RawFile | BrokenMember:
    data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        return _too_large(shown)
    return RawFile(shown, data)


def _too_large(shown: str) -> BrokenMember:
    return BrokenMember(shown, "file-too-large", f"larger than {LARGEST_FILE >> 20} MB")


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
            packed = self._packed or self._stream.read(_ZSTD_CHUNK)
            if not packed:
                if self._frame is not None:
                    raise EOFError("the compressed file ends too early")
                return b""
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._unpacked, self._packed = self._frame.decompress(packed), b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        part, self._unpacked = self._unpacked[:size], self._unpacked[size:]
        return part


class _Readable(io.RawIOBase):
    """What a decompressor gives before it fails; `fault` is then why, and the stream ends.

    A reader that asks for a megabyte would otherwise lose the last whole files of a truncated archive.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._read: Callable[[int], bytes] = cast("Any", stream).read1
        self.fault: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        filled = 0
        while filled < len(view) and self.fault is None:
            try:
                data = self._read(len(view) - filled)
            except _BROKEN as error:
                self.fault = error
                break
            if not data:
                break
            view[filled : filled + len(data)] = data
            filled += len(data)
        return filled


def _compressed(stream: IO[bytes], shown: str, depth: int) -> Iterator[RawFile | BrokenMember]:
    """Read a compressed tar as it streams by, or a single compressed file."""
    readable = _Readable(stream)
    buffered = io.BufferedReader(readable, _CHUNK)
    head = buffered.peek(512)[:512]
    if head[257:262] == b"ustar":
        try:
            yield from _tar(buffered, shown, depth)
        except _BROKEN:
            if readable.fault is None:
                raise
        if readable.fault is not None:
            raise readable.fault
        return
    data = buffered.read(LARGEST_FILE + 1)
    if readable.fault is not None:
        raise readable.fault
    if len(data) > LARGEST_FILE:
        yield _too_large(shown)
        return
    name = shown.rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    inner = name.rsplit(".", 1)[0] or name
    yield from _member(f"{shown}!{inner}", data, depth)


def _tar(stream: IO[bytes], shown: str, depth: int) -> Iterator[RawFile | BrokenMember]:
    with tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK, errors="surrogateescape") as archive:
        for member in archive:
            if not member.isfile():
                continue
            path = f"{shown}!{shown_name(member.name)}"
            if member.size > LARGEST_FILE:
                yield _too_large(path)
                continue
            content = archive.extractfile(member)
            assert content is not None
            data = content.read()
            if len(data) < member.size:
                raise EOFError("the file ends in the middle of a member")
            yield from _member(path, data, depth)
            cast("Any", archive).members = []  # else every header read stays in memory


def _zip(stream: BinaryIO, shown: str, depth: int) -> Iterator[RawFile | BrokenMember]:
    with zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            path = f"{shown}!{info.filename}"
            if info.flag_bits & 1:
                yield BrokenMember(path, "encrypted-member", "")
                continue
            try:
                with archive.open(info) as content:
                    data = content.read(LARGEST_FILE + 1)
            except _BROKEN as error:
                yield BrokenMember(path, "broken-member", _reason(error))
                continue
            if len(data) > LARGEST_FILE:
                yield _too_large(path)
            else:
                yield from _member(path, data, depth)


def _seven_zip(stream: BinaryIO, shown: str, depth: int) -> Iterator[RawFile | BrokenMember]:
    from indexer.seven_zip import seven_zip_members

    for name, data in seven_zip_members(stream, LARGEST_FILE):
        if isinstance(data, str):
            yield BrokenMember(f"{shown}!{name}" if name else shown, "broken-member", data)
        else:
            yield from _member(f"{shown}!{name}", data, depth)


def _member(path: str, data: bytes, depth: int) -> Iterator[RawFile | BrokenMember]:
    if not is_archive(path, data):
        yield RawFile(path, data)
    elif depth + 1 >= DEEPEST:
        yield BrokenMember(path, "nested-too-deep", "")
    else:
        yield from read_stream(io.BytesIO(data), path, depth + 1)


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
