"""Folders of derived data: built aside, swapped in whole, stamped with what they were built from.

HOME/derived/NAME/current.json   which folder is in use, and its stamp: replaced in one step
HOME/derived/NAME/<number>/      the data
"""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from kb.frozen import dataclass
from kb.store.home import Home, write_json

FORWARD: Final = "forward"
VECTORS: Final = "vectors"
SENTENCES: Final = "sentences"
_POINTER = "current.json"


def engine_folder(name: str) -> str:
    """Return the name under which the index of an engine is kept."""
    return f"engine-{name}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What derived data were built from: the store and its generation, and the versions of analysis, format and model.

    `model` is "" where the data depend on nothing learned.
    """

    store: str
    generation: int
    analysis: int
    format: int
    model: str = ""

    def same_build(self, other: "Stamp | None") -> bool:
        """Tell whether data of the `other` stamp can be brought up to date instead of built again."""
        return other is not None and replace(self, generation=0) == replace(other, generation=0)


class Derived:
    """The derived data of one name in a home."""

    def __init__(self, home: Home, name: str) -> None:
        self.name = name
        self._folder = home.derived / name

    def current(self) -> tuple[Path, Stamp] | None:
        """Return the folder in use and its stamp, or None where nothing (or nothing usable) was built."""
        try:
            pointer = json.loads((self._folder / _POINTER).read_text("utf-8"))
            folder, stamp = self._folder / str(pointer["folder"]), Stamp(**pointer["stamp"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (folder, stamp) if folder.is_dir() else None

    def aside(self) -> Path:
        """Return a new path for data to be built in, after removing what earlier attempts left behind."""
        self.tidy()
        numbers = [int(path.name) for path in self._existing()]
        return self._folder / str(max(numbers, default=0) + 1)

    def swap(self, folder: Path, stamp: Stamp) -> None:
        """Put the data in `folder` (made by `aside`) in use, and remove what was in use before."""
        write_json(self._folder / _POINTER, {"folder": folder.name, "stamp": asdict(stamp)})
        self.tidy()

    def restamp(self, stamp: Stamp) -> None:
        """Write down that the data in use were brought up to date."""
        found = self.current()
        assert found is not None
        write_json(self._folder / _POINTER, {"folder": found[0].name, "stamp": asdict(stamp)})

    def bytes(self) -> int:
        """Return the bytes that the data in use take on the disk."""
        found = self.current()
        return sum(p.stat().st_size for p in found[0].rglob("*") if p.is_file()) if found else 0

    def tidy(self) -> None:
        """Remove folders that are not in use; one that another process still reads on Windows stays for next time."""
        found = self.current()
        for path in self._existing():
            if found is None or path != found[0]:
                shutil.rmtree(path, ignore_errors=True)

    def _existing(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [path for path in self._folder.iterdir() if path.is_dir() and path.name.isdecimal()]
