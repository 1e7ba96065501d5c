"""Score a home on the labelled queries: `make relevance HOME_DIR=...`.

Every set DATA/queries/dev-*.jsonl is searched with `kbfix search --batch` and scored with DATA/tools/score_run.py; it
is answered with `kbfix answer --batch` and scored with DATA/tools/score_answers.py. One table: a line a set, a figure a
column, `-` where a set has nothing to score (no query of `dev-noanswer` has a right article).

The command is run as a user runs it, in a process of its own, so the figures are those of the installed program. `ms`
is the wall time of a query in the search batch, the start of the program left in.
"""

import argparse
import json
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

DEEP = 200
RUN_FIGURES = ("S@1", "S@5", "S@10", "S@100", "S@200", "MRR@10", "nDCG@10")
ANSWER_FIGURES = ("coverage", "precision", "coverage_at_90", "auroc", "calibration_error", "false_answer_rate")
SHORT = {
    "coverage": "answered",
    "precision": "right",
    "coverage_at_90": "at 90%",
    "calibration_error": "cal.err",
    "false_answer_rate": "false",
}


@dataclass(frozen=True, slots=True)
class Setup:
    """What is scored, and with what: `command` is kbfix with its global options, `data` the folder of real data."""

    command: tuple[str, ...]
    data: Path
    answers: bool
    limit: int


def main() -> int:
    """Score every set and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("data", type=Path, help="the folder with queries/ and tools/")
    arguments.add_argument("--engine")
    arguments.add_argument("--set", action="append", metavar="NAME", help="only this set, e.g. written-2; repeatable")
    arguments.add_argument("--no-answers", action="store_true", help="score the rankings only")
    arguments.add_argument("--limit", type=int, default=DEEP, help="results asked for; 10 is what a user asks for")
    options = arguments.parse_args()
    sets = sorted((options.data / "queries").glob("dev-*.jsonl"))
    if options.set:
        sets = [path for path in sets if path.stem.removeprefix("dev-") in options.set]
    if not sets:
        print(f"no queries in {options.data / 'queries'}", file=sys.stderr)
        return 2
    kbfix = str(Path(sysconfig.get_path("scripts")) / "kbfix")
    command = (kbfix, "--home", str(options.home), *(("--engine", options.engine) if options.engine else ()))
    setup = Setup(command, options.data, answers=not options.no_answers, limit=options.limit)
    columns = (*RUN_FIGURES, "ms", *(ANSWER_FIGURES if setup.answers else ()))
    print(f"{'set':<12}{'n':>5}" + "".join(f"{SHORT.get(name, name):>9}" for name in columns))
    for queries in sets:
        figures = score(setup, queries)
        cells = "".join(f"{_cell(figures.get(name)):>9}" for name in columns)
        print(f"{queries.stem.removeprefix('dev-'):<12}{_lines(queries):>5}{cells}", flush=True)
    return 0


def score(setup: Setup, queries: Path) -> dict[str, float | None]:
    """Return all figures of one set of queries."""
    with tempfile.TemporaryDirectory(prefix="kbfix-relevance-") as folder:
        run, answers = Path(folder) / "run.txt", Path(folder) / "answers.jsonl"
        started = time.perf_counter()
        _write(setup, run, "search", "--batch", str(queries), "--format", "trec", "--limit", str(setup.limit))
        figures: dict[str, float | None] = {"ms": 1000 * (time.perf_counter() - started) / max(1, _lines(queries))}
        figures |= _scored(setup, "score_run.py", queries, run)
        if setup.answers:
            _write(setup, answers, "answer", "--batch", str(queries), "--format", "jsonl")
            figures |= _scored(setup, "score_answers.py", answers, queries)
    return figures


def _write(setup: Setup, path: Path, *arguments: str) -> None:
    with path.open("wb") as file:
        subprocess.run([*setup.command, *arguments], stdout=file, check=True)


def _scored(setup: Setup, tool: str, *arguments: Path) -> dict[str, float | None]:
    command = [sys.executable, str(setup.data / "tools" / tool), *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # The scorer refuses a set without a single right article: there is nothing to score then.
    found: dict[str, float | None] = json.loads(done.stdout) if done.returncode == 0 else {}
    return found


def _lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text("utf-8").splitlines())


def _cell(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.1f}" if figure > 1 else f"{figure:.3f}"


if __name__ == "__main__":
    sys.exit(main())
