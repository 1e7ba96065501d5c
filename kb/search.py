"""Search a home: from a user's words and filters to ranked hits. One object serves every face."""

import difflib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from kb.engines.base import ALWAYS_SCORED, MAX_LIMIT, Engine, IndexReader
from kb.engines.registry import choose
from kb.errors import BadInput, IndexUnavailable
from kb.frozen import dataclass
from kb.matching.candidates import (
    CANDIDATES,
    LEAST_MEANING,
    LEAST_SENTENCE,
    NEAREST,
    NEAREST_SENTENCES,
    PROMISING,
    Candidates,
    nearest,
)
from kb.matching.excerpts import WordWeights, matched_words, snippet, written_words
from kb.matching.expansion import expanded
from kb.matching.forward_index import FORWARD_FORMAT, ForwardIndex
from kb.matching.nicknames import NICKNAMES
from kb.matching.query_language import expression_of
from kb.matching.ranking import Cosines, Ranked, keep_freed_memory, meaning_of, rank, rarest, weighed
from kb.matching.reasons import average, reason
from kb.matching.spelling import corrected, corrections
from kb.matching.term_vectors import shipped_vectors
from kb.matching.understanding import Understanding, understand
from kb.matching.vector_index import VECTORS_FORMAT, VectorIndex
from kb.models import FIX_WORDS, Filters, Hit, SearchResult, Understood
from kb.store.articles import Articles, Preview
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, Stamp, engine_folder
from kb.store.home import Home, open_home
from kb.text.dates import day_number, parse_date
from kb.text.fields import VERSION_OF_PRODUCT
from kb.text.terms import ANALYSIS_VERSION, Word, terms

if TYPE_CHECKING:
    from kb.expression_search import Satisfied
    from kb.matching.expression import Expression, Filtered
    from kb.sentences import Sentences

