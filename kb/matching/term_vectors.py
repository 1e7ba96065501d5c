"""Vectors of terms, and of texts and articles made of them: nearness in meaning where no word is shared.

A text's vector is the mean of its terms' vectors, each weighed by the logarithm of its count and by how rare it is in
the archive that the vectors were learned from, at length 1. Term vectors are data (`model/`), learned by
`make train-vectors`: a linear fit to a sentence model's vectors of whole articles, then moved until titles and parts
of symptoms find the rest of their article (docs/decisions/0008-meaning-without-a-model.md).
"""

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

# One thread is as quick for arrays of this size, and starting more is most of numpy's start-up.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

SHARES: Final[Mapping[str, float]] = {
    "title": 3.0, "description": 3.0, "applies_to": 2.0, "query_words": 2.0, "cause": 1.0,
}  # fmt: skip
"""What a term counts in an article's vector, by the part it stands in."""
DESCRIPTION: Final = 110
CAUSE: Final = 95
"""Terms of a description and a cause that count; what comes later tells of details."""
_DESCRIPTIONS: Final = ("symptoms", "summary", "body", "more_information", "resolution")
_ARTICLE_SCALE: Final = 254.0
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
        self.rows: Mapping[str, int] = {term: row for row, term in enumerate(names)}
        self.table: Bytes = np.load(folder / VECTORS_FILE, mmap_mode="r").view(np.ndarray)
        self.scales, self.weights = np.load(folder / WEIGHTS_FILE)
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
        found: Floats = amounts @ self.table[rows].astype(np.float32)
        length = float(np.linalg.norm(found))
        return found / max(length, 1e-9)

    def embed_article(self, article: AnalysedArticle) -> Bytes:
        """Return the vector of an article, one byte a number (`similarity` compares it)."""
        return packed(self.embed(article_counts(article)))

    def directions(self, rows: NDArray[np.int64]) -> Floats:
        """Return the vectors of these rows at length 1."""
        found = self.table[rows].astype(np.float32)
        found /= np.maximum(np.sqrt(np.einsum("ij,ij->i", found, found)), 1e-6)[:, None]
        return found


@cache
def shipped_vectors() -> TermVectors:
    """Return the vectors that come with the program."""
    return TermVectors(Path(str(files("kb.matching").joinpath("model"))))


def packed(vectors: Floats) -> Bytes:
    """Return vectors of length 1 with one byte a number, as `similarity` takes them."""
    found: Bytes = np.rint(vectors * _ARTICLE_SCALE).clip(-127, 127).astype(np.int8)
    return found


def similarity(articles: Bytes, text: Floats) -> Floats:
    """Return the cosine of each article's vector (a row of bytes) with that of a text."""
    found: Floats = (articles.astype(np.float32) @ text) / np.float32(_ARTICLE_SCALE)
    return found


def article_parts(article: AnalysedArticle) -> dict[str, Sequence[str]]:
    """Return the terms of the parts that an article's vector is made of, by the names of `SHARES`."""
    fields = dict(zip(FIELD_WEIGHTS, article.fields, strict=True))
    description = next((fields[name] for name in _DESCRIPTIONS if fields[name]), ())
    return {
        "title": fields["title"],
        "description": description[:DESCRIPTION],
        "applies_to": fields["applies_to"],
        "query_words": fields["query_words"],
        "cause": fields["cause"][:CAUSE],
    }


def article_counts(article: AnalysedArticle) -> dict[str, float]:
    """Return what each term counts in an article's vector."""
    counts: dict[str, float] = {}
    for name, terms in article_parts(article).items():
        share = SHARES[name]
        for term in terms:
            counts[term] = counts.get(term, 0.0) + share
    return counts
