"""Why an article is where it is: what each kind of evidence adds to its score, in a sentence for its reader."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.matching.features import BARE, WITH_SENTENCE, plain_name
from kb.matching.ranking import Ranked, RankingModel, shipped_ranking

KINDS: Final[Mapping[str, str]] = {
    "match": "words", "coverage": "words", "words_held": "words", "head_coverage": "words", "title_share": "words",
    "together": "words", "length": "length", "exact": "codes", "other_code": "codes", "meaning": "meaning",
    "kindred": "meaning", "kindred_closely": "meaning", "without_kin": "meaning", "title_meant": "meaning",
    "title_meant_rarely": "meaning", "head_meant": "meaning", "product_fit": "product",
    "words_missing_of_product": "product", "sentence": "meaning", BARE: "form",
}  # fmt: skip
"""What kind of evidence each feature is, as it is told."""
_KINDS: Final = tuple(dict.fromkeys(KINDS.values()))
_KIND_OF: Final = np.array([_KINDS.index(KINDS[plain_name(name)]) for name in WITH_SENTENCE])
"""Of each feature, the place among `_KINDS` of what it is evidence of."""
_CLOSE: Final = 0.6
"""Half of the right articles have a cosine above .65 with their query, a quarter one below .56."""


def average(ranked: Sequence[Ranked]) -> NDArray[np.float64]:
    """Return the average of each feature over all candidates of a query; none where there are none."""
    return np.array([each.features for each in ranked], np.float64).mean(0) if ranked else np.empty(0)


def shares(candidate: Ranked, usual: NDArray[np.float64], model: RankingModel | None = None) -> dict[str, float]:
    """Return what each kind of evidence adds to a candidate's score, above that of the `usual` features."""
    model = model or shipped_ranking(with_sentence=candidate.has_sentence)
    added = np.array(model.weights) * (candidate.features - usual)
    # Where sentence vectors are not in use, their feature adds nothing.
    amounts = np.bincount(_KIND_OF[: len(added)], weights=added, minlength=len(_KINDS))
    return dict(zip(_KINDS, amounts.tolist(), strict=True))


def reason(candidate: Ranked, usual: NDArray[np.float64], matched: int, written: int) -> str:
    """Return a sentence on why a candidate is where it is.

    `usual` are the average features of all candidates; `matched` of the `written` words of the query are in it.
    """
    said = [f"holds {matched} of {written} words, {candidate.feature('coverage'):.0%} of the query's weight"]
    if candidate.feature("together"):
        said[0] += ", some side by side"
    if candidate.feature("exact"):
        said.append("has the same error code or message")
    if candidate.feature("other_code"):
        said.append("is about another error code")
    if candidate.feature("meaning") >= _CLOSE:
        said.append("is close in meaning")
    if candidate.feature("product_fit") >= _CLOSE:
        said.append("applies to the product named")
    amounts = [f"{kind} {amount:+.1f}" for kind, amount in shares(candidate, usual).items() if abs(amount) >= 0.05]
    if amounts:
        said.append(f"against the average candidate: {', '.join(amounts)}")
    return "; ".join(said)
