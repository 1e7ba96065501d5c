"""Measure kbfix and what one would use in its place, side by side: `make bench` (ARGS=--help).

Every contender is given the same articles and the same queries, in one run: import until it can be searched (time, CPU
seconds of all processes, peak of their memory together, size on disk), warm queries in one process, and a cold command.
Prints one table in markdown and, below it, what is asked of kbfix beside what was measured; keeps the raw numbers in
bench/runs/. docs/performance.md says what the figures mean.

A peer that is not installed is left out, with a line that says how to install it. Needs the archive of
KBFIX_TEST_DATA (default ../shared).
"""

import argparse
import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.contenders import MODULES, contender
from bench.contenders.base import Contender
from bench.contenders.kbfix_itself import Kbfix
from bench.material import Prepared, prepare
from bench.page_parts import put
from bench.performance_table import asked_lines, table
from bench.processes import REPOSITORY, CommandFailed, bytes_in, run_measured
from bench.run_records import keep_run, read_run
from bench.timings import least_of_rounds, spread
from indexer.workers import usable_cores

DATA = Path(os.environ.get("KBFIX_TEST_DATA") or "../shared")
QUICK = {"articles": 3000, "queries": 60, "rounds": 1, "starts": 5}
RUNS_OF_REIMPORT = 3


def main() -> None:
    """Measure, or take a kept run; print the figures, keep them, put them into the documentation."""
    options = _options()
    figures = read_run(options.run) if options.run else _measured(options)
    printed = "\n".join((table(figures), *asked_lines(figures)))
    print(printed)
    if options.docs:
        put("performance", printed)


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    """Prepare, import, ask, start; return the figures, kept after each of these."""
    names = options.only.split(",") if options.only else list(MODULES)
    if unknown := set(names) - set(MODULES):
        sys.exit(f"no contender is called {', '.join(sorted(unknown))}; there are {', '.join(MODULES)}")
    with tempfile.TemporaryDirectory(prefix="kbfix-bench-", dir=options.work) as made:
        work = Path(made)
        _say("unpacking, drawing queries")
        prepared = prepare(options.archive, work, options.articles, options.queries, options.labelled)
        figures: dict[str, Any] = {
            "articles": prepared.articles, "raw_bytes": prepared.raw_bytes, "left_out": {}, "floors": {},
        }  # fmt: skip
        present = _present(names, figures["left_out"])
        figures["contenders"] = found = {each.name: {"title": each.title, "version": v} for each, v in present}
        folders = _imported([each for each, _ in present], prepared, work, options.home, figures)
        if "kbfix-tantivy" in folders and options.home is None:
            _say("importing the folder, and again unchanged")
            figures["reimport"] = _reimported(prepared, work / "from-folder")
        _keep(options, figures)
        ready = [each for each, _ in present if each.name in folders]
        _ask(ready, folders, prepared, work / "queries.json", options, found)
        _keep(options, figures)
        figures["floors"] = _start(ready, folders, prepared, options.starts, found)
        _keep(options, figures)
    return figures


def _keep(options: argparse.Namespace, figures: dict[str, Any]) -> None:
    if not options.no_record:
        keep_run("performance", usable_cores(), figures)


def _options() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--archive", type=Path, default=DATA / "archive/kb-txt.tar.xz")
    arguments.add_argument("--labelled", type=Path, default=DATA / "queries", help="folder of dev-written*.jsonl")
    arguments.add_argument("--only", metavar="NAME,...", help=f"some of {', '.join(MODULES)}")
    arguments.add_argument("--articles", type=int, help="take so many articles only")
    arguments.add_argument("--home", type=Path, help="a home with the archive imported: kbfix imports nothing")
    arguments.add_argument("--queries", type=int, default=300, help="queries of each length")
    arguments.add_argument("--rounds", type=int, default=3, help="processes that time them; the best of each counts")
    arguments.add_argument("--seconds", type=float, default=10, help="after so long a set of queries ends early")
    arguments.add_argument("--starts", type=int, default=15, help="cold starts of each command")
    arguments.add_argument("--quick", action="store_true", help=f"as {QUICK}, and keep nothing")
    arguments.add_argument("--work", type=Path, help="folder for what is made meanwhile (2 GB; default: the system's)")
    arguments.add_argument("--no-record", action="store_true", help="keep nothing in bench/runs/")
    arguments.add_argument("--run", type=Path, help="measure nothing, print this kept run")
    arguments.add_argument("--docs", action="store_true", help="put what is printed into docs/performance.md")
    if arguments.parse_known_args()[0].quick:
        arguments.set_defaults(**QUICK, no_record=True)
    return arguments.parse_args()


