"""Fit the confidence model on labelled queries: `make calibrate HOME_DIR=...`.

A logistic regression on the features of the first candidate (kb/matching/confidence.py), fitted by Newton's method
with a little ridge; the figures printed and written beside the weights are out-of-fold (5 folds, seed 1).
"""

import argparse
import json
import math
import random
from pathlib import Path

from kb.matching.confidence import FEATURES, ConfidenceModel, features
from kb.search import Searcher, SearchFilters

RIDGE = 1.0
FOLDS = 5
SETS = ("written", "written-2", "written-3", "real", "errors", "noanswer")


def main() -> None:
    """Fit, cross-validate, print, and write the model."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("queries", type=Path, help="folder of dev-*.jsonl")
    arguments.add_argument("--engine", default="tantivy")
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "kb/matching/confidence.json")
    options = arguments.parse_args()
    points = []
    with Searcher.open(options.home, options.engine) as searcher:
        for name in SETS:
            for line in (options.queries / f"dev-{name}.jsonl").read_text("utf-8").splitlines():
                point = _point(searcher, json.loads(line), name)
                if point:
                    points.append(point)
    order = list(range(len(points)))
    random.Random(1).shuffle(order)
    held_out = {}
    for fold in range(FOLDS):
        model = _fit([points[i] for n, i in enumerate(order) if n % FOLDS != fold])
        held_out.update({i: model.chance(points[i][0]) for n, i in enumerate(order) if n % FOLDS == fold})
    figures = _figures([(held_out[i], points[i][1]) for i in order])
    far = [held_out[i] for i in order if points[i][2] == "far"]
    model = _fit(points)
    print(json.dumps(figures), f"highest chance of a far query: {max(far):.3f}")
    print(dict(zip(FEATURES, model.weights, strict=True)), model.bias)
    options.out.write_text(
        json.dumps(
            {
                "features": FEATURES,
                "weights": [round(w, 4) for w in model.weights],
                "bias": round(model.bias, 4),
                "provenance": {
                    "made_by": "bench/calibrate.py",
                    "queries": [f"dev-{name}" for name in SETS],
                    "points": len(points),
                    "seed": 1,
                    "out_of_fold": figures,
                },
            },
            indent=1,
        )
        + "\n",
        "utf-8",
    )


def _point(searcher: Searcher, query: dict[str, object], name: str) -> tuple[tuple[float, ...], bool, str] | None:
    understood = searcher.understand(str(query["query"]))
    ranked = searcher.ranking(understood, searcher.resolve(SearchFilters()))
    if not ranked:
        return None
    relevant = {*query["relevant"], *(query.get("also") or [])}  # type: ignore[misc]
    best = ranked[0].id
    kind = searcher.articles.heads([best])[best].kind
    return features(ranked, 0, len(understood.weights), kind), best in relevant, str(query.get("tier", name))


def _fit(points: list[tuple[tuple[float, ...], bool, str]]) -> ConfidenceModel:
    size = len(FEATURES) + 1
    weights = [0.0] * size
    for _ in range(30):
        gradient = [RIDGE * w for w in weights[:-1]] + [0.0]
        hessian = [[RIDGE * (i == j and i < size - 1) for j in range(size)] for i in range(size)]
        for row, right, _tier in points:
            x = [*row, 1.0]
            chance = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x, strict=True))))
            for i in range(size):
                gradient[i] += (chance - right) * x[i]
                for j in range(size):
                    hessian[i][j] += chance * (1 - chance) * x[i] * x[j]
        weights = [w - step for w, step in zip(weights, _solve(hessian, gradient), strict=True)]
    return ConfidenceModel(tuple(weights[:-1]), weights[-1])


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a small positive definite system by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        for j in range(i + 1, len(rows)):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    solution = [0.0] * len(rows)
    for i in reversed(range(len(rows))):
        known = sum(rows[i][j] * solution[j] for j in range(i + 1, len(rows)))
        solution[i] = (rows[i][-1] - known) / rows[i][i]
    return solution


def _figures(points: list[tuple[float, bool]]) -> dict[str, float]:
    yes, no = [c for c, right in points if right], [c for c, right in points if not right]
    auroc = sum((a > b) + (a == b) / 2 for a in yes for b in no) / (len(yes) * len(no))
    error = 0.0
    for k in range(10):
        part = [(c, right) for c, right in points if k / 10 <= c < (k + 1) / 10 or (k == 9 and c == 1)]
        error += abs(sum(c for c, _ in part) - sum(right for _, right in part)) / len(points)
    return {
        "auroc": round(auroc, 4),
        "brier": round(sum((c - right) ** 2 for c, right in points) / len(points), 4),
        "calibration_error": round(error, 4),
    }


if __name__ == "__main__":
    main()
