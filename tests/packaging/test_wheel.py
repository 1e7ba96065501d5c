"""The wheel: what is in it, and that it works where the source is not."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.command import Command

pytest.importorskip("hatchling", reason="needs hatchling to build the wheel: pip install -e '.[dev]'")
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the source."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY, check=True, capture_output=True,
    )  # fmt: skip
    (path,) = folder.glob("kbfix-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Return the command of a new environment into which the wheel was installed, without a source near it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", with_pip=False, symlinks=sys.platform != "win32")
    programs = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    python = programs / Path(sys.executable).name
    paths = sysconfig.get_paths(vars={"base": str(folder / "env"), "platbase": str(folder / "env")})
    # The packages it needs come from this environment; a line of a .pth file leads to them, but to no editable source.
    (Path(paths["purelib"]) / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps", "--quiet",
         "--ignore-installed", str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "empty").mkdir()
    return Command(folder / "empty", folder / "home", executable=(str(programs / "kbfix"),))


def test_its_top_level_is_the_three_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"kb", "indexer", "cli"}
    assert len(top) == 4


DATA = {"kb/store/schema.sql"} | {
    f"kb/matching/model/{name}"
    for name in (
        "terms.txt",
        "term_vectors.npy",
        "term_weights.npy",
        "term_vectors.json",
        "ranking.json",
        "confidence.json",
    )
}
"""What the program reads besides its modules."""


def test_every_module_and_data_file_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(REPOSITORY).as_posix()
        for package in ("kb", "indexer", "cli")
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == expected
    assert packed >= DATA


def test_it_runs_where_no_source_is(installed: Command, corpus: Path) -> None:
    assert installed("import", corpus / "articles", "--json").record["added"] == 62
    symptom = "tracking finds no trace of mail sent to the internet"
    ran = installed("search", symptom, "--json")
    assert (ran.code, ran.stderr, ran.record["hits"][0]["id"]) == (0, "", "Q164175")
    assert "Q164175 RESOLUTION" in installed("answer", symptom).stdout
    assert installed("rebuild", "--engine", "whoosh").code == 0
    assert installed("search", symptom, "--engine", "whoosh", "--json").record["hits"][0]["id"] == "Q164175"


def test_it_runs_its_own_files_and_doctor_knows_them(installed: Command, corpus: Path) -> None:
    python = Path(installed.executable[0]).with_name(Path(sys.executable).name)
    done = subprocess.run(
        [python, "-c", "import kb, indexer, cli; print(kb.__file__, indexer.__file__, cli.__file__, sep='\\n')"],
        cwd=installed.folder, env=installed.environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert all(Path(line).is_relative_to(installed.folder.parent) for line in done.stdout.splitlines())
    installed("import", corpus / "articles")
    checks = {check["check"]: check for check in installed("doctor", "--json").record["checks"]}
    assert checks["installation"]["problems"] == []
    module = Path(done.stdout.splitlines()[0]).with_name("answer.py")
    original = module.read_bytes()
    module.write_bytes(original + b"\n# another package was here\n")
    try:
        ran = installed("doctor", "--json")
    finally:
        module.write_bytes(original)
    assert ran.code == 1
    assert "kb/answer.py is not as it was installed" in ran.record["checks"][0]["problems"]
