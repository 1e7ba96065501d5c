"""Whoosh as its documentation shows it, without what kbfix does to it."""

from collections.abc import Iterable
from pathlib import Path

from bench.contenders.base import Contender, Document, Search, plain_words


class Whoosh(Contender):
    """Title and text with its stemming analyzer; the title counts three times."""

    title = "Whoosh alone"
    install = "pip install whoosh==2.7.4"

    def version(self) -> str:
        """Return the version of the package."""
        from whoosh import __version__

        return ".".join(map(str, __version__))

    def index(self, documents: Iterable[Document], folder: Path) -> None:
        """Write the documents with the memory that its documentation advises for bulk indexing."""
        from whoosh import fields, index
        from whoosh.analysis import StemmingAnalyzer

        schema = fields.Schema(
            id=fields.ID(stored=True), title=fields.TEXT(StemmingAnalyzer()), text=fields.TEXT(StemmingAnalyzer())
        )
        writer = index.create_in(str(folder), schema).writer(limitmb=256)
        for each in documents:
            writer.add_document(id=each.id, title=each.title, text=each.text)
        writer.commit()

    def open(self, folder: Path) -> Search:
        """Return a search by its query parser, any word being enough."""
        from whoosh import index, qparser

        made = index.open_dir(str(folder))
        searcher = made.searcher()
        parser = qparser.MultifieldParser(["title", "text"], made.schema, {"title": 3.0}, group=qparser.OrGroup)

        def search(query: str, limit: int) -> list[str]:
            return [hit["id"] for hit in searcher.search(parser.parse(" ".join(plain_words(query))), limit=limit)]

        return search


def make(name: str) -> Contender:
    """Return it."""
    return Whoosh(name)
