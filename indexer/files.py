"""Find the files that a user names: files, folders, archives, standard input; streamed, never unpacked to disk."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from kb.errors import BadInput

STANDARD_INPUT = "-"
_ESCAPED: Final = re.compile(r"\\x([89a-f][0-9a-f])")
_NAME: Final = attrgetter("name")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file on the disk that may hold articles: its path as the user named it, its size in bytes, time of change.

    `source` is the same file's absolute path, the same however the user got there.
    """

    path: Path
    size: int
    mtime_ns: int
    source: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that could not be looked at, and why."""

    path: Path
    reason: str


def shown_name(name: str | Path) -> str:
    r"""Return a name as text that can be stored and printed: bytes that are no UTF-8 become `\xNN`."""
    text = str(name)
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def check_paths(paths: list[Path]) -> None:
    """Raise BadInput for the first of `paths` that does not exist, or a folder that cannot be opened."""
    for path in paths:
        try:
            if path.is_dir():
                next(path.iterdir(), None)
            else:
                path.stat()
        except FileNotFoundError as error:
            raise BadInput(
                f"there is no file or folder {path}", next_step="check the path; nothing was imported"
            ) from error
        except OSError as error:
            raise BadInput(
                f"{path} cannot be read: {error.strerror}", next_step="check its permissions; nothing was imported"
            ) from error


def find_files(paths: list[Path]) -> Iterator[FoundFile | Unreadable]:
    """Yield the files under `paths` in order of name; links to folders and special files are passed over.

    Files and folders whose name begins with a dot are left out, unless they are named themselves.
    """
    for path in paths:
        yield from _walk(path, source_path(path))


def source_path(path: Path) -> str:
    """Return the absolute path of a file or folder that the user named; of links, only those above it are followed."""
    if path.is_dir():
        return str(path.resolve())
    return str(path.parent.resolve() / path.name)


def is_gone(source: str) -> bool:
    """Tell whether a file that was there is not there any more; one that cannot be reached is not gone for that.

    `source` is its path as `shown_name` has it.
    """
    return all(_is_missing(Path(name)) for name in {source, _as_named(source)})


def _as_named(shown: str) -> str:
    """Return the name that `shown_name` was given, if it held bytes that are no UTF-8."""
    return _ESCAPED.sub(lambda m: chr(0xDC00 + int(m[1], 16)), shown)


def _is_missing(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        above = next((each for each in path.parents if os.path.lexists(each)), path)
        # A link that leads nowhere, to a disc that is not mounted for one, hides what was behind it.
        return not above.is_symlink()
    except OSError:
        return False
    return False


def _walk(path: Path, source: str) -> Iterator[FoundFile | Unreadable]:
    try:
        status = path.stat()
    except OSError as error:
        yield _unreadable(path, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _within(path, source)
    elif stat.S_ISREG(status.st_mode):
        yield FoundFile(path, status.st_size, status.st_mtime_ns, source)


def _within(folder: Path, source: str) -> Iterator[FoundFile | Unreadable]:
    try:
        # Names alone are compared, and what an entry is, is known without asking the disk again.
        with os.scandir(folder) as entries:
            children = sorted((each for each in entries if not each.name.startswith(".")), key=_NAME)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for child in children:
        path, inner = folder / child.name, os.path.join(source, child.name)  # noqa: PTH118  (tens of thousands of names)
        try:
            is_folder, is_link = child.is_dir(), child.is_symlink()
            status = None if is_folder else child.stat()
        except OSError as error:
            yield _unreadable(path, error)
            continue
        if is_folder and not is_link:
            yield from _within(path, inner)
        elif status is not None and stat.S_ISREG(status.st_mode):
            yield FoundFile(path, status.st_size, status.st_mtime_ns, inner)


def _unreadable(path: Path, error: OSError) -> Unreadable:
    return Unreadable(path, error.strerror or type(error).__name__)
