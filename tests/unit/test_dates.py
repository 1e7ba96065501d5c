"""Dates as users type them and as engines compare them."""

import pytest

from kb.text.dates import day_number, parse_date


def test_days_count_from_1970() -> None:
    assert (day_number("1970-01-01"), day_number("1970-02-01"), day_number("1969-12-31")) == (0, 31, -1)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("1999", "1999-01-01", "1999-12-31"),
        ("1999-12", "1999-12-01", "1999-12-31"),
        ("2000-02", "2000-02-01", "2000-02-29"),
        ("1900-2", "1900-02-01", "1900-02-28"),
        (" 1999-3-7 ", "1999-03-07", "1999-03-07"),
        ("9999", "9999-01-01", None),
    ],
)
def test_a_year_or_month_stands_for_all_its_days(typed: str, first: str, last: str | None) -> None:
    assert parse_date(typed) == first
    if last is not None:
        assert parse_date(typed, end=True) == last


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "1999-13", "1999-02-30", "99", "0000", "1999/01/01", "1999-01-01T00:00"]
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert parse_date(typed) is None
    assert parse_date(typed, end=True) is None
