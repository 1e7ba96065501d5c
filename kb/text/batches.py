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
from kb.text.terms import terms_of_word
from kb.text.vocabulary import Vocabulary

_AROUND_WORDS = '.,;:()"!?'
"""What stands before or behind words and is no part of them."""
_packed = Struct("I").pack
_MOST_CHUNKS = 800_000
"""What a worker meets of the real archive; beyond that the cache starts afresh."""
_SIGNATURES = tuple(FIELD_WEIGHTS).index("signatures")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Articles, a place in each sequence; `AnalysedArticle` says what is of them.

    `terms` (4 bytes each) are numbers of the `vocabulary`, which may hold more: those of the first field of the first
    article, then of its other fields, then of the next article. `lengths` has the number of terms of each of these
    fields. Batches of the same articles are equal, however their terms are numbered.
    """

    ids: tuple[str, ...]
    keywords: tuple[Mapping[str, tuple[str, ...]], ...]
    dates: tuple[int | None, ...]
    acronyms: tuple[tuple[Acronym, ...], ...]
    facets: tuple[tuple[tuple[str, str], ...], ...]
    vocabulary: Vocabulary
    terms: "array[int]"
    lengths: "array[int]"

    def __len__(self) -> int:
        return len(self.ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Batch) and list(self._articles()) == list(other._articles())

    __hash__ = None  # type: ignore[assignment]  # as of all that can be equal and holds arrays

    def only(self, places: Sequence[int]) -> "Batch":
        """Return the articles at some places, in their order."""
        if list(places) == list(range(len(self))):
            return self
        every = list(self._articles())
        return batch_of([every[place] for place in places])

    def latest(self) -> "Batch":
        """Return each id once: the article of it that comes last."""
        last = {article_id: place for place, article_id in enumerate(self.ids)}
        return self.only(sorted(last.values()))

    def _articles(self) -> Iterator[AnalysedArticle]:
        terms = map(self.vocabulary.terms.__getitem__, self.terms)
        lengths = iter(self.lengths)
        rest = zip(self.keywords, self.dates, self.acronyms, self.facets, strict=True)
        for article_id, others in zip(self.ids, rest, strict=True):
            fields = tuple(tuple(islice(terms, length)) for length in islice(lengths, len(FIELD_WEIGHTS)))
            yield AnalysedArticle(article_id, fields, *others)


class _Numbers(dict[str, bytes]):
    """The numbers of the terms of a vocabulary, each as an array has it; a new one gets the next."""

    def __init__(self) -> None:
        super().__init__()
        self.vocabulary = Vocabulary()

    def __missing__(self, term: str) -> bytes:
        number = self[term] = _packed(len(self))
        self.vocabulary.terms.append(term)
        return number


class _Chunks(dict[str, bytes]):
    """The numbers of the terms of all chunks of text met so far, one behind the other as an array has them.

    A chunk is what stands between blanks: no word goes beyond one, and texts are cut into them ten times as fast as
    into words. `numbers` are those of all terms.
    """

    def __init__(self) -> None:
        self.numbers = _Numbers()

    def __missing__(self, chunk: str) -> bytes:
        within = chunk.strip(_AROUND_WORDS)
        if within != chunk:
            found = self[chunk] = self[within]
            return found
        # What is one word needs no search for words.
        terms = terms_of_word(chunk) if chunk.isalnum() else terms_of(chunk)
        # The most have one term: they share its number.
        of_term = self.numbers.__getitem__
        found = self[chunk] = of_term(terms[0]) if len(terms) == 1 else b"".join(map(of_term, terms))
        return found

    def renewed(self) -> "_Chunks":
        """Return itself, or another one that knows nothing where this one has grown too large."""
        return self if len(self) < _MOST_CHUNKS else _Chunks()


_chunks = _Chunks()


def batch_of(articles: Iterable[AnalysedArticle]) -> Batch:
    """Return analysed articles as a batch."""
    every = list(articles)
    numbers = _Numbers()
    terms = array("I")
    for article in every:
        for sequence in article.fields:
            terms.frombytes(b"".join(map(numbers.__getitem__, sequence)))
    return Batch(
        tuple(article.id for article in every),
        tuple(article.keywords for article in every),
        tuple(article.date for article in every),
        tuple(article.acronyms for article in every),
        tuple(article.facets for article in every),
        numbers.vocabulary,
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
                terms.frombytes(b"".join(map(of_term, article_signature_terms(article))))
            elif text:
                terms.frombytes(b"".join(map(of_chunk, text.split())))
            ends.append(len(terms))
    return Batch(
        tuple(article.id for article in every),
        tuple(filter_values(article) for article in every),
        tuple(day(article) for article in every),
        tuple(defined_acronyms(article) for article in every),
        tuple(facet_values(article) for article in every),
        chunks.numbers.vocabulary,
        terms,
        array("I", map(sub, ends, (0, *ends))),
    )
