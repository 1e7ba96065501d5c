"""Vectors of terms, and of texts and articles made of them: nearness in meaning where no word is shared.

A text's vector is the mean of its terms' vectors, each weighed by the logarithm of its count and by how rare it is in
the archive that the vectors were learned from, at length 1. Term vectors are data (`model/`), learned by
`make train-vectors`: a linear fit to a sentence model's vectors of whole articles, then moved until titles and parts
of symptoms find the rest of their article (docs/decisions/0008-meaning-without-a-model.md).
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from kb.matching import MODEL
from kb.text.batches import Batch
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle
from kb.text.vocabulary import Vocabulary

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

SHARES: Final[Mapping[str, int]] = {
    "title": 3, "description": 3, "applies_to": 2, "query_words": 2, "cause": 1,
}  # fmt: skip
"""What a term counts in an article's vector, by the part it stands in."""
DESCRIPTION: Final = 110
CAUSE: Final = 95
"""Terms of a description and a cause that count; what comes later tells of details."""
_NAMES: Final = tuple(FIELD_WEIGHTS)
_TITLE, _APPLIES_TO, _QUERY_WORDS, _CAUSE = map(_NAMES.index, ("title", "applies_to", "query_words", "cause"))
_DESCRIPTIONS: Final = tuple(map(_NAMES.index, ("symptoms", "summary", "body", "more_information", "resolution")))
"""Fields of which the first that has terms describes."""
_SUMMED_AT_ONCE: Final = 16
"""Articles; so many floats stay in the processor's cache."""
ARTICLE_SCALE: Final = 254.0
"""Article vectors have one byte a number: few numbers of a vector of length 1 are beyond one half."""

VECTORS_FILE: Final = "term_vectors.npy"
WEIGHTS_FILE: Final = "term_weights.npy"
TERMS_FILE: Final = "terms.txt"
PROVENANCE_FILE: Final = "term_vectors.json"


class TermVectors:
    """The vectors of all known terms, in memory-mapped files.

    `rows` gives the number of a term; `table` has a row of bytes for each, `scales` what a row is multiplied by, and
    `weights` how much the term counts in a text. `version` names the data: rows of two versions do not match.
    """

    def __init__(self, folder: Path) -> None:
        names = (folder / TERMS_FILE).read_text("utf-8").split("\n")
        self.rows: Mapping[str, int] = dict(zip(names, range(len(names)), strict=True))
        self.table: Bytes = np.load(folder / VECTORS_FILE, mmap_mode="r").view(np.ndarray)
        self.scales, self.weights = np.load(folder / WEIGHTS_FILE)
        # Of rows that were asked for; 0 for others.
        self._lengths: Floats = np.zeros(len(names), np.float32)
        self._known: WeakKeyDictionary[Vocabulary, NDArray[np.int64]] = WeakKeyDictionary()
        self.version = str(json.loads((folder / PROVENANCE_FILE).read_text("utf-8"))["version"])

    @property
    def size(self) -> int:
        """Return the length of a vector."""
        return int(self.table.shape[1])

    def embed(self, counts: Mapping[str, float]) -> Floats:
        """Return the vector of a text, of length 1; all zeros where none of its terms is known."""
        known = [(self.rows[term], count) for term, count in counts.items() if term in self.rows]
        if not known:
            return np.zeros(self.size, np.float32)
        # In the order of rows: sums of floats depend on their order, and equal texts have equal vectors.
        known.sort()
        rows = np.array([row for row, _ in known])
        amounts = np.log1p(np.array([count for _, count in known], np.float32)) * self.weights[rows] * self.scales[rows]
        with unflagged():
            found: Floats = amounts @ self.table[rows].astype(np.float32)
        length = float(np.linalg.norm(found))
        return found / max(length, 1e-9)

    def embed_articles(self, batch: Batch) -> Bytes:
        """Return the vectors of articles, a row each, one byte a number (`similarity` compares them)."""
        found = np.zeros((len(batch), self.size), np.float32)
        places, rows, counts = _counted(batch, self._rows_of(batch.vocabulary))
        if not len(rows):
            return packed(found)
        amounts = np.log1p(counts) * self.weights[rows] * self.scales[rows]
        # A few articles at a time: their terms' vectors stay in the processor's cache.
        starts = np.flatnonzero(np.diff(places, prepend=-1))
        ends = np.append(starts, len(rows))
        for first in range(0, len(starts), _SUMMED_AT_ONCE):
            some = starts[first : first + _SUMMED_AT_ONCE]
            begin, end = some[0], ends[first + len(some)]
            vectors = amounts[begin:end, None] * self.table[rows[begin:end]]
            found[places[some]] = np.add.reduceat(vectors, some - begin, axis=0)
        lengths = np.sqrt(np.einsum("ij,ij->i", found, found))
        return packed(found / np.maximum(lengths, np.float32(1e-9))[:, None])

    def _rows_of(self, vocabulary: Vocabulary) -> NDArray[np.int64]:
        """Return the row of each term of a vocabulary, -1 for none."""
        known = self._known.get(vocabulary, np.empty(0, np.int64))
        new = vocabulary.terms[len(known) :]
        found = np.fromiter(map(self.rows.get, new, repeat(-1)), np.int64, len(new))
        self._known[vocabulary] = known = np.concatenate((known, found))
        return known

    def cosines(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> Floats:
        """Return the cosines of the terms of these rows (distinct) with those of others: a column for each of them."""
        vectors, compared = (self.table[each].astype(np.float32) for each in (rows, others))
        compared /= _lengths(compared)[:, None]
        found: Floats = compared @ vectors.T
        lengths = self._lengths[rows]
        unknown = np.flatnonzero(lengths == 0)
        if len(unknown):
            lengths[unknown] = self._lengths[rows[unknown]] = _lengths(vectors[unknown])
        found /= lengths
        return found


def _lengths(vectors: Floats) -> Floats:
    found: Floats = np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), np.float32(1e-6))
    return found


