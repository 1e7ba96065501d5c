"""Xapian by its Python bindings, as its "Getting started" shows it; Debian has them for the system's Python."""

from collections.abc import Iterable
from pathlib import Path

from bench.contenders.base import Contender, Document, Search, plain_words


class Xapian(Contender):
    """Title and text stemmed in English by its term generator; the title counts three times."""

    title = "Xapian"
    install = "apt install python3-xapian"
    python = "/usr/bin/python3"

    def version(self) -> str:
        """Return the version of the library."""
        import xapian

        return str(xapian.version_string())

    def index(self, documents: Iterable[Document], folder: Path) -> None:
        """Write the documents, flushed to the disk as often as Xapian does by itself."""
        import xapian

        database = xapian.WritableDatabase(str(folder / "index"), xapian.DB_CREATE_OR_OPEN)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("en"))
        for each in documents:
            document = xapian.Document()
            generator.set_document(document)
            generator.index_text(each.title, 3)
            generator.increase_termpos()
            generator.index_text(each.text)
            document.set_data(each.id)
            database.add_document(document)
        database.commit()
        database.close()

    def open(self, folder: Path) -> Search:
        """Return a search by its query parser, any word being enough."""
        import xapian

        database = xapian.Database(str(folder / "index"))
        parser = xapian.QueryParser()
        parser.set_stemmer(xapian.Stem("en"))
        parser.set_stemming_strategy(parser.STEM_SOME)
        parser.set_database(database)
        enquire = xapian.Enquire(database)

        def search(query: str, limit: int) -> list[str]:
            enquire.set_query(parser.parse_query(" ".join(plain_words(query))))
            return [match.document.get_data().decode() for match in enquire.get_mset(0, limit)]

        return search


def make(name: str) -> Contender:
    """Return it."""
    return Xapian(name)
