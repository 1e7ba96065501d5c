"""A home that cannot be written to, as on a disc or somebody else's share, is searched like any other."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.command import Command

SYMPTOM = "tracking finds no trace of mail sent to the internet"
_NO_OVERRIDE = "-dac_override,-dac_read_search"
_BIND = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
_FULL_DISC = (
    'mount -t tmpfs -o size=8m tmpfs "$1" && cp -r "$0/." "$1" && head -c 8m /dev/zero > "$1/fill" 2>/dev/null; '
    'rm -f "$1/fill"; mount -o remount,ro "$1" && shift && exec "$@"'
)


def by_mount(home: Path, script: str, *more: str) -> tuple[str, ...]:
    """Return what runs a command after a mount of its own; skip where that is not permitted."""
    if shutil.which("unshare") is None or os.geteuid() != 0:
        pytest.skip("needs root and unshare to mount a folder read-only")
    enter = ("unshare", "--mount", "sh", "-c", script, str(home), *more)
    if subprocess.run([*enter, "true"], capture_output=True, check=False).returncode:
        pytest.skip("mounts are not permitted here")
    return enter


@pytest.fixture(params=["permissions", "mount"])
def reader(request: pytest.FixtureRequest, kbfix: Command, own_engine_home: Path) -> Iterator[Command]:
    """Return the command with a home that it cannot write to, by permissions or by a read-only mount."""
    if os.name == "nt":
        pytest.skip("permissions and mounts are another matter on Windows")
    if request.param == "mount":
        mounted = (*by_mount(own_engine_home, _BIND), *kbfix.executable)
        yield replace(kbfix, home=own_engine_home, executable=mounted)
        return
    enter: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("the tests run as root, and there is no setpriv to drop its privileges")
        enter = ("setpriv", f"--bounding-set={_NO_OVERRIDE}")
    subprocess.run(["chmod", "-R", "a-w", str(own_engine_home)], check=True)
    yield replace(kbfix, home=own_engine_home, executable=(*enter, *kbfix.executable))
    subprocess.run(["chmod", "-R", "u+w", str(own_engine_home)], check=True)


def files(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_all_that_reads_works_and_leaves_no_trace(reader: Command, engine: str) -> None:
    assert reader.home is not None
    before = files(reader.home)
    found = reader("search", SYMPTOM, "--engine", engine, "--json")
    assert (found.code, found.stderr) == (0, "")
    assert (found.record["hits"][0]["id"], found.record["engine"]) == ("Q164175", engine)
    given = reader("answer", SYMPTOM, "--engine", engine, "--json")
    assert (given.code, given.record["best"]["id"]) == (0, "Q164175")
    assert reader("search", "title:tracking AND NOT printer", "--engine", engine).code == 0
    assert "Microsoft Exchange Connector" in reader("show", "Q164175").stdout
    assert reader("show", "Q164175", "--raw").stdout.startswith("DOCUMENT:Q164175")
    assert reader("related", "Q164175", "--engine", engine).code == 0
    assert reader("stats", "--json").record["articles"] == 62
    assert len(reader("export").records) == 62
    doctor = reader("doctor", "--json")
    assert doctor.record["sound"], doctor.stdout
    assert files(reader.home) == before


def test_agents_are_served(reader: Command, engine: str) -> None:
    pytest.importorskip("mcp", reason="needs the extra: pip install 'kbfix[mcp]'")
    from tests.agent import agent_of

    with agent_of(reader, ("--engine", engine, "mcp")) as agent:
        assert agent.record("search_fixes", query=SYMPTOM)["hits"][0]["id"] == "Q164175"
        assert agent.record("read_article", id="Q164175", section="fix")["sections"]


@pytest.mark.parametrize("arguments", [["import", "corpus"], ["rebuild"], ["remove", "Q164175"]])
def test_what_would_write_says_that_it_cannot(reader: Command, corpus: Path, arguments: list[str]) -> None:
    ran = reader(*(str(corpus) if each == "corpus" else each for each in arguments))
    assert (ran.code, ran.stdout) == (2, "")
    assert "cannot be written to" in ran.error[0]


def test_a_full_disc_is_sound(kbfix: Command, tantivy_home: Path, tmp_path: Path) -> None:
    disc = tmp_path / "disc"
    disc.mkdir()
    enter = by_mount(tantivy_home, _FULL_DISC, str(disc))
    ran = replace(kbfix, home=disc, executable=(*enter, *kbfix.executable))("doctor", "--json")
    assert ran.record["sound"], ran.stdout
    (disk,) = [check for check in ran.record["checks"] if check["check"] == "disk"]
    assert disk["about"] == f"{disc} is read-only"


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another matter on Windows")
def test_a_home_copied_in_the_middle_of_a_write_is_refused(kbfix: Command, own_home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    with closing(sqlite3.connect(own_home / "store.sqlite")) as writing:
        writing.execute("PRAGMA wal_autocheckpoint = 0")
        writing.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
        writing.commit()
        shutil.copytree(own_home, copy, ignore=shutil.ignore_patterns("*-shm"))
    assert (copy / "store.sqlite-wal").stat().st_size > 0
    reader = replace(kbfix, home=copy, executable=(*by_mount(copy, _BIND), *kbfix.executable))
    ran = reader("search", SYMPTOM)
    assert ran.code == 2
    assert "was copied while it was being written to" in ran.error[0]
    assert "kbfix rebuild" in ran.error[1]
    assert kbfix("rebuild", home=copy).code == 0
    assert json.loads(reader("stats", "--json").stdout)["articles"] == 62
