"""The part of an import that needs no store: parse files and make them ready for store and indexes.

Everything here runs in worker processes, so it takes and gives plain values.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.parse import ParseOutcome, parse_file
from kb.models import Diagnostic, RawFile
from kb.store.changes import ArticleEntry, entry
from kb.text.fields import AnalysedArticle, analyse, product_versions


@dataclass(frozen=True, slots=True)
class PreparedArticle:
    """One article, for the store (`entry`) and for the indexes (`analysed`), with its parser's diagnostics."""

    entry: ArticleEntry
    analysed: AnalysedArticle
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """What became of one raw file; `articles` is empty unless it was parsed."""

    path: str
    sha256: str
    outcome: ParseOutcome
    form: str | None = None
    articles: tuple[PreparedArticle, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def prepare_files(files: Sequence[RawFile], collection: str | None) -> list[PreparedFile]:
    """Parse and analyse files, one result each, in order. Raises nothing for what is in them."""
    return [_prepare(raw, collection) for raw in files]


def _prepare(raw: RawFile, collection: str | None) -> PreparedFile:
    result = parse_file(raw, collection)
    articles = tuple(
        PreparedArticle(entry(article, raw.data, product_versions(article)), analyse(article), article.diagnostics)
        for article in result.articles
    )
    sha256 = hashlib.sha256(raw.data).hexdigest()
    return PreparedFile(raw.path, sha256, result.outcome, result.form, articles, result.diagnostics)
