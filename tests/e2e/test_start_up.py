"""What a search loads: start-up is most of its time, so what it does not need stays out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Command

NEEDLESS = {
    "whoosh",
    "onnxruntime",
    "tokenizers",
    "scipy",
    "lxml",
    "bs4",
    "py7zr",
    "hypothesis",
    "multiprocessing",
    "asyncio",
    "rich.markdown",
}
OF_A_SEARCH = {
    "Stemmer", "annotated_doc", "numpy", "platformdirs", "shellingham", "simsimd", "snowballstemmer", "tantivy",
    "typer", "zstandard",
}  # fmt: skip
"""The packages, beside the standard library and kbfix, that a search may load."""
NOT_OF_A_SEARCH = {
    "indexer", "kb.answer", "kb.evaluation", "kb.expression_search", "kb.matching.expression",
    "kb.matching.query_parser", "kb.matching.sentence_index", "kb.matching.sentence_model", "kb.related",
    "kb.sentences", "kb.serve", "kb.store.changes", "kb.store.ledger", "kb.store.migration", "rich",
    "importlib.resources", "tempfile",
}  # fmt: skip
"""Parts of kbfix that a plain search does without, and what was slow to load before it was left out."""
PROGRAM = """
import json, sys
from cli.main import main
code = main(sys.argv[1:])
print("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


def loaded(command: Command, *arguments: str) -> set[str]:
    """Return the names of all modules that a command line loads, each with the packages it is in."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=command.folder, env=command.environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.fixture
def run(kbfix: Command, tantivy_home: Path) -> Command:
    """Return the command with a home that holds the corpus, indexed with tantivy."""
    return Command(kbfix.folder, tantivy_home)


@pytest.mark.parametrize("command", ["search", "answer"])
def test_a_search_with_tantivy_loads_no_importer_and_no_other_engine(run: Command, command: str) -> None:
    modules = loaded(run, command, "exchange mail tracking")
    assert "tantivy" in modules
    assert modules & NEEDLESS == set()
    assert {name for name in modules if name.split(".")[0] == "indexer"} == set()


def test_a_piped_search_loads_these_packages_and_no_others(run: Command) -> None:
    modules = loaded(run, "search", "exchange mail tracking")
    top = {name.split(".")[0] for name in modules} - set(sys.stdlib_module_names) - {"__main__", "cli", "kb"}
    # What compiled modules and editable installs bring along.
    beside = {name for name in top if "cython" not in name and "editable" not in name and name != "_distutils_hack"}
    assert beside - OF_A_SEARCH == set()
    assert modules & NOT_OF_A_SEARCH == set()


def test_show_loads_no_engine(run: Command) -> None:
    modules = loaded(run, "show", "Q164175", "--no-pager")
    assert modules & (NEEDLESS | {"tantivy", "numpy"}) == set()


def test_the_version_loads_no_engine(run: Command) -> None:
    assert loaded(run, "--version") & ({"tantivy", "whoosh", "numpy", "lxml", "bs4", "py7zr"}) == set()


def test_importing_the_library_loads_nothing_heavy() -> None:
    program = "import sys, kb; print(len([name for name in sys.modules if name.startswith('kb')]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
