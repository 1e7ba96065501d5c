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
    terms = np.array(batch.terms, np.uint32)
    lengths = field_lengths(batch)
    weights = np.repeat(np.tile(_WEIGHTS, len(batch)), lengths.ravel())
    ends = np.cumsum(lengths.sum(1)).tolist()
    vocabulary = batch.vocabulary
    start = 0
    for place, end in enumerate(ends):
        bag = np.bincount(terms[start:end], weights=weights[start:end])
        held = np.flatnonzero(bag)
        frequencies = dict(zip([vocabulary[term] for term in held.tolist()], bag[held].tolist(), strict=True))
        yield IndexDocument(batch.ids[place], frequencies, batch.keywords[place], batch.dates[place])
        start = end
