"""List articles for who looks around without a symptom: by product or year, the newest, those most referred to."""

from dataclasses import dataclass

from kb.store.articles import ArticleHead, Articles


@dataclass(frozen=True, slots=True)
class Listing:
    """Some articles of many: `total` counts all of them."""

    heads: tuple[ArticleHead, ...]
    total: int


def newest(
    articles: Articles, *, product: str | None = None, year: str | None = None, skip: int = 0, limit: int = 50
) -> Listing:
    """Return articles in the order of their dates, the newest first.

    `product` is a header's value as `StoreCounts.by_product` has it, `year` four digits.
    """
    return Listing(*articles.listed(product, year, skip, limit))


def most_cited(articles: Articles, limit: int = 50) -> tuple[tuple[ArticleHead, int], ...]:
    """Return the articles that most others refer to, and how many do."""
    counted = articles.citation_counts(limit)
    heads = articles.heads([article_id for article_id, _ in counted])
    return tuple((heads[article_id], number) for article_id, number in counted)
