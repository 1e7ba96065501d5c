"""Members of a .tar archive, as they stream by."""

import re
import tarfile
from typing import IO, Any, Final, Self, cast

from indexer.containers.members import BROKEN, ArchiveEnds, BrokenMember, Member, Members
from indexer.containers.names import Names

_LONGEST_EXTENSION: Final = 1 << 20
"""Bytes; headers that extend the next one hold names and times, and are read whole."""
_EXTENSIONS: Final = (
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
)  # fmt: skip
_KINDS: Final = {
    tarfile.SYMTYPE: "a link to {}",
    tarfile.LNKTYPE: "a second name of {}",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a named pipe",
}
BLOCK: Final = 512
_CHECKSUM_AT: Final = slice(148, 156)
_CHECKSUM: Final = re.compile(rb"\s*[0-7]+\s*(?:\0.*)?", re.DOTALL)
"""What tells most texts from a header, without an error raised and caught for each."""
_BUFFER: Final = 32 * BLOCK
"""Bytes; tarfile moves all that is left in it with every read."""


def is_tar(start: bytes) -> bool:
    """Tell a tar archive by the checksum of its first header, which those older than `ustar` have as well."""
    if start[257:262] == b"ustar":
        return True
    if not _CHECKSUM.fullmatch(start[_CHECKSUM_AT]):
        return False
    try:
        tarfile.TarInfo.frombuf(start[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def tar_members(stream: IO[bytes]) -> Members:
    """Yield what is in a tar archive; raise tarfile.TarError or EOFError where it is damaged or ends too early."""
    names = Names()
    with tarfile.open(
        fileobj=stream, mode="r|", bufsize=_BUFFER, tarinfo=_Header, encoding="utf-8", errors="surrogateescape"
    ) as archive:
        for header in archive:
            if header.isfile():
                yield Member(names.of(header.name), _Content(archive, header).read)
            elif not header.isdir():
                what = _KINDS.get(header.type, "a special file").format(header.linkname)
                yield BrokenMember(names.of(header.name), "not-a-file", what)
            cast("Any", archive).members = []  # else every header read stays in memory


class _Header(tarfile.TarInfo):
    """A header that is damaged raises; tarfile would take all but the first for the end of the archive."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile)
        except _EOF_HEADER:
            raise
        except _HEADER as error:
            raise _SUBSEQUENT_HEADER(str(error)) from error

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENSIONS and header.size > _LONGEST_EXTENSION:
            raise _SUBSEQUENT_HEADER("a header is larger than any name")
        return header


# Not in tarfile's own list of names, but what its documentation of `fromtarfile` refers to as HeaderError.
_HEADER: Final = tarfile.HeaderError
_EOF_HEADER: Final[type[Exception]] = cast("Any", tarfile).EOFHeaderError
_SUBSEQUENT_HEADER: Final[type[Exception]] = cast("Any", tarfile).SubsequentHeaderError


class _Content:
    """One member. Where it cannot be read to its end, there is nothing behind it either."""

    def __init__(self, archive: tarfile.TarFile, header: tarfile.TarInfo) -> None:
        # The stream stands where the content begins; tarfile's own reader of it is needed for holes alone.
        content = archive.extractfile(header) if header.issparse() else archive.fileobj
        assert content is not None
        self._content = content
        self._left = header.size

    def read(self, size: int) -> bytes:
        try:
            data = self._content.read(min(size, self._left))
            self._left -= len(data)
            if not data and self._left > 0:
                raise EOFError("the file ends in the middle of a member")
        except BROKEN as error:
            raise ArchiveEnds from error
        return data