INDEX_FORMAT: Final = 1
_KINDS: Final = ("bug", "fix", "problem", "howto", "information", "documentation", "error_message")
_FACET_VALUES: Final = 20


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What the user wants to see only; every field as typed, None where it does not matter."""

    product: str | None = None
    version: str | None = None
    since: str | None = None
    until: str | None = None
    kind: str | None = None
    collection: str | None = None
    fix_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought for an understood query, before it is ranked.

    `frequencies` are the numbers of articles that hold each term that is scored; `sentence` compares articles with the
    query by sentence vectors, where these are in use.
    """

    words: Understanding
    candidates: Candidates
    frequencies: Mapping[str, int]
    sentence: Cosines | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: the words it is ranked by, candidates best first, how many.

    Plain text has no `expression`; it has what was `brought` and ranked.
    """

    query: str
    words: Understanding
    ranked: list[Ranked]
    total: int
    brought: Brought | None = None
    expression: "Expression | None" = None


class Searcher:
    """A home opened for searching; several threads may share one. `notices` are words for the user, not errors.

    Sentence vectors are used where the home has them and their model is installed, unless `with_sentences` is False.
    """

    def __init__(self, home: Home, engine: str | None = None, *, with_sentences: bool = True) -> None:
        keep_freed_memory()
        choice = choose(engine, home.engine)
        self.home = home
        self.engine: Engine = choice.engine
        self.notices: list[str] = [choice.fallback] if choice.fallback else []
        self.articles = Articles(home)
        self._index, self._forward, self._vectors = self._open_derived()
        self._sentences: Sentences | None = None
        if with_sentences and Derived(home, SENTENCES).current() is not None:
            # Most homes have none, and do without what reads them.
            from kb.sentences import open_sentences

            self._sentences, notice = open_sentences(home, self.articles, self._vectors)
            self.notices += [notice] if notice else []

    def _open_derived(self) -> tuple[IndexReader, ForwardIndex, VectorIndex]:
        """Open what is derived from the articles: if a rebuild puts other folders in use meanwhile, those."""
        names = (engine_folder(self.engine.name), FORWARD, VECTORS)
        while True:
            in_use = [Derived(self.home, name).current() for name in names]
            try:
                return self._opened(in_use)
            except IndexUnavailable:
                if in_use == [Derived(self.home, name).current() for name in names]:
                    raise

    def _opened(self, in_use: Sequence[tuple[Path, Stamp] | None]) -> tuple[IndexReader, ForwardIndex, VectorIndex]:
        model = shipped_vectors().version
        step = f"run: kbfix rebuild --engine {self.engine.name}"
        folders, late = [], []
        for (what, version, learned), found in zip(
            (
                (f"{self.engine.name} index", INDEX_FORMAT, ""),
                ("forward index", FORWARD_FORMAT, model),
                ("vectors", VECTORS_FORMAT, model),
            ),
            in_use,
            strict=True,
        ):
            if found is None:
                raise IndexUnavailable(f"the {what} of {self.home.path} is not built", next_step=step)
            folder, stamp = found
            if not stamp.same_build(Stamp(self.articles.uid, 0, ANALYSIS_VERSION, version, learned)):
                raise IndexUnavailable(f"the {what} in {self.home.path} is of another version", next_step=step)
            if stamp.generation != self.articles.generation:
                late.append(f"the {what} is older than the articles; {step}")
            folders.append(folder)
        with ExitStack() as opened:
            index = opened.enter_context(closing(self.engine.open(folders[0])))
            forward = opened.enter_context(closing(ForwardIndex(folders[1])))
            vectors = VectorIndex(folders[2])
            opened.pop_all()
        self.notices = self.notices or late[:1]
        return index, forward, vectors

    @classmethod
    def open(cls, path: Path, engine: str | None = None) -> Self:
        """Open the home at `path` with the engine named, remembered or default."""
        return cls(open_home(path), engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all files."""
        self._index.close()
        self._forward.close()
        self._vectors.close()
        if self._sentences is not None:
            self._sentences.close()
        self.articles.close()

    @property
    def has_sentences(self) -> bool:
        """Tell whether sentence vectors take part in searches."""
        return self._sentences is not None

    def understand(self, query: str) -> Understanding:
        """Return what `query` says, misspelt words corrected and acronyms spelled out.

        BadInput when nothing of it can be searched.
        """
        understood = understand(query)
        meant = corrections(understood.query, self._index.document_frequencies, self._forward.averages()[0])
        if meant:
            understood = replace(understand(corrected(understood.query, meant)), corrected=tuple(meant.items()))
        return expanded(understood, self._forward)

    def ranking(
        self, query: Understanding, filters: Filters, limit: int = PROMISING, *, every: bool = False
    ) -> list[Ranked]:
        """Return the most promising candidates of an understood query, ranked, as `bring` and `ranked` do."""
        return self.ranked(self.bring(query, filters, limit), limit, every=every)

    def bring(self, query: Understanding, filters: Filters, limit: int = CANDIDATES) -> Brought:
        """Return what the engine and the vectors bring for an understood query: `limit` articles by words, or more."""
        frequencies = self._index.document_frequencies((*query.weights, *query.exact))
        # Most of what may be a message is none: exact terms that no article holds say nothing.
        exact = {term: 1.0 for term in query.exact if frequencies[term]}
        weights = rarest(query.weights, frequencies) | exact
        asked = self._sentences.ask(query.query) if self._sentences else None
        telling = _telling(weights, frequencies, self._forward.averages()[0])
        meaning = meaning_of(query)
        at_least = max(limit, CANDIDATES)
        if filters:
            # Only the engine knows the filters: the nearest are those of all that it lets through.
            brought = self._index.candidates(telling, filters, MAX_LIMIT)
            ids = [each.id for each in brought]
            near = nearest(ids, self._vectors.similarities(ids, meaning).tolist(), NEAREST, LEAST_MEANING)
            told = nearest(ids, asked.similarities(ids).tolist(), NEAREST_SENTENCES, LEAST_SENTENCE) if asked else []
        else:
            looked_for = self._vectors.begin_nearest(meaning, NEAREST, LEAST_MEANING)
            brought = self._index.candidates(telling, filters, min(MAX_LIMIT, at_least))
            near = looked_for()
            told = asked.nearest(NEAREST_SENTENCES, LEAST_SENTENCE) if asked else []
        shares = {each.id: each.score / brought[0].score for each in brought[:at_least]}
        found = list(dict.fromkeys((*shares, *near, *told)))
        cosines = self._vectors.cosines(found, meaning)
        held = {term: frequencies[term] for term in weights}
        return Brought(query, Candidates(cosines, shares, told), held, asked.similarities if asked else None)

    def ranked(self, brought: Brought, limit: int = PROMISING, *, every: bool = False) -> list[Ranked]:
        """Return the most promising of what was brought, ranked: `limit` where there are as many, or more.

        With `every`, all are ranked: for an answer, which is to be sure of itself, and to learn from.
        """
        candidates = brought.candidates
        cosines = candidates.cosines if every else candidates.promising(max(limit, PROMISING))
        return rank(brought.words, cosines, self._forward, brought.frequencies, sentence=brought.sentence)

    def search(self, query: str, filters: SearchFilters | None = None, limit: int = 10) -> SearchResult:
        """Find the articles that fit `query`, or all that satisfy it where it is an expression.

        BadInput for a query or filter that cannot be used.
        """
        started = time.perf_counter()
        return self.result(self.found(query, filters, limit), limit, started)

    def result(
        self, found: Found, limit: int, started: float, shown: Mapping[str, Preview] | None = None
    ) -> SearchResult:
        """Return the result of a search from what it found; it began at `started` (seconds of perf_counter).

        `shown` are the previews of its hits, where their articles were read already.
        """
        understood, ranked = found.words, found.ranked
        if shown is None:
            shown = self.articles.previews([each.id for each in ranked[:limit]])
        words = written_words(understood.query)
        weights = WordWeights(self._telling_most(found))
        written = len(matched_words(words, understood.weights))
        usual = average(ranked)
        hits = tuple(
            _hit(place, each, shown[each.id], words, weights, partial(reason, each, usual, written=written))
            for place, each in enumerate((r for r in ranked[:limit] if r.id in shown), start=1)
        )
        return SearchResult(
            query=found.query,
            understood=told(understood, found.expression),
            engine=self.engine.name,
            took_ms=(time.perf_counter() - started) * 1000,
            total=found.total,
            hits=hits,
            facets={
                name: tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_FACET_VALUES])
                for name, counts in self._forward.facets(each.facets for each in ranked).items()
            },
        )

    def _telling_most(self, found: Found) -> Mapping[str, float]:
        """Return what terms weigh where a snippet is looked for: the rarer the more."""
        if found.brought is None:
            return found.words.weights
        frequencies, articles = found.brought.frequencies, self._forward.averages()[0]
        return _telling(weighed(found.words.weights, frequencies, articles), frequencies, articles)

    def run_line(self, query: str, filters: SearchFilters | None = None, limit: int = 10) -> list[tuple[str, float]]:
        """Return ids and scores only, for batches."""
        return [(each.id, each.score) for each in self.found(query, filters, limit).ranked[:limit]]

    def found(self, query: str, filters: SearchFilters | None = None, limit: int = 10) -> Found:
        """Return what `search` makes its result of, for whoever makes more of it; raise BadInput as it does."""
        if not 1 <= limit <= MAX_LIMIT:
            raise BadInput(f"the limit {limit} is out of range", next_step=f"give --limit from 1 to {MAX_LIMIT}")
        expression = expression_of(query)
        if expression is None:
            within = self.resolve(filters)
            words = self.understand(query)
            brought = self.bring(words, within, limit)
            ranked = self.ranked(brought, limit)
            return Found(query, words, ranked, len(ranked), brought)
        satisfied = self.find(expression, filters)
        return Found(query, satisfied.words, satisfied.ranked, len(satisfied.ids), expression=expression)

    def find(self, expression: "Expression", filters: SearchFilters | None = None) -> "Satisfied":
        """Find all that satisfies an expression; raise BadInput for an unknown filter, or if it only says what not."""
        # Plain text does without all of it.
        from kb.expression_search import ExpressionSearch

        opened = ExpressionSearch(self._index, self._forward, self._vectors, self.articles, self.resolve_part)
        return opened.find(expression, self.resolve(filters))

    def resolve_part(self, part: "Filtered") -> Filters:
        """Turn a filter of an expression into exact values, as `resolve` does."""
        return self.resolve(SearchFilters(part.product, part.version, part.since, part.until, part.kind))

    def resolve(self, filters: SearchFilters | None) -> Filters:
        """Turn what the user typed into exact values; raise BadInput for a product, version, date or kind unknown."""
        if filters is None:
            return Filters()
        keywords: dict[str, frozenset[str]] = {}
        product, implied = NICKNAMES.get((filters.product or "").lower().strip(), (filters.product, None))
        products = self._products(product) if product else []
        version = filters.version or implied
        if version:
            versions = self._versions(version)
            keywords["version"] = frozenset(
                VERSION_OF_PRODUCT.format(product=p, version=v) for p in products for v in versions
            ) or frozenset(versions)
        elif products:
            keywords["product"] = frozenset(products)
        if filters.kind:
            if filters.kind not in _KINDS:
                raise BadInput(f"there is no kind {filters.kind!r}", next_step=f"use one of: {', '.join(_KINDS)}")
            keywords["kind"] = frozenset([filters.kind])
        if filters.fix_kind:
            if filters.fix_kind not in FIX_WORDS:
                raise BadInput(
                    f"there is no kind of fix {filters.fix_kind!r}", next_step=f"use one of: {', '.join(FIX_WORDS)}"
                )
            keywords["fix_kind"] = frozenset([filters.fix_kind])
        if filters.collection:
            keywords["collection"] = frozenset([filters.collection])
        return Filters(keywords, _day(filters.since, end=False), _day(filters.until, end=True))

    def _products(self, typed: str) -> list[str]:
        # In small letters, as the names are: FoxPro is one word then.
        wanted = set(terms(typed.lower()))
        names = self.articles.products()
        found = [name for name in names if wanted and wanted <= set(terms(name))]
        if not found:
            likely = difflib.get_close_matches(typed.lower(), names, n=3, cutoff=0.4)
            raise BadInput(
                f"no article applies to a product {typed!r}",
                next_step=f"did you mean: {'; '.join(likely)}"
                if likely
                else "kbfix stats --products lists all products",
            )
        return found

    def _versions(self, typed: str) -> list[str]:
        wanted = " ".join(typed.lower().replace("service pack ", "sp").removeprefix("version ").split())
        known = self.articles.version_names()
        found = [v for v in known if v == wanted or v.startswith(wanted + " ") or wanted in v.split()]
        if not found:
            likely = difflib.get_close_matches(wanted, known, n=5, cutoff=0.5)
            raise BadInput(
                f"no article applies to a version {typed!r}",
                next_step=f"did you mean: {', '.join(likely)}" if likely else "leave --version out",
            )
        return found


