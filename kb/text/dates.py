"""Dates as the ISO strings that articles carry, and as the day numbers that engines compare."""

import datetime
import re

_EPOCH = datetime.date(1970, 1, 1)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def day_number(iso: str) -> int:
    """Return the days from 1970-01-01 to the date `iso` (YYYY-MM-DD)."""
    return (datetime.date.fromisoformat(iso) - _EPOCH).days


def iso_date(day: int) -> str:
    """Return the date that is `day` days after 1970-01-01, as YYYY-MM-DD."""
    return (_EPOCH + datetime.timedelta(days=day)).isoformat()


def parse_date(text: str, *, end: bool = False) -> str | None:
    """Return the ISO date that a user typed as YYYY, YYYY-MM or YYYY-MM-DD, or None where it is no date.

    A year or month stands for its first day, or with `end` for its last.
    """
    match = _ISO.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = int(match[1]), match[2] and int(match[2]), match[3] and int(match[3])
    try:
        if day:
            return datetime.date(year, month or 1, day).isoformat()
        first = datetime.date(year, month or (12 if end else 1), 1)
        if not end:
            return first.isoformat()
        following = datetime.date(year + 1, 1, 1) if first.month == 12 else first.replace(month=first.month + 1)
        return (following - datetime.timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None
