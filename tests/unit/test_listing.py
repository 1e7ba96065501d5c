"""Lists for who looks around: in order, counted, in pages."""

from pathlib import Path

from kb.store.articles import Articles
from kb.store.home import open_home
from kb.store.listing import most_cited, newest


def test_the_newest_come_first_and_pages_go_on(tantivy_home: Path) -> None:
    with Articles(open_home(tantivy_home)) as articles:
        every = newest(articles, limit=1000)
        assert every.total == len(every.heads) == articles.count()
        dates = [head.date or "" for head in every.heads]
        assert dates == sorted(dates, reverse=True)
        assert newest(articles, skip=5, limit=3).heads == every.heads[5:8]


def test_a_product_or_year_has_those_that_are_counted_for_it(tantivy_home: Path) -> None:
    with Articles(open_home(tantivy_home)) as articles:
        counts = articles.counts()
        for product, number in counts.by_product:
            found = newest(articles, product=product, limit=1000)
            assert found.total == number == len(found.heads)
            assert {head.product for head in found.heads} == {product}
        for year, number in counts.by_year:
            assert newest(articles, year=year).total == number
        assert newest(articles, product="nonsense").total == 0


def test_the_most_cited_are_counted_by_articles_that_refer_to_them(tantivy_home: Path) -> None:
    with Articles(open_home(tantivy_home)) as articles:
        found = most_cited(articles)
        assert found
        numbers = [number for _, number in found]
        assert numbers == sorted(numbers, reverse=True)
        for head, number in found:
            assert len({each.id for each in articles.cited_by(head.id)}) == number
