"""ripgrep over a folder of files: it has no index, finds every file with any of the words, and ranks none."""

import subprocess
from pathlib import Path

from bench.contenders.base import Contender, Material, Search, plain_words


class Ripgrep(Contender):
    """`rg -il`, in any case, names of files only; to make the archive searchable is to unpack it."""

    title = "ripgrep"
    install = "apt install ripgrep"

    def version(self) -> str:
        """Return the version of the program."""
        return subprocess.run(["rg", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]

    def index_command(self, material: Material, folder: Path) -> list[str]:
        """Return the unpacking of the archive."""
        return ["tar", "-xf", str(material.archive), "-C", str(folder)]

    def open(self, folder: Path) -> Search:
        """Return a search that starts a process for each query."""

        def search(query: str, limit: int) -> list[str]:
            every = [part for word in dict.fromkeys(plain_words(query)) for part in ("-e", word)]
            ran = subprocess.run(["rg", "-il", *every, str(folder)], capture_output=True, text=True, check=False)
            return [Path(line).stem for line in ran.stdout.splitlines()[:limit]]

        return search

    def find_command(self, folder: Path, query: str) -> list[str]:
        """Return the search for one word of the query, the longest."""
        return ["rg", "-il", max(plain_words(query), key=len), str(folder)]


def make(name: str) -> Contender:
    """Return it."""
    return Ripgrep(name)
