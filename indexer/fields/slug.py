"""Ids for articles that have no number: short, stable, safe in paths and addresses."""

import re
import unicodedata
from typing import Final

NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9]+")
LONGEST_SLUG = 80


def slugify(text: str) -> str:
    """Return a text in lower-case ASCII letters and digits, joined by hyphens; `article` when nothing is left.

    Accents are dropped; the same text gives the same slug on every machine.
    """
    plain = unicodedata.normalize("NFKD", text[: 4 * LONGEST_SLUG]).encode("ascii", "ignore").decode("ascii").lower()
    return NOT_IN_SLUG.sub("-", plain).strip("-")[:LONGEST_SLUG].rstrip("-") or "article"
