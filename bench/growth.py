"""Measure how kbfix grows with its archive: `make bench-growth` (ARGS=--help).

Imports the real archive, and larger ones made of its parts (bench/grow.py), each into a new home: import rate, peak
memory, size; memory of a process that searches, its own and mapped files apart; warm queries, the same for every size;
a cold command. Prints a table in markdown and keeps the raw numbers in bench/runs/ after every size. With --run FILE
they are added to those of a kept run, so that sizes can be measured one by one. With --docs the table goes to
docs/performance.md, and docs/growth-latency.svg and docs/growth-import.svg are drawn.

Needs the archive of KBFIX_TEST_DATA (default ../shared); a million articles need 15 GB of disk.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.contenders.base import Material
from bench.contenders.kbfix_itself import Kbfix
from bench.grow import grown, write_tars
from bench.material import prepare
from bench.page_parts import put
from bench.plots import Line, line_plot
from bench.processes import REPOSITORY, bytes_in, run_measured
from bench.run_records import keep_run, read_run
from bench.timings import least_of_rounds, spread
from indexer.workers import usable_cores

DATA = Path(os.environ.get("KBFIX_TEST_DATA") or "../shared")
DOCS = REPOSITORY / "docs"
REAL = "real"
SIZES = (REAL, "100000", "300000", "1000000")
SECONDS = 60
"""After so long a set of queries ends early."""


def main() -> None:
    """Measure every size, print the table, draw the plots."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--archive", type=Path, default=DATA / "archive/kb-txt.tar.xz")
    arguments.add_argument("--sizes", nargs="*", default=SIZES, help=f"articles; {REAL!r}: the real archive as it is")
    arguments.add_argument("--engine", default="tantivy")
    arguments.add_argument("--queries", type=int, default=200, help="queries of each length")
    arguments.add_argument("--rounds", type=int, default=2, help="processes that time them; the best of each counts")
    arguments.add_argument("--starts", type=int, default=9, help="cold starts")
    arguments.add_argument("--work", type=Path, help="folder for what is made meanwhile (default: the system's)")
    arguments.add_argument("--no-record", action="store_true", help="keep nothing in bench/runs/")
    arguments.add_argument("--run", type=Path, help="add to this kept run (none after --sizes: only print it again)")
    arguments.add_argument("--docs", action="store_true", help="put the table into docs/performance.md, draw its plots")
    options = arguments.parse_args()
    figures = read_run(options.run) if options.run else {}
    with tempfile.TemporaryDirectory(prefix="kbfix-growth-", dir=options.work) as made:
        work = Path(made)
        if options.sizes:
            sets = prepare(options.archive, work / "real", None, options.queries, None).queries
            shutil.rmtree(work / "real" / "files")
            (work / "queries.json").write_text(json.dumps(sets), "utf-8")
        for size in options.sizes:
            number, found = measured(size, work, options, sets)
            figures[str(number)] = found
            if not options.no_record:
                keep_run(f"growth-{options.engine}", usable_cores(), figures)
    figures = dict(sorted(figures.items(), key=lambda each: int(each[0])))
    printed = "\n".join(table(figures))
    print(printed)
    if options.docs:
        put("growth", printed)
        draw(figures, DOCS)


def measured(
    size: str, work: Path, options: argparse.Namespace, sets: dict[str, list[str]]
) -> tuple[int, dict[str, Any]]:
    """Make the archive of one size, import it, ask and start; return the number of articles and what was measured."""
    archive, home = options.archive, work / "home"
    if size != REAL:
        print(f"making an archive of {size} articles", file=sys.stderr, flush=True)
        (archive,) = write_tars(grown(options.archive), work, [int(size)])
    kbfix = Kbfix(f"kbfix-{options.engine}")
    print(f"importing {archive.name}", file=sys.stderr, flush=True)
    taken = run_measured(kbfix.index_command(Material(archive, Path(), Path()), home))
    if size != REAL:
        archive.unlink()
    number = _articles(home)
    print(f"asking {number} articles", file=sys.stderr, flush=True)
    command = kbfix.own_command("ask", str(home), str(work / "queries.json"), str(SECONDS))
    told = [
        json.loads(subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True).stdout)
        for _ in range(options.rounds)
    ]
    asked = {}
    for name in told[0]["sets"]:
        wall, cpu = ([each["sets"][name][clock] for each in told] for clock in ("wall_ms", "cpu_ms"))
        asked[name] = {
            "wall_ms": spread(least_of_rounds(wall)).as_dict(),
            "cpu_ms": spread(least_of_rounds(cpu)).as_dict(),
        }
    query = sets["12 words"][0]
    starts = [
        run_measured(kbfix.find_command(home, query), watch_memory=False).as_dict() for _ in range(options.starts + 1)
    ]
    found = {
        "import": taken.as_dict(),
        "bytes": bytes_in(home),
        "memory": told[0]["memory"],
        "asked": asked,
        "cold": starts[1:],
    }
    shutil.rmtree(home)
    return number, found


