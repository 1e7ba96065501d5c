"""The labelled values at the end of an article: keywords, technology, issue type and the like."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

LABELS: Final[dict[str, str]] = {
    "keywords": "keywords",
    "technology": "technology",
    "version": "version",
    "hardware": "hardware",
    "issue type": "issue_type",
    "solution type": "solution_type",
    "component": "component",
    "platform": "platform",
    "kbcategory": "keywords",
    "kbsubcategory": "subcategory",
    "additional reference words": "query_words",
    "additional query words": "query_words",
}
LABELLED: Final = re.compile(r"[ \t]{0,3}([A-Za-z][A-Za-z ]{2,30}?)[ \t]{0,20}:[ \t]*(.*)")


# Asked twice of each line at the end of an article, and many articles end in the same.
@lru_cache(maxsize=4096)
def footer_label(line: str) -> tuple[str, str] | None:
    """Return the name and the value of a footer line, or None when the line is no such line."""
    label, colon, _ = line.partition(":")
    name = LABELS.get(label.strip(" \t").lower()) if colon else None
    m = LABELLED.fullmatch(line.rstrip()) if name else None
    return (name, m[2]) if m and name else None


def footer_values(lines: Sequence[str]) -> Mapping[str, str]:
    """Read footer lines into values by field name; a line without label continues the value above it."""
    values: dict[str, str] = {}
    name = None
    for line in lines:
        labelled = footer_label(line)
        if labelled:
            name, value = labelled
            values[name] = f"{values[name]} {value}" if name in values else value
        elif name and line.strip() and not line.startswith(("=", "-")):
            values[name] = f"{values[name]} {line.strip()}"
    return values


def words(value: str | None) -> tuple[str, ...]:
    """Cut a value at white space; None and empty values give no words."""
    return tuple(value.split()) if value else ()
