"""Make the sentence vectors of a home: those that are missing or of another text, a part at a time.

Nothing that is done is lost: every part is on the disk before the next is begun, and a run that ended early is gone on
with by the next. Imports and searches go on meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from kb.matching.sentence_index import Known, SentenceIndex, SentenceWriter, digest, sentence_text
from kb.matching.sentence_model import SentenceModel
from kb.sentences import stamped
from kb.store.articles import Articles
from kb.store.derived import SENTENCES, Derived
from kb.store.home import Home

_PART: Final = 128
"""Articles whose vectors are made before they are written: some seconds of work."""


@dataclass(slots=True)
class Embedded:
    """What became of the articles: how many vectors were `made`, `kept` as they were, and `dropped`."""

    made: int = 0
    kept: int = 0
    dropped: int = 0

    @property
    def articles(self) -> int:
        """Return how many articles have a vector."""
        return self.made + self.kept


def embed(
    home: Home,
    articles: Articles,
    model: SentenceModel,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    counts: Embedded | None = None,
) -> Embedded:
    """Give every article of the store a vector by `model`; the caller holds the embed lock.

    `progress` is called with how many of how many articles are done; `counts` is counted up on the way.
    Vectors of another model are dropped first: those of two models cannot be compared.
    """
    counts = counts or Embedded()
    derived = Derived(home, SENTENCES)
    generation = articles.generation
    index, writer = _opened(derived, articles, model)
    known = index.known()
    listed = articles.generations()
    waiting = [each for each, changed in listed if each not in known or known[each].generation < changed]
    counts.kept = len(listed) - len(waiting)
    progress(counts.articles, len(listed))
    for some in _parts(waiting):
        _embed_part(index, writer, articles, model, known, some, counts)
        progress(counts.articles, len(listed))
    index.close()
    index = SentenceIndex(_folder(derived))
    present = set(articles.ids())
    counts.dropped += sum(each not in present for each in index.known())
    aside = derived.aside()
    if index.merge_into(aside, present.__contains__, generation):
        index.close()
        derived.swap(aside, stamped(articles, model.fingerprint, generation))
    return counts


def _opened(derived: Derived, articles: Articles, model: SentenceModel) -> tuple[SentenceIndex, SentenceWriter]:
    """Open what is there, or begin anew where it is of another model or store."""
    stamp = stamped(articles, model.fingerprint, articles.generation)
    found = derived.current()
    if found is not None and stamp.same_build(found[1]):
        return SentenceIndex(found[0]), SentenceWriter(found[0])
    aside = derived.aside()
    writer = SentenceWriter.begin(aside, model)
    derived.swap(aside, stamp)
    return SentenceIndex(aside), writer


def _folder(derived: Derived) -> Path:
    found = derived.current()
    assert found is not None
    return found[0]


def _embed_part(
    index: SentenceIndex,
    writer: SentenceWriter,
    articles: Articles,
    model: SentenceModel,
    known: dict[str, Known],
    ids: Sequence[str],
    counts: Embedded,
) -> None:
    # Read before the articles are: one that changes in between is then known to have changed.
    generation = articles.generation
    texts = {article_id: sentence_text(article) for article_id, article in articles.articles(ids).items()}
    same = [each for each in texts if each in known and known[each].text == digest(texts[each])]
    new = [each for each in texts if each not in set(same)]
    if same:
        writer.write(index.records([known[each] for each in same], same, generation))
        counts.kept += len(same)
    if new:
        writer.add(new, [texts[each] for each in new], generation, model.embed([texts[each] for each in new]))
        counts.made += len(new)


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    waiting = iter(ids)
    while some := list(islice(waiting, _PART)):
        yield some
