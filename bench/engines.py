"""Compare the engines on one archive: `make bench-engines` (or see --help).

For each engine, in a process of its own: the time to index the stored articles, the size, the time of a warm search
(engine, second stage and all), and relevance on the labelled queries. Prints a table in markdown and keeps the raw
numbers in bench/runs/.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kb.engines.registry import engine
from kb.search import Searcher
from kb.store.derived import Derived, engine_folder
from kb.store.home import open_home

ENGINES = ("tantivy", "whoosh")
SETS = ("written", "written-2", "real", "errors")
REPEATS = 3


def main() -> None:
    """Import once, measure every engine, print and keep the figures."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = Path(os.environ.get("KBFIX_TEST_DATA", "../shared"))
    arguments.add_argument("--archive", type=Path, default=data / "archive/kb-txt.tar.xz")
    arguments.add_argument("--queries", type=Path, default=data / "queries")
    arguments.add_argument("--runs", type=Path, default=Path(__file__).parent / "runs")
    arguments.add_argument("--measure", nargs=2, metavar=("HOME", "ENGINE"), help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.measure:
        print(json.dumps(_measure(Path(options.measure[0]), options.measure[1], options.queries)))
        return
    with tempfile.TemporaryDirectory(prefix="kbfix-bench-") as folder:
        home = Path(folder) / "home"
        imported = _timed([*_kbfix(home), "--engine", "tantivy", "import", str(options.archive)])
        figures: dict[str, Any] = {"tantivy": {"import": imported}, "whoosh": {}}
        for name in ENGINES:
            figures[name]["index"] = _timed([*_kbfix(home), "--engine", name, "rebuild"])
            measured = subprocess.run(
                [sys.executable, __file__, "--queries", str(options.queries), "--measure", str(home), name],
                check=True,
                capture_output=True,
                text=True,
            )
            figures[name].update(json.loads(measured.stdout))
    _keep(options.runs, figures)
    print(_table(figures))


def _kbfix(home: Path) -> list[str]:
    return [sys.executable, "-c", "from cli.main import entry_point; entry_point()", "--home", str(home), "--quiet"]


def _timed(command: list[str]) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "cpu_seconds": cpu}


def _measure(home: Path, name: str, queries: Path) -> dict[str, Any]:
    relevance: dict[str, dict[str, float]] = {}
    times: list[float] = []
    found = Derived(open_home(home), engine_folder(name))
    with Searcher.open(home, name) as searcher:
        for set_name in SETS:
            asked = [json.loads(line) for line in (queries / f"dev-{set_name}.jsonl").read_text("utf-8").splitlines()]
            first = tenth = 0
            for query in asked:
                took = []
                for _ in range(REPEATS):
                    started = time.perf_counter()
                    ids = [article for article, _ in searcher.run_line(query["query"], limit=10)]
                    took.append(time.perf_counter() - started)
                if set_name.startswith("written"):
                    times.append(min(took) * 1000)
                relevant = {*query["relevant"], *(query.get("also") or [])}
                first += bool(relevant.intersection(ids[:1]))
                tenth += bool(relevant.intersection(ids))
            relevance[set_name] = {"S@1": first / len(asked), "S@10": tenth / len(asked), "n": len(asked)}
    times.sort()
    return {
        "version": engine(name).version,
        "megabytes": found.bytes() / 1e6,
        "median_ms": statistics.median(times),
        "p95_ms": times[int(len(times) * 0.95)],
        "relevance": relevance,
    }


def _keep(folder: Path, figures: dict[str, Any]) -> None:
    folder.mkdir(exist_ok=True)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.system()}
    record = {"date": today, "bench": "engines", "machine": machine, "figures": figures}
    (folder / f"{today}-engines.json").write_text(json.dumps(record, indent=1) + "\n", "utf-8")


def _table(figures: dict[str, Any]) -> str:
    rows = [
        ("version", lambda f: f["version"]),
        (
            "index 57 thousand stored articles, s (CPU-s)",
            lambda f: f"{f['index']['seconds']:.0f} ({f['index']['cpu_seconds']:.0f})",
        ),
        ("index on disk, MB", lambda f: f"{f['megabytes']:.0f}"),
        ("search, warm, median ms", lambda f: f"{f['median_ms']:.1f}"),
        ("search, warm, p95 ms", lambda f: f"{f['p95_ms']:.1f}"),
        *(
            (
                f"dev-{name} S@1 / S@10",
                lambda f, n=name: f"{f['relevance'][n]['S@1']:.3f} / {f['relevance'][n]['S@10']:.3f}",
            )
            for name in SETS
        ),
    ]
    lines = [f"| | {' | '.join(ENGINES)} |", f"|---|{'---|' * len(ENGINES)}"]
    lines += [f"| {label} | {' | '.join(show(figures[name]) for name in ENGINES)} |" for label, show in rows]
    imported = figures["tantivy"]["import"]
    lines.append(
        f"\nImport of the archive with tantivy: {imported['seconds']:.0f} s, {imported['cpu_seconds']:.0f} CPU-s."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
