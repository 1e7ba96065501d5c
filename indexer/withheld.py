"""A test set from the archive itself: symptoms as queries, looked for in an archive whose symptoms are withheld.

Who wrote an article's symptoms told the problem in words of their own. So the article should be found by them from what
else it says: its title, cause, resolution and so on. For that the derived data are made once more, in another folder,
from articles without symptoms; the store and the derived data of the home stay as they are.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from indexer.derive import IndexUpdate
from indexer.fields.derive import with_errors
from kb.engines.base import Engine
from kb.errors import BadInput
from kb.evaluation.labelled import LabelledQuery
from kb.models import Article, Section
from kb.store.articles import Articles
from kb.store.home import Home

_BATCH: Final = 200


def draw_symptoms(articles: Articles, number: int, words: int, seed: int) -> list[LabelledQuery]:
    """Draw articles by chance; the query is the first `words` of an article's symptoms, the right answer that article.

    All articles with symptoms, where there are not as many; BadInput where there is none. A query has the fields `kind`
    and `category` of its article. Equal archives give equal queries for a seed.
    """
    ids = list(articles.ids())
    random.Random(seed).shuffle(ids)  # noqa: S311  (chance that can be repeated is what is wanted)
    drawn: list[LabelledQuery] = []
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        found = articles.articles(some)
        drawn += [_query(found[each], words) for each in some if each in found and found[each].symptoms]
        if len(drawn) >= number:
            break
    if not drawn:
        raise BadInput(
            "no article here has symptoms that could be withheld",
            next_step="give labelled queries: kbfix eval QUERIES.jsonl",
        )
    return drawn[:number]


def without_symptoms(article: Article) -> Article:
    """Return the article without its symptoms, the parts below them, and the errors that stand nowhere else."""
    kept: list[Section] = []
    withheld = False
    for section in article.sections:
        # A part under a heading of its own belongs to the canonical section before it.
        withheld = section.kind == "symptoms" or (withheld and section.kind == "other")
        if not withheld:
            kept.append(section)
    if len(kept) == len(article.sections):
        return article
    return with_errors(replace(article, sections=tuple(kept), symptoms=None))


def derive_without_symptoms(home: Home, engine: Engine, folder: Path, progress: Callable[[int], None]) -> Home:
    """Derive in `folder` what an engine needs from the articles without symptoms; return the home seen with that.

    Several engines may share a folder. `progress` is called with the number of articles done.
    """
    trial = replace(home, derived_elsewhere=folder)
    update = IndexUpdate(trial, engine, seen_as=without_symptoms)
    with Articles(trial) as articles:
        try:
            update.begin(articles, progress)
            update.finish(articles)
        finally:
            update.close()
    return trial


def _query(article: Article, words: int) -> LabelledQuery:
    said = (article.symptoms or "").split()
    fields = {"kind": article.kind, **({"category": article.category} if article.category else {})}
    return LabelledQuery(article.id, " ".join(said[:words]), frozenset((article.id,)), fields)
