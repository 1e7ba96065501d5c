"""Fixtures that all tests share: no real home in reach, the installed command, homes with articles in them."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import archive_homes
from tests.command import Command
from tests.serving import Server, needs_web, serving

REPOSITORY = Path(__file__).resolve().parents[1]
ENGINES = ("tantivy", "whoosh")


@pytest.fixture(scope="session", autouse=True)
def _no_real_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point the default home of all that runs in this process to a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KBFIX_HOME", str(tmp_path_factory.mktemp("homes") / "home"))
        patch.delenv("KBFIX_ENGINE", raising=False)
        yield


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Return the folder of real data: KBFIX_TEST_DATA, or ../shared beside the repository."""
    folder = Path(os.environ.get("KBFIX_TEST_DATA") or REPOSITORY.parent / "shared").resolve()
    if not folder.is_dir():
        pytest.skip(f"needs the real data: {folder} is not there (set KBFIX_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def archive(test_data: Path) -> Path:
    """Return the path of the real archive of text articles."""
    path = test_data / "archive" / "kb-txt.tar.xz"
    if not path.exists():
        pytest.skip(f"needs the real archive: {path} is not there")
    return path


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of the bundled articles."""
    return REPOSITORY / "corpus"


@pytest.fixture(params=ENGINES, scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """Return the name of each engine in turn."""
    return str(request.param)


@pytest.fixture
def kbfix(tmp_path: Path) -> Command:
    """Return the installed command, in an empty folder, with a home that does not exist yet."""
    return Command(_empty(tmp_path), tmp_path / "home")


@pytest.fixture(scope="session")
def corpus_homes(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function from an engine's name to a home with the corpus, which nobody may write to."""
    made: dict[str, Path] = {}

    def home_of(name: str) -> Path:
        if name not in made:
            folder = tmp_path_factory.mktemp(f"corpus-{name}")
            ran = Command(_empty(folder), folder / "home")("import", corpus / "articles", "--engine", name)
            assert ran.code == 0, ran.stderr
            made[name] = folder / "home"
        return made[name]

    return home_of


@pytest.fixture(scope="session")
def corpus_home(corpus_homes: Callable[[str], Path], engine: str) -> Path:
    """Return a home with the corpus for each engine in turn, which nobody may write to."""
    return corpus_homes(engine)


@pytest.fixture(scope="session")
def tantivy_home(corpus_homes: Callable[[str], Path]) -> Path:
    """Return a home with the corpus, for what no engine has a part in; nobody may write to it."""
    return corpus_homes("tantivy")


@pytest.fixture(scope="session")
def served(tantivy_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server of a home with the corpus."""
    needs_web()
    with serving(Command(_empty(tmp_path_factory.mktemp("served"))), tantivy_home) as server:
        yield server


@pytest.fixture
def own_home(tantivy_home: Path, tmp_path: Path) -> Path:
    """Return a copy of a home with the corpus that the test may change."""
    return Path(shutil.copytree(tantivy_home, tmp_path / "own"))


@pytest.fixture
def own_engine_home(corpus_home: Path, tmp_path: Path) -> Path:
    """Return a copy of a home with the corpus that the test may change, for each engine in turn."""
    return Path(shutil.copytree(corpus_home, tmp_path / "own"))


@pytest.fixture(scope="session")
def archive_home(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the whole real archive, indexed with tantivy; nobody may write to it."""
    return archive_homes.archive_home(Command(_empty(tmp_path_factory.mktemp("archive"))), archive)


@pytest.fixture(scope="session")
def archive_home_whoosh(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with the whole real archive, indexed with whoosh; nobody may write to it."""
    return archive_homes.archive_home_with_whoosh(Command(_empty(tmp_path_factory.mktemp("archive"))), archive)


def _empty(folder: Path) -> Path:
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    return empty
