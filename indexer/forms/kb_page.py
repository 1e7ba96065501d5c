"""The forms of the public mirror's pages of Microsoft's text export: HTML and markdown around the same text."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from indexer.diagnostics import diagnostic
from indexer.fields.dates import iso_date
from indexer.fields.slug import slugify
from indexer.forms.kb_article import Header, article_of
from indexer.forms.kb_layout import cut_after
from indexer.forms.kb_mirror import Markup, MirrorPage, mirror_markup, read_page, with_leading_spaces
from kb.models import Article, RawFile, Source


class KbPage:
    """Microsoft Knowledge Base articles as pages of the mirror, one a page, in one of the two markups."""

    def __init__(self, markup: Markup) -> None:
        self.markup = markup
        self.name = f"kb-{markup}"

    def recognises(self, raw: RawFile) -> bool:
        """Tell whether the first lines carry the mirror's head, with a product."""
        return mirror_markup(raw) == (self.markup, False)

    def parse(self, raw: RawFile) -> Sequence[Article]:
        """Return the one article of the page."""
        page = read_page(raw, self.markup)
        if page is None:
            return ()
        notes = list(page.diagnostics)
        header = _header(page, raw)
        if header.date is None:
            notes.append(diagnostic("bad-date", page.header.get("last modified", "")))
        layout = cut_after(with_leading_spaces(page.lines), 0)
        source = Source(raw.path, self.name, hashlib.sha256(raw.data).hexdigest())
        article = article_of(header, layout, source, notes)
        # Lines are numbered within the text that the page holds; in the page they stand elsewhere.
        return (replace(article, diagnostics=tuple(replace(note, line=None) for note in article.diagnostics)),)


def _header(page: MirrorPage, raw: RawFile) -> Header:
    return Header(
        id=page.id or slugify(raw.name.rsplit(".", 1)[0]),
        numbered=page.id is not None,
        date=iso_date(page.header.get("last modified", "")),
        category=None,
        title=page.title,
        product=page.header.get("product", ""),
        versions=page.header.get("version", ""),
        keywords=page.header.get("keyword", ""),
    )
