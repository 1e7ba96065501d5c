"""What every kind of archive gives: members that can be read once, in order, and within limits."""

import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import zstandard

CHUNK: Final = 1 << 20
"""Bytes that are read at a time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read of an archive at most, in bytes.

    `largest_file` is far above raw volumes of many articles, which have 10 MB; a member may claim any size. An archive
    within an archive is held in memory up to `largest_nested` where its kind must be sought in. All that one file on
    the disk unpacks to, nested archives included, may have `unpacked_freely` bytes, and beyond these `ratio` times the
    file's own: text as repetitive as articles packs to a tenth, a bomb to a thousandth and less.
    """

    largest_file: int = 64 << 20
    largest_nested: int = 256 << 20
    unpacked_freely: int = 1 << 30
    ratio: int = 200


_NOTHING_TO_READ: Final = ("empty-archive", "not-a-file")
_HIDES_OTHERS: Final = ("unreadable-file", "broken-archive", "broken-member", "archive-bomb")


@dataclass(frozen=True, slots=True)
class BrokenMember:
    """A member of an archive, or the rest of it, that gives nothing to read: a diagnostic's code and the reason."""

    path: str
    code: str
    reason: str

    @property
    def outcome(self) -> Literal["unsupported", "failed"]:
        """Tell whether there is nothing to read, or something that could not be read."""
        return "unsupported" if self.code in _NOTHING_TO_READ else "failed"

    @property
    def hides(self) -> bool:
        """Tell whether there may be files behind it whose names are not known."""
        return self.code in _HIDES_OTHERS


@dataclass(slots=True)
class Member:
    """A file in an archive, to be read before the next one is asked for.

    `read(n)` returns up to `n` bytes, none at the end, and raises what BROKEN lists where the archive is damaged. A
    member that is not read to its end is passed over.
    """

    name: str
    read: Callable[[int], bytes]


Members = Iterator[Member | BrokenMember]


class DamagedArchive(Exception):
    """An archive that breaks the rules of its kind; the message says how."""


class UnpacksTooFar(Exception):
    """An archive unpacks to far more than one of articles would."""


class ArchiveEnds(Exception):
    """An archive cannot be read on from within a member; its cause says why."""


class UnknownCompression(Exception):
    """A member is compressed in a way that cannot be unpacked here; the message names it."""


class NeedsPassword(Exception):
    """A member, or the archive's table of contents, is encrypted."""


class Allowance:
    """How many bytes may still be unpacked of one file on the disk."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._left = max(limits.unpacked_freely, packed * limits.ratio)

    def spend(self, unpacked: int) -> None:
        """Count bytes that were unpacked; raise UnpacksTooFar where they are too many."""
        self._left -= unpacked
        if self._left < 0:
            raise UnpacksTooFar


BROKEN: Final = (
    OSError, EOFError, ValueError, MemoryError, lzma.LZMAError, zlib.error, zstandard.ZstdError, tarfile.TarError,
    DamagedArchive, UnknownCompression, NeedsPassword,
)  # fmt: skip
"""What reading a member may raise; the rest of the archive goes on. ArchiveEnds and UnpacksTooFar end more."""


def broken(path: str, error: BaseException, code: str) -> BrokenMember:
    """Return the BrokenMember that an error of BROKEN means; `code` is that of plain damage."""
    if isinstance(error, NeedsPassword):
        return BrokenMember(path, "encrypted-member", str(error))
    if isinstance(error, UnknownCompression):
        return BrokenMember(path, "unknown-compression", str(error))
    if isinstance(error, MemoryError):
        return BrokenMember(path, code, "unpacking it takes more memory than there is")
    if isinstance(error, OSError) and error.errno is not None:  # of the disk; those of codecs have no number
        return BrokenMember(path, "unreadable-file", error.strerror or str(error))
    return BrokenMember(path, code, " ".join(str(error).split()) or type(error).__name__)


def read_up_to(read: Callable[[int], bytes], most: int, start: bytes = b"") -> bytes | None:
    """Return `start` and all that is left to read, or None where that is more than `most` bytes."""
    parts, length = [start], len(start)
    while data := read(CHUNK):
        parts.append(data)
        length += len(data)
        if length > most:
            return None
    return b"".join(parts) if length <= most else None