def _telling(weights: Mapping[str, float], frequencies: Mapping[str, int], articles: int) -> Mapping[str, float]:
    """Return the terms that are worth looking for: of many, not those that most articles hold.

    They are most of an engine's work and say little; the second stage scores them all the same. In a small archive,
    where they may bring what no other term does, all are.
    """
    if len(weights) <= ALWAYS_SCORED or articles <= MAX_LIMIT:
        return weights
    return {term: weight for term, weight in weights.items() if frequencies[term] <= articles / 2} or weights


def told(query: Understanding, expression: "Expression | None" = None) -> Understood:
    """Return what is told to the user of an understanding, and of the expression that the query is."""
    spelling = None
    if expression is not None:
        from kb.matching.expression import spelled

        spelling = spelled(expression)
    return Understood(
        products=query.products,
        versions=query.versions,
        signatures=query.signatures,
        corrected=query.corrected,
        acronyms=query.acronyms,
        terms=tuple(query.weights),
        expression=spelling,
    )


def _hit(
    place: int,
    ranked: Ranked,
    shown: Preview,
    words: Sequence[tuple[str, Word]],
    weights: WordWeights,
    why: Callable[[int], str],
) -> Hit:
    """Return what is shown of a candidate; `why` makes the reason from the number of words found."""
    matched = matched_words(words, ranked.found)
    head = shown.head
    return Hit(
        rank=place,
        id=head.id,
        score=ranked.score,
        title=head.title,
        product=head.product,
        products=shown.products,
        date=head.date,
        kind=head.kind,
        fix_kind=head.fix_kind,
        snippet=snippet(shown.opening, weights),
        matched=matched,
        why=why(len(matched)) if ranked.found else "satisfies the expression",
    )


def _day(typed: str | None, *, end: bool) -> int | None:
    if typed is None:
        return None
    iso = parse_date(typed, end=end)
    if iso is None:
        raise BadInput(f"{typed!r} is not a date", next_step="give YYYY, YYYY-MM or YYYY-MM-DD")
    return day_number(iso)
