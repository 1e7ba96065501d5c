"""bm25s: BM25 scores of every word in every article, made when indexing, in arrays of numpy."""

import json
from collections.abc import Iterable
from pathlib import Path

from bench.contenders.base import Contender, Document, Search

IDS = "ids.json"


class Bm25s(Contender):
    """Its own tokenizer with English stop words and PyStemmer; the title is said three times."""

    title = "bm25s"
    install = "pip install bm25s PyStemmer"

    def version(self) -> str:
        """Return the version of the package."""
        import bm25s
        import Stemmer  # noqa: F401  (it is part of the documented way)

        return str(bm25s.__version__)

    def index(self, documents: Iterable[Document], folder: Path) -> None:
        """Score all documents, which it needs to have at once."""
        import bm25s
        import Stemmer

        ids: list[str] = []
        texts: list[str] = []
        for each in documents:
            ids.append(each.id)
            texts.append(f"{each.title}\n{each.title}\n{each.title}\n{each.text}")
        tokens = bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
        index = bm25s.BM25()
        index.index(tokens, show_progress=False)
        index.save(folder)
        (folder / IDS).write_text(json.dumps(ids), "utf-8")

    def open(self, folder: Path) -> Search:
        """Return a search of the arrays, read into memory."""
        import bm25s
        import Stemmer

        index = bm25s.BM25.load(folder)
        ids = json.loads((folder / IDS).read_text("utf-8"))
        stemmer = Stemmer.Stemmer("english")

        def search(query: str, limit: int) -> list[str]:
            tokens = bm25s.tokenize(query, stopwords="en", stemmer=stemmer, show_progress=False)
            found, _ = index.retrieve(tokens, k=limit, show_progress=False)
            return [ids[number] for number in found[0]]

        return search


def make(name: str) -> Contender:
    """Return it."""
    return Bm25s(name)
