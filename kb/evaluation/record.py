"""An evaluation as a JSON-ready record: docs/json.md names the fields."""

from typing import Any

from kb.evaluation.evaluation import Comparison, Evaluation, Figures, Side
from kb.evaluation.resampling import Estimate
from kb.records import SCHEMA

Record = dict[str, Any]


def evaluation_record(evaluation: Evaluation) -> Record:
    """Return an evaluation as a JSON-ready record."""
    outcomes = evaluation.outcomes
    return {
        "schema": SCHEMA,
        **_side(evaluation.side),
        "left_out": evaluation.left_out,
        "not_searchable": sum(not outcome.searched for outcome in outcomes),
        "not_present": sum(not outcome.present for outcome in outcomes),
        "withheld_words": evaluation.words,
        "seed": evaluation.seed,
        "by": evaluation.by,
        "groups": [{"value": value, **_figures(figures)} for value, figures in evaluation.groups.items()],
        "compared": _compared(evaluation.other, evaluation.comparison),
        "ranks": [{"id": outcome.query.id, "rank": outcome.rank, "first": outcome.first} for outcome in outcomes],
    }


def _side(side: Side) -> Record:
    return {"home": side.home, "engine": side.engine, **_figures(side.total)}


def _figures(figures: Figures) -> Record:
    measures = {name: _estimate(estimate) for name, estimate in figures.measures.items()}
    return {"queries": figures.queries, "measures": measures}


def _compared(other: Side | None, comparison: Comparison | None) -> Record | None:
    if other is None or comparison is None:
        return None
    return {
        **_side(other),
        "better": comparison.better,
        "worse": comparison.worse,
        "same": comparison.same,
        "differences": {
            name: {**_estimate(found.estimate), "p": round(found.p, 4), "may_be_chance": found.may_be_chance}
            for name, found in comparison.differences.items()
        },
    }


def _estimate(estimate: Estimate) -> Record:
    return {"value": round(estimate.value, 4), "low": round(estimate.low, 4), "high": round(estimate.high, 4)}
