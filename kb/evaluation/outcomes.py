"""Search labelled queries: where the first right article of each stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.errors import BadInput
from kb.evaluation.labelled import LabelledQuery
from kb.evaluation.measures import DEPTH
from kb.search import Searcher


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search brought: the rank of the first right article within ten, or None; and the id that came first.

    `searched` is false where nothing of the query can be searched, `present` where the home has no right article.
    """

    query: LabelledQuery
    rank: int | None
    first: str | None
    searched: bool = True
    present: bool = True


def outcomes(
    searcher: Searcher, queries: Sequence[LabelledQuery], progress: Callable[[int], None] = lambda _: None
) -> list[Outcome]:
    """Search every query that has a right article; `progress` is called with the number of queries done."""
    wanted = [query for query in queries if query.relevant]
    here = searcher.articles.heads(sorted(set().union(*(query.relevant for query in wanted))))
    found = []
    for query in wanted:
        present = any(article in here for article in query.relevant)
        try:
            ids = [article for article, _ in searcher.run_line(query.query, limit=DEPTH)]
        except BadInput:
            found.append(Outcome(query, None, None, searched=False, present=present))
        else:
            rank = next((at for at, article in enumerate(ids, start=1) if article in query.relevant), None)
            found.append(Outcome(query, rank, ids[0] if ids else None, present=present))
        progress(len(found))
    return found
