"""Whatever is measured side by side: kbfix and what one would use in its place, each in its own documented way.

base.py            what all of them can do, and the material they are given
command.py         one of them as a process of its own, so that its time and memory are its own
kbfix_itself.py    kbfix, with either engine
tantivy_alone.py, sqlite_fts5.py, bm25s_alone.py, xapian_alone.py, whoosh_alone.py    libraries, given the text
recoll_files.py, ripgrep_files.py    programs, given the files

Nothing here imports the rest of the project, numpy or a peer before it is asked for: some run with the Python of the
system, which has none of them.
"""

from importlib import import_module
from typing import Final

from bench.contenders.base import Contender

MODULES: Final = {
    "kbfix-tantivy": "kbfix_itself",
    "kbfix-whoosh": "kbfix_itself",
    "tantivy": "tantivy_alone",
    "fts5": "sqlite_fts5",
    "bm25s": "bm25s_alone",
    "xapian": "xapian_alone",
    "recoll": "recoll_files",
    "whoosh": "whoosh_alone",
    "ripgrep": "ripgrep_files",
}
"""The module of every contender, in the order of the table."""


def contender(name: str) -> Contender:
    """Return the contender of this name; whether it is installed is told by its `version`."""
    made: Contender = import_module(f"bench.contenders.{MODULES[name]}").make(name)
    return made