def _present(names: Sequence[str], left_out: dict[str, str]) -> list[tuple[Contender, str]]:
    """Return the contenders that are installed, with their versions; note the others in `left_out`."""
    found = []
    for each in map(contender, names):
        try:
            command = each.own_command("version")
            ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
            problem = "" if ran.returncode == 0 else (ran.stderr.strip().splitlines() or ["no version"])[-1]
        except OSError as error:
            problem = str(error)
        if problem:
            left_out[each.title] = f"{problem}; to have it: {each.install}"
        else:
            found.append((each, ran.stdout.strip()))
    return found


def _imported(
    present: Sequence[Contender], prepared: Prepared, work: Path, home: Path | None, figures: dict[str, Any]
) -> dict[str, Path]:
    """Make every contender's index, measured; return the folders by name. Who fails is left out of the figures."""
    found = figures["contenders"]
    folders = {}
    for each in present:
        folder = work / "indexes" / each.name
        if isinstance(each, Kbfix) and home is not None:
            if _has_engine(home, each.engine):
                folders[each.name] = home
            else:
                figures["left_out"][each.title] = f"it is not built there; run: kbfix rebuild --engine {each.engine}"
                del found[each.name]
            continue
        folder.mkdir(parents=True)
        _say(f"importing: {each.title}")
        try:
            taken = run_measured(each.index_command(prepared.material, folder))
        except CommandFailed as failed:
            figures["left_out"][each.title] = str(failed)
            del found[each.name]
            continue
        found[each.name]["import"] = taken.as_dict()
        found[each.name]["bytes"] = bytes_in(folder)
        folders[each.name] = folder
    return folders


def _has_engine(home: Path, engine: str) -> bool:
    from kb.store.derived import Derived, engine_folder
    from kb.store.home import open_home

    return Derived(open_home(home), engine_folder(engine)).current() is not None


def _reimported(prepared: Prepared, home: Path) -> dict[str, Any]:
    """Import the folder of files into a home of its own, then again with nothing changed."""
    home.mkdir()
    command = Kbfix("kbfix-tantivy").import_command(prepared.material.files, home)
    first = run_measured(command)
    return {"first": first.as_dict(), "unchanged": [run_measured(command).as_dict() for _ in range(RUNS_OF_REIMPORT)]}


def _ask(
    ready: Sequence[Contender],
    folders: dict[str, Path],
    prepared: Prepared,
    queries: Path,
    options: argparse.Namespace,
    found: dict[str, Any],
) -> None:
    """Time the queries, round by round, so that what else the machine does meets all alike."""
    queries.write_text(json.dumps(prepared.queries), "utf-8")
    rounds: dict[str, list[dict[str, Any]]] = {each.name: [] for each in ready}
    for number in range(options.rounds):
        for each in ready:
            _say(f"asking, round {number + 1}: {each.title}")
            command = each.own_command("ask", str(folders[each.name]), str(queries), str(options.seconds))
            ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
            if ran.returncode:
                _say(f"{each.title} failed: {ran.stderr.strip()[-500:]}")
            else:
                told = json.loads(ran.stdout)
                found[each.name]["memory"] = told["memory"]
                rounds[each.name].append(told["sets"])
    for name, times in rounds.items():
        found[name]["asked"] = {
            what: {
                "wall_ms": spread(least_of_rounds([each[what]["wall_ms"] for each in times])).as_dict(),
                "cpu_ms": spread(least_of_rounds([each[what]["cpu_ms"] for each in times])).as_dict(),
                "rounds_median_ms": [spread(each[what]["wall_ms"]).median for each in times],
                "found_none": sum(not number for number in times[0][what]["found"]),
            }
            for what in (times[0] if times else ())
        }


def _start(
    ready: Sequence[Contender], folders: dict[str, Path], prepared: Prepared, starts: int, found: dict[str, Any]
) -> dict[str, Any]:
    """Time whole commands for one query, in turn; return the times of what no program can go below."""
    queries = prepared.queries["12 words"]
    files = str(prepared.material.files)
    floors: dict[str, list[str]] = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import typer'": [sys.executable, "-c", "import typer"],
    }
    if shutil.which("rg"):
        floors["rg -il WORD"] = ["rg", "-il", max(queries[0].split(), key=len), files]
    times: dict[str, list[dict[str, float]]] = {name: [] for name in (*floors, *(each.name for each in ready))}
    _say("starting commands")
    # As an installer does; a checkout's modules may not have been compiled since they were changed.
    for package in ("cli", "indexer", "kb"):
        compileall.compile_dir(REPOSITORY / package, quiet=2)
    # The first turn brings all files into the system's cache, and does not count.
    for turn in range(starts + 1):
        query = queries[turn % len(queries)]
        commands = floors | {each.name: each.find_command(folders[each.name], query) for each in ready}
        for name, command in commands.items():
            taken = run_measured(command, watch_memory=False, allowed=(0, 1))
            if turn:
                times[name].append({"seconds": taken.seconds, "cpu_seconds": taken.cpu_seconds})
    for each in ready:
        found[each.name]["cold"] = times[each.name]
    return {name: times[name] for name in floors}


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
