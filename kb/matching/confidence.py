"""The chance that the first candidate is right: a logistic model of how well, and how much better, it fits.

The weights are data, fitted by `make calibrate` on labelled queries (confidence.json says on which and how well).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kb.matching.ranking import Ranked
from kb.models import PROBLEM_KINDS

FEATURES = ("match", "coverage", "margin", "lead_3", "lead_10", "terms", "exact", "problem")
SUREST = 0.99
"""A model that was fitted on some hundred queries cannot be surer of any."""
_LEADS = (3, 10)


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic regression over `FEATURES`, in their order."""

    weights: tuple[float, ...]
    bias: float

    def chance(self, features: Sequence[float]) -> float:
        """Return the probability, 0 to 1, that a candidate of these features is right."""
        total = self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))
        return min(SUREST, 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))


@cache
def shipped_model() -> ConfidenceModel:
    """Return the model that comes with the program."""
    data = json.loads(files("kb.matching").joinpath("confidence.json").read_text("utf-8"))
    return ConfidenceModel(tuple(data["weights"]), data["bias"])


def features(ranked: Sequence[Ranked], place: int, terms: int, kind: str | None) -> tuple[float, ...]:
    """Return the features of the candidate at `place` (from 0) of a ranking, for a query of so many terms.

    `kind` is the candidate's kind of article.

    `margin` is its distance to the best other candidate, as a share of the best score; below zero behind the first.
    `lead_3` and `lead_10` are those to the candidates after the third and the tenth: one of many alike is rarely right.
    `exact` is the logarithm of how telling the query's codes and messages are that it holds as its own.
    """
    best = max(ranked[0].score, 1e-9)
    rival = next((other.score for position, other in enumerate(ranked) if position != place), 0.0)
    return (
        ranked[place].match,
        ranked[place].coverage,
        (ranked[place].score - rival) / best,
        *((ranked[place].score - (ranked[k].score if len(ranked) > k else 0.0)) / best for k in _LEADS),
        math.log1p(terms),
        math.log1p(ranked[place].exact),
        float(kind in PROBLEM_KINDS),
    )


def chances(ranked: Sequence[Ranked], terms: int, kinds: Mapping[str, str], most: int) -> list[float]:
    """Return the chance of each of the first `most` candidates to be right; they add up to 1 at most.

    `kinds` are the kinds of these candidates by id.
    """
    model = shipped_model()
    found = [
        model.chance(features(ranked, place, terms, kinds.get(each.id))) for place, each in enumerate(ranked[:most])
    ]
    rest = sum(found[1:])
    left = 1 - found[0] if found else 0.0
    return found[:1] + [chance * min(1.0, left / rest) if rest else 0.0 for chance in found[1:]]
