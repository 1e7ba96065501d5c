"""Measure parsing alone: articles a second on all cores, for every form there is an archive of: `make bench-parsing`.

One process a core reads its share of an archive into memory; when all have, they start together and parse it a number
of times. What is printed is the median of the rounds: articles a second of wall time, and the CPU milliseconds that
an article costs, which a busy machine changes less. Raw numbers are kept in bench/runs/.

Needs the archives of KBFIX_TEST_DATA (default ../shared).
"""

import argparse
import os
import statistics
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from bench.run_records import RUNS, keep_run
from indexer.containers import read_file
from indexer.parse import parse_file
from indexer.workers import usable_cores
from kb.models import RawFile

DATA = Path(os.environ.get("KBFIX_TEST_DATA") or "../shared")
LONGEST_WAIT = 600
"""Seconds until the slowest process must have read its share."""


@dataclass(frozen=True, slots=True)
class Material:
    """What is parsed for one line of the table: every `step`-th file of an archive whose form is `form`."""

    form: str
    archive: str
    step: int = 1


MATERIALS = (
    Material("kb-text", "kb-txt.tar.xz", 5),
    Material("kb-html", "kb-html-sample.tar.gz"),
    Material("kb-markdown", "kb-markdown-sample.zip"),
    Material("learn-markdown", "office-support-markdown.tar.xz"),
)


def main() -> None:
    """Measure every material, print the table and keep the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--jobs", type=int, default=usable_cores(), help="processes (default: one a core)")
    arguments.add_argument("--form", help="measure this form only")
    arguments.add_argument("--runs", type=Path, default=RUNS, help="folder of raw numbers")
    arguments.add_argument("--no-record", action="store_true", help="print only")
    options = arguments.parse_args()
    figures = {}
    print("| form | articles | articles a second | CPU ms an article |\n|---|---|---|---|")
    for material in MATERIALS:
        if options.form in (None, material.form):
            figures[material.form] = found = measure(material, options.data, options.jobs, options.rounds)
            print(f"| {material.form} | {found['articles']:,} | {found['per_second']:,.0f} | {found['cpu_ms']:.3f} |")
    if not options.no_record:
        keep_run("parsing", options.jobs, figures, options.runs)


def measure(material: Material, data: Path, jobs: int, rounds: int) -> dict[str, Any]:
    """Return the figures of one material: medians over the rounds, and each round's wall and CPU seconds."""
    context = get_context("spawn")
    barrier = context.Barrier(jobs)
    with context.Pool(jobs, initializer=_enter, initargs=(barrier,)) as pool:
        shares = [(material, data / "archive" / material.archive, number, jobs, rounds) for number in range(jobs)]
        results = pool.starmap(_share, shares, chunksize=1)
    articles = sum(count for count, _ in results)
    wall = [max(times[n][0] for _, times in results) for n in range(rounds)]
    cpu = [sum(times[n][1] for _, times in results) for n in range(rounds)]
    return {
        "articles": articles,
        "per_second": articles / statistics.median(wall),
        "cpu_ms": 1000 * statistics.median(cpu) / articles,
        "wall_seconds": wall,
        "cpu_seconds": cpu,
    }


_barrier: Barrier


def _enter(barrier: Barrier) -> None:
    global _barrier  # noqa: PLW0603  (a barrier reaches a pool's process only by its initializer)
    _barrier = barrier


def _share(
    material: Material, archive: Path, number: int, jobs: int, rounds: int
) -> tuple[int, list[tuple[float, float]]]:
    """Parse one process's share; return the number of articles, and wall and CPU seconds of each round."""
    files = [item for at, item in enumerate(read_file(archive)) if at // material.step % jobs == number
             and at % material.step == 0 and isinstance(item, RawFile)]  # fmt: skip
    # The first pass warms the caches up and leaves out what is no article of this form.
    files = [raw for raw in files if parse_file(raw).form == material.form]
    times = []
    for _ in range(rounds):
        _barrier.wait(LONGEST_WAIT)
        wall, cpu = time.perf_counter(), time.process_time()
        for raw in files:
            parse_file(raw)
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return len(files), times


if __name__ == "__main__":
    main()
