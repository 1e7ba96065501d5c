"""The home folder: what is in it, whose it is, and what it remembers.

HOME/kbfix.json         the mark that this folder is ours, and its settings
HOME/store.sqlite       the truth (kb/store/database.py)
HOME/write.lock         held by the one process that may write
HOME/embed.lock         held by the one that makes sentence vectors
HOME/derived/NAME/...   what can be built again (kb/store/derived.py)
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from kb.errors import HomeBusy, HomeError
from kb.frozen import dataclass

HOME_FORMAT = 1
_MARK = "kbfix.json"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that kbfix may use; `engine` is the one it remembers, or None.

    `derived_elsewhere` is a folder for its derived data in place of its own, for such as are made to try something.
    """

    path: Path
    engine: str | None = None
    derived_elsewhere: Path | None = None

    @property
    def store(self) -> Path:
        """Return the path of the SQLite file."""
        return self.path / "store.sqlite"

    @property
    def derived(self) -> Path:
        """Return the folder of everything that can be built again."""
        return self.derived_elsewhere or self.path / "derived"


def default_home() -> Path:
    """Return the platform's user data folder for kbfix."""
    from platformdirs import user_data_path

    return user_data_path("kbfix", appauthor=False)


def open_home(path: Path) -> Home:
    """Return the home at `path`; raise HomeError where there is none, or one that this version cannot use."""
    mark = _read_mark(path)
    if mark is None:
        if _has_other_files(path):
            raise _foreign(path)
        raise HomeError(
            f"there is no knowledge base in {path} yet",
            next_step="run: kbfix import PATH (or choose another folder with --home)",
        )
    return Home(path, mark.get("engine"))


def make_home(path: Path) -> Home:
    """Return the home at `path`, made where the folder is missing or empty; HomeError where it is somebody else's."""
    if _read_mark(path) is not None:
        return open_home(path)
    if _has_other_files(path):
        raise _foreign(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_json(path / _MARK, {"kbfix": HOME_FORMAT})
    except OSError as error:
        raise HomeError(
            f"the folder {path} cannot be made: {error.strerror}", next_step="choose another folder with --home"
        ) from error
    return Home(path)


def remember_engine(home: Home, engine: str) -> Home:
    """Write down that `engine` is the home's default from now on."""
    mark = _read_mark(home.path) or {"kbfix": HOME_FORMAT}
    write_json(home.path / _MARK, {**mark, "engine": engine})
    return Home(home.path, engine)


def copy_store(source: Path, target: Path) -> Home:
    """Make a home at `target` with the articles of the home at `source`, or none where that does not exist yet."""
    home = make_home(target)
    if _read_mark(source) is None:
        if _has_other_files(source):
            raise _foreign(source)
        return home
    original = open_home(source)
    if original.store.exists():
        with closing(sqlite3.connect(original.store)) as read, closing(sqlite3.connect(home.store)) as written:
            read.backup(written)
    return home


def is_writable(home: Home) -> bool:
    """Tell whether files can be made in the home's folder."""
    if sys.platform != "win32":
        return os.access(home.path, os.W_OK)
    # There os.access knows nothing of discs and shares.
    from tempfile import TemporaryFile

    try:
        with TemporaryFile(dir=home.path):
            return True
    except OSError:
        return False


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a small JSON file whole or not at all: aside, synced, then renamed into place."""
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make renames in a folder durable; Windows has no such call and needs none."""
    if sys.platform != "win32":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_lock(home: Home) -> AbstractContextManager[None]:
    """Hold the home's write lock; raise HomeBusy at once where another process holds it."""
    return _lock(home, "write", "writing to")


def embed_lock(home: Home) -> AbstractContextManager[None]:
    """Hold the lock of the sentence vectors, which are made for hours beside all else; raise HomeBusy as above."""
    return _lock(home, "embed", "making sentence vectors in")


@contextmanager
def _lock(home: Home, name: str, doing: str) -> Iterator[None]:
    """Hold one of the home's locks.

    The lock is a transaction on a SQLite file of its own: the system drops it with the process on every platform, so
    that a killed import leaves no stale lock.
    """
    path = home.path / f"{name}.lock"
    note = home.path / f"{name}.pid"
    try:
        lock = sqlite3.connect(path, isolation_level=None, timeout=0.2)
    except sqlite3.Error as error:
        raise _not_writable(home, error) from error
    try:
        try:
            lock.execute("PRAGMA locking_mode = EXCLUSIVE")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise _not_writable(home, error) from error
            holder = note.read_text("ascii").strip() if note.exists() else "unknown"
            raise HomeBusy(
                f"process {holder} is {doing} {home.path}", next_step="wait until it has ended, then try again"
            ) from error
        try:
            note.write_text(str(os.getpid()), "ascii")
        except OSError as error:
            raise _not_writable(home, error) from error
        yield
    finally:
        lock.close()


def _not_writable(home: Home, error: sqlite3.Error | OSError) -> HomeError:
    return HomeError(
        f"{home.path} cannot be written to: {getattr(error, 'strerror', None) or error}",
        next_step="check the folder's permissions and free space, or choose another with --home",
    )


def _read_mark(path: Path) -> dict[str, Any] | None:
    try:
        mark = json.loads((path / _MARK).read_text("utf-8"))
        version = int(mark["kbfix"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise HomeError(
            f"{path} cannot be read: {error.strerror}", next_step="check its permissions, or choose another --home"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise HomeError(
            f"{path / _MARK} is damaged", next_step=f'write {{"kbfix": {HOME_FORMAT}}} into it, then run: kbfix doctor'
        ) from error
    if version > HOME_FORMAT:
        raise HomeError(
            f"{path} was made by a newer kbfix (home format {version}, this one knows {HOME_FORMAT})",
            next_step="update kbfix, or choose another folder with --home",
        )
    return dict(mark)


def _has_other_files(path: Path) -> bool:
    try:
        return any(path.iterdir())
    except FileNotFoundError:
        return False
    except NotADirectoryError as error:
        raise HomeError(f"{path} is a file, not a folder", next_step="choose another folder with --home") from error
    except OSError as error:
        raise HomeError(
            f"{path} cannot be read: {error.strerror}", next_step="check its permissions, or choose another --home"
        ) from error


def _foreign(path: Path) -> HomeError:
    return HomeError(
        f"{path} is not a kbfix home: it holds other files", next_step="choose an empty or new folder with --home"
    )
