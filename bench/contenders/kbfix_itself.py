"""kbfix, with either engine: the installed command imports the archive, a Searcher answers."""

import sys
from pathlib import Path

from bench.contenders.base import Contender, Material, Search

COMMAND = Path(sys.executable).with_name("kbfix")


class Kbfix(Contender):
    """kbfix as a user has it; `name` ends with the engine."""

    install = "pip install -e ."

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.engine = name.removeprefix("kbfix-")
        self.title = f"**kbfix**, {self.engine}"

    def version(self) -> str:
        """Return the version of kbfix and of the engine."""
        from kb import __version__
        from kb.engines.registry import engine

        return f"{__version__} ({engine(self.engine).version})"

    def open(self, folder: Path) -> Search:
        """Return what a search shows: ids of the hits, made whole with snippets, reasons and facets."""
        from kb.errors import BadInput
        from kb.search import Searcher

        searcher = Searcher.open(folder, self.engine)

        def search(query: str, limit: int) -> list[str]:
            try:
                return [hit.id for hit in searcher.search(query, limit=limit).hits]
            except BadInput:  # Of the words that a symptom begins with, all may stand in every article.
                return []

        return search

    def index_command(self, material: Material, folder: Path) -> list[str]:
        """Return the import of the archive."""
        return self.import_command(material.archive, folder)

    def import_command(self, source: Path, folder: Path) -> list[str]:
        """Return the import of an archive or a folder into the home `folder`."""
        return [str(COMMAND), "--home", str(folder), "--engine", self.engine, "--quiet", "import", str(source)]

    def find_command(self, folder: Path, query: str) -> list[str]:
        """Return the search."""
        return [str(COMMAND), "--home", str(folder), "--engine", self.engine, "search", query]


def make(name: str) -> Contender:
    """Return kbfix with the engine that `name` ends with."""
    return Kbfix(name)
