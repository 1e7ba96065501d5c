"""Recoll over a folder of files: recollindex makes the index, recollq and its Python module ask it."""

import subprocess
from pathlib import Path

from bench.contenders.base import Contender, Material, Search, plain_words


class Recoll(Contender):
    """The defaults of its configuration, but for which folder is indexed and where the index is."""

    title = "Recoll"
    install = "apt install recollcmd python3-recoll"
    python = "/usr/bin/python3"

    def version(self) -> str:
        """Return the version of the program; ImportError where its Python module is missing."""
        from recoll import recoll  # noqa: F401  (its absence is what matters)

        ran = subprocess.run(["recollq", "-v"], capture_output=True, text=True, check=False)
        told = (ran.stdout + ran.stderr).split()
        return next(word for word in told if word[0].isdigit())

    def index_command(self, material: Material, folder: Path) -> list[str]:
        """Write the configuration; return the command that indexes."""
        (folder / "recoll.conf").write_text(f"topdirs = {material.files.resolve()}\n", "utf-8")
        return ["recollindex", "-c", str(folder)]

    def open(self, folder: Path) -> Search:
        """Return a search by its Python module, any word being enough, best first."""
        from recoll import recoll

        database = recoll.connect(confdir=str(folder))

        def search(query: str, limit: int) -> list[str]:
            asked = database.query()
            asked.execute(" OR ".join(dict.fromkeys(plain_words(query))), stemming=1)
            return [Path(found.url).stem for found in asked.fetchmany(limit)]

        return search

    def find_command(self, folder: Path, query: str) -> list[str]:
        """Return the command of a user: any of the words (-o), ten results."""
        return ["recollq", "-c", str(folder), "-o", "-n", "0-10", *plain_words(query)]


def make(name: str) -> Contender:
    """Return it."""
    return Recoll(name)
