"""Run a command and tell what it took: wall time, CPU time and memory, of all its processes together."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).resolve().parent.parent
BETWEEN_LOOKS = 0.1
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a command took. CPU seconds are of it and of all processes that it started and waited for.

    `peak_bytes` is the greatest sum of what its processes had in memory at one time, files mapped and shared pages
    counted for each: never too little. `own_peak_bytes` is the same without these, which the system may drop when it
    needs room. 0 where it was not looked at.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int = 0
    own_peak_bytes: int = 0

    def as_dict(self) -> dict[str, float]:
        """Return the figures by name."""
        return asdict(self)


class CommandFailed(Exception):
    """A command ended with an exit code that says it did not do its work."""


def run_measured(command: Sequence[str], *, watch_memory: bool = True, allowed: Sequence[int] = (0,)) -> Taken:
    """Run `command` to its end and return what it took; CommandFailed with its last words for other exit codes."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=REPOSITORY
    )
    peak = [0, 0]
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, ended), daemon=True)
    if watch_memory:
        watcher.start()
    assert process.stderr is not None
    words = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    # Popen must not wait for what is gone already.
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    ended.set()
    if watch_memory:
        watcher.join()
    if process.returncode not in allowed:
        last = words.decode("utf-8", "replace").strip()[-500:]
        raise CommandFailed(f"{' '.join(command[:4])} ... ended with {process.returncode}: {last}")
    return Taken(seconds, used.ru_utime + used.ru_stime, *peak)


def bytes_in(folder: Path) -> int:
    """Return the size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _watch(pid: int, peak: list[int], ended: threading.Event) -> None:
    while not ended.wait(BETWEEN_LOOKS):
        peak[:] = map(max, peak, _bytes_of_tree(pid))


def _bytes_of_tree(pid: int) -> tuple[int, int]:
    """Return what a process and those it started have in memory: all, and what is not shared or mapped."""
    try:
        first = psutil.Process(pid)
        tree = [first, *first.children(recursive=True)]
    except psutil.Error:
        return 0, 0
    total, shared = 0, 0
    for process in tree:
        try:
            memory = process.memory_info()
        except psutil.Error:
            continue
        total += memory.rss
        shared += getattr(memory, "shared", 0)
    return total, total - shared
