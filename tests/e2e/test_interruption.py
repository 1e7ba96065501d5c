"""An import that is interrupted, at whatever moment, goes on where it stopped and ends as if nothing had happened."""

import contextlib
import io
import os
import random
import signal
import sqlite3
import subprocess
import tarfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.command import Command
from tests.samples import article_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are another matter on Windows")
ARTICLES = 2_500
"""Enough for worker processes and for several transactions."""
KILLS = 5


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of many small articles, all of them different."""
    path = tmp_path_factory.mktemp("packed") / "articles.tar"
    with tarfile.open(path, "w") as archive:
        for number in range(100_000, 100_000 + ARTICLES):
            words = random.Random(number).choices(WORDS, k=60)
            data = article_file(f"Q{number}", f"Article {number}", symptoms=" ".join(words))
            member = tarfile.TarInfo(f"{number % 1000:03}/Q{number}.TXT")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


WORDS = [f"{first}{second}" for first in ("printer", "modem", "disk", "mail", "net") for second in "abcdefghijklmnop"]


@pytest.fixture(scope="module")
def undisturbed(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[float, list[dict[str, Any]], str]:
    """Return how long an undisturbed import takes (seconds), its export, and a run over its index."""
    folder = tmp_path_factory.mktemp("undisturbed")
    kbfix = Command(folder, folder / "home")
    started = time.monotonic()
    assert kbfix("import", packed).code == 0
    return time.monotonic() - started, *contents(kbfix)


def contents(kbfix: Command) -> tuple[list[dict[str, Any]], str]:
    queries = "".join(f'{{"id": {number}, "query": "{word}"}}\n' for number, word in enumerate(WORDS))
    run = kbfix("search", "--batch", "-", "-n", "20", stdin=queries).stdout
    return sorted(kbfix("export").records, key=lambda record: str(record["id"])), run


def generation(home: Path) -> int:
    """Return how many transactions the store has seen."""
    try:
        with closing(sqlite3.connect(f"{(home / 'store.sqlite').as_uri()}?mode=ro", uri=True)) as store:
            return int(store.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def left_over(home: Path) -> list[int]:
    """Return the processes that still run for an import of `home` (Linux tells by their environment)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"KBFIX_HOME={home}\0".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_killed_at_any_moment_it_resumes_and_ends_the_same(
    kbfix: Command, packed: Path, undisturbed: tuple[float, list[dict[str, Any]], str]
) -> None:
    seconds, expected, expected_run = undisturbed
    assert kbfix.home is not None
    # The shortest first: on a machine that is quicker now than before, a longer one may be enough to end the import.
    delays = sorted(random.uniform(0.1, 0.9) * seconds for _ in range(KILLS))
    known = killed = 0
    for delay in delays:
        with kbfix.start("import", packed, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(delay)
            process.kill()
        killed += process.returncode != 0
        if not process.returncode:
            known = ARTICLES
            break
        if (kbfix.home / "store.sqlite").exists():
            ran = kbfix("stats", "--json")
            if ran.code == 0:
                assert ran.record["articles"] >= known, f"articles were lost; killed after {delays}"
                known = ran.record["articles"]
            else:
                assert "is empty" in ran.stderr, f"{ran.stderr} killed after {delays}"
    assert killed, f"none of the imports was killed in {delays}"
    deadline = time.monotonic() + 10
    while left_over(kbfix.home) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left_over(kbfix.home) == [], "workers outlive the import that was killed"
    last = kbfix("import", packed, "--json")
    assert (last.code, last.stderr) == (0, ""), last.stderr
    assert last.record["found"] == ARTICLES
    assert last.record["unchanged"] == known, f"work was done again; killed after {delays}"
    assert kbfix("doctor").code == 0
    assert contents(kbfix) == (expected, expected_run), f"killed after {delays}"


def test_interrupted_by_the_user_it_says_so_and_resumes(
    kbfix: Command, packed: Path, undisturbed: tuple[float, list[dict[str, Any]], str]
) -> None:
    _, expected, expected_run = undisturbed
    assert kbfix.home is not None
    with kbfix.start("import", packed, start_new_session=True) as process:
        while generation(kbfix.home) < 1:
            assert process.poll() is None
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
        written, words = process.communicate()
    assert (process.returncode, written) == (130, b""), words
    assert words.startswith(b"kbfix: interrupted")
    assert len(words.splitlines()) == 1
    assert kbfix("import", packed).code == 0
    assert contents(kbfix) == (expected, expected_run)


def test_of_two_imports_at_once_one_wins_and_the_other_names_it(kbfix: Command, packed: Path) -> None:
    assert kbfix.home is not None
    with kbfix.start("import", packed) as first:
        try:
            note = kbfix.home / "write.pid"
            while not (note.exists() and note.read_text()):
                assert first.poll() is None
                time.sleep(0.02)
            started = time.monotonic()
            second = kbfix("import", packed)
            assert time.monotonic() - started < 5
        finally:
            first.kill()
    assert second.code == 2
    assert f"process {first.pid} is writing to " in second.error[0]


def test_reading_goes_on_during_an_import(own_home: Path, packed: Path, kbfix: Command) -> None:
    run = Command(kbfix.folder, own_home)
    with run.start("import", packed) as process:
        ran = []
        while process.poll() is None:
            ran.append(run("search", "tracking finds no trace of mail sent to the internet", "--json"))
    assert process.returncode == 0
    assert {each.code for each in ran} == {0}
    assert {each.record["hits"][0]["id"] for each in ran} == {"Q164175"}


def test_pruning_that_is_killed_takes_all_or_nothing_and_ends_the_same(packed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    kbfix = Command(tmp_path, tmp_path / "home")
    assert kbfix("import", folder).code == 0
    files = sorted(folder.rglob("*.TXT"))
    for path in files[::2]:
        path.unlink()
    left = {path.stem for path in files[1::2]}
    started = time.monotonic()
    assert kbfix("import", folder, "--prune", "--dry-run").code == 0
    seconds = time.monotonic() - started
    killed = 0
    # From early to late: the first comes before the end of any, however busy the machine was while a run was timed.
    for part in range(1, KILLS + 1):
        with kbfix.start("import", folder, "--prune", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait((part - random.uniform(0.2, 0.8)) / KILLS * seconds)
            process.kill()
        killed += process.returncode != 0
        assert kbfix("stats", "--json").record["articles"] in (ARTICLES, len(left))
        if not process.returncode:
            break
    assert killed
    last = kbfix("import", folder, "--prune", "--json")
    assert (last.code, last.stderr) == (0, ""), last.stderr
    assert kbfix("doctor").code == 0
    exported, run = contents(kbfix)
    assert {record["id"] for record in exported} == left
    assert {line.split()[2] for line in run.splitlines()} <= left
