"""Look into the files of a tantivy index without tantivy: which there must be, and whether they are whole.

tantivy keeps checksums, but its Python package does not compare them, and it may panic on files that were cut short.
"""

import json
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from kb.engines.base import damaged, not_built

NAME: Final = "tantivy"
META: Final = "meta.json"
_READ_LOCK: Final = ".tantivy-meta.lock"
_SEGMENT_PARTS: Final = (".term", ".idx", ".pos", ".fieldnorm", ".fast", ".store")
# Every file of a segment ends with: JSON with the CRC-32 of all before it, that JSON's length, this number.
_FOOTER_MAGIC: Final = 1337
_FOOTER_TAIL: Final = struct.Struct("<II")


def segment_files(path: Path) -> list[Path]:
    """List the files that the last commit is made of, as its meta.json names them."""
    try:
        meta = json.loads((path / META).read_bytes())
        files: list[Path] = []
        for segment in meta["segments"]:
            stem = segment["segment_id"].replace("-", "")
            files += [path / f"{stem}{part}" for part in _SEGMENT_PARTS]
            if segment["deletes"] is not None:
                files.append(path / f"{stem}.{segment['deletes']['opstamp']}.del")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise not_built(NAME, path) from error
    except OSError as error:
        raise damaged(NAME, path, error) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(NAME, path, f"{META} is not as tantivy writes it") from error
    return files


def lockable(path: Path, opened: ExitStack) -> Path:
    """Return `path`, or where nothing can be written there, a temporary folder of links to its files.

    tantivy locks even to read, in a file of the index's folder; on a medium that cannot be written nobody changes the
    index, so a lock elsewhere will do. `opened` removes the folder.
    """
    if not (path / META).is_file():
        return path
    try:
        with (path / _READ_LOCK).open("ab"):
            return path
    except OSError:
        # Slow to load, and seldom needed.
        import tempfile

        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="kbfix-read-only-")))
    for file in path.iterdir():
        if not file.name.endswith(".lock"):
            try:
                (folder / file.name).symlink_to(file.absolute())
            except OSError:  # Windows lets only some users make links
                shutil.copyfile(file, folder / file.name)
    return folder


def footer(file: Path) -> tuple[int, int] | None:
    """Give where the content of a segment file ends and its CRC-32, or None if the file is cut short."""
    try:
        with file.open("rb") as stream:
            end = stream.seek(0, 2)
            stream.seek(max(0, end - _FOOTER_TAIL.size))
            length, magic = _FOOTER_TAIL.unpack(stream.read())
            if magic != _FOOTER_MAGIC or length > end - _FOOTER_TAIL.size:
                return None
            stream.seek(end - _FOOTER_TAIL.size - length)
            return end - _FOOTER_TAIL.size - length, json.loads(stream.read(length))["crc"]
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None


def file_problems(file: Path) -> Iterator[str]:
    """Read a segment file through and compare it with its checksum."""
    end = footer(file)
    if end is None:
        yield f"{file} is missing or cut short"
        return
    try:
        data = file.read_bytes()
    except OSError as error:
        yield f"{file} cannot be read: {error}"
        return
    if zlib.crc32(memoryview(data)[: end[0]]) != end[1]:
        yield f"{file} does not match its checksum"
