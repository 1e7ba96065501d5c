"""Weigh the terms of articles into the one bag that engines index."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kb.models import CountedDocument, IndexDocument
from kb.text.batches import Batch
from kb.text.fields import FIELD_WEIGHTS

_WEIGHTS: Final = np.array(list(FIELD_WEIGHTS.values()))
_FIELD_BITS: Final = len(FIELD_WEIGHTS).bit_length()
_NARROW_BITS: Final = 32

_Whole = NDArray[np.integer[Any]]


def field_lengths(batch: Batch) -> NDArray[np.int64]:
    """Return how many terms each field of each article has: articles x fields."""
    return np.array(batch.lengths, np.int64).reshape(len(batch), len(FIELD_WEIGHTS))


def index_documents(batch: Batch) -> Iterator[IndexDocument]:
    """Yield what an engine is given of each article: the frequency of a term is the weighted sum over all fields."""
    numbers, weights, ends = _weighed(batch)
    words = _words(batch, numbers)
    frequencies = weights.tolist()
    for place, (start, end) in enumerate(pairwise((0, *ends.tolist()))):
        bag = dict(zip(words[start:end], frequencies[start:end], strict=True))
        yield IndexDocument(batch.ids[place], bag, batch.keywords[place], batch.dates[place])


def counted_documents(batch: Batch) -> Iterator[CountedDocument]:
    """Yield the same for an engine that counts terms: each as often as its frequency, rounded, and at least once."""
    numbers, weights, ends = _weighed(batch)
    times = np.maximum((weights + 0.5).astype(np.int64), 1)
    words = _words(batch, np.repeat(numbers, times))
    ends = np.append(0, np.cumsum(times))[ends]
    for place, (start, end) in enumerate(pairwise((0, *ends.tolist()))):
        yield CountedDocument(batch.ids[place], words[start:end], batch.keywords[place], batch.dates[place])


def _words(batch: Batch, numbers: _Whole) -> list[str]:
    return list(map(batch.vocabulary.terms.__getitem__, numbers.tolist()))


def _weighed(batch: Batch) -> tuple[_Whole, NDArray[np.float64], NDArray[np.int64]]:
    """Return the distinct terms of all articles, one article after the other, their weights, and where each ends."""
    terms = np.array(batch.terms, np.uint32)
    # The vocabulary itself may grow meanwhile, as the batches of an import arrive.
    term_bits = int(terms.max(initial=0)).bit_length()
    lengths = field_lengths(batch).ravel()
    # Sorted by article, term and field in one number: what belongs together is side by side then, and summed in one go.
    # In half the bytes it is sorted in half the time.
    is_narrow = (len(batch) - 1).bit_length() + term_bits + _FIELD_BITS <= _NARROW_BITS
    whole = np.dtype(np.uint32 if is_narrow else np.uint64)
    article, field = (each.astype(whole) for each in np.divmod(np.arange(len(lengths)), len(_WEIGHTS)))
    article <<= term_bits + _FIELD_BITS
    shifted: _Whole = terms.astype(whole)
    shifted <<= _FIELD_BITS
    every: _Whole = np.repeat(article | field, lengths) | shifted
    every.sort()
    pairs = every >> _FIELD_BITS
    is_first = np.diff(pairs, prepend=~pairs[:1]) != 0
    shares = _WEIGHTS[every & ((1 << _FIELD_BITS) - 1)]
    weights = np.asarray(np.bincount(np.cumsum(is_first) - 1, shares), np.float64)
    pairs = pairs[is_first]
    ends = np.searchsorted(pairs >> term_bits, np.arange(len(batch), dtype=whole), side="right").astype(np.int64)
    return pairs & ((1 << term_bits) - 1), weights, ends
