"""How well the whole archive is searched: floors that only rise, scored by the scorer that comes with the queries."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Command

pytestmark = pytest.mark.archive

FLOORS = {
    "dev-written": {"S@1": 0.80, "S@10": 0.95, "MRR@10": 0.85},
    "dev-written-2": {"S@1": 0.74, "S@10": 0.94, "MRR@10": 0.82},
    "dev-real": {"S@1": 0.50, "S@10": 0.80, "MRR@10": 0.62},
    "dev-errors": {"S@1": 0.93, "S@10": 0.99},
}
OUT_OF_FOLD = {
    "all written": {"S@1": 0.78, "S@10": 0.95, "S@200": 0.985, "MRR@10": 0.84},
    "real": {"S@1": 0.50, "S@10": 0.80, "S@200": 0.90, "MRR@10": 0.61},
    "errors": {"S@1": 0.93, "S@10": 1.0, "MRR@10": 0.96},
    "confidence": {"auroc": 0.88, "answered_from_0.63": 0.68, "right_from_0.63": 0.90},
}
"""Of models that did not see the query that they are scored on: `make train ARGS="--dry-run --no-withheld"`."""
AT_MOST = {"calibration_error": 0.05, "false_from_0.63": 0.05, "surest_far": 0.6}
WHOOSH_MAY_LACK = 0.03


FiguresOf = Callable[[Path, str], dict[str, float]]


@pytest.fixture(scope="module")
def figures_of(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> FiguresOf:
    """Return a function from a home and the name of a query set to the figures of a run of 200 articles a query."""
    folder = tmp_path_factory.mktemp("runs")
    kbfix = Command(folder)

    def figures(home: Path, name: str) -> dict[str, float]:
        queries = test_data / "queries" / f"{name}.jsonl"
        ran = kbfix("search", "--batch", queries, "--format", "trec", "-n", "200", home=home)
        assert (ran.code, ran.stderr) == (0, "")
        run = folder / "run.txt"
        run.write_text(ran.stdout, "utf-8")
        scorer = [sys.executable, test_data / "tools" / "score_run.py", queries, run, "--json"]
        done = subprocess.run(scorer, capture_output=True, text=True, check=True)
        found: dict[str, float] = json.loads(done.stdout)
        return found

    return figures


@pytest.fixture(scope="module")
def tantivy(archive_home: Path, figures_of: FiguresOf) -> dict[str, dict[str, float]]:
    """Return the figures of tantivy by query set."""
    return {name: figures_of(archive_home, name) for name in FLOORS}


@pytest.mark.parametrize("name", FLOORS)
def test_tantivy_is_above_its_floors(name: str, tantivy: dict[str, dict[str, float]]) -> None:
    assert {
        measure: tantivy[name][measure] for measure, floor in FLOORS[name].items() if tantivy[name][measure] < floor
    } == {}


@pytest.mark.parametrize("name", FLOORS)
def test_whoosh_is_near_tantivy(
    name: str, tantivy: dict[str, dict[str, float]], archive_home_whoosh: Path, figures_of: FiguresOf
) -> None:
    whoosh = figures_of(archive_home_whoosh, name)
    for measure in FLOORS[name]:
        assert whoosh[measure] >= tantivy[name][measure] - WHOOSH_MAY_LACK, measure


def test_what_is_far_from_the_archive_is_not_answered(archive_home: Path, test_data: Path, kbfix: Command) -> None:
    queries = test_data / "queries" / "dev-noanswer.jsonl"
    far = [
        record["id"] for record in map(json.loads, queries.read_text("utf-8").splitlines()) if record["tier"] == "far"
    ]
    ran = kbfix("answer", "--batch", queries, home=archive_home)
    assert ran.code == 0
    status = {record["id"]: record["status"] for record in ran.records}
    assert far
    assert [each for each in far if status[each] == "answer"] == []


def test_models_that_did_not_see_a_query_are_above_their_floors(archive_home: Path, test_data: Path) -> None:
    learn = [
        sys.executable,
        Path("bench/train_ranking.py").absolute(),
        archive_home,
        test_data / "queries",
        "--dry-run",
        "--no-withheld",
    ]
    printed = subprocess.run(learn, capture_output=True, text=True, check=True).stdout
    figures: dict[str, dict[str, float]] = {}
    for line in printed.splitlines():
        name, *parts = re.split(r"\s{2,}", line.strip())
        cells = [part.rsplit(" ", 1) for part in parts]
        figures[name] = {measure: float(value) for measure, value in cells}
    too_low = {
        (name, measure): figures[name][measure]
        for name, floors in OUT_OF_FOLD.items()
        for measure, floor in floors.items()
        if figures[name][measure] < floor
    }
    assert too_low == {}
    assert {
        name: figures["confidence"][name] for name, most in AT_MOST.items() if figures["confidence"][name] > most
    } == {}