def _articles(home: Path) -> int:
    from kb.store.articles import Articles
    from kb.store.home import open_home

    articles = Articles(open_home(home))
    try:
        return sum(1 for _ in articles.ids())
    finally:
        articles.close()


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the table, and how the largest archive compares with the smallest."""
    heads = (
        "articles", "import, s", "articles/s", "CPU ms an article", "peak memory, own / all, MB", "home, KB an article",
        "search process: own / mapped memory, MB", "12 words: median / p95, ms", "40 words: median / p95, ms",
        "cold command, ms",
    )  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for number, found in ((int(number), found) for number, found in figures.items()):
        imported, memory, asked = found["import"], found["memory"], found["asked"]
        cells = (
            f"{number:,}", f"{imported['seconds']:.0f}", f"{number / imported['seconds']:,.0f}",
            f"{1000 * imported['cpu_seconds'] / number:.2f}",
            f"{imported['own_peak_bytes'] / 1e6:,.0f} / {imported['peak_bytes'] / 1e6:,.0f}",
            f"{found['bytes'] / number / 1000:.2f}",
            f"{memory['own_bytes'] / 1e6:,.0f} / {memory['mapped_bytes'] / 1e6:,.0f}",
            *_medians_and_p95(asked),
            f"{1000 * statistics.median(run['seconds'] for run in found['cold']):.0f}",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    sizes = [int(number) for number in figures]
    if len(sizes) > 1:
        small, large = figures[str(sizes[0])], figures[str(sizes[-1])]
        rate, cpu_rate = (
            small["import"][clock] / sizes[0] / (large["import"][clock] / sizes[-1])
            for clock in ("seconds", "cpu_seconds")
        )
        slower, cpu_slower = (
            large["asked"]["40 words"][clock]["p95"] / small["asked"]["40 words"][clock]["p95"]
            for clock in ("wall_ms", "cpu_ms")
        )
        own = large["memory"]["own_bytes"] / 1e6
        yield f"\nFrom {sizes[0]:,} to {sizes[-1]:,} articles (what is asked is asked of a million):\n"
        yield f"- import rate: {rate:.0%} of that of the smallest (asked: at least 80%); by CPU seconds {cpu_rate:.0%}"
        yield f"- warm p95, 40 words: {slower:.2f} times (asked: at most 4 times); in CPU time {cpu_slower:.2f}"
        yield f"- memory of a search process, mapped files apart: {own:.0f} MB (asked: under 600 MB)"


def _medians_and_p95(asked: dict[str, Any]) -> Iterator[str]:
    for name in ("12 words", "40 words"):
        yield f"{asked[name]['wall_ms']['median']:.1f} / {asked[name]['wall_ms']['p95']:.1f}"


def draw(figures: dict[str, Any], folder: Path) -> None:
    """Draw latency and import rate against the number of articles."""
    sizes = [int(number) for number in figures]
    each = list(figures.values())
    lines = [
        Line(f"{words}, {of}", [(n, f["asked"][words]["wall_ms"][of]) for n, f in zip(sizes, each, strict=True)])
        for words in ("12 words", "40 words")
        for of in ("median", "p95")
    ]
    title = "Warm search by size of the archive"
    (folder / "growth-latency.svg").write_text(line_plot(title, "articles", "milliseconds", lines), "utf-8")
    rates = Line("articles a second", [(n, n / f["import"]["seconds"]) for n, f in zip(sizes, each, strict=True)])
    title = "Import by size of the archive"
    (folder / "growth-import.svg").write_text(line_plot(title, "articles", "articles a second", [rates]), "utf-8")


if __name__ == "__main__":
    main()
