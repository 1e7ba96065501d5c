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
    vocabulary, terms = _own_terms(batch)
    lengths = field_lengths(batch)
    weights = np.repeat(np.tile(_WEIGHTS, len(batch)), lengths.ravel())
    ends = np.cumsum(lengths.sum(1)).tolist()
    start = 0
    for place, end in enumerate(ends):
        bag = np.bincount(terms[start:end], weights=weights[start:end])
        held = np.flatnonzero(bag)
        frequencies = dict(zip([vocabulary[term] for term in held.tolist()], bag[held].tolist(), strict=True))
        yield IndexDocument(batch.ids[place], frequencies, batch.keywords[place], batch.dates[place])
        start = end


def _own_terms(batch: Batch) -> tuple[list[str], NDArray[np.uint32]]:
    """Return those of the vocabulary's terms that the articles hold, and of all their terms the places among these."""
    terms = np.array(batch.terms, np.uint32)
    places = np.zeros(len(batch.vocabulary.terms), np.uint32)
    places[terms] = 1
    held = np.flatnonzero(places)
    places[held] = np.arange(len(held))
    return list(map(batch.vocabulary.terms.__getitem__, held.tolist())), places[terms]
