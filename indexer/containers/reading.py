"""Read a file, whatever it is packed in: by its first bytes, and one archive within another.

Never raises for what is in a file. What cannot be read (encrypted, truncated, too large) is a `BrokenMember`, and the
rest of the archive goes on.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Literal, cast

from indexer.containers.compressed import Unpacked, opener
from indexer.containers.members import (
    BROKEN,
    CHUNK,
    Allowance,
    ArchiveEnds,
    BrokenMember,
    Limits,
    Member,
    Members,
    UnpacksTooFar,
    broken,
    read_up_to,
)
from indexer.containers.tar_archive import BLOCK, is_tar, tar_members
from indexer.containers.zip_directory import END_OF_DIRECTORY, LOCAL_HEADER
from indexer.files import shown_name
from kb.models import RawFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DEEPEST: Final = 2
"""An archive within an archive is opened, one within that is not. A compressed tar is one archive."""
_SEVEN_ZIP: Final = b"7z\xbc\xaf\x27\x1c"
_PART_OF_ZIP: Final = b"PK\x07\x08"
_TAR_NAME: Final = re.compile(r"\.(?:tar(?:\.\w+)?|t(?:gz|bz2?|xz|zst))$", re.IGNORECASE)

_START: Final = 1 << 16
"""Bytes of a member that are read first; most articles have less."""

Kind = Literal["zip", "7z", "compressed", "tar"]


def read_file(path: Path, limits: Limits | None = None) -> Iterator[RawFile | BrokenMember]:
    """Yield what is in the file at `path`: the file itself, or the members of an archive.

    A member's path is `archive!member`. Never raises for what is in the file; a file that cannot be opened is one
    `BrokenMember`.
    """
    shown = shown_name(path)
    try:
        with path.open("rb") as stream:
            yield from read_stream(stream, shown, limits)
    except OSError as error:
        yield BrokenMember(shown, "unreadable-file", error.strerror or type(error).__name__)


def read_stream(stream: BinaryIO, shown: str, limits: Limits | None = None) -> Iterator[RawFile | BrokenMember]:
    """Yield what is in a seekable binary `stream`, as `read_file` does."""
    limits = limits or Limits()
    try:
        packed = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        start = stream.read(BLOCK)
        stream.seek(0)
    except OSError as error:
        yield broken(shown, error, "unreadable-file")
        return
    reader = _Reader(limits, Allowance(packed, limits))
    kind = kind_of(start, shown)
    try:
        if kind is None:
            yield from reader.plain(Member(shown, stream.read), shown, b"")
        else:
            yield from reader.archive(kind, stream, shown, start, 0)
    except UnpacksTooFar:
        yield BrokenMember(shown, "archive-bomb", "")


def kind_of(start: bytes, name: str) -> Kind | None:
    """Tell what kind of archive a file is by its first 512 bytes, or None; the name counts for an empty tar only."""
    if start.startswith((LOCAL_HEADER, END_OF_DIRECTORY, _PART_OF_ZIP)):
        return "zip"
    if start.startswith(_SEVEN_ZIP):
        return "7z"
    if opener(start):
        return "compressed"
    if is_tar(start) or (start == bytes(BLOCK) and _TAR_NAME.search(name)):
        return "tar"
    return None


class _Reader:
    """One reading of one file on the disk."""

    def __init__(self, limits: Limits, allowance: Allowance) -> None:
        self._limits = limits
        self._allowance = allowance

    def archive(
        self, kind: Kind, stream: BinaryIO, shown: str, start: bytes, depth: int
    ) -> Iterator[RawFile | BrokenMember]:
        """Yield what is in an archive that begins with `start`, and at last what is wrong with it as a whole."""
        empty = True
        try:
            for member in self._members(kind, stream, shown, start):
                empty = False
                if isinstance(member, BrokenMember):
                    yield BrokenMember(f"{shown}!{member.path}", member.code, member.reason)
                else:
                    yield from self._member(member, f"{shown}!{member.name}", depth)
        except (*BROKEN, ArchiveEnds) as error:
            yield broken(shown, error.__cause__ or error if isinstance(error, ArchiveEnds) else error, "broken-archive")
            return
        if empty:
            yield BrokenMember(shown, "empty-archive", "")

    def plain(self, member: Member, path: str, start: bytes) -> Iterator[RawFile | BrokenMember]:
        """Yield a file that is no archive."""
        try:
            data = read_up_to(member.read, self._limits.largest_file, start)
        except BROKEN as error:
            yield broken(path, error, "broken-member")
            return
        if data is None:
            yield BrokenMember(path, "file-too-large", f"larger than {self._limits.largest_file >> 20} MB")
        else:
            yield RawFile(path, data)

    def _members(self, kind: Kind, stream: BinaryIO, shown: str, start: bytes) -> Members:
        if kind == "zip":
            from indexer.containers.zip_archive import zip_members

            return zip_members(stream, self._allowance)
        if kind == "7z":
            from indexer.containers.seven_zip import seven_zip_members

            return seven_zip_members(stream, self._allowance)
        if kind == "tar":
            return tar_members(stream)
        return self._compressed(stream, shown, start)

    def _compressed(self, stream: BinaryIO, shown: str, start: bytes) -> Members:
        """Yield what a compressed tar holds as it streams by, or the one compressed file."""
        opened = opener(start)
        assert opened is not None, "recognised by it"
        unpacked = Unpacked(opened(stream), self._allowance)
        buffered = io.BufferedReader(unpacked, CHUNK)
        inner = _inner_name(shown)
        if kind_of(buffered.peek(BLOCK)[:BLOCK], shown) == "tar":
            try:
                for member in tar_members(buffered):
                    yield member if isinstance(member, BrokenMember) else _faulted(member, unpacked)
            except BROKEN:
                if unpacked.fault is None:
                    raise
        else:
            yield _faulted(Member(inner, buffered.read), unpacked, ends_with_stream=True)
        if unpacked.fault is not None:
            raise unpacked.fault

    def _member(self, member: Member, path: str, depth: int) -> Iterator[RawFile | BrokenMember]:
        try:
            start = _exactly(member.read, _START)
        except BROKEN as error:
            yield broken(path, error, "broken-member")
            return
        kind = kind_of(start[:BLOCK], path)
        if kind is None:
            yield from self.plain(member, path, start)
        elif depth + 1 >= DEEPEST:
            yield BrokenMember(path, "nested-too-deep", "")
        else:
            yield from self._nested(kind, member, path, start, depth + 1)

    def _nested(
        self, kind: Kind, member: Member, path: str, start: bytes, depth: int
    ) -> Iterator[RawFile | BrokenMember]:
        if kind in ("tar", "compressed"):
            stream = cast("BinaryIO", io.BufferedReader(_Streamed(start, member.read), CHUNK))
            yield from self.archive(kind, stream, path, start, depth)
            return
        try:
            data = read_up_to(member.read, self._limits.largest_nested, start)
        except BROKEN as error:
            yield broken(path, error, "broken-member")
            return
        if data is None:
            yield BrokenMember(path, "file-too-large", f"larger than {self._limits.largest_nested >> 20} MB")
        else:
            yield from self.archive(kind, io.BytesIO(data), path, start, depth)


class _Streamed(io.RawIOBase):
    """A member of an archive as a file that is read once, from the front."""

    def __init__(self, start: bytes, read: Callable[[int], bytes]) -> None:
        self._start = start
        self._read = read

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Fill the buffer, or a part of it."""
        view = memoryview(buffer)
        data = self._start[: len(view)] or self._read(len(view))
        self._start = self._start[len(view) :]
        view[: len(data)] = data
        return len(data)


def _faulted(member: Member, unpacked: Unpacked, *, ends_with_stream: bool = False) -> Member:
    """Return a member of a compressed stream that ends, where the stream fails it, with the stream's own reason.

    The stream reads ahead, so that its fault may be one of later members; that a member of a tar archive comes to its
    end is known to itself.
    """

    def read(size: int) -> bytes:
        try:
            data = member.read(size)
        except ArchiveEnds:
            if unpacked.fault is None:
                raise
            failed = True
        else:
            failed = ends_with_stream and not data and unpacked.fault is not None
        if failed and isinstance(unpacked.fault, UnpacksTooFar):
            raise unpacked.fault
        if failed:
            raise ArchiveEnds from unpacked.fault
        return data

    return Member(member.name, read)


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    data = b""
    while len(data) < size and (more := read(size - len(data))):
        data += more
    return data


def _inner_name(shown: str) -> str:
    name = re.split(r"[/\\!]", shown)[-1]
    return name.rsplit(".", 1)[0] or name
