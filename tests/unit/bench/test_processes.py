"""What a command took: all of its processes are counted."""

import sys
from pathlib import Path

import pytest

from bench.processes import CommandFailed, bytes_in, run_measured

HOLD = "import time; held = bytearray(60_000_000); time.sleep(2)"
WORK = "sum(range(8_000_000))"
IN_CHILDREN = (
    "import subprocess, sys; [p.wait() for p in [subprocess.Popen([sys.executable, '-c', {code!r}]) for _ in 'ab']]"
)


def test_memory_is_the_sum_of_all_processes_at_one_time() -> None:
    taken = run_measured([sys.executable, "-c", IN_CHILDREN.format(code=HOLD)])
    assert taken.peak_bytes > 120_000_000
    assert taken.seconds > 1


def test_cpu_seconds_are_those_of_children_too() -> None:
    one = run_measured([sys.executable, "-c", WORK], watch_memory=False)
    two = run_measured([sys.executable, "-c", IN_CHILDREN.format(code=WORK)], watch_memory=False)
    assert two.cpu_seconds > 1.4 * one.cpu_seconds
    assert one.peak_bytes == 0


def test_a_command_that_fails_says_how() -> None:
    with pytest.raises(CommandFailed, match=r"ended with 3: no such luck"):
        run_measured([sys.executable, "-c", "import sys; print('no such luck', file=sys.stderr); sys.exit(3)"])
    assert run_measured([sys.executable, "-c", "raise SystemExit(1)"], allowed=(0, 1)).seconds > 0


def test_the_size_of_a_folder_is_that_of_all_files_below_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"12345")
    (tmp_path / "c").write_bytes(b"123")
    assert bytes_in(tmp_path) == 8
