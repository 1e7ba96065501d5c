"""Weigh the terms of articles into the one bag that engines index."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.models import IndexDocument
from kb.text.batches import Batch
from kb.text.fields import FIELD_WEIGHTS

_WEIGHTS: Final = np.array(list(FIELD_WEIGHTS.values()))


def field_lengths(batch: Batch) -> NDArray[np.int64]:
    """Return how many terms each field of each article has: articles x fields."""
    return np.array(batch.lengths, np.int64).reshape(len(batch), len(FIELD_WEIGHTS))


def index_documents(batch: Batch) -> Iterator[IndexDocument]:
    """Yield what an engine is given of each article: the frequency of a term is the weighted sum over all fields."""
    vocabulary, terms = batch.vocabulary.terms, np.array(batch.terms, np.int64)
    # The vocabulary itself may grow meanwhile, as the batches of an import arrive.
    size = int(terms.max(initial=0)) + 1
    lengths = field_lengths(batch).ravel()
    # Sorted by article, term and field in one: what belongs together is side by side then, and summed in one go.
    article, field = np.divmod(np.repeat(np.arange(len(lengths)), lengths), len(_WEIGHTS))
    every = np.sort((article * size + terms) * len(_WEIGHTS) + field)
    pairs, field = np.divmod(every, len(_WEIGHTS))
    is_first = np.diff(pairs, prepend=-1) > 0
    weighted = np.bincount(np.cumsum(is_first) - 1, weights=_WEIGHTS[field])
    article, terms = np.divmod(pairs[is_first], size)
    words = list(map(vocabulary.__getitem__, terms.tolist()))
    frequencies = weighted.tolist()
    start = 0
    for place, end in enumerate(np.searchsorted(article, np.arange(len(batch)), side="right").tolist()):
        bag = dict(zip(words[start:end], frequencies[start:end], strict=True))
        yield IndexDocument(batch.ids[place], bag, batch.keywords[place], batch.dates[place])
        start = end
