"""How well the whole archive is searched: floors that only rise, scored by the scorer that comes with the queries."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Command

pytestmark = pytest.mark.archive

FLOORS = {
    "dev-written": {"S@1": 0.64, "S@10": 0.86},
    "dev-written-2": {"S@10": 0.83},
    "dev-real": {"S@10": 0.60},
    "dev-errors": {"S@10": 0.97},
}
WHOOSH_MAY_LACK = 0.05


def scores(home: Path, queries: Path, scorer: Path, kbfix: Command) -> dict[str, float]:
    """Return the figures of a run of the first 200 articles for every query."""
    ran = kbfix("search", "--batch", queries, "--format", "trec", "-n", "200", home=home)
    assert (ran.code, ran.stderr) == (0, "")
    run = kbfix.folder / "run.txt"
    run.write_text(ran.stdout, "utf-8")
    done = subprocess.run([sys.executable, scorer, queries, run, "--json"], capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@pytest.fixture(scope="session")
def scorer(test_data: Path) -> Path:
    """Return the path of the program that scores a run."""
    return test_data / "tools" / "score_run.py"


@pytest.mark.parametrize("name", FLOORS)
def test_tantivy_is_above_its_floors(
    name: str, archive_home: Path, test_data: Path, scorer: Path, kbfix: Command
) -> None:
    found = scores(archive_home, test_data / "queries" / f"{name}.jsonl", scorer, kbfix)
    assert {measure: found[measure] for measure, floor in FLOORS[name].items() if found[measure] < floor} == {}


@pytest.mark.parametrize("name", FLOORS)
def test_whoosh_is_near_tantivy(
    name: str, archive_home: Path, archive_home_whoosh: Path, test_data: Path, scorer: Path, kbfix: Command
) -> None:
    queries = test_data / "queries" / f"{name}.jsonl"
    tantivy = scores(archive_home, queries, scorer, kbfix)
    whoosh = scores(archive_home_whoosh, queries, scorer, kbfix)
    for measure in FLOORS[name]:
        assert whoosh[measure] >= tantivy[measure] - WHOOSH_MAY_LACK, measure


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
