"""Many analysed articles as one value, its terms as numbers: small to hand from process to process, quick to count."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import sub
from struct import Struct

from kb.models import Article
from kb.text.acronyms import Acronym
from kb.text.fields import (
    FIELD_WEIGHTS,
    AnalysedArticle,
    article_signature_terms,
    day,
    defined_acronyms,
    facet_values,
    field_texts,
    filter_values,
)
from kb.text.terms import terms as terms_of

_AROUND_WORDS = '.,;:()"!?'
"""What stands before or behind words and is no part of them."""
_packed = Struct("I").pack
_MOST_CHUNKS = 800_000
"""What a worker meets of the real archive; beyond that the cache starts afresh."""
_SIGNATURES = tuple(FIELD_WEIGHTS).index("signatures")


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles, a place in each sequence; `AnalysedArticle` says what is of them.

    `vocabulary` are the distinct terms of all, in the order in which they first appear, and `terms` (4 bytes each)
    their places in it: those of the first field of the first article, then of its other fields, then of the next
    article. `lengths` has the number of terms of each of these fields.
    """

    ids: tuple[str, ...]
    keywords: tuple[Mapping[str, tuple[str, ...]], ...]
    dates: tuple[int | None, ...]
    acronyms: tuple[tuple[Acronym, ...], ...]
    facets: tuple[tuple[tuple[str, str], ...], ...]
    vocabulary: tuple[str, ...]
    terms: "array[int]"
    lengths: "array[int]"

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, places: Sequence[int]) -> "Batch":
        """Return the articles at some places, in their order."""
        if list(places) == list(range(len(self))):
            return self
        return batch_of([self._article(place) for place in places])

    def latest(self) -> "Batch":
        """Return each id once: the article of it that comes last."""
        last = {article_id: place for place, article_id in enumerate(self.ids)}
        return self.only(sorted(last.values()))

    def _article(self, place: int) -> AnalysedArticle:
        number = len(self.lengths) // len(self)
        start = sum(self.lengths[: place * number])
        fields = []
        for length in self.lengths[place * number : (place + 1) * number]:
            fields.append(tuple(self.vocabulary[term] for term in self.terms[start : start + length]))
            start += length
        return AnalysedArticle(
            self.ids[place],
            tuple(fields),
            self.keywords[place],
            self.dates[place],
            self.acronyms[place],
            self.facets[place],
        )


class _Numbers(dict[str, int]):
    """The numbers of terms met so far; a new one gets the next."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Chunks(dict[str, bytes]):
    """The numbers of the terms of all chunks of text met so far, one behind the other as an array has them.

    A chunk is what stands between blanks: no word goes beyond one, and texts are cut into them ten times as fast as
    into words. `numbers` are those of all terms, which `terms` lists.
    """

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.terms: list[str] = []

    def __missing__(self, chunk: str) -> bytes:
        within = chunk.strip(_AROUND_WORDS)
        if within != chunk:
            found = self[chunk] = self[within]
            return found
        terms = terms_of(chunk)
        numbers = map(self.numbers.__getitem__, terms)
        found = self[chunk] = _packed(*numbers) if len(terms) == 1 else array("I", numbers).tobytes()
        return found

    def renewed(self) -> "_Chunks":
        """Return itself, or another one that knows nothing where this one has grown too large."""
        return self if len(self) < _MOST_CHUNKS else _Chunks()

    def terms_of(self, numbers: Iterable[int]) -> Iterator[str]:
        """Yield the terms that have these numbers."""
        self.terms += islice(self.numbers, len(self.terms), None)
        return map(self.terms.__getitem__, numbers)


_chunks = _Chunks()


def batch_of(articles: Iterable[AnalysedArticle]) -> Batch:
    """Return analysed articles as a batch."""
    every = list(articles)
    numbers = _Numbers()
    terms = array("I")
    for article in every:
        for sequence in article.fields:
            terms.extend(map(numbers.__getitem__, sequence))
    return Batch(
        tuple(article.id for article in every),
        tuple(article.keywords for article in every),
        tuple(article.date for article in every),
        tuple(article.acronyms for article in every),
        tuple(article.facets for article in every),
        tuple(numbers),
        terms,
        array("I", (len(sequence) for article in every for sequence in article.fields)),
    )


def analysed_batch(articles: Iterable[Article]) -> Batch:
    """Return what `batch_of` makes of articles that are analysed one by one, in half the time.

    Most of an article stands in others too: the numbers of its terms are looked up and joined as bytes.
    """
    global _chunks  # noqa: PLW0603  (what is known of them is worth more than a batch)
    every = list(articles)
    chunks = _chunks = _chunks.renewed()
    of_chunk, of_term = chunks.__getitem__, chunks.numbers.__getitem__
    terms = array("I")
    ends = array("I")
    for article in every:
        for field, text in enumerate(field_texts(article).values()):
            if field == _SIGNATURES:
                terms.extend(map(of_term, article_signature_terms(article)))
            elif text:
                terms.frombytes(b"".join(map(of_chunk, text.split())))
            ends.append(len(terms))
    places = {number: place for place, number in enumerate(dict.fromkeys(terms))}
    return Batch(
        tuple(article.id for article in every),
        tuple(filter_values(article) for article in every),
        tuple(day(article) for article in every),
        tuple(defined_acronyms(article) for article in every),
        tuple(facet_values(article) for article in every),
        tuple(chunks.terms_of(places)),
        array("I", map(places.__getitem__, terms)),
        array("I", map(sub, ends, (0, *ends))),
    )
