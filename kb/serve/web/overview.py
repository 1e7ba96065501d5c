"""What pages say of the archive as a whole: counted once for each state of it, since it takes a while."""

from dataclasses import dataclass

from kb.store.articles import ArticleHead, Articles, StoreCounts
from kb.store.listing import most_cited

MOST_CITED = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts, and the articles that most others refer to with how many do."""

    counts: StoreCounts
    cited: tuple[tuple[ArticleHead, int], ...]


_counted: dict[tuple[str, int], Overview] = {}


def overview(articles: Articles) -> Overview:
    """Return the overview of a store as it stands; for one thread at a time."""
    state = (articles.uid, articles.generation)
    if state not in _counted:
        _counted.clear()
        _counted[state] = Overview(articles.counts(), most_cited(articles, MOST_CITED))
    return _counted[state]
