"""Articles made ready for the store: the columns asked for in queries, and the packed content."""

from typing import NamedTuple

from kb.models import Article
from kb.store.content import pack, pack_diagnostics
from kb.store.standing import letters, stated_fields
from kb.text.fields import first_product, product_versions


# Tuples, since they go from process to process by the thousand: dataclasses take three times as long.
class ArticleColumns(NamedTuple):
    """What is asked for in queries of the article that is shown."""

    id: str
    collection: str | None
    date: str | None
    category: str | None
    title: str
    product: str | None
    kind: str
    fix_kind: str | None
    diagnostics: int
    product_versions: tuple[tuple[str, str | None], ...]
    citations: tuple[str, ...]


class ArticleEntry(NamedTuple):
    """One content of an article.

    `part` counts the articles of one id within one file, `parser` is the version of the parser that read it; `content`
    is not compressed yet.
    """

    columns: ArticleColumns
    form: str
    sha256: str
    part: int
    parser: int
    fields: int
    letters: int
    diagnostics: str | None
    content: bytes

    @property
    def id(self) -> str:
        """Return the article's id."""
        return self.columns.id


def entry(article: Article, original: bytes, part: int = 0, parser: int = 0) -> ArticleEntry:
    """Make `article` ready for the store; `original` are the bytes it was read from, or none if they are kept apart."""
    return ArticleEntry(
        columns=columns(article),
        form=article.source.form,
        sha256=article.source.sha256,
        part=part,
        parser=parser,
        fields=stated_fields(article),
        letters=letters(article),
        diagnostics=pack_diagnostics(article.diagnostics),
        content=pack(article, original),
    )


def columns(article: Article) -> ArticleColumns:
    """Return what is asked for in queries of `article`."""
    return ArticleColumns(
        id=article.id,
        collection=article.collection,
        date=article.date,
        category=article.category,
        title=article.title,
        product=first_product(article),
        kind=article.kind,
        fix_kind=article.fix.kind if article.fix else None,
        diagnostics=sum(found.level != "note" for found in article.diagnostics),
        product_versions=product_versions(article),
        citations=tuple(dict.fromkeys(r.id for r in article.cross_references if r.direction == "cites")),
    )
