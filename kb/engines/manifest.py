"""Write down the size and CRC-32 of an index's files, and compare: for engines whose library keeps no checksums."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FORMAT: Final = 1
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file's size in bytes and the CRC-32 of its content."""

    size: int
    crc: int


def measure(file: Path) -> FileSum:
    """Read a file through; OSError if that fails."""
    size = crc = 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
    return FileSum(size, crc)


def dump(sums: Mapping[str, FileSum]) -> bytes:
    """Write sums by file name as JSON."""
    return json.dumps(
        {"format": FORMAT, "files": {name: [each.size, each.crc] for name, each in sorted(sums.items())}}
    ).encode()


def load(data: bytes) -> dict[str, FileSum]:
    """Read back what `dump` wrote; ValueError if it is anything else, or of another format."""
    try:
        read = json.loads(data)
        if read["format"] != FORMAT:
            raise ValueError(f"the index has format {read['format']}, this version reads {FORMAT}")
        return {str(name): FileSum(int(size), int(crc)) for name, (size, crc) in read["files"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("the list of checksums is not as it was written") from error


def problems(folder: Path, sums: Mapping[str, FileSum], *, read_through: Iterable[str]) -> Iterator[str]:
    """Tell which files are missing or of the wrong size, and which of those to be read through have changed."""
    whole = frozenset(read_through)
    for name, expected in sums.items():
        try:
            size = (folder / name).stat().st_size
            if size != expected.size:
                yield f"{name} has {size} bytes instead of {expected.size}"
            elif name in whole and measure(folder / name) != expected:
                yield f"{name} does not match its checksum"
        except OSError as error:
            yield f"{name} cannot be read: {error.strerror or error}"
