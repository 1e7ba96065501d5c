"""The chance that the first candidate is right: a logistic model of how well, and how much better, it fits.

The weights are data, learned by `make train` on labelled queries (model/confidence.json says on which and how well).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kb.matching import MODEL
from kb.matching.features import SENTENCE
from kb.matching.ranking import Ranked
from kb.models import PROBLEM_KINDS

OF_CANDIDATE = (
    "match",
    "coverage",
    "words_held",
    "head_coverage",
    "meaning",
    "kindred",
    "without_kin",
    "title_meant",
    "head_meant",
    "words_missing_of_product",
)
_ANYWHERE = (*OF_CANDIDATE, "exact", "lead", "lead_3", "lead_10", "terms", "held", "problem")
IN_SMALL_ARCHIVES = ("match", "coverage", "meaning", "kindred", "title_meant", "lead", "lead_3", "lead_10")
FEATURES = (*_ANYWHERE, "few", *(f"{name}_of_few" for name in IN_SMALL_ARCHIVES))
WITH_SENTENCE = (*FEATURES, SENTENCE, f"{SENTENCE}_of_few")
SPEAKS_AGAINST = ("without_kin", "words_missing_of_product")
SPEAKS_FOR = (*(name for name in _ANYWHERE if name not in (*SPEAKS_AGAINST, "terms", "problem")), SENTENCE)
"""Features that can only make a candidate likelier, and less likely: what is learned otherwise is chance."""
"""What the chance is learned from.

Those of `OF_CANDIDATE` are features of the second stage (kb/matching/features.py), and so is `exact`.
`lead`: how far the score is above that of the best other candidate, below zero behind the first; `lead_3` and
`lead_10` those after the third and the tenth: one of many alike is rarely right. Where there
is none, 0 stands for it, the score of an average candidate. `terms`: the logarithm of how many
the query has, `held` of how many of them the candidate holds. `problem`: 1 for an article about a problem.

`few`: 0 where there are `MANY` candidates, 1 where there is none; `..._of_few`: a feature times that. In a small
archive the best candidate leads by much without being right.
"""
MANY = 150
LEAST_HELD = 0.3
MOST_OF_FEW = 0.5
"""No right article that was surer than .6 held a smaller share of the words, on 599 queries."""
SUREST = 0.99
"""A model that was fitted on some hundred queries cannot be surer of any."""


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic regression over `FEATURES` or `WITH_SENTENCE`, in their order."""

    weights: tuple[float, ...]
    bias: float

    def chance(self, features: Sequence[float]) -> float:
        """Return the probability, 0 to 1, that a candidate of these features is right."""
        total = self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))
        return min(SUREST, 1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))


def chance(model: ConfidenceModel, row: Sequence[float]) -> float:
    """Return the chance of a candidate by its features; one that holds few of the words is never likely to be right."""
    found = model.chance(row)
    holds_few = row[FEATURES.index("words_held")] < LEAST_HELD and not row[FEATURES.index("exact")]
    return min(found, MOST_OF_FEW) if holds_few else found


@cache
def shipped_model(*, with_sentence: bool = False) -> ConfidenceModel:
    """Return the model that comes with the program, for rankings with or without sentence vectors."""
    name = f"confidence{'-semantic' if with_sentence else ''}.json"
    data = json.loads((MODEL / name).read_text("utf-8"))
    names = WITH_SENTENCE if with_sentence else FEATURES
    return ConfidenceModel(tuple(data["weights"].get(each, 0.0) for each in names), data["bias"])


def features(ranked: Sequence[Ranked], place: int, terms: int, kind: str | None) -> tuple[float, ...]:
    """Return the `FEATURES` (or `WITH_SENTENCE`) of the candidate at `place` (from 0) for a query of so many terms.

    `kind` is the candidate's kind of article.
    """
    candidate = ranked[place]

    def lead(rival: int) -> float:
        return candidate.score - (ranked[rival].score if rival < len(ranked) else 0.0)

    few = max(0.0, 1 - len(ranked) / MANY)
    anywhere = dict(
        zip(
            _ANYWHERE,
            (
                *(candidate.feature(name) for name in OF_CANDIDATE),
                candidate.feature("exact"),
                lead(1 if place == 0 else 0),
                lead(3),
                lead(10),
                math.log1p(terms),
                math.log1p(len(candidate.found)),
                float(kind in PROBLEM_KINDS),
            ),
            strict=True,
        )
    )
    found = (*anywhere.values(), few, *(few * anywhere[name] for name in IN_SMALL_ARCHIVES))
    if not candidate.has_sentence:
        return found
    nearness = candidate.feature(SENTENCE)
    return (*found, nearness, few * nearness)


def chances(ranked: Sequence[Ranked], terms: int, kinds: Mapping[str, str], most: int) -> list[float]:
    """Return the chance of each of the first `most` candidates to be right; they add up to 1 at most.

    `kinds` are the kinds of these candidates by id.
    """
    model = shipped_model(with_sentence=bool(ranked) and ranked[0].has_sentence)
    found = [
        chance(model, features(ranked, place, terms, kinds.get(each.id))) for place, each in enumerate(ranked[:most])
    ]
    rest = sum(found[1:])
    left = 1 - found[0] if found else 0.0
    return found[:1] + [each * min(1.0, left / rest) if rest else 0.0 for each in found[1:]]
