"""What every contender can do, and the material that all are given."""

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Search = Callable[[str, int], list[str]]
"""From a query and a limit to the ids that were found, the best first."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article as a library without knowledge of articles is given it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """The same articles three times: as an archive, as a folder of files, and as text, one JSON array a line."""

    archive: Path
    files: Path
    texts: Path

    def documents(self) -> Iterator[Document]:
        """Yield the articles as text, read one by one."""
        with self.texts.open(encoding="utf-8") as lines:
            for line in lines:
                yield Document(*json.loads(line))


def write_documents(documents: Iterable[Document], path: Path) -> int:
    """Write articles as text, so that `Material.documents` reads them; return how many there are."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for each in documents:
            file.write(json.dumps([each.id, each.title, each.text]) + "\n")
            written += 1
    return written


class Contender(ABC):
    """A program or library that finds articles; `python` is the interpreter that has what it needs."""

    title: str
    """As it is called in tables."""
    install: str
    """The command that installs it."""
    python: str = sys.executable

    def __init__(self, name: str) -> None:
        self.name = name

    @abstractmethod
    def version(self) -> str:
        """Return its version; ImportError or OSError where it is not installed."""

    def index(self, documents: Iterable[Document], folder: Path) -> None:
        """Make an index of articles in `folder`, which is empty; libraries only."""
        raise NotImplementedError(self.name)

    @abstractmethod
    def open(self, folder: Path) -> Search:
        """Return the search of what was indexed in `folder`, for as many queries as come."""

    def index_command(self, material: Material, folder: Path) -> list[str]:
        """Return the command that makes `folder` searchable, a process whose time and memory are measured."""
        return self.own_command("index", str(material.texts), str(folder))

    def find_command(self, folder: Path, query: str) -> list[str]:
        """Return the command that prints the best ten for one query."""
        return self.own_command("find", str(folder), query)

    def own_command(self, *arguments: str) -> list[str]:
        """Return the command that does one of what `command.py` can do, with this contender."""
        return [self.python, "-m", "bench.contenders.command", self.name, *arguments]


def plain_words(query: str) -> Sequence[str]:
    """Return the words of a query, in small letters: AND, OR, NOT and IN are operators of the peers."""
    return "".join(c if c.isalnum() else " " for c in query.lower()).split()