@cache
def shipped_vectors() -> TermVectors:
    """Return the vectors that come with the program."""
    return TermVectors(MODEL)


def unflagged() -> np.errstate:
    """Return a context in which products of arrays give no warnings.

    OpenBLAS reads what stands in memory behind short rows, too: it is in no result, but numpy warns of its flags.
    """
    return np.errstate(all="ignore")


def packed(vectors: Floats) -> Bytes:
    """Return vectors of length 1 with one byte a number, as `similarity` takes them."""
    found: Bytes = np.rint(vectors * ARTICLE_SCALE).clip(-127, 127).astype(np.int8)
    return found


def similarity(articles: Bytes, text: Floats) -> Floats:
    """Return the cosine of each article's vector (a row of bytes) with that of a text."""
    with unflagged():
        found: Floats = (articles.astype(np.float32) @ text) / np.float32(ARTICLE_SCALE)
    return found


def article_parts(article: AnalysedArticle) -> dict[str, Sequence[str]]:
    """Return the terms of the parts that an article's vector is made of, by the names of `SHARES`."""
    taken = _taken([len(sequence) for sequence in article.fields])
    return {part: article.fields[field][:number] for part, field, number in taken}


def _taken(lengths: Sequence[int]) -> list[tuple[str, int, int]]:
    """Return which field each part is, and how many of its terms count, by the lengths of an article's fields."""
    description = next((field for field in _DESCRIPTIONS if lengths[field]), _DESCRIPTIONS[0])
    return [
        ("title", _TITLE, lengths[_TITLE]),
        ("description", description, min(lengths[description], DESCRIPTION)),
        ("applies_to", _APPLIES_TO, lengths[_APPLIES_TO]),
        ("query_words", _QUERY_WORDS, lengths[_QUERY_WORDS]),
        ("cause", _CAUSE, min(lengths[_CAUSE], CAUSE)),
    ]


def _counted(batch: Batch, known: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return what each term counts in each article's vector: places of articles, rows of terms, and the counts.

    `known` has the row of each term of the vocabulary, -1 for none. Rows of an article are in their order: sums
    of floats depend on it, and equal texts have equal vectors.
    """
    number = len(FIELD_WEIGHTS)
    every = np.array(batch.lengths, np.int64)
    starts = (np.cumsum(every) - every).tolist()
    pieces = [
        (place, starts[place * number + field], taken, SHARES[part])
        for place in range(len(batch))
        for part, field, taken in _taken(batch.lengths[place * number : (place + 1) * number])
    ]
    columns = zip(*pieces, strict=True) if pieces else [()] * 4
    places, begins, lengths, shares = (np.array(column, np.int64) for column in columns)
    where = np.arange(lengths.sum()) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
    rows = known[np.array(batch.terms, np.uint32)[where]]
    has_row = rows >= 0
    size = int(known.max(initial=0)) + 1
    pairs, inverse = np.unique((np.repeat(places, lengths) * size + rows)[has_row], return_inverse=True)
    counts = np.bincount(inverse, weights=np.repeat(shares, lengths)[has_row], minlength=len(pairs))
    return pairs // size, pairs % size, counts.astype(np.float32)
