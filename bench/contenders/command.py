"""One contender as a process of its own: `python -m bench.contenders.command NAME COMMAND ...`.

version                              print the version, or what is missing on stderr with exit code 3
index TEXTS FOLDER                   make an index
find FOLDER QUERY                    print the best ten, as a user of the library would from a script
ask FOLDER QUERIES.json SECONDS      time queries: a JSON object of lists in; their milliseconds and the memory out

A query is timed once in a process, so that nothing is found because it was kept. Those of the set "warm-up" are asked
first, for nothing. A set ends early after so many SECONDS, but not before a tenth of it is asked.
"""

import json
import resource
import sys
import time
from pathlib import Path

from bench.contenders import contender
from bench.contenders.base import Contender, Material, Search

LIMIT = 10
MISSING = 3


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    name, command, *rest = arguments
    chosen = contender(name)
    if command == "version":
        return _version(chosen)
    if command == "index":
        chosen.index(Material(Path(), Path(), Path(rest[0])).documents(), Path(rest[1]))
    elif command == "find":
        print("\n".join(chosen.open(Path(rest[0]))(rest[1], LIMIT)))
    elif command == "ask":
        sets = json.loads(Path(rest[1]).read_text("utf-8"))
        times = _ask(chosen.open(Path(rest[0])), sets, float(rest[2]))
        print(json.dumps({"sets": times, "memory": _memory()}))
    return 0


def _version(chosen: Contender) -> int:
    try:
        print(chosen.version())
    except (ImportError, OSError) as error:
        print(error, file=sys.stderr)
        return MISSING
    return 0


def _ask(search: Search, sets: dict[str, list[str]], seconds: float) -> dict[str, dict[str, list[float]]]:
    """Return for each set the wall and CPU milliseconds of its queries, in order, and how many articles each found."""
    _timed(search, sets.pop("warm-up"), seconds)
    return {name: _timed(search, queries, seconds) for name, queries in sets.items()}


def _timed(search: Search, queries: list[str], seconds: float) -> dict[str, list[float]]:
    wall: list[float] = []
    cpu: list[float] = []
    found: list[float] = []
    begun = time.perf_counter()
    for number, query in enumerate(queries):
        if time.perf_counter() - begun > seconds and number * 10 >= len(queries):
            break
        cpu_before, before = _cpu_seconds(), time.perf_counter()
        ids = search(query, LIMIT)
        wall.append((time.perf_counter() - before) * 1000)
        cpu.append((_cpu_seconds() - cpu_before) * 1000)
        found.append(len(ids))
    return {"wall_ms": wall, "cpu_ms": cpu, "found": found}


def _memory() -> dict[str, int]:
    """Return the bytes of this process in memory: its own, and those of mapped files, which the system may drop."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    own, mapped = (int(status[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile"))
    return {"own_bytes": own, "mapped_bytes": mapped}


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
