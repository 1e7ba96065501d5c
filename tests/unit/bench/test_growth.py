"""The table of growth, and how the largest archive compares with the smallest."""

from pathlib import Path
from typing import Any

from bench.growth import draw, table


def size(seconds: float, p95: float) -> dict[str, Any]:
    times = {"count": 10, "median": p95 / 2, "p95": p95, "p99": p95}
    return {
        "import": {
            "seconds": seconds, "cpu_seconds": 2 * seconds, "peak_bytes": 500_000_000, "own_peak_bytes": 400_000_000,
        },
        "bytes": 200_000_000,
        "memory": {"own_bytes": 60_000_000, "mapped_bytes": 300_000_000},
        "asked": {name: {"wall_ms": times, "cpu_ms": times} for name in ("5 words", "12 words", "40 words")},
        "cold": [{"seconds": 0.2}, {"seconds": 0.4}, {"seconds": 0.3}],
    }  # fmt: skip


FIGURES = {"50000": size(50, 10), "1000000": size(1250, 35)}


def test_a_size_is_one_line() -> None:
    lines = list(table(FIGURES))
    assert lines[2] == "| 50,000 | 50 | 1,000 | 2.00 | 400 / 500 | 4.00 | 60 / 300 | 5.0 / 10.0 | 5.0 / 10.0 | 300 |"
    assert lines[3].startswith("| 1,000,000 | 1250 | 800 | 2.50 |")


def test_the_largest_is_compared_with_the_smallest() -> None:
    told = "\n".join(table(FIGURES))
    assert "- import rate: 80% of that of the smallest (asked: at least 80%); by CPU seconds 80%" in told
    assert "- warm p95, 40 words: 3.50 times (asked: at most 4 times); in CPU time 3.50" in told


def test_one_size_alone_is_compared_with_nothing() -> None:
    assert "asked" not in "\n".join(table({"50000": size(50, 10)}))


def test_the_plots_are_of_latency_and_of_the_import_rate(tmp_path: Path) -> None:
    draw(FIGURES, tmp_path)
    assert "40 words, p95: 35.0 at 1,000,000" in (tmp_path / "growth-latency.svg").read_text("utf-8")
    assert "articles a second: 800.0 at 1,000,000" in (tmp_path / "growth-import.svg").read_text("utf-8")
