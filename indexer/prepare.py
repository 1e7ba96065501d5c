"""The part of an import that needs no store: parse files and make them ready for store and indexes.

Everything here runs in worker processes, so it takes and gives plain values.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from indexer.parse import PARSER_VERSION, ParseOutcome, ParseResult, parse_file
from kb.frames import Compressor
from kb.models import Diagnostic, RawFile
from kb.store.entries import ArticleEntry, entry
from kb.text.batches import Batch, analysed_batch


class PreparedArticle(NamedTuple):
    """One article, for the store (`entry`) and for the indexes, with its parser's diagnostics.

    For the indexes it is at its `place` in the `batch` of all articles that were prepared together.
    """

    entry: ArticleEntry
    batch: Batch
    place: int
    diagnostics: tuple[Diagnostic, ...]


class PreparedFile(NamedTuple):
    """What became of one raw file; `articles` is empty unless it was parsed.

    `original` are its bytes, compressed, where it holds several articles; those of others are with their article.
    """

    path: str
    sha256: str
    outcome: ParseOutcome
    form: str | None = None
    articles: tuple[PreparedArticle, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    original: bytes | None = None


def prepare_files(files: Sequence[RawFile], collection: str | None) -> list[PreparedFile]:
    """Parse and analyse files, one result each, in order. Raises nothing for what is in them."""
    parsed = [parse_file(raw, collection) for raw in files]
    batch = analysed_batch(article for result in parsed for article in result.articles)
    places = count()
    return [_prepared(raw, result, batch, places) for raw, result in zip(files, parsed, strict=True)]


def _prepared(raw: RawFile, result: ParseResult, batch: Batch, places: Iterator[int]) -> PreparedFile:
    is_volume = len(result.articles) > 1
    sha256 = result.articles[0].source.sha256 if result.articles else hashlib.sha256(raw.data).hexdigest()
    parts: Counter[str] = Counter()
    articles = []
    for article in result.articles:
        original = b"" if is_volume else raw.data
        prepared = entry(article, original, parts[article.id], PARSER_VERSION)
        parts[article.id] += 1
        articles.append(PreparedArticle(prepared, batch, next(places), article.diagnostics))
    return PreparedFile(
        raw.path, sha256, result.outcome, result.form, tuple(articles), result.diagnostics,
        Compressor()(raw.data) if is_volume else None,
    )  # fmt: skip
