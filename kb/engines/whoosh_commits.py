"""Find the last commit of a Whoosh index by its files, see that they are whole, and remove what belongs to none.

A commit is a table of contents `_MAIN_N.toc`, which Whoosh renames into place, and beside it our list of checksums of
that file and of the segment files it names. The list is there first: without it there is no commit.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from kb.engines import manifest
from kb.engines.base import damaged, not_built

NAME: Final = "whoosh"
INDEX: Final = "MAIN"
MARKER: Final = f"_{INDEX}_"
_TOC: Final = re.compile(rf"{MARKER}([0-9]+)\.toc")


def toc(number: int) -> str:
    """Name the table of contents of a commit, as Whoosh does."""
    return f"{MARKER}{number}.toc"


def listing(table: str) -> str:
    """Name the list of checksums that goes with a table of contents."""
    return f"{table}.crc"


def generation(path: Path) -> int:
    """Find the number of the last commit; -1 if there is none."""
    try:
        found = [_TOC.fullmatch(each.name) for each in path.iterdir()]
    except OSError:
        return -1
    return max((int(match[1]) for match in found if match), default=-1)


def sums(path: Path, *, verify: bool = True) -> dict[str, manifest.FileSum]:
    """Read the checksums of the last commit, and see that its files have their sizes and the TOC its content."""
    last = generation(path)
    if last < 0:
        raise not_built(NAME, path)
    name = toc(last)
    try:
        found = manifest.load((path / listing(name)).read_bytes())
    except (OSError, ValueError) as error:
        raise damaged(NAME, path, error) from error
    if name not in found:
        raise damaged(NAME, path, f"{name} has no checksum")
    if verify:
        for problem in manifest.problems(path, found, read_through=[name]):
            raise damaged(NAME, path, problem)
    return found


def remove_strays(path: Path) -> None:
    """Remove what belongs to no commit, or to an earlier one; locks have no extension, and stay."""
    wanted = {*sums(path, verify=False), listing(toc(generation(path)))}
    for file in path.iterdir():
        if file.name.startswith((MARKER, f"{INDEX}_")) and "." in file.name and file.name not in wanted:
            # On Windows a file that is open in a reader stays until the next commit.
            with suppress(PermissionError):
                file.unlink(missing_ok=True)
