"""Search one segment of an index whose posting lists can be had whole: filter, score by BM25, pick the best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from kb.engines import bm25
from kb.engines.base import encodable, rounded
from kb.models import Candidate, Filters

# Gives the numbers of the documents that hold a term of a field, ascending, and their weights; empty if none does.
PostingLists = Callable[[str, str], tuple[Sequence[int], Sequence[float]]]


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Under which names a segment keeps the terms and the list of dates (whose weights are the days)."""

    terms: str
    dates: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: documents are numbers from 0; `half` is from `bm25.saturations`, `ids` gives the id of each."""

    documents: int
    fields: FieldNames
    postings: PostingLists
    half: Sequence[float]
    ids: Sequence[str]
    deleted: frozenset[int]

    def search(self, weights: Mapping[str, float], filters: Filters, limit: int) -> list[Candidate]:
        """Find the `limit` best documents and those tied with the last, unsorted; `weights` have idf within."""
        scores = [0.0] * self.documents
        for term, weight in weights.items():
            bm25.add_term(scores, *self.postings(self.fields.terms, term), weight, self.half)
        if filters or self.deleted:
            scores = list(map(mul, scores, self._allowed(filters)))
        ids = self.ids
        return [Candidate(ids[number], rounded(score)) for number, score in bm25.best(scores, limit)]

    def _allowed(self, filters: Filters) -> bytearray:
        """Give a byte a document: 1 if it is live and passes the filters."""
        passed = bytearray(b"\x01") * self.documents
        for number in self.deleted:
            passed[number] = 0
        for name, values in filters.keywords.items():
            holding = bytearray(self.documents)
            for value in filter(encodable, values):
                for number in self.postings(name, value)[0]:
                    holding[number] = 1
            passed = bytearray(map(mul, passed, holding))
        if filters.since is not None or filters.until is not None:
            since = float("-inf") if filters.since is None else filters.since
            until = float("inf") if filters.until is None else filters.until
            dated = bytearray(self.documents)
            for number, day in zip(*self.postings(*self.fields.dates), strict=True):
                dated[number] = since <= day <= until
            passed = bytearray(map(mul, passed, dated))
        return passed
