"""Parse one file, whatever it holds: find its form, read its articles, and say what happened. Never raises."""

import traceback
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from indexer.decode import NotText, decode
from indexer.diagnostics import diagnostic
from indexer.fields.slug import slugify
from indexer.forms import FORMS, claimants
from indexer.forms.base import Form
from kb.models import Article, Diagnostic, RawFile

# Raised whenever the same bytes give another article, so that an import reads unchanged files again.
PARSER_VERSION = 2
ParseOutcome = Literal["parsed", "unsupported", "failed"]
# Where an article goes that belongs to no known knowledge base and was imported under no name.
DEFAULT_COLLECTION = "local"


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What became of a file.

    `parsed`: `form` names the form, `articles` holds at least one. `unsupported`: the file is empty, no text, or of
    no known form. `failed`: the fault is ours (two forms claim it, or a parser broke). `diagnostics` are those of the
    file; each article carries its own.
    """

    outcome: ParseOutcome
    form: str | None = None
    articles: tuple[Article, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def parse_file(raw: RawFile, collection: str | None = None, forms: tuple[Form, ...] = FORMS) -> ParseResult:
    """Parse a file into articles; with `collection`, every id becomes `collection:slug`.

    Without it, articles of Microsoft's knowledge base keep `Q<digits>` and others go to the collection `local`.
    """
    form: Form | None = None
    try:
        found = claimants(raw, forms)
        if len(found) > 1:
            names = " and ".join(f.name for f in found)
            return ParseResult("failed", diagnostics=(diagnostic("ambiguous-form", names),))
        if not found:
            return ParseResult("unsupported", diagnostics=(_why_unsupported(raw),))
        form = found[0]
        articles = tuple(_in_collection(article, collection) for article in form.parse(raw))
    except Exception as bug:  # noqa: BLE001  (one bad file must not end an import of thousands; the bug is reported)
        return ParseResult("failed", form.name if form else None, diagnostics=(_report(bug),))
    if not articles and isinstance(decode(raw.data), NotText):
        # Labels of the form stand in it, but it begins as a picture or a program does.
        return ParseResult("unsupported", form.name, diagnostics=(_why_unsupported(raw),))
    if not articles:
        return ParseResult("failed", form.name, diagnostics=(diagnostic("no-article", form.name),))
    return ParseResult("parsed", form.name, articles)


def _why_unsupported(raw: RawFile) -> Diagnostic:
    decoded = decode(raw.data)
    return decoded.diagnostic if isinstance(decoded, NotText) else diagnostic("unknown-form")


def _in_collection(article: Article, collection: str | None) -> Article:
    if collection is not None:
        return replace(article, id=f"{collection}:{slugify(article.id)}", collection=collection)
    if article.collection is not None:
        return article
    return replace(article, id=f"{DEFAULT_COLLECTION}:{slugify(article.id)}", collection=DEFAULT_COLLECTION)


def _report(bug: Exception) -> Diagnostic:
    frames = traceback.extract_tb(bug.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return diagnostic("parser-bug", f"{type(bug).__name__}: {bug}{place}")
