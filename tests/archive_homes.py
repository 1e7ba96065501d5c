"""Homes that hold the whole real archive: imported once, kept between runs, made anew when the code changes.

They are kept in .cache/test-homes/<fingerprint> of the repository, which git ignores. Several test processes may ask
for one at the same time: the first makes it, the others wait.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.command import Command

_REPOSITORY = Path(__file__).resolve().parents[1]
_CACHE = _REPOSITORY / ".cache" / "test-homes"
_LONGEST_WAIT = 1800
"""Seconds; indexing with whoosh takes minutes."""
_KEPT = "store.sqlite", "kbfix.json"


def archive_home(command: Command, archive: Path) -> Path:
    """Return a home with all articles of `archive`, indexed with tantivy; nobody may write to it."""
    folder = _CACHE / _fingerprint(archive)
    with _lock():
        _remove_others(folder)
        home = folder / "tantivy"
        if not home.exists():
            aside = _emptied(folder / "tantivy.new")
            ran = command("--engine", "tantivy", "import", archive, home=aside)
            assert ran.code == 0, ran.stderr
            aside.rename(home)
    return home


def archive_home_with_whoosh(command: Command, archive: Path) -> Path:
    """Return a home with all articles of `archive`, indexed with whoosh; nobody may write to it."""
    original = archive_home(command, archive)
    home = original.with_name("whoosh")
    with _lock():
        if not home.exists():
            aside = _emptied(home.with_name("whoosh.new"))
            for name in _KEPT:
                shutil.copy2(original / name, aside / name)
            ran = command("rebuild", "--engine", "whoosh", "--make-default", home=aside)
            assert ran.code == 0, ran.stderr
            aside.rename(home)
    return home


def _fingerprint(archive: Path) -> str:
    """Return a name for all that a home depends on: the program's source and the archive."""
    digest = hashlib.sha256()
    for package in ("kb", "indexer"):
        for path in sorted((_REPOSITORY / package).rglob("*")):
            if path.suffix in (".py", ".sql", ".json"):
                digest.update(f"{path.relative_to(_REPOSITORY).as_posix()}\n".encode() + path.read_bytes())
    status = archive.stat()
    digest.update(f"{status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _remove_others(folder: Path) -> None:
    for other in _CACHE.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other)
    folder.mkdir(exist_ok=True)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@contextmanager
def _lock() -> Iterator[None]:
    """Let one process in at a time; the system frees the lock of a process that was killed, on every platform."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(_CACHE / "lock", timeout=_LONGEST_WAIT, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
