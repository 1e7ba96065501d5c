"""tantivy by its Python package, as its documentation shows it."""

from collections.abc import Iterable
from pathlib import Path

from bench.contenders.base import Contender, Document, Search, plain_words


class Tantivy(Contender):
    """Title and text, stemmed in English; the title counts three times."""

    title = "tantivy alone"
    install = "pip install tantivy"

    def version(self) -> str:
        """Return the version of the package."""
        import importlib.metadata

        return importlib.metadata.version("tantivy")

    def index(self, documents: Iterable[Document], folder: Path) -> None:
        """Write the documents with as many threads as tantivy takes by itself."""
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for field in ("title", "text"):
            builder.add_text_field(field, tokenizer_name="en_stem")
        writer = tantivy.Index(builder.build(), path=str(folder)).writer()
        for each in documents:
            writer.add_document(tantivy.Document(id=each.id, title=each.title, text=each.text))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Search:
        """Return a search by the query parser, any word being enough."""
        import tantivy

        index = tantivy.Index.open(str(folder))
        searcher = index.searcher()

        def search(query: str, limit: int) -> list[str]:
            asked = index.parse_query(" ".join(plain_words(query)), ["title", "text"], field_boosts={"title": 3.0})
            return [searcher.doc(address)["id"][0] for _, address in searcher.search(asked, limit).hits]

        return search


def make(name: str) -> Contender:
    """Return it."""
    return Tantivy(name)
