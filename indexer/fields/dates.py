"""Dates as articles write them, to ISO."""

import datetime
import re
from typing import Final

MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
} | {"mai": 5, "okt": 10, "dez": 12}  # German; its other months begin as the English ones do
DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})(?:[- ]|\. )?([A-Za-z]{3})[a-z]{0,6}[- ]?(\d{4})")
MONTH_DAY_YEAR: Final = re.compile(r"([A-Za-z]{3})[a-z]{0,6}\.? (\d{1,2}), ?(\d{4})")
SLASHES: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日")
DOTS: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
# A date among other words: a weekday before it, a time or a revision behind it.
WITHIN: Final = re.compile(
    r"(?<!\d)(?:\d{1,2}(?:\. |[-./ ])?(?:[A-Za-z]{3,9}|\d{1,2})[-./ ]?\d{4}|[A-Za-z]{3,9}\.? \d{1,2}, ?\d{4}|"
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日)(?!\d)"
)


def iso_date(text: str) -> str | None:
    """Return a date written `22-OCT-2000`, `October 22, 2000`, `10/22/2000` or ISO as `2000-10-22`; None if it is none.

    Slashes are month first, as everywhere in Microsoft's articles, unless the first number is no month; with dots the
    day is first.
    """
    text = text.strip()
    if m := DAY_MONTH_YEAR.fullmatch(text):
        return _iso(m[3], MONTHS.get(m[2].lower()), m[1])
    if m := MONTH_DAY_YEAR.fullmatch(text):
        return _iso(m[3], MONTHS.get(m[1].lower()), m[2])
    if m := SLASHES.fullmatch(text):
        return _iso(m[3], int(m[1]), m[2]) or _iso(m[3], int(m[2]), m[1])
    if m := DOTS.fullmatch(text):
        return _iso(m[3], int(m[2]), m[1])
    if m := ISO.fullmatch(text):
        return _iso(m[1], int(m[2]), m[3]) if m[1] else _iso(m[4], int(m[5]), m[6])
    return None


def first_date(text: str) -> tuple[str, bool] | None:
    """Return the first date among other words as ISO, and whether day and month could be the other way round."""
    for m in WITHIN.finditer(text):
        iso = iso_date(m[0])
        if iso is not None:
            slashes = SLASHES.fullmatch(m[0])
            return iso, bool(slashes and int(slashes[1]) <= 12 >= int(slashes[2]) and slashes[1] != slashes[2])
    return None


def _iso(year: str, month: int | None, day: str) -> str | None:
    try:
        return datetime.date(int(year), month or 0, int(day)).isoformat()
    except ValueError:
        return None
