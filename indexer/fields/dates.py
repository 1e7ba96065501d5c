"""Dates as articles write them, to ISO."""

import datetime
import re
from typing import Final

MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]{0,6}[- ](\d{4})")
MONTH_DAY_YEAR: Final = re.compile(r"([A-Za-z]{3})[a-z]{0,6}\.? (\d{1,2}), ?(\d{4})")
SLASHES: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def iso_date(text: str) -> str | None:
    """Return a date written `22-OCT-2000`, `October 22, 2000`, `10/22/2000` or ISO as `2000-10-22`; None if it is none.

    Slashes are month first, as everywhere in Microsoft's articles.
    """
    text = text.strip()
    if m := DAY_MONTH_YEAR.fullmatch(text):
        return _iso(m[3], MONTHS.get(m[2].lower()), m[1])
    if m := MONTH_DAY_YEAR.fullmatch(text):
        return _iso(m[3], MONTHS.get(m[1].lower()), m[2])
    if m := SLASHES.fullmatch(text):
        return _iso(m[3], int(m[1]), m[2])
    if m := ISO.fullmatch(text):
        return _iso(m[1], int(m[2]), m[3])
    return None


def _iso(year: str, month: int | None, day: str) -> str | None:
    try:
        return datetime.date(int(year), month or 0, int(day)).isoformat()
    except ValueError:
        return None
