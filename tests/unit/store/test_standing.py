"""What the standing of a content is made of."""

from itertools import pairwise, permutations

from kb.store.standing import Standing, faithful, letters, stated_fields
from tests.samples import article, sections


def test_only_what_is_stated_counts() -> None:
    bare = article()
    assert stated_fields(article(fixed_in=("SP1",), error_codes=("7",), symptoms="x")) == stated_fields(bare)
    assert stated_fields(article(category="winnt", keywords=("kb",))) == stated_fields(bare) + 2


def test_letters_leave_white_space_out() -> None:
    assert letters(article(sections=sections(symptoms=" a b\n\tc "))) == len("SYMPTOMSabc")


def test_forms_that_state_the_same_are_ordered() -> None:
    assert faithful("kb-text") > faithful("kb-markdown") > faithful("kb-html")


def test_weights_come_in_order() -> None:
    lowest = Standing(False, "", 0, 0, 0, "", 0)
    rising = [
        lowest,
        Standing(False, "2002-01-01", 9, 9, 9, "ff", 9),
        Standing(True, "", 9, 9, 9, "ff", 9),
        Standing(True, "1999-01-01", 5, 2, 9, "ff", 9),
        Standing(True, "1999-01-01", 6, 1, 9, "ff", 9),
        Standing(True, "1999-01-01", 6, 2, 3, "ff", 9),
        Standing(True, "1999-01-01", 6, 2, 4, "0a", 9),
        Standing(True, "1999-01-01", 6, 2, 4, "0b", 0),
        Standing(True, "1999-01-01", 6, 2, 4, "0b", 1),
    ]
    assert all(sorted(some) == list(some) for some in pairwise(rising))
    assert all(max(some) == rising[8] for some in permutations(rising[6:]))
